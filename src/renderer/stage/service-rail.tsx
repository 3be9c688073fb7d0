import { BellRing, Database, IdCard, KeyRound, Users, type LucideIcon } from 'lucide-react';
import { useRef, type RefObject } from 'react';
import { findTrace, useBench } from '../data/bench-state.ts';
import { useRoute } from '../data/route.ts';
import { PUSH_NODE, SERVICES, type ServiceNode } from '../format/services.ts';
import { cx } from '../ui/class-names.ts';
import { Wires } from './wires.tsx';
import styles from './service-rail.module.css';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  'cognito-idp': Users,
  'cognito-identity': IdCard,
  sts: KeyRound,
  'cognito-sync': Database,
  push: BellRing,
};

/** The services, always in sight under the cards; the wires end here. */
export function ServiceRail({ scene }: { readonly scene: RefObject<HTMLDivElement | null> }) {
  const rail = useRef<HTMLElement>(null);
  const chosen = useRoute((place) => place.selection);
  const chosenService = useBench((state) => (chosen?.kind === 'event' ? findTrace(state.traces, chosen.id)?.service : undefined));
  return (
    <section className={styles['rail']} ref={rail} aria-label="Services">
      <Wires scene={scene} rail={rail} />
      <ul className={styles['nodes']}>
        {[...SERVICES, PUSH_NODE].map((node) => (
          <li key={node.id} className={cx(styles['node'], chosenService === node.id && styles['chosen'])} data-service={node.id}>
            <Node node={node} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Node({ node }: { readonly node: ServiceNode }) {
  const tally = useBench((state) => state.services.get(node.id));
  const pushes = useBench((state) => state.pushes);
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
