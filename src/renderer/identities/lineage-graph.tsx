import {
  getViewportForBounds,
  Panel,
  ReactFlow,
  useReactFlow,
  useStore,
  type Node,
  type NodeMouseHandler,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo } from 'react';
import type { IdentityHistoryView } from '../../shared/identity-views.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { layOut, type Size } from './lineage-layout.ts';
import { EDGE_TYPES, NODE_TYPES } from './lineage-nodes.tsx';
import { useProviderName } from './provider-name.ts';
import styles from './lineage.module.css';

const LEAST_ZOOM = 0.2;
const MOST_ZOOM = 1.6;
/** Nothing is drawn larger than the rest of the page, however much room there is. */
const MOST_FIT = 1.15;
const MOST_FIT_LARGE = 1.5;
/** Smaller than this, the words cannot be read. */
const LEAST_FIT = 0.6;
const LEAST_HEIGHT = 220;
const MOST_HEIGHT = 460;

interface LineageGraphProps {
  readonly history: IdentityHistoryView;
  /** So many of its events have happened. */
  readonly shown: number;
  readonly chosen: string;
  readonly onChoose: (identityId: string) => void;
  /** Fills the room that it is given, and is moved and zoomed by wheel and buttons. */
  readonly large?: boolean;
}

export function LineageGraph({ history, shown, chosen, onChoose, large = false }: LineageGraphProps) {
  const nameOf = useProviderName();
  const { nodes, edges, size } = useMemo(() => layOut(history, shown, nameOf, large), [history, shown, nameOf, large]);
  const choose: NodeMouseHandler = (_event, node) => node.type === 'identity' && onChoose(node.id);
  return (
    <div
      className={cx(styles['graph'], large && styles['large'])}
      style={large ? undefined : { height: Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, size.height * 1.1)) }}
    >
      <ReactFlow
        aria-label="Lineage as a graph; the table of what happened says the same"
        nodes={nodes.map((node) => ({ ...node, selected: node.id === chosen }))}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodeClick={choose}
        // By keyboard; a click says the same once more.
        onNodesChange={(changes) => {
          const picked = changes.find((change) => change.type === 'select' && change.selected);
          if (picked?.type === 'select') onChoose(picked.id);
        }}
        minZoom={LEAST_ZOOM}
        maxZoom={MOST_ZOOM}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        zoomOnScroll={large}
        preventScrolling={large}
        proOptions={{ hideAttribution: true }}
      >
        <Fitting size={size} here={nodes.find(({ id }) => id === history.identityId)} withButtons={large} />
      </ReactFlow>
    </div>
  );
}

/** The whole picture in sight, whatever becomes of it and of the room for it. */
function Fitting({
  size,
  here,
  withButtons,
}: {
  readonly size: Size;
  readonly here: Node | undefined;
  readonly withButtons: boolean;
}) {
  const { setViewport, zoomIn, zoomOut } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const fit = (isWhole: boolean) => {
    const bounds = { x: 0, y: 0, ...size };
    const viewport = getViewportForBounds(
      bounds,
      width,
      height,
      LEAST_ZOOM,
      withButtons ? MOST_FIT_LARGE : MOST_FIT,
      0.02,
    );
    if (viewport.zoom >= LEAST_FIT || isWhole || !here) return void setViewport(viewport);
    // Too small to read: then the one that it is about, to be dragged along.
    const { x, y } = here.position;
    return void setViewport({
      x: width / 2 - (x + (here.width ?? 0) / 2) * LEAST_FIT,
      y: height / 2 - (y + (here.height ?? 0) / 2) * LEAST_FIT,
      zoom: LEAST_FIT,
    });
  };
  const refit = useEffectEvent(() => fit(false));
  const room = `${width} ${height} ${size.width} ${size.height}`;
  useEffect(() => {
    // Before the first layout there is no room yet.
    if (!room.startsWith('0 ')) refit();
  }, [room]);
  if (!withButtons) return null;
  return (
    <Panel position="bottom-right" className={styles['zoom'] ?? ''}>
      <IconButton icon={Minus} label="Smaller" onPress={() => void zoomOut()} />
      <IconButton icon={Plus} label="Larger" onPress={() => void zoomIn()} />
      <IconButton icon={Maximize} label="Show the whole" onPress={() => fit(true)} />
    </Panel>
  );
}
