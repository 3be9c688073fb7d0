import { Handle, Position, type NodeProps } from '@xyflow/react';
import { KeyRound, LogIn } from 'lucide-react';
import { shortId } from '../format/ids.ts';
import type { FactNode, IdentityNode } from './lineage-layout.ts';
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

function Fact({ data: { kind, text } }: NodeProps<FactNode>) {
  const Icon = kind === 'login' ? LogIn : KeyRound;
  return (
    <div className={styles['fact']} data-kind={kind} title={text}>
      <Ends />
      <Icon size={12} aria-hidden />
      <span>{text}</span>
    </div>
  );
}

export const NODE_TYPES = { identity: Identity, fact: Fact };
