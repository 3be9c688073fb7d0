import { IMPORT_FILE_BYTES } from '../../../shared/limits.ts';
import type { ImportUpload, ImportUploadRefusal, Services } from '../services.ts';

type Needs = Pick<Services, 'clock' | 'importJobs' | 'store'>;

/** Bytes that are written at once: large enough to be quick, small enough not to hold other calls up. */
const PIECE = 1024 * 1024;

/** Takes in the file of a job. It counts once it is complete; until then an earlier one stays. */
export function openUpload(
  jobId: string,
  token: string,
  { clock, importJobs, store }: Needs,
): ImportUpload | ImportUploadRefusal {
  const job = importJobs.findForUpload(jobId, token);
  if (!job) return 'unknown';
  if (job.status !== 'Created') return 'started';
  if (job.uploadExpiresAt <= clock.now()) return 'expired';

  const upload = store.write(() => {
    const number = importJobs.nextUpload(jobId);
    // An empty piece takes the number, so that two uploads at once never mix.
    importJobs.addChunk(job, number, -1, new Uint8Array());
    return number;
  });
  let waiting: Uint8Array[] = [];
  let size = 0;
  let total = 0;
  let place = 0;
  const flush = (): void => {
    if (size === 0) return;
    const bytes = Buffer.concat(waiting);
    store.write(() => importJobs.addChunk(job, upload, place, bytes));
    place += 1;
    waiting = [];
    size = 0;
  };
  const abandon = (): void => store.write(() => importJobs.dropUpload(jobId, upload));

  return {
    write(bytes) {
      total += bytes.length;
      if (total > IMPORT_FILE_BYTES) return 'too-large';
      waiting.push(bytes);
      size += bytes.length;
      if (size >= PIECE) flush();
      return 'ok';
    },
    complete() {
      return store.write((tx) => {
        const current = importJobs.find(jobId);
        // Somebody started the job with an earlier file meanwhile.
        if (current?.status !== 'Created') {
          abandon();
          return 'started' as const;
        }
        flush();
        importJobs.completeUpload(jobId, upload);
        tx.announce('user-pool.changed', { account: job.account, userPoolId: job.userPoolId });
        return 'complete' as const;
      });
    },
    abandon,
  };
}
