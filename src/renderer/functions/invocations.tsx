import { Ban, Check, ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { FunctionInvocation } from '../../shared/bench-api.ts';
import { useAnswer } from '../data/answers.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { go, selectEvent } from '../data/route.ts';
import { milliseconds, timeOfDay } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/facts.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { Mark } from '../ui/marks.tsx';
import styles from '../pools/pool.module.css';
import own from './functions.module.css';

/** What the function was asked and what it answered, newest first. */
export function Invocations({ name }: { readonly name: string }) {
  const { value } = useAnswer(`invocations ${name}`, () =>
    call<FunctionInvocation[]>('GET', `/functions/${encodeURIComponent(name)}/invocations?limit=50`),
  );
  return (
    <Section title="Asked so far">
      {value?.length === 0 && (
        <p className={styles['note']}>
          Not yet. Attach it to a moment of a pool, in the pool’s tab Functions, or try it.
        </p>
      )}
      <ol className={own['invocations']} aria-label="Invocations, newest first">
        {value?.map((invocation) => (
          <li key={invocation.id}>
            <Invocation invocation={invocation} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

export function Invocation({
  invocation,
  open = false,
}: {
  readonly invocation: FunctionInvocation;
  readonly open?: boolean;
}) {
  const [isOpen, setOpen] = useState(open);
  const answered = invocation.outcome === 'answered';
  return (
    <>
      <AriaButton className={own['head'] ?? ''} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {isOpen ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        <strong>{invocation.purpose}</strong>
        <Mark tone={answered ? 'ok' : 'bad'} icon={answered ? Check : Ban}>
          {invocation.outcome}
        </Mark>
        <span className={own['time']}>
          {timeOfDay(invocation.at)} · {milliseconds(invocation.milliseconds)} ms
        </span>
      </AriaButton>
      {isOpen && (
        <div className={own['body']}>
          <ToCall requestId={invocation.requestId} />
          <h4>Payload</h4>
          <JsonTree value={invocation.payload} secrets={invocation.secrets} open={3} />
          {invocation.answer !== undefined && (
            <>
              <h4>Answer</h4>
              <JsonTree value={invocation.answer} open={3} />
            </>
          )}
          {invocation.error && (
            <>
              <h4>Error</h4>
              <p className={own['error']}>
                <strong>{invocation.error.errorType}</strong> {invocation.error.errorMessage}
              </p>
            </>
          )}
          {invocation.log.length > 0 && (
            <>
              <h4>Console</h4>
              <pre className={own['console']} tabIndex={0} role="region" aria-label="Console of the function">
                {invocation.log.join('\n')}
              </pre>
            </>
          )}
        </div>
      )}
    </>
  );
}

/** The call because of which the function was asked. */
function ToCall({ requestId }: { readonly requestId: string | null }) {
  const record = useBench((state) =>
    requestId === null ? undefined : state.traces.findLast((trace) => trace.requestId === requestId),
  );
  if (!record) return null;
  return (
    <Button
      size="small"
      variant="quiet"
      onPress={() => {
        go('timeline');
        selectEvent(record.id);
      }}
    >
      Asked by call {record.id}, {record.operation}
    </Button>
  );
}
