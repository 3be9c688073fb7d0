import { useState } from 'react';
import type { Settlement } from '../../shared/device.ts';
import { useBench } from '../data/bench-state.ts';
import { act, useAsked } from '../data/device-actions.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choice.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { ConflictRow } from './conflict-row.tsx';
import { OutcomePreview } from './outcome-preview.tsx';
import { RESOLVER_EXAMPLE, RESOLVER_HINT } from './resolver-example.ts';
import styles from './conflict-resolver.module.css';

interface ResolverProps {
  readonly deviceId: string;
  readonly datasetName: string;
  readonly onClose: () => void;
}

/** The versions of each key that was changed here and on the store, a choice between them, and where it leads. */
export function ConflictResolver({ deviceId, datasetName, onClose }: ResolverProps) {
  const device = useBench((state) => state.devices.find(({ id }) => id === deviceId));
  const dataset = device?.datasets.find(({ name }) => name === datasetName);
  const asked = useAsked((state) => state[deviceId]);
  const [way, setWay] = useState<'keys' | 'function'>('keys');
  const [choices, setChoices] = useState<{ readonly [key: string]: Settlement }>({});
  const [javascript, setJavascript] = useState(RESOLVER_EXAMPLE);
  if (!device || !dataset) return null;

  const { conflicts } = dataset;
  const choiceOf = (key: string): Settlement => choices[key] ?? 'last-writer';
  const chosen = Object.fromEntries(conflicts.map(({ key }) => [key, choiceOf(key)]));
  const chooseAll = (choice: Settlement) => setChoices(Object.fromEntries(conflicts.map(({ key }) => [key, choice])));
  const apply = async (send: boolean) => {
    const done = await act(
      deviceId,
      way === 'function'
        ? { do: 'synchronize', dataset: datasetName, resolver: { javascript } }
        : { do: 'resolve', dataset: datasetName, choices: chosen, ...(send ? {} : { send }) },
    );
    if (done) onClose();
  };
  const isBusy = asked?.busy !== undefined;

  return (
    <Dialog
      title={`Resolve ${datasetName} on ${device.name}`}
      isOpen
      onClose={onClose}
      wide
      actions={
        <>
          {asked?.failed && (
            <p className={styles['failed']} role="alert">{`${asked.failed.code}: ${asked.failed.message}`}</p>
          )}
          <Button onPress={onClose}>Later</Button>
          {way === 'keys' && (
            <Button isDisabled={isBusy || conflicts.length === 0} onPress={() => void apply(false)}>
              Apply, send later
            </Button>
          )}
          <Button
            variant="primary"
            isDisabled={isBusy || conflicts.length === 0 || (way === 'function' && javascript.trim() === '')}
            onPress={() => void apply(true)}
          >
            {asked?.busy ? `${asked.busy}…` : 'Apply and send'}
          </Button>
        </>
      }
    >
      {conflicts.length === 0 ? (
        <p>Nothing is in conflict any more.</p>
      ) : (
        <>
          <div className={styles['ways']}>
            <Choices
              label="Settle"
              value={way}
              onChange={setWay}
              choices={[
                { value: 'keys', text: 'By hand' },
                { value: 'function', text: 'By a function' },
              ]}
            />
            {way === 'keys' && conflicts.length > 1 && (
              <div className={styles['all']} role="group" aria-label="For every key">
                <span>Every key:</span>
                <Button size="small" onPress={() => chooseAll('last-writer')}>
                  Last writer
                </Button>
                <Button size="small" onPress={() => chooseAll('local')}>
                  Keep mine
                </Button>
                <Button size="small" onPress={() => chooseAll('remote')}>
                  Take theirs
                </Button>
              </div>
            )}
          </div>
          {way === 'function' && (
            <div className={styles['function']}>
              <TextArea label="JavaScript" value={javascript} onChange={setJavascript} rows={7} mono />
              <p className={styles['hint']}>{RESOLVER_HINT}</p>
            </div>
          )}
          {conflicts.map((conflict) => (
            <ConflictRow
              key={conflict.key}
              conflict={conflict}
              device={device}
              {...(way === 'keys'
                ? {
                    choice: choiceOf(conflict.key),
                    onChoose: (choice: Settlement) => setChoices({ ...choices, [conflict.key]: choice }),
                  }
                : {})}
            />
          ))}
          <OutcomePreview
            device={device}
            dataset={dataset}
            wish={way === 'function' ? { javascript } : { choices: chosen }}
          />
        </>
      )}
    </Dialog>
  );
}
