import { PenLine, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import { SPOILS_OF, type StandInToken, type StandInView } from '../../shared/stand-ins.ts';
import { noteChange, useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { Panel } from '../pools/settings.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Empty, Form, Pair, Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { SignedToken } from './signed-token.tsx';
import { FORMAT_NAMES, SPOIL_WORDS } from './words.ts';
import styles from './providers.module.css';

export function SignToken({ provider }: { readonly provider: StandInView }) {
  const { name, format, people, clients } = provider;
  const [person, setPerson] = useState('');
  const [audience, setAudience] = useState('');
  const [nonce, setNonce] = useState('');
  const [spoil, setSpoil] = useState('');
  const [made, setMade] = useState<StandInToken>();
  const { busy, refused, ask } = useAsking();
  const [first] = people;
  if (!first) {
    return (
      <Empty icon={UserRoundX} title="Nobody to sign for">
        Add a person first, in the tab People.
      </Empty>
    );
  }
  const subject = people.some((one) => one.subject === person) ? person : first.subject;
  const sign = () =>
    ask(async () => {
      const order = {
        person: subject,
        ...(audience === '' ? {} : { audience }),
        ...(nonce === '' ? {} : { nonce }),
        ...(spoil === '' ? {} : { spoil }),
      };
      setMade(await call<StandInToken>('POST', `/stand-ins/${name}/tokens`, order));
      // A spoil that was meant for one may have ended, and a first key may have been made.
      noteChange();
    });
  return (
    <div className={styles['body']}>
      <Panel title={`Sign ${format === 'id-token' ? 'an ID token' : `an ${FORMAT_NAMES[format]}`}`}>
        <Form label="Sign" onSubmit={() => void sign()}>
          <Pair>
            <Select
              label="Person"
              value={subject}
              onChange={setPerson}
              options={people.map((one) => ({ value: one.subject, text: `${one.name} · ${one.email ?? one.subject}` }))}
            />
            <Field
              label={format === 'assertion' ? 'For the service (entity id)' : 'For the app (client id)'}
              value={audience}
              onChange={setAudience}
              placeholder={clients[0]?.id ?? 'name one'}
              mono
            />
          </Pair>
          <Pair>
            {format === 'id-token' && <Field label="Nonce" value={nonce} onChange={setNonce} placeholder="none" mono />}
            <Select
              label="Spoil this one"
              value={spoil}
              onChange={setSpoil}
              options={[
                { value: '', text: 'As the provider is told' },
                ...SPOILS_OF[format].map((what) => ({ value: what, text: SPOIL_WORDS[what].text })),
              ]}
            />
          </Pair>
          <div>
            <Button type="submit" variant="primary" icon={PenLine} isDisabled={busy}>
              Sign
            </Button>
          </div>
          <Refusal refused={refused} />
        </Form>
      </Panel>
      {made && <SignedToken key={made.token} provider={provider} made={made} />}
    </div>
  );
}
