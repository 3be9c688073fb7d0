import { ChevronRight, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAnswer } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { go } from '../data/route.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { ClientsTab } from './clients-tab.tsx';
import { GroupsTab } from './groups-tab.tsx';
import { ImportTab } from './import-tab.tsx';
import { MessagesTab } from './messages-tab.tsx';
import { PasswordsTab } from './passwords-tab.tsx';
import { DeletePool, EditPool } from './pool-dialogs.tsx';
import { openTab, type Pool } from './pool.ts';
import { RawTab } from './raw-tab.tsx';
import { RememberedTab } from './remembered-tab.tsx';
import { SignInTab } from './sign-in-tab.tsx';
import { TriggersTab } from './triggers-tab.tsx';
import { UsersTab } from './users-tab.tsx';
import styles from './pool.module.css';

const TABS = [
  { id: 'users', title: 'Users', Content: UsersTab },
  { id: 'groups', title: 'Groups', Content: GroupsTab },
  { id: 'clients', title: 'App clients', Content: ClientsTab },
  { id: 'sign-in', title: 'Sign-in & MFA', Content: SignInTab },
  { id: 'passwords', title: 'Passwords', Content: PasswordsTab },
  { id: 'messages', title: 'Messages', Content: MessagesTab },
  { id: 'functions', title: 'Functions', Content: TriggersTab },
  { id: 'devices', title: 'Devices', Content: RememberedTab },
  { id: 'import', title: 'Import jobs', Content: ImportTab },
  { id: 'raw', title: 'Raw', Content: RawTab },
] as const;

interface PoolScreenProps {
  readonly id: string;
  readonly tab: string | undefined;
  readonly item: string | undefined;
}

export function PoolScreen({ id, tab, item }: PoolScreenProps) {
  const { value, refused } = useAnswer(`pool ${id}`, () => idp('DescribeUserPool', { UserPoolId: id }));
  const pool = value?.UserPool;
  if (!pool) return refused ? <NoPool refused={refused} /> : <div className={styles['screen']} aria-busy />;
  const selected = TABS.find((one) => one.id === tab)?.id ?? 'users';
  return (
    <div className={styles['screen']}>
      <Head pool={pool} />
      <Tabs
        label={`Parts of ${pool.Name}`}
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

function Head({ pool }: { readonly pool: Pool }) {
  const [open, setOpen] = useState<'edit' | 'delete' | undefined>();
  const close = () => setOpen(undefined);
  return (
    <header className={styles['head']}>
      <nav aria-label="Where this is">
        <a
          href="#/pools"
          onClick={(event) => {
            event.preventDefault();
            go('pools');
          }}
        >
          Pools
        </a>
        <ChevronRight size={13} aria-hidden />
        <h2>{pool.Name}</h2>
      </nav>
      <CopyId value={pool.Id ?? ''} label="user pool id" most={32} />
      <Mark>{(pool.UserPoolTier ?? 'ESSENTIALS').toLowerCase()}</Mark>
      {pool.DeletionProtection === 'ACTIVE' && <Mark tone="accent">protected</Mark>}
      <span className={styles['buttons']}>
        <Button size="small" icon={Pencil} onPress={() => setOpen('edit')}>
          Edit
        </Button>
        <Button size="small" icon={Trash2} variant="danger" onPress={() => setOpen('delete')}>
          Delete
        </Button>
      </span>
      {open === 'edit' && <EditPool pool={pool} onClose={close} />}
      {open === 'delete' && <DeletePool pool={pool} onClose={close} />}
    </header>
  );
}

function NoPool({ refused }: { readonly refused: { readonly code: string; readonly message: string } }) {
  return (
    <div className={styles['gone']}>
      <Refusal refused={refused} />
      <Empty
        icon={Trash2}
        title="This pool cannot be shown"
        actions={<Button onPress={() => go('pools')}>Show all pools</Button>}
      >
        It may have been deleted, or it is in another account.
      </Empty>
    </div>
  );
}
