import { BaseEdge, Handle, Position, type EdgeProps, type NodeProps } from '@xyflow/react';
import { KeyRound, LogIn } from 'lucide-react';
import { shortId } from '../format/ids.ts';
import type { FactNode, IdentityNode, MergeEdge } from './lineage-layout.ts';
import { STATE_LOOKS } from './state-mark.tsx';
import styles from './lineage.module.css';

function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Left} className={styles['end'] ?? ''} isConnectable={false} />
      <Handle type="source" position={Position.Right} className={styles['end'] ?? ''} isConnectable={false} />
    </>
  );
}

/** Its state is its outline, its icon and a word. */
function Identity({ id, data: { past, isHere } }: NodeProps<IdentityNode>) {
  const { icon: Icon } = STATE_LOOKS[past.state];
  return (
    <div className={styles['identity']} data-state={past.state} data-here={isHere || undefined} title={id}>
      <Ends />
      <strong>
        <Icon size={12} aria-hidden />
        {past.state}
      </strong>
      <code>{shortId(id.split(':').at(-1) ?? id, 16)}</code>
    </div>
  );
}

function Fact({ data: { kind, text, times } }: NodeProps<FactNode>) {
  const Icon = kind === 'login' ? LogIn : KeyRound;
  return (
    <div className={styles['fact']} data-kind={kind} title={text}>
      <Ends />
      <Icon size={12} aria-hidden />
      <span>{text}</span>
      {times !== undefined && <b>× {times}</b>}
    </div>
  );
}

/** By way of the place that is kept for its words, so that they are over no node. */
function Merge({ id, sourceX, sourceY, targetX, targetY, data, label, markerEnd, style }: EdgeProps<MergeEdge>) {
  const { x = (sourceX + targetX) / 2, y = (sourceY + targetY) / 2, room = 0 } = data ?? {};
  const left = Math.max(sourceX, x - room / 2);
  const right = Math.min(targetX, x + room / 2);
  const bend = (from: number, to: number, fromY: number, toY: number) =>
    `C${(from + to) / 2},${fromY} ${(from + to) / 2},${toY} ${to},${toY}`;
  return (
    <BaseEdge
      id={id}
      path={`M${sourceX},${sourceY} ${bend(sourceX, left, sourceY, y)} L${right},${y} ${bend(right, targetX, y, targetY)}`}
      label={label}
      labelX={x}
      labelY={y}
      labelBgPadding={[4, 2]}
      labelBgBorderRadius={3}
      {...(markerEnd === undefined ? {} : { markerEnd })}
      {...(style && { style })}
    />
  );
}

export const EDGE_TYPES = { merge: Merge };
export const NODE_TYPES = { identity: Identity, fact: Fact };
