import { ChevronRight, Fingerprint, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ResourceOverview } from '../../shared/bench-api.ts';
import { useBench } from '../data/bench-state.ts';
import { refreshResources } from '../data/live.ts';
import { openAt } from '../data/route.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Empty } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Screen } from '../ui/screen.tsx';
import pools from '../pools/pools.module.css';
import { CreatePool } from './create-pool.tsx';
import { useProviderName } from './provider-name.ts';
import { TEMPLATES, type TemplateId } from './templates.ts';

/** The account's identity pools. */
export function PoolList() {
  const all = useBench((state) => state.resources?.identityPools);
  const [creating, setCreating] = useState<TemplateId | undefined>();
  useEffect(refreshResources, []);
  return (
    <Screen
      title="Identity pools"
      text="They give everybody an identity, and each identity a role."
      aside={
        <Button variant="primary" icon={Plus} onPress={() => setCreating('user-pool')}>
          New identity pool
        </Button>
      }
    >
      {all?.length === 0 && (
        <div className={pools['pool']}>
          <Empty
            icon={Fingerprint}
            title="No identity pool yet"
            actions={TEMPLATES.map(({ id, title }) => (
              <Button key={id} onPress={() => setCreating(id)}>
                {title}
              </Button>
            ))}
          >
            Begin with one of these, or let an app make one with CreateIdentityPool. The demo and new devices bring
            their own.
          </Empty>
        </div>
      )}
      <ul className={pools['pools']}>
        {all?.map((pool) => (
          <IdentityPoolCard key={pool.id} pool={pool} heading="h3" />
        ))}
      </ul>
      {creating && <CreatePool template={creating} onClose={() => setCreating(undefined)} />}
    </Screen>
  );
}

interface CardProps {
  readonly pool: ResourceOverview['identityPools'][number];
  /** Its level depends on the screen that it stands on. */
  readonly heading: 'h3' | 'h4';
}

export function IdentityPoolCard({ pool, heading: Heading }: CardProps) {
  const nameOf = useProviderName();
  return (
    <li className={pools['pool']}>
      <header>
        <Heading>
          <a
            className={pools['open']}
            href={`#/identities/${encodeURIComponent(pool.id)}`}
            onClick={(event) => {
              event.preventDefault();
              openAt('identities', pool.id);
            }}
          >
            {pool.name}
            <ChevronRight size={13} aria-hidden />
          </a>
        </Heading>
        <CopyId value={pool.id} label={`id of ${pool.name}`} most={48} />
        <Mark tone={pool.allowsGuests ? 'accent' : 'plain'}>{pool.allowsGuests ? 'guests allowed' : 'no guests'}</Mark>
        <span className={pools['made']}>made {dateAndTime(Date.parse(pool.createdAt))}</span>
      </header>
      <ul aria-label={`Providers of ${pool.name}`}>
        {[...new Set(pool.providers)].map((provider) => (
          <li key={provider} className={pools['client']}>
            <span>{nameOf(provider)}</span>
            <CopyId value={provider} label="provider name" most={60} />
          </li>
        ))}
        {pool.providers.length === 0 && <li className={pools['none']}>No provider to sign in by.</li>}
      </ul>
    </li>
  );
}
