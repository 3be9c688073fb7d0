import { CircleAlert, Equal, EqualNot } from 'lucide-react';
import { useState } from 'react';
import type { DeviceDataset, DeviceState, PreviewOutcome, Settlement } from '../../shared/device.ts';
import { useAnswer } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { useSettled } from '../sync/use-settled.ts';
import { Choices } from '../ui/choice.tsx';
import { Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import table from '../sync/table.module.css';
import styles from './conflict-resolver.module.css';

interface PreviewProps {
  readonly device: DeviceState;
  readonly dataset: DeviceDataset;
  readonly wish: { readonly choices: { readonly [key: string]: Settlement } } | { readonly javascript: string };
}

const WAYS: Readonly<Record<PreviewOutcome['by'], string>> = {
  choices: 'Your choices',
  javascript: 'The function',
  'last-writer': 'Last writer',
  local: 'Mine',
  remote: 'Theirs',
};

/** What each device of the identity shows after its next synchronise, by these choices or by any other way. */
export function OutcomePreview({ device, dataset, wish }: PreviewProps) {
  const asked = useSettled(JSON.stringify({ dataset: dataset.name, ...wish }));
  const { value, refused } = useAnswer(`${device.id} ${dataset.lastSyncCount} ${asked}`, () =>
    call<PreviewOutcome[]>('POST', `/devices/${encodeURIComponent(device.id)}/preview`, JSON.parse(asked)),
  );
  const [last, setLast] = useState<readonly PreviewOutcome[]>();
  if (value !== undefined && value !== last) setLast(value);
  const [by, setBy] = useState<PreviewOutcome['by']>();
  // The answer before stays in sight until the next has come.
  const outcomes = value ?? last ?? [];
  const own = 'javascript' in wish ? 'javascript' : 'choices';
  const shown =
    outcomes.find((outcome) => outcome.by === (by ?? own)) ?? outcomes.find((outcome) => outcome.by === own);
  return (
    <section className={styles['preview']} aria-label="What every device will see">
      <header>
        <h3>What every device will see</h3>
      </header>
      <Refusal refused={refused} />
      {shown && (
        <>
          <Choices
            label="By"
            value={shown.by}
            onChange={setBy}
            choices={outcomes.map((outcome) => ({ value: outcome.by, text: WAYS[outcome.by] }))}
          />
          <Outcome outcome={shown} keys={dataset.conflicts.map(({ key }) => key)} />
        </>
      )}
    </section>
  );
}

function Outcome({ outcome, keys }: { readonly outcome: PreviewOutcome; readonly keys: readonly string[] }) {
  if (outcome.error !== undefined) {
    return (
      <p className={styles['error']} role="status">
        <CircleAlert size={13} aria-hidden />
        {outcome.error}
      </p>
    );
  }
  const others = outcome.devices.flatMap(({ conflicts }) => conflicts).filter((key) => !keys.includes(key));
  const rows = [...keys, ...new Set(others)];
  const isSame = rows.every((key) => new Set(outcome.devices.map(({ values }) => values[key] ?? null)).size <= 1);
  return (
    <>
      <div className={table['frame']} tabIndex={0} role="region" aria-label="Values after the next synchronise">
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Key</th>
              {outcome.devices.map(({ deviceId, name }) => (
                <th key={deviceId} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((key) => (
              <tr key={key}>
                <th scope="row" className={table['mono']}>
                  {key}
                </th>
                {outcome.devices.map(({ deviceId, values, conflicts }) => (
                  <td key={deviceId} className={styles['seen']}>
                    {values[key] ?? <em>removed</em>}
                    {conflicts.includes(key) && !keys.includes(key) && <Mark tone="warn">own conflict</Mark>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles['verdict']} data-same={isSame}>
        {isSame ? <Equal size={13} aria-hidden /> : <EqualNot size={13} aria-hidden />}
        {outcome.devices.length === 1
          ? 'No other device of this identity is here.'
          : isSame
            ? 'All devices end the same.'
            : 'The devices do not end the same.'}
      </p>
    </>
  );
}
