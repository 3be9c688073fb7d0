import { useRoute } from '../data/route.ts';
import { DeviceInspector } from './device-inspector.tsx';
import { EventInspector } from './event-inspector.tsx';
import styles from './inspector.module.css';

/** All there is to know of what is selected. */
export function Inspector() {
  const selection = useRoute((place) => place.selection);
  return (
    <section className={styles['inspector']} aria-label="Inspector">
      {selection?.kind === 'event' && <EventInspector key={selection.id} id={selection.id} />}
      {selection?.kind === 'device' && <DeviceInspector key={selection.id} id={selection.id} />}
    </section>
  );
}
