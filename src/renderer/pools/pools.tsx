import { RefreshCw } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import type { ResourceOverview } from '../../shared/bench-api.ts';
import { useBench } from '../data/bench-state.ts';
import { refreshResources } from '../data/live.ts';
import { dateAndTime } from '../format/time.ts';
import { IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Mark } from '../ui/marks.tsx';
import { Screen } from '../ui/screen.tsx';
import styles from './pools.module.css';

/** What exists in the account, with the ids to copy. */
export function Pools() {
  const resources = useBench((state) => state.resources);
  useEffect(refreshResources, []);
  return (
    <Screen
      title="Pools"
      text="What exists in this account."
      aside={<IconButton icon={RefreshCw} label="Look again" onPress={refreshResources} />}
    >
      <Part
        title="User pools"
        count={resources?.userPools.length ?? 0}
        none="No user pool yet. An app makes one with CreateUserPool; the demo and new devices bring their own."
      >
        {resources?.userPools.map((pool) => (
          <UserPool key={pool.id} pool={pool} />
        ))}
      </Part>
      <Part title="Identity pools" count={resources?.identityPools.length ?? 0} none="No identity pool yet.">
        {resources?.identityPools.map((pool) => (
          <IdentityPool key={pool.id} pool={pool} />
        ))}
      </Part>
    </Screen>
  );
}

function Part({
  title,
  count,
  none,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly none: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['part']} aria-label={title}>
      <h3>
        {title} <span>{count}</span>
      </h3>
      {count === 0 ? <p className={styles['none']}>{none}</p> : <ul className={styles['pools']}>{children}</ul>}
    </section>
  );
}

function UserPool({ pool }: { readonly pool: ResourceOverview['userPools'][number] }) {
  return (
    <li className={styles['pool']}>
      <header>
        <h4>{pool.name}</h4>
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

function IdentityPool({ pool }: { readonly pool: ResourceOverview['identityPools'][number] }) {
  return (
    <li className={styles['pool']}>
      <header>
        <h4>{pool.name}</h4>
        <CopyId value={pool.id} label={`id of ${pool.name}`} most={48} />
        <Mark tone={pool.allowsGuests ? 'accent' : 'plain'}>{pool.allowsGuests ? 'guests allowed' : 'no guests'}</Mark>
        <span className={styles['made']}>made {dateAndTime(Date.parse(pool.createdAt))}</span>
      </header>
      <ul aria-label={`Providers of ${pool.name}`}>
        {pool.providers.map((provider) => (
          <li key={provider} className={styles['client']}>
            <span>Provider</span>
            <CopyId value={provider} label="provider name" most={60} />
          </li>
        ))}
        {pool.providers.length === 0 && <li className={styles['none']}>No login provider.</li>}
      </ul>
    </li>
  );
}
