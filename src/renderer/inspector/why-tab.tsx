import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Reason, TraceCaller, TraceRecord } from '../../shared/trace.ts';
import { CopyId } from '../ui/copy.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { OutcomeMark } from '../ui/marks.tsx';
import { ExplainLink } from './explain-link.tsx';
import { roleReasons } from './role-reasons.ts';
import { RoleWhy } from './role-why.tsx';
import styles from './why-tab.module.css';

/** Each check and choice on the way to the answer, in order, with the rule behind it. */
export function WhyTab({ record }: { readonly record: TraceRecord }) {
  if (record.reasons.length === 0) return <p className={styles['none']}>Nothing had to be decided on this call.</p>;
  const role = roleReasons(record);
  return (
    <>
      {role && <RoleWhy role={role} />}
      <ol className={styles['reasons']} aria-label="Reasons in order">
        {record.reasons.map((reason, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- reasons never change their places
          <ReasonRow key={index} reason={reason} caller={record.caller} />
        ))}
      </ol>
    </>
  );
}

function ReasonRow({ reason, caller }: { readonly reason: Reason; readonly caller: TraceCaller }) {
  const inputs = Object.entries(reason.inputs ?? {});
  const [isOpen, setOpen] = useState(reason.outcome === 'refuse');
  return (
    <li className={styles['reason']} data-outcome={reason.outcome}>
      <div className={styles['head']}>
        <OutcomeMark outcome={reason.outcome} />
        <CopyId value={reason.rule} label="rule" className={styles['rule']} />
      </div>
      <p className={styles['decided']}>{reason.decided}</p>
      {inputs.length > 0 && (
        <>
          <Button className={styles['fold'] ?? ''} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
            {isOpen ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
            {isOpen ? 'Decided from' : `Decided from ${inputs.length === 1 ? '1 input' : `${inputs.length} inputs`}`}
          </Button>
          {isOpen && (
            <div className={styles['inputs']}>
              <JsonTree value={{ ...reason.inputs }} />
            </div>
          )}
        </>
      )}
      <ExplainLink reason={reason} caller={caller} />
    </li>
  );
}
