import dagre from '@dagrejs/dagre';
import { MarkerType, Position, type Edge, type Node } from '@xyflow/react';
import type { IdentityHistoryView } from '../../shared/identity-views.ts';
import { shortId } from '../format/ids.ts';
import { many } from '../format/size.ts';
import { familyAfter, type PastIdentity } from './lineage-steps.ts';

export type IdentityNode = Node<{ readonly past: PastIdentity; readonly isHere: boolean }, 'identity'>;
export type FactNode = Node<
  { readonly kind: 'login' | 'credentials'; readonly text: string; readonly times?: number },
  'fact'
>;
/** With its words where the layout has kept room for them. */
export type MergeEdge = Edge<{ readonly x: number; readonly y: number; readonly room: number }, 'merge'>;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface LineagePicture {
  readonly nodes: (IdentityNode | FactNode)[];
  readonly edges: (Edge | MergeEdge)[];
  /** Of all that ever happened, from 0, 0. */
  readonly size: Size;
}

const IDENTITY: Size = { width: 160, height: 46 };
const FACT_HEIGHT = 26;
const MARGIN = 8;

/** Where there is room, names are whole up to the longest. */
const factSize = ({ text, times }: FactNode['data'], isRoomy: boolean): Size => ({
  width: Math.min(Math.max(text.length * 7 + 42, 90), isRoomy ? 260 : 140) + (times === undefined ? 0 : 40),
  height: FACT_HEIGHT,
});

const labelWidth = (label: string): number => label.length * 6.2 + 14;

/**
 * Nodes and edges of a family after so many of its events. All that ever happened is laid out, so that nothing moves
 * while the time does.
 */
export function layOut(
  history: IdentityHistoryView,
  shown: number,
  nameOf: (provider: string) => string,
  isRoomy: boolean,
): LineagePicture {
  const whole = draw(history, history.events.length, nameOf, true);
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: isRoomy ? 48 : 28, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, type, data } of whole.nodes) {
    graph.setNode(id, { ...(type === 'fact' ? factSize(data, isRoomy) : IDENTITY) });
  }
  for (const { source, target, label } of whole.edges) {
    const room = typeof label === 'string' ? { width: labelWidth(label), height: 18, labelpos: 'c' } : {};
    graph.setEdge(source, target, room);
  }
  dagre.layout(graph);
  const past = draw(history, shown, nameOf, false);
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  return {
    nodes: past.nodes.map((node) => {
      const at = graph.node(node.id) as { x: number; y: number } & Size;
      return placed(node, at);
    }),
    edges: past.edges.map((edge) => {
      if (typeof edge.label !== 'string') return edge;
      const { x, y } = graph.edge(edge.source, edge.target) as { x: number; y: number };
      return { ...edge, type: 'merge', data: { x, y, room: labelWidth(edge.label) } } satisfies MergeEdge;
    }),
    size: { width, height },
  };
}

/** With its size and its ends known from the start, nothing has to be measured before edges can be drawn. */
function placed<Placed extends IdentityNode | FactNode>(node: Placed, at: { x: number; y: number } & Size): Placed {
  const { width, height } = at;
  const end = { y: height / 2, width: 1, height: 1 };
  return {
    ...node,
    width,
    height,
    measured: { width, height },
    handles: [
      { ...end, type: 'target', position: Position.Left, x: 0 },
      { ...end, type: 'source', position: Position.Right, x: width },
    ],
    position: { x: at.x - width / 2, y: at.y - height / 2 },
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
    });
    for (const login of ever ? everyLogin(history, id) : new Set(past.logins)) {
      const node = `${id} login ${login}`;
      nodes.push(fact(node, 'login', nameOf(login), `Login of ${nameOf(login)}`));
      edges.push({ id: node, source: node, target: id });
    }
    for (const [role, times] of past.roles) {
      const node = `${id} role ${role}`;
      const name = role.split('/').at(-1) ?? role;
      nodes.push({
        ...fact(node, 'credentials', name, `Credentials of ${name}, ${times}`),
        data: { kind: 'credentials', text: name, ...(times > 1 && { times }) },
      });
      edges.push({ id: node, source: id, target: node, style: { strokeDasharray: '3 3' } });
    }
  }
  for (const event of history.events.slice(0, count)) {
    if (event.kind !== 'merged' || !nodes.some(({ id }) => id === event.into)) continue;
    const [first, ...others] = event.datasets;
    // All of them, with their new names, are in the table.
    edges.push({
      id: `merge ${event.id}`,
      source: event.identityId,
      target: event.into,
      label: mergedWith(first && others.length === 0 ? shortId(first.name, 20) : event.datasets.length),
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
      style: { strokeWidth: 2 },
    });
  }
  return { nodes, edges };
}

const mergedWith = (what: string | number): string => {
  if (what === 0) return 'merged';
  return `merged, with ${typeof what === 'number' ? many(what, 'dataset') : what}`;
};

const fact = (id: string, kind: 'login' | 'credentials', text: string, ariaLabel: string): FactNode => ({
  id,
  type: 'fact',
  position: { x: 0, y: 0 },
  data: { kind, text },
  ariaLabel,
  selectable: false,
});

function everyLogin({ events }: IdentityHistoryView, id: string): Set<string> {
  return new Set(
    events.flatMap((event) => {
      if (event.kind === 'merged') return event.into === id ? event.providers : [];
      return event.identityId === id && 'providers' in event ? (event.providers ?? []) : [];
    }),
  );
}
