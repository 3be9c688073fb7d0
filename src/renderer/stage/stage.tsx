import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useBench } from '../data/bench-state.ts';
import { openDialog } from '../data/dialogs.ts';
import { ScenarioCard } from '../scenarios/scenario-card.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { AppCard } from './app-card.tsx';
import { DeviceCard } from './device-card.tsx';
import { EmptyStage } from './empty-stage.tsx';
import { ServiceRail } from './service-rail.tsx';
import { Wires } from './wires.tsx';
import { Smartphone, Tablet } from 'lucide-react';
import styles from './stage.module.css';

/** Devices and outside apps above, the services that they call below, and the wires between. */
export function Stage() {
  const devices = useBench((state) => state.devices);
  const lanes = useBench((state) => state.lanes);
  const loaded = useBench((state) => state.loaded);
  const hasScenario = useBench((state) => state.progress !== undefined);
  // State, not a ref: the wires within it are measured once it is there.
  const [picture, setPicture] = useState<HTMLDivElement | null>(null);
  const apps = [...lanes.values()].filter(({ lane }) => lane.kind === 'app');
  const isEmpty = devices.length === 0 && apps.length === 0;

  return (
    <div className={styles['stage']}>
      <h2 className="visually-hidden">Stage</h2>
      {hasScenario && <ScenarioCard />}
      <div className={styles['picture']} ref={setPicture}>
        <Wires picture={picture} />
        <div className={styles['scene']} data-scene>
          {isEmpty ? (
            loaded && !hasScenario && <EmptyStage />
          ) : (
            <ul className={styles['cards']} aria-label="Devices and apps">
              {devices.map((device) => (
                <li key={device.id}>
                  <DeviceCard device={device} />
                </li>
              ))}
              {apps.map((tally) => (
                <li key={tally.lane.id}>
                  <AppCard tally={tally} />
                </li>
              ))}
              <li className={styles['adding']}>
                <AddTile />
              </li>
            </ul>
          )}
        </div>
        <ServiceRail />
      </div>
    </div>
  );
}

function AddTile() {
  return (
    <MenuButton
      label="Add a device"
      placement="bottom start"
      entries={[
        { id: 'phone', text: 'Phone', icon: Smartphone, run: () => openDialog({ name: 'add-device', kind: 'phone' }) },
        { id: 'tablet', text: 'Tablet', icon: Tablet, run: () => openDialog({ name: 'add-device', kind: 'tablet' }) },
      ]}
    >
      <Button className={styles['add'] ?? ''}>
        <Plus size={18} aria-hidden />
        Add device
      </Button>
    </MenuButton>
  );
}
