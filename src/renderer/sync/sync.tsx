import { openAt, usePath } from '../data/route.ts';
import { Tabs } from '../ui/tabs.tsx';
import { Explorer } from './explorer.tsx';
import { History } from './history.tsx';
import { Pushes } from './pushes.tsx';
import { Store } from './store.tsx';
import { Streams } from './streams.tsx';
import { Usage } from './usage.tsx';
import styles from './sync.module.css';

const PARTS = [
  { id: 'store', title: 'Store', Part: Store },
  { id: 'streams', title: 'Streams', Part: Streams },
  { id: 'history', title: 'History', Part: History },
  { id: 'pushes', title: 'Pushes', Part: Pushes },
  { id: 'usage', title: 'Usage', Part: Usage },
  { id: 'explorer', title: 'Explorer', Part: Explorer },
] as const;

/** Everything about Cognito Sync: what is stored, what left it by stream and push, and what it would cost. */
export function Sync() {
  const [asked] = usePath('sync');
  const selected = PARTS.find(({ id }) => id === asked)?.id ?? 'store';
  return (
    <div className={styles['sync']}>
      <h2 className="visually-hidden">Sync</h2>
      <Tabs
        label="Parts of sync"
        fill
        selected={selected}
        onSelect={(id) => id !== selected && openAt('sync', id)}
        tabs={PARTS.map(({ id, title, Part }) => ({ id, title, content: <Part /> }))}
      />
    </div>
  );
}
