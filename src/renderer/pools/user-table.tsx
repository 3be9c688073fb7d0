import { useVirtualizer } from '@tanstack/react-virtual';
import { BadgeCheck, Ban } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { dateAndTime } from '../format/time.ts';
import { cx } from '../ui/class-names.ts';
import { Mark } from '../ui/marks.tsx';
import { signInName, when, type Pool, type User } from './pool.ts';
import lines from '../ui/rows.module.css';
import { UserStatus } from './user-status.tsx';
import styles from './users.module.css';

const ROW = 32;
/** So many rows before the end, the next page is asked for. */
const AHEAD = 20;
const COLUMNS = ['User name', 'Status', 'E-mail', 'Phone', 'Made'];
/** Where the user name is an id that nobody knows, what people sign in by comes first. */
const COLUMNS_BY_ATTRIBUTE = ['Signs in as', 'Status', 'User name', 'Phone', 'Made'];

interface UserTableProps {
  readonly pool: Pool;
  readonly users: readonly User[];
  readonly chosen: string | undefined;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onChoose: (username: string) => void;
}

/** One line a user; only those in sight are drawn. The arrows walk, Enter opens. */
export function UserTable({ pool, users, chosen, hasMore, onMore, onChoose }: UserTableProps) {
  const id = useId();
  const byAttribute = (pool.UsernameAttributes ?? []).length > 0;
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      users.findIndex(({ Username }) => Username === chosen),
    ),
  );
  const virtualizer = useVirtualizer({
    count: users.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => users[index]?.Username ?? index,
    overscan: 10,
    scrollPaddingStart: ROW + 4,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= users.length - AHEAD) onMore();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW * 10) / ROW) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: users.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      const within = Math.min(users.length - 1, Math.max(0, to));
      setAt(within);
      virtualizer.scrollToIndex(within);
    } else if (event.key === 'Enter' || event.key === ' ') {
      const name = users[at]?.Username;
      if (name !== undefined) onChoose(name);
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div className={lines['scroller']} ref={scroller}>
      <div
        className={cx(lines['grid'], styles['table'])}
        role="grid"
        aria-label="Users"
        aria-rowcount={hasMore ? -1 : users.length + 1}
        tabIndex={0}
        aria-activedescendant={rows.some(({ index }) => index === at) ? `${id}-${at}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div
          role="row"
          aria-rowindex={1}
          className={cx(lines['row'], lines['header'], styles['row'], styles['header'])}
        >
          {(byAttribute ? COLUMNS_BY_ATTRIBUTE : COLUMNS).map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" className={lines['rows']} style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ index, start }) => {
            const user = users[index];
            if (!user) return null;
            const isChosen = user.Username === chosen;
            return (
              <div
                key={user.Username}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={isChosen}
                className={cx(
                  lines['row'],
                  lines['line'],
                  styles['row'],
                  isChosen && lines['chosen'],
                  index === at && styles['at'],
                )}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => {
                  setAt(index);
                  onChoose(user.Username ?? '');
                }}
              >
                <Cells user={user} pool={pool} byAttribute={byAttribute} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells({
  user,
  pool,
  byAttribute,
}: {
  readonly user: User;
  readonly pool: Pool;
  readonly byAttribute: boolean;
}) {
  const attributes = new Map(user.Attributes?.map(({ Name, Value }) => [Name, Value]));
  const signIn = signInName(user, pool);
  const signInVerified = ['email', 'phone_number'].some(
    (name) => attributes.get(name) === signIn && attributes.get(`${name}_verified`) === 'true',
  );
  return (
    <>
      <span role="gridcell" className={styles['name']}>
        {byAttribute ? <Verified value={signIn} isVerified={signInVerified} /> : user.Username}
      </span>
      <span role="gridcell" className={styles['marks']}>
        <UserStatus status={user.UserStatus} />
        {user.Enabled === false && (
          <Mark tone="bad" icon={Ban}>
            disabled
          </Mark>
        )}
      </span>
      <span role="gridcell" className={byAttribute ? styles['time'] : undefined}>
        {byAttribute ? (
          user.Username
        ) : (
          <Verified value={attributes.get('email')} isVerified={attributes.get('email_verified') === 'true'} />
        )}
      </span>
      <span role="gridcell">
        <Verified
          value={attributes.get('phone_number')}
          isVerified={attributes.get('phone_number_verified') === 'true'}
        />
      </span>
      <span role="gridcell" className={styles['time']}>
        {dateAndTime(when(user.UserCreateDate)).slice(0, 16)}
      </span>
    </>
  );
}

function Verified({ value, isVerified }: { readonly value: string | undefined; readonly isVerified: boolean }) {
  if (value === undefined) return <span className={styles['none']}>–</span>;
  return (
    <span className={styles['value']}>
      <span>{value}</span>
      {isVerified && <BadgeCheck size={12} role="img" aria-label="verified" className={styles['verified']} />}
    </span>
  );
}
