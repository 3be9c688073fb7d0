import { Smartphone, Tablet } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { DeviceState } from '../../shared/device.ts';
import { useBench } from '../data/bench-state.ts';
import { failureOf, useAsked } from '../data/device-actions.ts';
import { select, useRoute } from '../data/route.ts';
import { laneColor, laneStyle } from '../format/lanes.ts';
import { cx } from '../ui/class-names.ts';
import { AccountPart } from './account-part.tsx';
import { AuthenticatorPart } from './authenticator-part.tsx';
import { CardFooter } from './card-footer.tsx';
import { DatasetsPart } from './datasets-part.tsx';
import { DeviceMenu } from './device-menu.tsx';
import { IdentityPart } from './identity-part.tsx';
import { NetworkPart } from './network-part.tsx';
import { NetworkSwitch } from './network-switch.tsx';
import { PushesPart } from './pushes-part.tsx';
import { RememberedPart } from './remembered-part.tsx';
import { ResourcesPart } from './resources-part.tsx';
import card from './card.module.css';
import styles from './device-card.module.css';

/** A simulated device: who is signed in, as which identity, what it holds, and what it can do next. */
export function DeviceCard({ device }: { readonly device: DeviceState }) {
  const color = useBench((state) => laneColor(state.lanes, device.id));
  const isChosen = useRoute(({ selection }) => selection?.kind === 'device' && selection.id === device.id);
  const asked = useAsked((state) => state[device.id]);
  const busy = asked?.busy ?? device.busy;
  const Icon = device.kind === 'tablet' ? Tablet : Smartphone;
  return (
    <article
      className={cx(card['card'], isChosen && card['chosen'])}
      style={laneStyle(color)}
      data-lane={device.id}
      aria-label={device.name}
      aria-busy={busy !== undefined}
    >
      <header className={card['header']}>
        <Icon size={16} aria-hidden className={card['kind']} />
        <h3 className={card['name']} aria-label={device.name}>
          <Button
            className={card['nameButton'] ?? ''}
            aria-label={`Inspect ${device.name}`}
            onPress={() => select({ kind: 'device', id: device.id })}
          >
            {device.name}
          </Button>
        </h3>
        <NetworkSwitch device={device} />
        <DeviceMenu device={device} />
      </header>
      <div className={styles['parts']}>
        <NetworkPart device={device} />
        <AccountPart device={device} busy={busy !== undefined} />
        <AuthenticatorPart device={device} busy={busy !== undefined} />
        <RememberedPart device={device} busy={busy !== undefined} />
        <IdentityPart device={device} busy={busy !== undefined} />
        <DatasetsPart device={device} busy={busy !== undefined} />
        <ResourcesPart device={device} busy={busy !== undefined} />
        <PushesPart device={device} busy={busy !== undefined} />
      </div>
      <CardFooter device={device} busy={busy} failed={failureOf(device, asked)} />
    </article>
  );
}
