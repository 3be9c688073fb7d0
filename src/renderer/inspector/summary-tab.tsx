import { ArrowRight } from 'lucide-react';
import type { TraceCaller, TraceRecord } from '../../shared/trace.ts';
import { useBench } from '../data/bench-state.ts';
import { laneName } from '../format/lanes.ts';
import { dateAndTime, milliseconds } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { roleReasons } from './role-reasons.ts';
import styles from './summary-tab.module.css';

export function SummaryTab({ record, onTab }: { readonly record: TraceRecord; readonly onTab: (tab: string) => void }) {
  const name = useBench((state) => laneName(state.lanes, record.lane));
  const role = roleReasons(record);
  const refusal = record.reasons.find(({ outcome }) => outcome === 'refuse');
  return (
    <>
      <div className={styles['lead']} data-failed={record.fault !== undefined}>
        <p className={styles['sentence']}>{record.summary}</p>
        {record.fault && (
          <p className={styles['fault']}>
            <code>{record.fault.code}</code>
            <span>{record.fault.message}</span>
          </p>
        )}
        {refusal && (
          <p className={styles['because']}>
            {record.summary.includes(refusal.decided) ? 'By rule ' : `${refusal.decided} `}
            <code>{refusal.rule}</code>
          </p>
        )}
        {role?.choice && role.choice.outcome !== 'refuse' && (
          <p className={styles['because']}>
            {role.choice.decided} <code>{role.choice.rule}</code>
          </p>
        )}
        {record.reasons.length > 0 && (
          <Button size="small" variant="quiet" className={styles['why']} onPress={() => onTab('why')}>
            {role ? 'Why this role' : 'See the whole reasoning'} <ArrowRight size={13} aria-hidden />
          </Button>
        )}
      </div>
      <Section title="Call">
        <Facts>
          <Fact name="Who">
            <Caller caller={record.caller} />
          </Fact>
          <Fact name="Lane">
            {name} <span className={styles['soft']}>({record.lane.kind})</span>
          </Fact>
          <Fact name="What">
            {record.service && <span className={styles['soft']}>{record.service} · </span>}
            {record.operation ?? `${record.request.method} ${record.request.path}`}
          </Fact>
          <Fact name="When">{dateAndTime(Date.parse(record.at))}</Fact>
          <Fact name="Request id">
            <CopyId value={record.requestId} label="request id" most={36} />
          </Fact>
        </Facts>
      </Section>
      {record.steps.length > 0 && (
        <Section title={`Steps · ${milliseconds(record.milliseconds)} ms`}>
          <Steps record={record} />
        </Section>
      )}
    </>
  );
}

function Steps({ record }: { readonly record: TraceRecord }) {
  const longest = Math.max(...record.steps.map((step) => step.milliseconds), 0.001);
  return (
    <ol className={styles['steps']}>
      {record.steps.map((step) => (
        <li key={step.name}>
          <span>{step.name}</span>
          <span className={styles['bar']} aria-hidden>
            <span style={{ width: `${Math.max((step.milliseconds / longest) * 100, 1)}%` }} />
          </span>
          <span className={styles['ms']}>{milliseconds(step.milliseconds)} ms</span>
        </li>
      ))}
    </ol>
  );
}

function Caller({ caller }: { readonly caller: TraceCaller }) {
  switch (caller.kind) {
    case 'developer':
      return (
        <>
          the account’s developer, by key <CopyId value={caller.accessKeyId} label="access key id" />
        </>
      );
    case 'iam-user':
      return (
        <>
          an IAM user, by an access key of its own
          <br />
          <CopyId value={caller.arn} label="ARN" most={40} />
        </>
      );
    case 'session':
      return (
        <>
          {caller.identityId ? 'an identity with credentials from the identity pool' : 'a role’s session'}
          <br />
          <CopyId value={caller.identityId ?? caller.arn} label={caller.identityId ? 'identity id' : 'ARN'} most={40} />
        </>
      );
    case 'user':
      return (
        <>
          <strong>{caller.username}</strong>, by access token
        </>
      );
    case 'app-client':
      return (
        <>
          the app client <CopyId value={caller.clientId} label="client id" most={28} />
        </>
      );
    default:
      return <>anyone: the call needs no proof of who asks</>;
  }
}
