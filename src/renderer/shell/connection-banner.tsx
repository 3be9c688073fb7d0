import { Unplug } from 'lucide-react';
import { useBench } from '../data/bench-state.ts';
import styles from './connection-banner.module.css';

export function ConnectionBanner() {
  const connection = useBench((state) => state.connection);
  return (
    <div role="status">
      {connection === 'lost' && (
        <p className={styles['banner']}>
          <Unplug size={14} aria-hidden />
          <strong>The bench does not answer.</strong> What you see is from before; the page reconnects by itself.
        </p>
      )}
    </div>
  );
}
