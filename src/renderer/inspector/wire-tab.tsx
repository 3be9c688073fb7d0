import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { TraceMessage, TraceRecord } from '../../shared/trace.ts';
import { isSecretHeader, masked } from '../format/masking.ts';
import { copyText } from '../data/notices.ts';
import { Button as PlainButton } from '../ui/button.tsx';
import { Section } from '../ui/facts.tsx';
import { JsonTree, Secret } from '../ui/json-tree.tsx';
import styles from './wire-tab.module.css';

/** What went over the wire, both ways. */
export function WireTab({ record }: { readonly record: TraceRecord }) {
  const { request, response } = record;
  return (
    <>
      <Section title="Request" aside={<CopyBody message={request} label="the request’s body" />}>
        <p className={styles['start']}>
          <strong>{request.method}</strong> {request.path}
        </p>
        <Message message={request} />
      </Section>
      <Section title="Answer" aside={<CopyBody message={response} label="the answer’s body" />}>
        <p className={styles['start']} data-failed={response.status >= 400}>
          <strong>{response.status}</strong> {record.fault?.code}
        </p>
        <Message message={response} />
      </Section>
    </>
  );
}

function CopyBody({ message, label }: { readonly message: TraceMessage; readonly label: string }) {
  if (isEmpty(message)) return null;
  return (
    <PlainButton
      size="small"
      variant="quiet"
      aria-label={`Copy ${label}, secrets masked`}
      onPress={() => void copyText(JSON.stringify(masked(message.body, message.secrets), null, 2), label)}
    >
      Copy
    </PlainButton>
  );
}

const isEmpty = ({ body }: TraceMessage): boolean => body === null || body === '';

function Message({ message }: { readonly message: TraceMessage }) {
  return (
    <>
      <Headers headers={message.headers} />
      {isEmpty(message) ? (
        <p className={styles['empty']}>No body.</p>
      ) : typeof message.body === 'string' ? (
        <pre className={styles['text']} tabIndex={0} role="region" aria-label="Body">
          {message.body}
        </pre>
      ) : (
        <JsonTree value={message.body} secrets={message.secrets} />
      )}
    </>
  );
}

function Headers({ headers }: { readonly headers: TraceMessage['headers'] }) {
  const [isOpen, setOpen] = useState(false);
  const entries = Object.entries(headers);
  if (entries.length === 0) return null;
  return (
    <>
      <Button className={styles['fold'] ?? ''} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {isOpen ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        {entries.length === 1 ? '1 header' : `${entries.length} headers`}
      </Button>
      {isOpen && (
        <dl className={styles['headers']}>
          {entries.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd data-copy={isSecretHeader(name) ? undefined : value}>
                {isSecretHeader(name) ? <Secret value={value} label={name} /> : value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
