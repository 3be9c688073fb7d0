import { Plane, Wifi } from 'lucide-react';
import { Switch } from 'react-aria-components';
import type { DeviceState } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import styles from './network-switch.module.css';

export function NetworkSwitch({ device }: { readonly device: DeviceState }) {
  const { online, latencyMs } = device.network;
  return (
    <Switch
      className={styles['switch'] ?? ''}
      isSelected={online}
      aria-label={`Network of ${device.name}`}
      onChange={(next) => void act(device.id, { do: 'network', online: next })}
    >
      {online ? <Wifi size={13} aria-hidden /> : <Plane size={13} aria-hidden />}
      <span>{online ? 'online' : 'offline'}</span>
      {online && latencyMs > 0 && <span className={styles['latency']}>{latencyMs} ms</span>}
      <span className={styles['track']} aria-hidden>
        <span className={styles['knob']} />
      </span>
    </Switch>
  );
}
