import {
  ArrowLeftRight,
  Boxes,
  Database,
  Fingerprint,
  IdCard,
  LayoutDashboard,
  Mail,
  Play,
  ScrollText,
  Settings,
  ShieldCheck,
  SquareFunction,
  type LucideIcon,
} from 'lucide-react';
import { useBench } from '../data/bench-state.ts';
import { go, useRoute, type View } from '../data/route.ts';
import { cx } from '../ui/class-names.ts';
import styles from './rail.module.css';

const ENTRIES: readonly { readonly view: View; readonly name: string; readonly icon: LucideIcon }[] = [
  { view: 'stage', name: 'Stage', icon: LayoutDashboard },
  { view: 'timeline', name: 'Timeline', icon: ArrowLeftRight },
  { view: 'inbox', name: 'Inbox', icon: Mail },
  { view: 'pools', name: 'Pools', icon: Boxes },
  { view: 'identities', name: 'Identities', icon: Fingerprint },
  { view: 'providers', name: 'Providers', icon: IdCard },
  { view: 'sync', name: 'Sync', icon: Database },
  { view: 'functions', name: 'Functions', icon: SquareFunction },
  { view: 'access', name: 'Access', icon: ShieldCheck },
  { view: 'audit', name: 'Audit', icon: ScrollText },
  { view: 'scenarios', name: 'Scenarios', icon: Play },
  { view: 'settings', name: 'Settings', icon: Settings },
];

export function Rail() {
  const current = useRoute((place) => place.view);
  const messages = useBench((state) => state.messages.length);
  return (
    <nav className={styles['rail']} aria-label="Screens">
      {ENTRIES.map(({ view, name, icon: Icon }) => (
        <a
          key={view}
          href={`#/${view}`}
          className={cx(styles['entry'], view === 'settings' && styles['last'])}
          aria-current={view === current ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            go(view);
          }}
        >
          <span className={styles['icon']}>
            <Icon size={18} strokeWidth={1.75} aria-hidden />
            {view === 'inbox' && messages > 0 && (
              <span className={styles['badge']}>{messages > 99 ? '99+' : messages}</span>
            )}
          </span>
          <span className={styles['name']}>{name}</span>
          {view === 'inbox' && messages > 0 && <span className="visually-hidden"> messages</span>}
        </a>
      ))}
    </nav>
  );
}
