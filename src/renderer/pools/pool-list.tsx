import { ChevronRight, Plus, UsersRound } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { ResourceOverview } from '../../shared/bench-api.ts';
import { useBench } from '../data/bench-state.ts';
import { refreshResources } from '../data/live.ts';
import { openAt } from '../data/route.ts';
import { dateAndTime } from '../format/time.ts';
import { IdentityPoolCard } from '../identities/pool-list.tsx';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Empty } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Screen } from '../ui/screen.tsx';
import { CreatePool } from './create-pool.tsx';
import { TEMPLATES, type TemplateId } from './templates.ts';
import styles from './pools.module.css';

/** What exists in the account, with the ids to copy. */
export function PoolList() {
  const resources = useBench((state) => state.resources);
  const [creating, setCreating] = useState<TemplateId | undefined>();
  useEffect(refreshResources, []);
  const userPools = resources?.userPools ?? [];
  return (
    <Screen
      title="Pools"
      text="What exists in this account."
      aside={
        <Button variant="primary" icon={Plus} onPress={() => setCreating('code')}>
          New user pool
        </Button>
      }
    >
      <Part title="User pools" count={userPools.length}>
        {userPools.length === 0 ? (
          <div className={styles['pool']}>
            <Empty
              icon={UsersRound}
              title="No user pool yet"
              actions={TEMPLATES.map(({ id, title }) => (
                <Button key={id} onPress={() => setCreating(id)}>
                  {title}
                </Button>
              ))}
            >
              Begin with one of these, or let an app make one with CreateUserPool. The demo and new devices bring their
              own.
            </Empty>
          </div>
        ) : (
          <ul className={styles['pools']}>
            {userPools.map((pool) => (
              <UserPool key={pool.id} pool={pool} />
            ))}
          </ul>
        )}
      </Part>
      <Part title="Identity pools" count={resources?.identityPools.length ?? 0}>
        {resources?.identityPools.length ? (
          <ul className={styles['pools']}>
            {resources.identityPools.map((pool) => (
              <IdentityPoolCard heading="h4" key={pool.id} pool={pool} />
            ))}
          </ul>
        ) : (
          <p className={styles['none']}>No identity pool yet. An app makes one with CreateIdentityPool.</p>
        )}
      </Part>
      {creating && <CreatePool template={creating} onClose={() => setCreating(undefined)} />}
    </Screen>
  );
}

function Part({
  title,
  count,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['part']} aria-label={title}>
      <h3>
        {title} <span>{count}</span>
      </h3>
      {children}
    </section>
  );
}

function UserPool({ pool }: { readonly pool: ResourceOverview['userPools'][number] }) {
  return (
    <li className={styles['pool']}>
      <header>
        <h4>
          <a
            className={styles['open']}
            href={`#/pools/${pool.id}`}
            onClick={(event) => {
              event.preventDefault();
              openAt('pools', pool.id);
            }}
          >
            {pool.name}
            <ChevronRight size={13} aria-hidden />
          </a>
        </h4>
        <CopyId value={pool.id} label={`id of ${pool.name}`} most={32} />
        <span className={styles['count']}>{pool.users === 1 ? '1 user' : `${pool.users} users`}</span>
        <span className={styles['made']}>made {dateAndTime(Date.parse(pool.createdAt))}</span>
      </header>
      <ul aria-label={`App clients of ${pool.name}`}>
        {pool.clients.map((client) => (
          <li key={client.id} className={styles['client']}>
            <span>{client.name}</span>
            <CopyId value={client.id} label={`client id of ${client.name}`} most={32} />
            {client.hasSecret && <Mark>has a secret</Mark>}
          </li>
        ))}
        {pool.clients.length === 0 && <li className={styles['none']}>No app client.</li>}
      </ul>
    </li>
  );
}
