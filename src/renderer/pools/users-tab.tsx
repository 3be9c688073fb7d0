import { Search, UserPlus, UsersRound } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { idOf, openTab, type TabProps } from './pool.ts';
import { Split } from './split.tsx';
import { UserDetail } from './user-detail.tsx';
import { CreateUser } from './user-dialogs.tsx';
import { filterOf, SEARCHABLE, type Search as UserSearch } from './user-search.ts';
import { UserTable } from './user-table.tsx';
import { useUsers } from './use-users.ts';
import styles from './pool.module.css';
import own from './users.module.css';

const OPERATORS = [
  { value: '^=', text: 'begins with (^=)' },
  { value: '=', text: 'is (=)' },
];

const PAUSE_MS = 200;

export function UsersTab({ pool, item }: TabProps) {
  const [search, setSearch] = useState<UserSearch>(() => ({
    attribute: pool.UsernameAttributes?.[0] ?? 'username',
    operator: '^=',
    value: '',
  }));
  const [creating, setCreating] = useState(false);
  const filter = useSettled(filterOf(search));
  const { users, loaded, refused, hasMore, more } = useUsers(idOf(pool), filter);
  const change = (part: Partial<UserSearch>) => setSearch((before) => ({ ...before, ...part }));
  const total = pool.EstimatedNumberOfUsers ?? users.length;

  return (
    <Split
      list={
        <>
          <div className={styles['bar']}>
            <search className={own['search']}>
              <Select
                label="Attribute"
                hideLabel
                value={search.attribute}
                options={SEARCHABLE}
                onChange={(attribute) => change({ attribute })}
              />
              <Select
                label="How to compare"
                hideLabel
                value={search.operator}
                options={OPERATORS}
                onChange={(operator) => change({ operator: operator as UserSearch['operator'] })}
              />
              <div className={styles['grow']} data-filter>
                <Field
                  label="Search users"
                  hideLabel
                  type="search"
                  placeholder={search.attribute === 'cognito:user_status' ? 'CONFIRMED' : 'Search users'}
                  value={search.value}
                  onChange={(value) => change({ value })}
                />
              </div>
            </search>
            <Button icon={UserPlus} variant="primary" onPress={() => setCreating(true)}>
              New user
            </Button>
          </div>
          <p className={own['count']} role="status">
            {filter === undefined ? (
              `${users.length}${hasMore ? ` of ${Math.max(total, users.length)}` : ''} ${users.length === 1 ? 'user' : 'users'}`
            ) : (
              <>
                {users.length}
                {hasMore && '+'} with <code>{filter}</code>
              </>
            )}
          </p>
          {refused && (
            <div className={own['refused']}>
              <Refusal refused={refused} />
            </div>
          )}
          {users.length > 0 ? (
            <UserTable
              pool={pool}
              users={users}
              chosen={item}
              hasMore={hasMore}
              onMore={more}
              onChoose={(username) => openTab(pool, 'users', username)}
            />
          ) : (
            loaded &&
            !refused &&
            (filter === undefined ? (
              <Empty
                icon={UsersRound}
                title="No users yet"
                actions={
                  <>
                    <Button icon={UserPlus} onPress={() => setCreating(true)}>
                      New user
                    </Button>
                    <Button onPress={() => openTab(pool, 'import')}>Import a CSV file</Button>
                  </>
                }
              >
                Make one here, import many from a file, or let somebody sign up in an app or on a device of the stage.
              </Empty>
            ) : (
              <Empty
                icon={Search}
                title="Nobody fits"
                actions={<Button onPress={() => change({ value: '' })}>Show everybody</Button>}
              >
                Cognito compares whole values or their beginnings, one attribute at a time.
              </Empty>
            ))
          )}
          {creating && <CreateUser pool={pool} onClose={() => setCreating(false)} />}
        </>
      }
      detail={item === undefined ? null : <UserDetail key={item} pool={pool} username={item} />}
    />
  );
}

/** The value after nobody has changed it for a moment. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return useDeferredValue(settled);
}
