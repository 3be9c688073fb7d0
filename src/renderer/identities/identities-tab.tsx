import { Fingerprint, GitMerge, Search, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import type { FoundIdentities } from '../../shared/identity-views.ts';
import { asRefusal, call } from '../data/call.ts';
import { useFollowed } from '../data/facts.ts';
import { notify } from '../data/notices.ts';
import { dateAndTime } from '../format/time.ts';
import { shortId } from '../format/ids.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { Field } from '../ui/field.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { useSettled } from '../sync/use-settled.ts';
import { Split } from '../pools/split.tsx';
import panels from '../pools/pool.module.css';
import users from '../pools/users.module.css';
import { DeveloperUser, MergeUsers } from './developer-dialogs.tsx';
import { IdentityDetail } from './identity-detail.tsx';
import { changesIdentities, identity, openTab, type TabProps } from './identity-pool.ts';
import { LinkButton } from './link-button.tsx';
import { useProviderName } from './provider-name.ts';
import { StateMark } from './state-mark.tsx';
import styles from './identities.module.css';

/** Who is in the pool, searched by id. */
export function IdentitiesTab({ pool, item }: TabProps) {
  const id = pool.IdentityPoolId;
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState<'developer' | 'merge' | undefined>();
  const search = useSettled(typed.trim());
  const { value: found, refused } = usePage(id, search);
  const developer = pool.DeveloperProviderName;
  const newGuest = async () => {
    try {
      const { IdentityId = '' } = await identity('GetId', { IdentityPoolId: id });
      openTab(pool, 'identities', IdentityId);
    } catch (error) {
      notify(asRefusal(error).message, 'bad');
    }
  };
  const isEmpty = found?.identities.length === 0;
  return (
    <Split
      list={
        <>
          <div className={panels['bar']}>
            <search className={panels['grow']} data-filter>
              <Field
                label="Search identities by id"
                hideLabel
                type="search"
                placeholder="the beginning of an id, or a part"
                value={typed}
                onChange={setTyped}
                mono
              />
            </search>
            <MenuButton
              label="New identity"
              entries={[
                { id: 'guest', text: 'A guest, by GetId', icon: UserRoundPlus, run: () => void newGuest() },
                {
                  id: 'developer',
                  text: 'For a developer’s user…',
                  icon: UserRoundPlus,
                  disabled: developer === undefined,
                  run: () => setOpen('developer'),
                },
                {
                  id: 'merge',
                  text: 'Merge developer’s users…',
                  icon: GitMerge,
                  disabled: developer === undefined,
                  apart: true,
                  run: () => setOpen('merge'),
                },
              ]}
            >
              <Button icon={UserRoundPlus} variant="primary">
                New
              </Button>
            </MenuButton>
          </div>
          <p className={users['count']} role="status">
            {found &&
              `${found.identities.length}${found.next === undefined ? '' : '+'} ${
                search === ''
                  ? 'by id'
                  : found.by === 'part'
                    ? `with “${search}” in their id`
                    : `beginning with “${search}”`
              }`}
          </p>
          {refused && <Refusal refused={refused} />}
          {found && !isEmpty && <IdentityTable key={search} pool={pool} search={search} first={found} chosen={item} />}
          {isEmpty &&
            (search === '' ? (
              <Empty icon={Fingerprint} title="No identities yet">
                An app makes them with GetId, for guests as for people who sign in.
              </Empty>
            ) : (
              <Empty
                icon={Search}
                title="No identity fits"
                actions={<Button onPress={() => setTyped('')}>Show all</Button>}
              >
                Ids are searched, with or without their region.
              </Empty>
            ))}
          {open === 'developer' && <DeveloperUser pool={pool} onClose={() => setOpen(undefined)} />}
          {open === 'merge' && <MergeUsers pool={pool} onClose={() => setOpen(undefined)} />}
        </>
      }
      detail={item === undefined ? null : <IdentityDetail key={item} pool={pool} identityId={item} />}
    />
  );
}

interface TableProps {
  readonly pool: TabProps['pool'];
  readonly search: string;
  readonly first: FoundIdentities;
  readonly chosen: string | undefined;
}

function IdentityTable({ pool, search, first, chosen }: TableProps) {
  const [after, setAfter] = useState<readonly string[]>([]);
  return (
    <div className={cx(panels['scroller'], styles['found'])} tabIndex={0} role="region" aria-label="Identities found">
      <table className={panels['table']} aria-label="Identities">
        <thead>
          <tr>
            <th scope="col">Identity</th>
            <th scope="col">State</th>
            <th scope="col">Logins</th>
            <th scope="col" className={styles['changed']}>
              Changed
            </th>
          </tr>
        </thead>
        <tbody>
          <Rows pool={pool} found={first} chosen={chosen} />
          {after.length === 0 && <More next={first.next} onMore={(id) => setAfter([id])} />}
          {after.map((id, index) => (
            <Page
              key={id}
              pool={pool}
              search={search}
              after={id}
              chosen={chosen}
              onMore={index === after.length - 1 ? (next) => setAfter([...after, next]) : undefined}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Each page asks for itself, so that all that are open stay true. */
function Page({
  pool,
  search,
  after,
  chosen,
  onMore,
}: Omit<TableProps, 'first'> & {
  readonly after: string;
  readonly onMore: ((next: string) => void) | undefined;
}) {
  const { value: found } = usePage(pool.IdentityPoolId, search, after);
  if (!found) return null;
  return (
    <>
      <Rows pool={pool} found={found} chosen={chosen} />
      {onMore && <More next={found.next} onMore={onMore} />}
    </>
  );
}

function More({ next, onMore }: { readonly next: string | undefined; readonly onMore: (next: string) => void }) {
  if (next === undefined) return null;
  return (
    <tr>
      <td colSpan={4}>
        <Button size="small" onPress={() => onMore(next)}>
          More
        </Button>
      </td>
    </tr>
  );
}

function Rows({ pool, found, chosen }: Pick<TableProps, 'pool' | 'chosen'> & { readonly found: FoundIdentities }) {
  const nameOf = useProviderName();
  return found.identities.map(({ id, state, logins, modifiedAt }) => (
    <tr key={id} data-chosen={id === chosen || undefined}>
      <td className={panels['key']} title={id}>
        <LinkButton step onPress={() => openTab(pool, 'identities', id)}>
          {shortId(id.split(':').at(-1) ?? id, 20)}
        </LinkButton>
      </td>
      <td>
        <StateMark state={state} />
      </td>
      <td className={styles['logins']} title={logins.map(nameOf).join(', ')}>
        {logins.length === 0 ? '–' : logins.map(nameOf).join(', ')}
      </td>
      <td className={cx(users['time'], styles['changed'])}>{dateAndTime(Date.parse(modifiedAt)).slice(0, 16)}</td>
    </tr>
  ));
}

function usePage(poolId: string, search: string, after?: string) {
  const query = new URLSearchParams({ search, ...(after !== undefined && { after }) });
  return useFollowed(
    `${poolId} ${query}`,
    () => call<FoundIdentities>('GET', `/identity-pools/${encodeURIComponent(poolId)}/identities?${query}`),
    (event) => changesIdentities(event, poolId),
  );
}
