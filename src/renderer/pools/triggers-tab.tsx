import { SquareFunction } from 'lucide-react';
import type { FunctionSummary } from '../../shared/bench-api.ts';
import { useAnswer, useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { notify } from '../data/notices.ts';
import { go, openAt } from '../data/route.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { savePool, type TabProps } from './pool.ts';
import { Panel } from './settings.tsx';
import { configWith, functionOf, TRIGGERS, type TokenVersion, type TriggerName } from './triggers.ts';
import { useState } from 'react';
import styles from './pool.module.css';
import own from './triggers.module.css';

const VERSIONS = [
  { value: 'V1_0', text: 'V1: ID token' },
  { value: 'V2_0', text: 'V2: and access token' },
  { value: 'V3_0', text: 'V3: and machines' },
];

/** Which function the pool asks at which moment; a choice is saved at once. */
export function TriggersTab({ pool }: TabProps) {
  const { value: functions, refused } = useAnswer('functions', () => call<FunctionSummary[]>('GET', '/functions'));
  const asking = useAsking();
  const config = pool.LambdaConfig ?? {};
  const version = config.PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0';
  const attach = async (name: TriggerName, arn: string, asVersion: TokenVersion = version) => {
    if (await asking.ask(() => savePool(pool, { LambdaConfig: configWith(config, name, arn, asVersion) }))) {
      notify(arn === '' ? 'The pool asks no function there any more' : 'Attached');
    }
  };
  return (
    <div className={styles['settings']}>
      <Panel
        title="Functions of this pool"
        aside={
          <Button size="small" icon={SquareFunction} onPress={() => go('functions')}>
            All functions
          </Button>
        }
      >
        {functions?.length === 0 && (
          <p>
            There is no function yet. Register one as text, file or address under Functions, and choose here when the
            pool asks it.
          </p>
        )}
        <Refusal refused={asking.refused ?? refused} />
        <ul className={own['triggers']}>
          {TRIGGERS.map(({ name, text, hint }) => {
            const arn = functionOf(config, name);
            const known = functions?.find((one) => one.arn === arn);
            return (
              <li key={name}>
                <div>
                  <strong>{text}</strong>
                  <p className={styles['note']}>
                    <code>{name.replace('Config', '')}</code> · {hint}
                  </p>
                </div>
                <div className={own['choice']}>
                  <Select
                    label={`Function ${text.toLowerCase()}`}
                    hideLabel
                    value={arn}
                    disabled={asking.busy}
                    options={[
                      { value: '', text: '–' },
                      ...(arn !== '' && !known ? [{ value: arn, text: `${arn} (not registered)` }] : []),
                      ...(functions ?? []).map((one) => ({ value: one.arn, text: one.name })),
                    ]}
                    onChange={(next) => void attach(name, next)}
                  />
                  {name === 'PreTokenGenerationConfig' && arn !== '' && (
                    <Select
                      label="Version of the event"
                      hideLabel
                      value={version}
                      options={VERSIONS}
                      onChange={(next) => void attach(name, arn, next as TokenVersion)}
                    />
                  )}
                  {known && (
                    <Button size="small" variant="quiet" onPress={() => openAt('functions', known.name)}>
                      Show
                    </Button>
                  )}
                </div>
              </li>
            );
          })}
        </ul>
      </Panel>
      <KeyPanel pool={pool} />
    </div>
  );
}

/** The key that codes for the custom senders are encrypted by. */
function KeyPanel({ pool }: Pick<TabProps, 'pool'>) {
  const saved = pool.LambdaConfig?.KMSKeyID ?? '';
  const [key, setKey] = useState<string | undefined>();
  const asking = useAsking();
  const shown = key ?? saved;
  const save = async () => {
    const { KMSKeyID: _before, ...others } = pool.LambdaConfig ?? {};
    const config = shown === '' ? others : { ...others, KMSKeyID: shown };
    if (await asking.ask(() => savePool(pool, { LambdaConfig: config }))) setKey(undefined);
  };
  return (
    <Panel title="Key for custom senders">
      <div className={own['choice']}>
        <Field
          label="KMS key (ARN)"
          hideLabel
          placeholder="arn:aws:kms:us-east-1:000000000000:key/…"
          value={shown}
          onChange={setKey}
          mono
          className={own['key']}
        />
        <Button isDisabled={shown === saved || asking.busy} onPress={() => void save()}>
          Save
        </Button>
      </div>
      <Refusal refused={asking.refused} />
    </Panel>
  );
}
