import dagre from '@dagrejs/dagre';
import { MarkerType, type Edge, type Node } from '@xyflow/react';
import type { IdentityHistoryView } from '../../shared/identity-views.ts';
import { familyAfter, type PastIdentity } from './lineage-steps.ts';

export type IdentityNode = Node<{ readonly past: PastIdentity; readonly isHere: boolean }, 'identity'>;
export type FactNode = Node<{ readonly kind: 'login' | 'credentials'; readonly text: string }, 'fact'>;

const SIZES = { identity: { width: 150, height: 46 }, fact: { width: 150, height: 26 } } as const;
const LEAST_HEIGHT = 150;
const MOST_HEIGHT = 420;

/**
 * Nodes and edges of a family after so many of its events. All that ever happened is laid out, so that nothing moves
 * while the time does.
 */
export function layOut(
  history: IdentityHistoryView,
  shown: number,
  nameOf: (provider: string) => string,
): { readonly nodes: (IdentityNode | FactNode)[]; readonly edges: Edge[]; readonly height: number } {
  const whole = draw(history, history.events.length, nameOf, true);
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 44 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of whole.nodes) graph.setNode(node.id, { ...SIZES[node.type] });
  for (const { source, target, label } of whole.edges) {
    // Room for what stands on the edge, so that it is not over a node.
    graph.setEdge(source, target, typeof label === 'string' ? { width: label.length * 6, height: 14 } : {});
  }
  dagre.layout(graph);
  const past = draw(history, shown, nameOf, false);
  return {
    nodes: past.nodes.map((node) => {
      const { x, y } = graph.node(node.id) as { x: number; y: number };
      const { width, height } = SIZES[node.type];
      return { ...node, position: { x: x - width / 2, y: y - height / 2 } };
    }),
    edges: past.edges,
    height: Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, ((graph.graph() as { height?: number }).height ?? 0) + 30)),
  };
}

/** With `ever`, also the logins that an identity has no more, so that their places are kept. */
function draw(
  history: IdentityHistoryView,
  count: number,
  nameOf: (provider: string) => string,
  ever: boolean,
): { nodes: (IdentityNode | FactNode)[]; edges: Edge[] } {
  const nodes: (IdentityNode | FactNode)[] = [];
  const edges: Edge[] = [];
  for (const past of familyAfter(history, count).values()) {
    const { id } = past;
    nodes.push({
      id,
      type: 'identity',
      position: { x: 0, y: 0 },
      data: { past, isHere: id === history.identityId },
      ariaLabel: `Identity ${id}, ${past.state}`,
      ...SIZES.identity,
    });
    for (const login of ever ? everyLogin(history, id) : new Set(past.logins)) {
      const node = `${id} login ${login}`;
      nodes.push(fact(node, 'login', nameOf(login), `Login of ${nameOf(login)}`));
      edges.push({ id: node, source: node, target: id });
    }
    for (const [role, times] of past.roles) {
      const node = `${id} role ${role}`;
      const name = role.split('/').at(-1) ?? role;
      nodes.push(
        fact(node, 'credentials', times === 1 ? name : `${name} × ${times}`, `Credentials of ${name}, ${times}`),
      );
      edges.push({ id: node, source: id, target: node, style: { strokeDasharray: '3 3' } });
    }
  }
  for (const event of history.events.slice(0, count)) {
    if (event.kind !== 'merged' || !nodes.some(({ id }) => id === event.into)) continue;
    const [first] = event.datasets;
    const rest = event.datasets.length - 1;
    // All of them, with their new names, are in the table.
    edges.push({
      id: `merge ${event.id}`,
      source: event.identityId,
      target: event.into,
      label: first ? `merged, with ${first.name.slice(0, 16)}${rest > 0 ? ` and ${rest} more` : ''}` : 'merged',
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
      style: { strokeWidth: 2 },
    });
  }
  return { nodes, edges };
}

const fact = (id: string, kind: 'login' | 'credentials', text: string, ariaLabel: string): FactNode => ({
  id,
  type: 'fact',
  position: { x: 0, y: 0 },
  data: { kind, text },
  ariaLabel,
  selectable: false,
  ...SIZES.fact,
});

function everyLogin({ events }: IdentityHistoryView, id: string): Set<string> {
  return new Set(
    events.flatMap((event) => {
      if (event.kind === 'merged') return event.into === id ? event.providers : [];
      return event.identityId === id && 'providers' in event ? (event.providers ?? []) : [];
    }),
  );
}
