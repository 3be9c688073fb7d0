import { CloudAlert } from 'lucide-react';
import type { DeviceState } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import { Button } from '../ui/button.tsx';
import { CLEAN_NETWORK } from './network-popover.tsx';
import { networkFaults } from './network-faults.ts';
import styles from './device-card.module.css';

/** What was set on the device's network, so that no fault is forgotten; nothing otherwise. */
export function NetworkPart({ device }: { readonly device: DeviceState }) {
  const faults = networkFaults(device.network);
  if (faults.length === 0) return null;
  return (
    <section aria-label={`Faults on ${device.name}`}>
      <div className={styles['line']}>
        <span className={styles['faults']} title={faults.join('\n')}>
          <CloudAlert size={13} aria-hidden />
          {faults.join(' · ')}
        </span>
        <Button
          size="small"
          variant="quiet"
          className={styles['end']}
          aria-label={`Clear the faults on ${device.name}`}
          onPress={() => void act(device.id, { do: 'network', ...CLEAN_NETWORK })}
        >
          Clear
        </Button>
      </div>
    </section>
  );
}
