import { Maximize2 } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import type { IdentityHistoryView } from '../../shared/identity-views.ts';
import { shortId } from '../format/ids.ts';
import { many } from '../format/size.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { Dialog } from '../ui/dialog.tsx';
import panels from '../pools/pool.module.css';
import { LineageGraph } from './lineage-graph.tsx';
import { familyAfter, sentenceOf } from './lineage-steps.ts';
import { LinkButton } from './link-button.tsx';
import { useProviderName } from './provider-name.ts';
import { StateMark } from './state-mark.tsx';
import styles from './lineage.module.css';

interface LineageProps {
  readonly history: IdentityHistoryView;
  readonly onOpen: (identityId: string) => void;
}

const lastPart = (id: string): string => shortId(id.split(':').at(-1) ?? id, 14);

/** Where an identity came from: who was made when, which logins joined, what was merged and carried over. */
export default function Lineage({ history, onOpen }: LineageProps) {
  const nameOf = useProviderName();
  const { events } = history;
  const [at, setAt] = useState<number | undefined>();
  const [chosen, setChosen] = useState(history.identityId);
  const [isLarge, setLarge] = useState(false);
  const shown = Math.min(at ?? events.length, events.length);
  const current = events[shown - 1];
  const place = (large: boolean) => (
    <>
      <Slider
        history={history}
        shown={shown}
        onChange={setAt}
        aside={
          !large && (
            <Button size="small" icon={Maximize2} onPress={() => setLarge(true)}>
              Open large
            </Button>
          )
        }
      />
      <LineageGraph history={history} shown={shown} chosen={chosen} onChoose={setChosen} large={large} />
      <p className={panels['note']} role="status">
        {current
          ? `${dateAndTime(Date.parse(current.at)).slice(0, 19)} · ${lastPart(current.identityId)} · ${sentenceOf(current, nameOf)}`
          : 'Before anything happened.'}
      </p>
    </>
  );
  return (
    <div className={styles['lineage']}>
      {place(false)}
      <Chosen history={history} shown={shown} id={chosen} onOpen={onOpen} />
      {!history.isWhole && (
        <p className={panels['note']}>More identities are tied to this one than can be drawn; these are the nearest.</p>
      )}
      <Events history={history} shown={shown} onChoose={(index) => setAt(index)} />
      {isLarge && (
        <Dialog title={`Lineage of ${lastPart(history.identityId)}`} isOpen large onClose={() => setLarge(false)}>
          <div className={cx(styles['lineage'], styles['fill'])}>
            {place(true)}
            <Chosen
              history={history}
              shown={shown}
              id={chosen}
              onOpen={(id) => {
                setLarge(false);
                onOpen(id);
              }}
            />
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Slider({
  history: { events },
  shown,
  onChange,
  aside,
}: {
  readonly history: IdentityHistoryView;
  readonly shown: number;
  readonly onChange: (at: number) => void;
  readonly aside: ReactNode;
}) {
  const id = useId();
  const event = events[shown - 1];
  return (
    <div className={styles['slider']}>
      <label htmlFor={id}>Time</label>
      <input
        id={id}
        type="range"
        min={0}
        max={events.length}
        value={shown}
        aria-valuetext={event ? `${shown} of ${events.length}, ${dateAndTime(Date.parse(event.at))}` : 'the beginning'}
        onChange={(change) => onChange(Number(change.target.value))}
      />
      <output htmlFor={id}>
        {shown} of {events.length}
      </output>
      {aside}
    </div>
  );
}

/** What an identity was at the time, and what it owns now; a ghost owns nothing that anybody can reach. */
function Chosen({
  history,
  shown,
  id,
  onOpen,
}: {
  readonly history: IdentityHistoryView;
  readonly shown: number;
  readonly id: string;
  readonly onOpen: (identityId: string) => void;
}) {
  const past = familyAfter(history, shown).get(id);
  const member = history.members.find((one) => one.id === id);
  if (!member) return null;
  const isGhost = member.state === 'disabled' || member.state === 'deleted';
  return (
    <section className={styles['chosen']} aria-label="The chosen identity">
      <header>
        <code>{id}</code>
        {past ? <StateMark state={past.state} /> : <span className={panels['note']}>not made yet</span>}
        {id !== history.identityId && <LinkButton onPress={() => onOpen(id)}>Open</LinkButton>}
      </header>
      <p>
        {isGhost ? 'Still owns now: ' : 'Owns now: '}
        {member.datasets.length === 0 ? 'no dataset' : member.datasets.join(', ')}
        {member.logins.length > 0 && `; ${many(member.logins.length, 'login')}`}.
        {member.mergedInto !== undefined && ` What it had went to ${lastPart(member.mergedInto)}.`}
      </p>
      {past && past.carried.length > 0 && <p>Carried over with merges: {past.carried.join(', ')}.</p>}
    </section>
  );
}

function Events({
  history: { events },
  shown,
  onChoose,
}: {
  readonly history: IdentityHistoryView;
  readonly shown: number;
  readonly onChoose: (count: number) => void;
}) {
  const nameOf = useProviderName();
  return (
    <div className={styles['events']} tabIndex={0} role="region" aria-label="What happened, in order">
      <table className={panels['table']} aria-label="What happened">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Identity</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => (
            <tr key={event.id} data-chosen={index + 1 === shown || undefined}>
              <td className={styles['when']}>
                <LinkButton onPress={() => onChoose(index + 1)}>
                  {dateAndTime(Date.parse(event.at)).slice(5, 19)}
                </LinkButton>
              </td>
              <td className={panels['key']} title={event.identityId}>
                {lastPart(event.identityId)}
              </td>
              <td>
                {sentenceOf(event, nameOf)}
                {event.kind === 'merged' && ` → ${lastPart(event.into)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
