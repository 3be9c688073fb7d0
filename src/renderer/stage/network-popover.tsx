import { useState, type FormEvent, type RefObject } from 'react';
import { Dialog, Heading, Popover } from 'react-aria-components';
import type { DeviceState, NetworkState } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import styles from './network-popover.module.css';

interface PopoverProps {
  readonly device: DeviceState;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** As a network is that nobody touched. */
export const CLEAN_NETWORK = {
  latencyMs: 0,
  jitterMs: 0,
  lossRate: 0,
  loseNext: 0,
  answerLossRate: 0,
  loseNextAnswers: 0,
  duplicateRate: 0,
  duplicateNext: 0,
  reorderRate: 0,
  reorderNext: 0,
  faultsOn: '',
  clockSkewSeconds: 0,
  correctsClockSkew: true,
} as const satisfies Partial<NetworkState>;

type Typed = { readonly [Name in keyof typeof CLEAN_NETWORK]: string };

const FAULTS: readonly {
  readonly name: string;
  readonly rate: 'lossRate' | 'answerLossRate' | 'duplicateRate' | 'reorderRate';
  readonly next: 'loseNext' | 'loseNextAnswers' | 'duplicateNext' | 'reorderNext';
}[] = [
  { name: 'Requests lost', rate: 'lossRate', next: 'loseNext' },
  { name: 'Answers lost', rate: 'answerLossRate', next: 'loseNextAnswers' },
  { name: 'Arrive twice', rate: 'duplicateRate', next: 'duplicateNext' },
  { name: 'Overtaken', rate: 'reorderRate', next: 'reorderNext' },
];

const OPERATIONS = ['', 'UpdateRecords', 'ListRecords', 'InitiateAuth', 'GetId', 'GetCredentialsForIdentity'];

export function NetworkPopover({ device, anchor, isOpen, onOpenChange }: PopoverProps) {
  return (
    <Popover
      className={styles['popover'] ?? ''}
      triggerRef={anchor}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      placement="bottom end"
      offset={4}
    >
      <Dialog className={styles['dialog'] ?? ''}>
        <Heading slot="title" className={styles['title'] ?? ''}>
          Network and clock of {device.name}
        </Heading>
        <NetworkForm device={device} onDone={() => onOpenChange(false)} />
      </Dialog>
    </Popover>
  );
}

const percent = (rate: number): string => String(Math.round(rate * 1000) / 10);

function NetworkForm({ device, onDone }: { readonly device: DeviceState; readonly onDone: () => void }) {
  const { network } = device;
  const [corrects, setCorrects] = useState(network.correctsClockSkew);
  const [typed, setTyped] = useState<Typed>({
    latencyMs: String(network.latencyMs),
    jitterMs: String(network.jitterMs),
    lossRate: percent(network.lossRate),
    loseNext: String(network.loseNext),
    answerLossRate: percent(network.answerLossRate),
    loseNextAnswers: String(network.loseNextAnswers),
    duplicateRate: percent(network.duplicateRate),
    duplicateNext: String(network.duplicateNext),
    reorderRate: percent(network.reorderRate),
    reorderNext: String(network.reorderNext),
    faultsOn: network.faultsOn,
    clockSkewSeconds: String(network.clockSkewSeconds),
    correctsClockSkew: '',
  });
  const type = (name: keyof Typed) => (text: string) => setTyped({ ...typed, [name]: text });
  const bad = (name: keyof Typed, least: number, most: number) => {
    const value = Number(typed[name]);
    return typed[name].trim() === '' || !(value >= least && value <= most);
  };
  const isBad = {
    latencyMs: bad('latencyMs', 0, 60_000),
    jitterMs: bad('jitterMs', 0, 60_000),
    clockSkewSeconds: bad('clockSkewSeconds', -315_360_000, 315_360_000),
  };
  const badFault = FAULTS.some(({ rate, next }) => bad(rate, 0, 100) || bad(next, 0, 1000));
  const fits = !badFault && !Object.values(isBad).includes(true);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!fits) return;
    const whole = (name: keyof Typed) => Math.round(Number(typed[name]));
    const done = await act(device.id, {
      do: 'network',
      latencyMs: whole('latencyMs'),
      jitterMs: whole('jitterMs'),
      clockSkewSeconds: whole('clockSkewSeconds'),
      correctsClockSkew: corrects,
      faultsOn: typed.faultsOn,
      ...Object.fromEntries(
        FAULTS.flatMap(({ rate, next }) => [
          [rate, Number(typed[rate]) / 100],
          [next, whole(next)],
        ]),
      ),
    });
    if (done) onDone();
  };
  const clear = async () => {
    if (await act(device.id, { do: 'network', ...CLEAN_NETWORK })) onDone();
  };

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <div className={styles['pair']}>
        <Field
          label="Latency, ms each way"
          value={typed.latencyMs}
          onChange={type('latencyMs')}
          inputMode="numeric"
          isInvalid={isBad.latencyMs}
          autoFocus
        />
        <Field
          label="More or less by, ms"
          value={typed.jitterMs}
          onChange={type('jitterMs')}
          inputMode="numeric"
          isInvalid={isBad.jitterMs}
        />
      </div>
      <table className={styles['faults']}>
        <thead>
          <tr>
            <th scope="col">Faults</th>
            <th scope="col">of 100</th>
            <th scope="col">the next</th>
          </tr>
        </thead>
        <tbody>
          {FAULTS.map(({ name, rate, next }) => (
            <tr key={rate}>
              <th scope="row">{name}</th>
              <td>
                <Field
                  label={`${name}, of 100`}
                  hideLabel
                  value={typed[rate]}
                  onChange={type(rate)}
                  inputMode="decimal"
                  isInvalid={bad(rate, 0, 100)}
                />
              </td>
              <td>
                <Field
                  label={`${name}, the next`}
                  hideLabel
                  value={typed[next]}
                  onChange={type(next)}
                  inputMode="numeric"
                  isInvalid={bad(next, 0, 1000)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Select
        label="Faults meet"
        value={typed.faultsOn}
        options={[...new Set([...OPERATIONS, network.faultsOn])].map((name) => ({
          value: name,
          text: name === '' ? 'every call' : `only ${name}`,
        }))}
        onChange={type('faultsOn')}
      />
      <Field
        label="Clock ahead of the bench’s, seconds"
        value={typed.clockSkewSeconds}
        onChange={type('clockSkewSeconds')}
        isInvalid={isBad.clockSkewSeconds}
      />
      <Check checked={corrects} onChange={setCorrects}>
        Its SDK corrects signatures by the service’s clock
      </Check>
      <div className={styles['buttons']}>
        <Button variant="quiet" onPress={() => void clear()}>
          Clear all
        </Button>
        <Button type="submit" variant="primary" isDisabled={!fits}>
          Set
        </Button>
      </div>
    </form>
  );
}
