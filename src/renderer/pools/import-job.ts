import { idp } from '../data/aws.ts';
import { BenchCallError } from '../data/call.ts';
import { launchToken } from '../data/session.ts';
import { TOKEN_HEADER } from '../../shared/bench-api.ts';

/** Puts a file where the job's pre-signed address says, as `curl -T` would. */
export async function upload(address: string, text: string): Promise<void> {
  // The bench may name itself otherwise than the page's address does, and the page talks to its own origin only.
  const { pathname, search } = new URL(address);
  const response = await fetch(pathname + search, {
    method: 'PUT',
    headers: { 'x-amz-server-side-encryption': 'aws:kms', 'content-type': 'text/csv', [TOKEN_HEADER]: launchToken() },
    body: text,
  });
  if (response.ok) return;
  const answer = new DOMParser().parseFromString(await response.text(), 'text/xml');
  const part = (name: string) => answer.querySelector(name)?.textContent;
  throw new BenchCallError(
    part('Code') ?? `Status${response.status}`,
    part('Message') ?? `The bench answered ${response.status}.`,
    response.status,
  );
}

/** Makes a job, puts its file and starts it; gives its id. */
export async function importUsers(asked: {
  readonly poolId: string;
  readonly name: string;
  readonly role: string;
  readonly text: string;
}): Promise<string> {
  const { UserImportJob: job } = await idp('CreateUserImportJob', {
    UserPoolId: asked.poolId,
    JobName: asked.name,
    CloudWatchLogsRoleArn: asked.role,
  });
  const id = job?.JobId ?? '';
  await upload(job?.PreSignedUrl ?? '', asked.text);
  await idp('StartUserImportJob', { UserPoolId: asked.poolId, JobId: id });
  return id;
}
