import { BellRing, Database, FolderClosed, IdCard, KeyRound, Table2, Users, type LucideIcon } from 'lucide-react';
import { useShallow } from 'zustand/react/shallow';
import { findTrace, useBench } from '../data/bench-state.ts';
import { useRoute } from '../data/route.ts';
import { PUSH_NODE, RESOURCE_SERVICES, SERVICES, type ServiceNode } from '../format/services.ts';
import { cx } from '../ui/class-names.ts';
import styles from './service-rail.module.css';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  'cognito-idp': Users,
  'cognito-identity': IdCard,
  sts: KeyRound,
  'cognito-sync': Database,
  s3: FolderClosed,
  dynamodb: Table2,
  push: BellRing,
};

/** The services, always in sight under the cards; the wires end here. */
export function ServiceRail() {
  const chosen = useRoute((place) => place.selection);
  const chosenService = useBench((state) =>
    chosen?.kind === 'event' ? findTrace(state.traces, chosen.id)?.service : undefined,
  );
  const resources = useBench(useShallow((state) => RESOURCE_SERVICES.filter(({ id }) => state.services.has(id))));
  return (
    <section className={styles['rail']} aria-label="Services">
      <ul className={styles['nodes']}>
        {[...SERVICES, ...resources, PUSH_NODE].map((node) => (
          <li
            key={node.id}
            className={cx(styles['node'], chosenService === node.id && styles['chosen'])}
            data-service={node.id}
          >
            <Node node={node} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Node({ node }: { readonly node: ServiceNode }) {
  const tally = useBench((state) => state.services.get(node.id));
  // Those of before this page was opened are known only by the devices that got them.
  const pushes = useBench((state) =>
    Math.max(
      state.pushes,
      state.devices.reduce((sum, device) => sum + device.pushes.length, 0),
    ),
  );
  const last = useBench((state) => findTrace(state.traces, state.services.get(node.id)?.recent[0] ?? -1)?.operation);
  const Icon = ICONS[node.id] ?? Database;
  const errors = tally?.errors ?? 0;
  const calls = tally?.calls ?? 0;
  return (
    <>
      <Icon size={16} strokeWidth={1.75} aria-hidden className={styles['icon']} />
      <div className={styles['words']}>
        <h3>{node.name}</h3>
        <p>
          {node.id === 'push' ? `${pushes} sent` : calls === 1 ? '1 call' : `${calls} calls`}
          {errors > 0 && <span className={styles['errors']}> · {errors} refused</span>}
          {last && errors === 0 && <span className={styles['last']}> · {last}</span>}
        </p>
      </div>
    </>
  );
}
