import { ChevronRight, Trash2 } from 'lucide-react';
import { useAnswer } from '../data/answers.ts';
import { go } from '../data/route.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Tabs } from '../ui/tabs.tsx';
import styles from '../pools/pool.module.css';
import { identity, openTab, type IdentityPool } from './identity-pool.ts';
import { IdentitiesTab } from './identities-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { ProvidersTab } from './providers-tab.tsx';
import { RolesTab } from './roles-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';

const TABS = [
  { id: 'overview', title: 'Overview', Content: OverviewTab },
  { id: 'identities', title: 'Identities', Content: IdentitiesTab },
  { id: 'providers', title: 'Providers', Content: ProvidersTab },
  { id: 'roles', title: 'Roles & rules', Content: RolesTab },
  { id: 'settings', title: 'Settings', Content: SettingsTab },
] as const;

interface PoolScreenProps {
  readonly id: string;
  readonly tab: string | undefined;
  readonly item: string | undefined;
}

export function PoolScreen({ id, tab, item }: PoolScreenProps) {
  const { value: pool, refused } = useAnswer(`identity pool ${id}`, () =>
    identity('DescribeIdentityPool', { IdentityPoolId: id }),
  );
  if (!pool) {
    if (!refused) return <div className={styles['screen']} aria-busy />;
    return (
      <div className={styles['gone']}>
        <h2 className="visually-hidden">Identity pool</h2>
        <Refusal refused={refused} />
        <Empty
          icon={Trash2}
          title="This pool cannot be shown"
          actions={<Button onPress={() => go('identities')}>Show all identity pools</Button>}
        >
          It may have been deleted, or it is in another account.
        </Empty>
      </div>
    );
  }
  const selected = TABS.find((one) => one.id === tab)?.id ?? 'overview';
  return (
    <div className={styles['screen']}>
      <Head pool={pool} />
      <Tabs
        label={`Parts of ${pool.IdentityPoolName}`}
        fill
        selected={selected}
        onSelect={(next) => next !== selected && openTab(pool, next)}
        tabs={TABS.map(({ id: name, title, Content }) => ({
          id: name,
          title,
          content: <Content pool={pool} item={name === selected ? item : undefined} />,
        }))}
      />
    </div>
  );
}

function Head({ pool }: { readonly pool: IdentityPool }) {
  const guests = pool.AllowUnauthenticatedIdentities;
  return (
    <header className={styles['head']}>
      <nav aria-label="Where this is">
        <a
          href="#/identities"
          onClick={(event) => {
            event.preventDefault();
            go('identities');
          }}
        >
          Identity pools
        </a>
        <ChevronRight size={13} aria-hidden />
        <h2>{pool.IdentityPoolName}</h2>
      </nav>
      <CopyId value={pool.IdentityPoolId} label="identity pool id" most={48} />
      <Mark tone={guests ? 'accent' : 'plain'}>{guests ? 'guests allowed' : 'no guests'}</Mark>
      {pool.DeveloperProviderName !== undefined && <Mark>developer: {pool.DeveloperProviderName}</Mark>}
    </header>
  );
}
