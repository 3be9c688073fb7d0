import {
  BellRing,
  ChevronDown,
  ChevronRight,
  CircleSlash,
  Clock,
  Send,
  Trash2,
  Check as CheckIcon,
  type LucideIcon,
} from 'lucide-react';
import { Fragment, useEffect, useState } from 'react';
import type { PushRules, PushView } from '../../shared/sync-views.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { asRefusal, call } from '../data/call.ts';
import { useFollowed } from '../data/facts.ts';
import { notify } from '../data/notices.ts';
import { shortId } from '../format/ids.ts';
import { span, timeOfDay } from '../format/time.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { Mark, type Tone } from '../ui/marks.tsx';
import styles from './sync.module.css';
import table from './table.module.css';

const tell = (error: unknown): void => notify(asRefusal(error).message, 'bad');

/** Every push with what became of it on its way, and how the next ones are treated. */
export function Pushes() {
  const { value, refused, again } = useFollowed(
    'pushes',
    () => call<PushView[]>('GET', '/pushes?limit=200'),
    ({ type }) => type === 'push.changed' || type === 'push.sent' || type === 'account.reset' || type === 'bench.reset',
  );
  const clear = () => call('DELETE', '/pushes').then(again, tell);
  return (
    <div className={styles['part']}>
      <Rules />
      <section className={styles['block']} aria-label="Push lane">
        <header>
          <h3>Push lane</h3>
          <span className={styles['space']} />
          <Button size="small" variant="quiet" icon={Trash2} isDisabled={!value?.length} onPress={() => void clear()}>
            Empty it
          </Button>
        </header>
        <Refusal refused={refused} />
        {value?.length === 0 ? (
          <Empty icon={BellRing} title="No push yet">
            A device that subscribed to a dataset is told when another changes it. Subscribe with the bell on a device’s
            card.
          </Empty>
        ) : (
          <Lane pushes={value ?? []} onChanged={again} />
        )}
      </section>
    </div>
  );
}

function Rules() {
  const [rules, setRules] = useState<PushRules>();
  const [delay, setDelay] = useState('0');
  useEffect(() => {
    call<PushRules>('GET', '/pushes/faults').then((answer) => {
      setRules(answer);
      setDelay(String(answer.delaySeconds));
    }, tell);
  }, []);
  const change = (part: Partial<PushRules>) => {
    if (!rules) return;
    const next = { ...rules, ...part };
    setRules(next);
    call('POST', '/pushes/faults', next).catch(tell);
  };
  const typed = (text: string) => {
    setDelay(text);
    const seconds = Number(text);
    if (text.trim() !== '' && seconds >= 0 && seconds <= 604_800) change({ delaySeconds: seconds });
  };
  const isBad = delay.trim() === '' || !(Number(delay) >= 0 && Number(delay) <= 604_800);
  return (
    <section className={styles['block']} aria-label="From now on">
      <h3>Pushes from now on</h3>
      <div className={styles['row']}>
        <Check checked={rules?.drop ?? false} onChange={(drop) => change({ drop })} disabled={!rules}>
          are dropped
        </Check>
        <Check checked={rules?.duplicate ?? false} onChange={(duplicate) => change({ duplicate })} disabled={!rules}>
          arrive twice
        </Check>
        <div className={styles['delay']}>
          <Field
            label="Delay of pushes, seconds of bench time"
            hideLabel
            value={delay}
            onChange={typed}
            inputMode="numeric"
            isInvalid={isBad}
            isDisabled={!rules}
          />
          <span>seconds late, by the bench’s clock</span>
        </div>
      </div>
    </section>
  );
}

function Lane({ pushes, onChanged }: { readonly pushes: readonly PushView[]; readonly onChanged: () => void }) {
  const now = useBenchNow();
  const [open, setOpen] = useState<number | null>(null);
  const ask = (id: number, verb: 'deliver' | 'drop') => call('POST', `/pushes/${id}/${verb}`, {}).then(onChanged, tell);
  return (
    <div className={table['frame']} tabIndex={0} role="region" aria-label="Pushes, newest first">
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">Sent</th>
            <th scope="col">To</th>
            <th scope="col">Says</th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pushes.map((push) => (
            <Fragment key={push.id}>
              <tr>
                <td className={table['mono']}>{timeOfDay(push.sentAt).slice(0, 8)}</td>
                <td title={`${push.endpointArn}\n${push.token}`}>
                  {push.device ?? <code>{shortId(push.token, 20)}</code>}{' '}
                  <span className={table['dim']}>{push.platform}</span>
                </td>
                <td>
                  {push.notification
                    ? `${push.notification.datasetName} at count ${push.notification.syncCount}`
                    : 'a message published by hand'}
                </td>
                <td>
                  <PushState push={push} now={now} />
                </td>
                <td className={table['acts']}>
                  {push.status === 'waiting' && (
                    <Button size="small" variant="quiet" onPress={() => void ask(push.id, 'drop')}>
                      Drop
                      <span className="visually-hidden"> push {push.id}</span>
                    </Button>
                  )}
                  {push.status !== 'not-sent' && (
                    <Button size="small" variant="quiet" icon={Send} onPress={() => void ask(push.id, 'deliver')}>
                      {push.status === 'delivered' ? 'Again' : 'Deliver'}
                      <span className="visually-hidden"> push {push.id}</span>
                    </Button>
                  )}
                  <IconButton
                    icon={open === push.id ? ChevronDown : ChevronRight}
                    label={`Payload of push ${push.id}`}
                    pressed={open === push.id}
                    onPress={() => setOpen(open === push.id ? null : push.id)}
                  />
                </td>
              </tr>
              {open === push.id && (
                <tr className={table['below']}>
                  <td colSpan={5}>
                    <JsonTree value={push.payload} open={4} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const STATES: Readonly<
  Record<PushView['status'], { readonly word: string; readonly tone: Tone; readonly icon: LucideIcon }>
> = {
  waiting: { word: 'waits', tone: 'accent', icon: Clock },
  delivered: { word: 'delivered', tone: 'ok', icon: CheckIcon },
  dropped: { word: 'dropped', tone: 'bad', icon: CircleSlash },
  'not-sent': { word: 'not sent', tone: 'warn', icon: CircleSlash },
};

function PushState({ push, now }: { readonly push: PushView; readonly now: number | undefined }) {
  const { word, tone, icon } = STATES[push.status];
  const late = push.deliveredAt === null ? 0 : Date.parse(push.deliveredAt) - Date.parse(push.sentAt);
  const left = now === undefined ? 0 : Date.parse(push.dueAt) - now;
  return (
    <span className={table['cells']}>
      <Mark tone={tone} icon={icon}>
        {word}
      </Mark>
      {push.deliveries > 1 && <Mark tone="warn">{push.deliveries} times</Mark>}
      <span className={table['dim']}>
        {push.reason ??
          (push.status === 'waiting' && left > 0 ? `for ${span(left)}` : late >= 1000 ? `after ${span(late)}` : '')}
      </span>
    </span>
  );
}
