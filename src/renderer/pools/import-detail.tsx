import { Square } from 'lucide-react';
import type { ImportLog } from '../../shared/bench-api.ts';
import { useAnswer, useAsking } from '../data/answers.ts';
import { idp, type Answered } from '../data/aws.ts';
import { call } from '../data/call.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { JobStatus } from './job-status.tsx';
import { idOf, openTab, when, type Pool } from './pool.ts';
import { DetailHead } from './split.tsx';
import styles from './pool.module.css';
import own from './import.module.css';

type Job = NonNullable<Answered<'ListUserImportJobs'>['UserImportJobs']>[number];

const TONES = { SUCCEEDED: 'ok', SKIPPED: 'warn', FAILED: 'bad' } as const;

export function ImportDetail({ pool, job }: { readonly pool: Pool; readonly job: Job }) {
  const asking = useAsking();
  const id = job.JobId ?? '';
  const done = (job.ImportedUsers ?? 0) + (job.SkippedUsers ?? 0) + (job.FailedUsers ?? 0);
  const { value: log, refused } = useAnswer(`import log ${id} ${job.Status} ${done}`, () =>
    call<ImportLog>('GET', `/import-jobs/${encodeURIComponent(id)}/log`),
  );
  const canStop = job.Status === 'Pending' || job.Status === 'InProgress';
  return (
    <article aria-label={`Import job ${job.JobName}`}>
      <DetailHead title={job.JobName ?? ''} onClose={() => openTab(pool, 'import')}>
        <JobStatus status={job.Status} />
      </DetailHead>
      {canStop && (
        <div className={styles['actions']}>
          <Button
            icon={Square}
            onPress={() => void asking.ask(() => idp('StopUserImportJob', { UserPoolId: idOf(pool), JobId: id }))}
          >
            Stop
          </Button>
        </div>
      )}
      <Section title="Job">
        <Facts>
          <Fact name="Id">
            <CopyId value={id} label="job id" most={30} />
          </Fact>
          <Fact name="Imported">{job.ImportedUsers ?? 0}</Fact>
          <Fact name="Skipped">{job.SkippedUsers ?? 0}</Fact>
          <Fact name="Failed">{job.FailedUsers ?? 0}</Fact>
          <Fact name="Started">{job.StartDate ? dateAndTime(when(job.StartDate)) : 'not yet'}</Fact>
          <Fact name="Ended">{job.CompletionDate ? dateAndTime(when(job.CompletionDate)) : 'not yet'}</Fact>
          {job.CompletionMessage && <Fact name="Message">{job.CompletionMessage}</Fact>}
        </Facts>
        <Refusal refused={asking.refused} />
      </Section>
      <Section title="Log">
        <Refusal refused={refused} />
        {log?.lines.length === 0 && <p className={styles['note']}>No line was read yet.</p>}
        <ol className={own['log']} aria-label="Lines of the file">
          {log?.lines.map(({ line, outcome, text }) => (
            <li key={line}>
              <Mark tone={TONES[outcome]}>{outcome.toLowerCase()}</Mark>
              <span>{text.replace(/^\[\w+\] /, '')}</span>
            </li>
          ))}
        </ol>
      </Section>
    </article>
  );
}
