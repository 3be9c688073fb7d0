import { IdCard, Plus, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { StandInView } from '../../shared/stand-ins.ts';
import { noteChange, useAnswer } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { openAt, usePath } from '../data/route.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choice.tsx';
import { cx } from '../ui/class-names.ts';
import { Field } from '../ui/field.tsx';
import { Empty, FormDialog, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { ProviderDetail } from './provider-detail.tsx';
import { KIND_NAMES, SPOIL_WORDS } from './words.ts';
import pool from '../pools/pool.module.css';
import styles from './providers.module.css';

/** The bench's own identity providers: `#/providers/<name>/<tab>`. */
export function Providers() {
  const [name, tab] = usePath('providers');
  const { value: providers, refused } = useAnswer('stand-ins', () => call<StandInView[]>('GET', '/stand-ins'));
  const [creating, setCreating] = useState(false);
  const chosen = providers?.find((provider) => provider.name === name);
  return (
    <div className={pool['screen']}>
      <header className={pool['head']}>
        <h2>Identity providers</h2>
        <span className={pool['note']}>
          They stand in for those out of reach, and sign real tokens for made-up people.
        </span>
        <span className={pool['buttons']}>
          <Button icon={Plus} variant="primary" onPress={() => setCreating(true)}>
            New provider
          </Button>
        </span>
      </header>
      <div className={cx(pool['below'], styles['split'], chosen && styles['withDetail'])}>
        <div className={styles['list']}>
          <Refusal refused={refused} />
          <ul aria-label="Identity providers">
            {providers?.map((provider) => (
              <li key={provider.name}>
                <ProviderRow provider={provider} isChosen={provider === chosen} />
              </li>
            ))}
          </ul>
        </div>
        {chosen ? (
          <ProviderDetail key={chosen.name} provider={chosen} tab={tab} />
        ) : (
          <div className={styles['none']}>
            <Empty icon={IdCard} title={name && providers ? `No provider named ${name}` : 'Choose a provider'}>
              Each has people to sign in as. Sign a token for one, spoil it to see it refused, and hand it to an
              identity pool; or point an app at the OpenID Connect one.
            </Empty>
          </div>
        )}
      </div>
      {creating && <NewProvider onClose={() => setCreating(false)} />}
    </div>
  );
}

function ProviderRow({ provider, isChosen }: { readonly provider: StandInView; readonly isChosen: boolean }) {
  const { name, kind, issuer, spoil } = provider;
  return (
    <AriaButton
      className={cx(styles['row'], isChosen && styles['chosen'])}
      data-step
      {...(isChosen ? { 'aria-current': true } : {})}
      onPress={() => openAt('providers', name)}
    >
      <span className={styles['name']}>{name}</span>
      <span className={styles['kind']}>{KIND_NAMES[kind]}</span>
      <span className={styles['issuer']} title={issuer}>
        {issuer.replace(/^https?:\/\//, '')}
      </span>
      {spoil.what !== 'none' && (
        <Mark tone="warn" icon={TriangleAlert} title={SPOIL_WORDS[spoil.what].means}>
          spoiled: {SPOIL_WORDS[spoil.what].text.toLowerCase()}
        </Mark>
      )}
    </AriaButton>
  );
}

const KINDS = [
  { value: 'oidc', text: 'OpenID Connect', hint: 'Signs ID tokens; apps sign people in with it by the code flow.' },
  { value: 'saml', text: 'SAML', hint: 'Signs assertions for services that know its metadata.' },
] as const;

function NewProvider({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<'oidc' | 'saml'>('oidc');
  const run = async () => {
    await call('POST', '/stand-ins', { name, kind });
    noteChange();
    openAt('providers', name);
  };
  return (
    <FormDialog title="New provider" verb="Create" ready={name !== ''} onClose={onClose} run={run}>
      <Field label="Name" placeholder="company" value={name} onChange={setName} isRequired autoFocus mono />
      <Choices label="Kind" value={kind} choices={KINDS} onChange={setKind} />
    </FormDialog>
  );
}
