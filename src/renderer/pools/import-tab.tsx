import { FileUp, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useAnswer } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { ImportDetail } from './import-detail.tsx';
import { NewImport } from './import-dialog.tsx';
import { JobStatus } from './job-status.tsx';
import { idOf, openTab, when, type TabProps } from './pool.ts';
import { Split } from './split.tsx';
import styles from './pool.module.css';

const LOOK_EVERY_MS = 700;

const isUnderWay = (status: string | undefined): boolean =>
  status === 'Pending' || status === 'InProgress' || status === 'Stopping';

export function ImportTab({ pool, item }: TabProps) {
  const UserPoolId = idOf(pool);
  const { value, refused, again } = useAnswer(`imports ${UserPoolId}`, () =>
    idp('ListUserImportJobs', { UserPoolId, MaxResults: 60 }),
  );
  const [creating, setCreating] = useState(false);
  const jobs = value?.UserImportJobs ?? [];
  const chosen = jobs.find(({ JobId }) => JobId === item);
  const underWay = jobs.some(({ Status }) => isUnderWay(Status));
  // No call of anybody's tells how far the bench has come with a file.
  useEffect(() => {
    if (!underWay) return undefined;
    const timer = setInterval(again, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [underWay, again]);
  return (
    <Split
      list={
        <>
          <div className={styles['bar']}>
            <span className={styles['note']}>Users from a CSV file; they set a password at their first sign-in.</span>
            <Button className={styles['push']} icon={Plus} variant="primary" onPress={() => setCreating(true)}>
              New import
            </Button>
          </div>
          <Refusal refused={refused} />
          {value && jobs.length === 0 && (
            <Empty
              icon={FileUp}
              title="No import jobs yet"
              actions={
                <Button icon={Plus} onPress={() => setCreating(true)}>
                  New import
                </Button>
              }
            >
              The file begins with the header that this pool asks for; the dialog gives it to copy. The pool must send a
              code to e-mail or phone.
            </Empty>
          )}
          {jobs.length > 0 && (
            <div className={styles['scroller']}>
              <table className={styles['table']} aria-label="Import jobs">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">State</th>
                    <th scope="col">Imported</th>
                    <th scope="col">Skipped</th>
                    <th scope="col">Failed</th>
                    <th scope="col">Made</th>
                  </tr>
                </thead>
                <tbody>
                  {jobs.map((job) => (
                    <tr key={job.JobId} data-chosen={job.JobId === item || undefined}>
                      <td>
                        <AriaButton
                          className={styles['rowButton'] ?? ''}
                          onPress={() => openTab(pool, 'import', job.JobId ?? '')}
                        >
                          {job.JobName}
                        </AriaButton>
                      </td>
                      <td>
                        <JobStatus status={job.Status} />
                      </td>
                      <td className={styles['number']}>{job.ImportedUsers ?? 0}</td>
                      <td className={styles['number']}>{job.SkippedUsers ?? 0}</td>
                      <td className={styles['number']}>{job.FailedUsers ?? 0}</td>
                      <td className={styles['number']}>{dateAndTime(when(job.CreationDate)).slice(0, 16)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {creating && <NewImport pool={pool} onClose={() => setCreating(false)} />}
        </>
      }
      detail={chosen ? <ImportDetail key={item} pool={pool} job={chosen} /> : null}
    />
  );
}
