import { ArrowLeftRight, Copy, X } from 'lucide-react';
import type { AuditRecord } from '../../shared/audit.ts';
import { useAnswer } from '../data/answers.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { copyText } from '../data/notices.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Refusal } from '../ui/form.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { chooseAudit } from './audit-list.ts';
import styles from './audit.module.css';

/** One record, whole. */
export function AuditDetail({ eventId }: { readonly eventId: string }) {
  const { value, refused } = useAnswer(eventId, () =>
    call<AuditRecord>('GET', `/audit/${encodeURIComponent(eventId)}`),
  );
  const trace = useBench((state) => state.traces.find(({ requestId }) => requestId === value?.['requestID'])?.id);
  const name = typeof value?.['eventName'] === 'string' ? value['eventName'] : 'Event';
  const message = value?.['errorMessage'];
  return (
    <aside className={styles['detail']} aria-label={`Record of ${name}`}>
      <header>
        <h3>{name}</h3>
        <IconButton icon={X} label="Close the record" shortcut="Esc" onPress={() => chooseAudit(null)} />
      </header>
      {refused && (
        <div className={styles['refused']}>
          <Refusal refused={refused} />
        </div>
      )}
      {value && (
        <>
          <div className={styles['acts']}>
            {trace === undefined ? (
              <span className={styles['dim']}>The timeline no longer has this call.</span>
            ) : (
              <a className={styles['link']} href={`#/e/${trace}`}>
                <ArrowLeftRight size={13} aria-hidden />
                Call {trace} on the timeline
              </a>
            )}
            <Button
              size="small"
              variant="quiet"
              icon={Copy}
              onPress={() => void copyText(JSON.stringify(value, null, 2), 'the record')}
            >
              Copy
            </Button>
          </div>
          {typeof message === 'string' && <p className={styles['error']}>{message}</p>}
          <div className={styles['tree']} tabIndex={0} role="region" aria-label="The record as JSON">
            <JsonTree value={value} open={4} />
          </div>
        </>
      )}
    </aside>
  );
}
