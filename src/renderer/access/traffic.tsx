import { useState } from 'react';
import type { TraceRecord } from '../../shared/trace.ts';
import { useAnswer } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { Button } from '../ui/button.tsx';
import { CopyBlock } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Check } from '../ui/choice.tsx';
import { leastPolicy, trafficOf, type Traffic } from './least-policy.ts';
import { indented } from './policy-editor.tsx';
import styles from './access.module.css';

interface PolicyFromTrafficProps {
  readonly role: string;
  readonly onClose: () => void;
  readonly onDocument: (document: string) => void;
}

/** What the role's sessions did and tried, to choose what a policy is to allow of it. */
export function PolicyFromTraffic({ role, onClose, onDocument }: PolicyFromTrafficProps) {
  const { value: traffic, refused } = useAnswer(`traffic ${role}`, async () => trafficOf(await allTraces(), role));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const wanted = (traffic ?? []).filter((entry) => !left.has(idOf(entry)));
  const document = leastPolicy(wanted);
  const choose = (entry: Traffic, isWanted: boolean): void => {
    const next = new Set(left);
    if (isWanted) next.delete(idOf(entry));
    else next.add(idOf(entry));
    setLeft(next);
  };
  return (
    <Dialog
      title={`A policy of ${role}, from traffic`}
      isOpen
      onClose={onClose}
      wide
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={wanted.length === 0} onPress={() => onDocument(document)}>
            Continue in the editor
          </Button>
        </>
      }
    >
      <Refusal refused={refused} />
      {traffic?.length === 0 && (
        <p>
          No session of this role has asked for anything yet that policies decide. Let a device or your app make its
          calls, denied ones too, and come back.
        </p>
      )}
      {traffic && traffic.length > 0 && (
        <>
          <p>
            What sessions of the role asked for, as far as the bench remembers its calls. Of a call that was denied, the
            first denial is known: what else it needs shows once that is allowed.
          </p>
          <ul className={styles['traffic']} aria-label="Calls to allow">
            {traffic.map((entry) => (
              <li key={idOf(entry)}>
                <Check checked={!left.has(idOf(entry))} onChange={(isWanted) => choose(entry, isWanted)}>
                  <code>{entry.action}</code> <span className="visually-hidden">on</span> <code>{entry.resource}</code>
                </Check>
                <span className={styles['counts']}>
                  {entry.allowed > 0 && <Mark tone="ok">{entry.allowed} allowed</Mark>}
                  {entry.denied > 0 && <Mark tone="bad">{entry.denied} denied</Mark>}
                </span>
              </li>
            ))}
          </ul>
          {wanted.length > 0 && <CopyBlock text={indented(document)} label="smallest policy" />}
        </>
      )}
    </Dialog>
  );
}

const idOf = ({ action, resource }: Traffic): string => `${action} ${resource}`;

const PAGE = 1000;

async function allTraces(): Promise<TraceRecord[]> {
  const all: TraceRecord[] = [];
  for (let since = 0, isMore = true; isMore;) {
    const { records, next } = await call<{ records: TraceRecord[]; next: number }>(
      'GET',
      `/trace?since=${since}&limit=${PAGE}`,
    );
    for (const record of records) all.push(record);
    isMore = records.length === PAGE;
    since = next;
  }
  return all;
}
