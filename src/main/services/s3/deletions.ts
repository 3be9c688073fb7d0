import type {
  DeleteObjectOutput,
  DeleteObjectRequest,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
  ObjectIdentifier,
} from '../../../shared/aws/s3.ts';
import { Fault } from '../../kernel/fault.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import { family, type Call, type Permission } from '../family.ts';
import type { Services } from '../services.ts';
import { requireBucket } from './buckets.ts';
import { checkWrite } from './conditions.ts';
import { ask, missingKey, onObject, toCompare } from './permissions.ts';
import { refuseSettings } from './settings.ts';

type Needs = Pick<Services, 'access' | 'buckets' | 'objects' | 'store'>;

export const deletions = family<'s3', Needs>('s3', 'deletions', {
  DeleteObject: { permissions: toDelete, run: deleteObject },
  // Each key is asked for itself: some may go while others stay.
  DeleteObjects: { asksPolicies: true, run: deleteObjects },
});

interface Deleting {
  readonly Bucket: string;
  readonly Key: string;
  readonly IfMatch?: string | undefined;
}

function toDelete(input: Deleting, call: Call, needs: Needs): readonly Permission[] {
  return [...onObject('DeleteObject')(input), ...toCompare(input, call, needs)];
}

/** A key that is not there is deleted just as well. [docs] */
function deleteObject(input: DeleteObjectRequest, call: Call, needs: Needs): DeleteObjectOutput {
  const { Bucket, Key } = input;
  const { objects, store } = needs;
  refuseSettings(input, call);
  requireBucket(input, call, needs);
  const existing = objects.find(call.account, Bucket, Key);
  checkWrite(existing, { IfMatch: input.IfMatch }, call, () => missingKey(input, call, needs));
  store.write(() => objects.remove(call.account, Bucket, Key));
  call.why.pass('S3-DELETE-1', existing ? 'The object is gone.' : 'There was no such object.');
  return {};
}

const MOST_KEYS = 1000;

function deleteObjects(input: DeleteObjectsRequest, call: Call, needs: Needs): DeleteObjectsOutput {
  const { Bucket, Delete } = input;
  refuseSettings(input, call);
  for (const identifier of Delete.Objects) refuseIdentifier(identifier, call);
  requireBucket(input, call, needs);
  if (Delete.Objects.length > MOST_KEYS || Delete.Objects.length === 0) {
    throw call.why.refuse(
      'S3-DELETE-3',
      'One request deletes from 1 to 1,000 keys.',
      s3Fault(
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
      ),
    );
  }
  const judged = Delete.Objects.map((identifier) => ({ identifier, problem: judge(Bucket, identifier, call, needs) }));
  const { objects, store } = needs;
  store.write(() => {
    for (const { identifier, problem } of judged) {
      if (!problem) objects.remove(call.account, Bucket, identifier.Key);
    }
  });
  const failed = judged.filter(({ problem }) => problem !== undefined);
  call.why.pass('S3-DELETE-2', `${judged.length - failed.length} of ${judged.length} keys are gone.`);
  return {
    ...(Delete.Quiet === true
      ? {}
      : { Deleted: judged.filter(({ problem }) => !problem).map(({ identifier: { Key } }) => ({ Key })) }),
    Errors: failed.map(({ identifier: { Key }, problem }) => ({
      Key,
      Code: problem!.code,
      Message: problem!.message,
    })),
  };
}

function refuseIdentifier({ VersionId, LastModifiedTime, Size }: ObjectIdentifier, call: Call): void {
  refuseSettings({ VersionId, IfMatchLastModifiedTime: LastModifiedTime, IfMatchSize: Size }, call);
}

/** Why this key stays. */
function judge(Bucket: string, { Key, ETag }: ObjectIdentifier, call: Call, needs: Needs): Fault | undefined {
  const place = { Bucket, Key, IfMatch: ETag };
  try {
    ask(toDelete(place, call, needs), call, needs);
    const existing = needs.objects.find(call.account, Bucket, Key);
    checkWrite(existing, place, call, () => missingKey(place, call, needs));
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}
