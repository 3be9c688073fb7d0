import { BellRing } from 'lucide-react';
import type { DeviceState } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/marks.tsx';
import styles from './device-card.module.css';

export function PushesPart({ device, busy }: { readonly device: DeviceState; readonly busy: boolean }) {
  const newest = device.pushes.reduce<DeviceState['pushes'][number] | undefined>(
    (a, b) => (!a || b.at >= a.at ? b : a),
    undefined,
  );
  if (!newest) return null;
  const unhandled = device.pushes.filter((push) => !push.handled).length;
  return (
    <section aria-label={`Pushes on ${device.name}`}>
      <div className={styles['line']}>
        <span className={styles['what']}>Pushes</span>
        <span className={styles['says']}>
          {unhandled > 0 ? (
            <Mark tone="accent" icon={BellRing}>{`${unhandled} new`}</Mark>
          ) : (
            <Mark icon={BellRing}>{`${device.pushes.length} received`}</Mark>
          )}
          <span className={styles['muted']}>
            {newest.notification.datasetName} at count {newest.notification.syncCount}
          </span>
        </span>
        {unhandled > 0 && (
          <Button
            size="small"
            variant="quiet"
            className={styles['end']}
            isDisabled={busy}
            onPress={() =>
              void act(device.id, { do: 'synchronize', dataset: newest.notification.datasetName, resolver: 'ask' })
            }
          >
            Fetch
          </Button>
        )}
      </div>
    </section>
  );
}
