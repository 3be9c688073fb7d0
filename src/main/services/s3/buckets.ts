import { createHash } from 'node:crypto';
import type {
  CreateBucketOutput,
  CreateBucketRequest,
  DeleteBucketRequest,
  GetBucketLocationOutput,
  GetBucketLocationRequest,
  HeadBucketOutput,
  HeadBucketRequest,
  ListBucketsOutput,
  ListBucketsRequest,
  Owner,
} from '../../../shared/aws/s3.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { BucketRecord } from '../../store/repositories/buckets.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { afterKey, afterPrefix, isBefore } from './key-order.ts';
import { bucketArn, onBucket } from './permissions.ts';
import { refuseSettings } from './settings.ts';

type Needs = Pick<Services, 'buckets' | 'multipartUploads' | 'objects' | 'store'>;

export const buckets = family<'s3', Needs>('s3', 'buckets', {
  CreateBucket: { permissions: onBucket('CreateBucket'), run: createBucket },
  DeleteBucket: { permissions: onBucket('DeleteBucket'), run: deleteBucket },
  GetBucketLocation: { permissions: onBucket('GetBucketLocation'), run: getBucketLocation },
  HeadBucket: { permissions: onBucket('ListBucket'), run: headBucket },
  ListBuckets: {
    permissions: () => [{ action: 's3:ListAllMyBuckets', resources: ['*'] }],
    note: 'Names are an account’s own, while AWS shares them among all accounts.',
    run: listBuckets,
  },
});

const HOME = 'us-east-1';

interface Named {
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string;
}

/** @throws Fault for a bucket that is missing, in another region, or not of whom the caller expects */
export function requireBucket(input: Named, call: Call, { buckets }: Pick<Services, 'buckets'>): BucketRecord {
  const bucket = findBucket(input, call, { buckets });
  if (bucket.region === call.region) return bucket;
  throw call.why.refuse(
    'S3-BUCKET-5',
    `The bucket is in ${bucket.region}, and the request is signed for ${call.region}.`,
    s3Fault(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${call.region}' is wrong; expecting '${bucket.region}'`,
      { elements: { Region: bucket.region }, headers: { 'x-amz-bucket-region': bucket.region } },
    ),
  );
}

function findBucket(input: Named, call: Call, { buckets }: Pick<Services, 'buckets'>): BucketRecord {
  const { Bucket, ExpectedBucketOwner } = input;
  const bucket = buckets.find(call.account, Bucket);
  if (!bucket) {
    throw call.why.refuse(
      'S3-BUCKET-1',
      'The account has no such bucket.',
      s3Fault('NoSuchBucket', 'The specified bucket does not exist', { elements: { BucketName: Bucket } }),
    );
  }
  if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== call.account) {
    throw call.why.refuse(
      'S3-BUCKET-6',
      `The bucket is of the account ${call.account}, and not of the one that is expected.`,
      s3Fault('AccessDenied', 'Access Denied'),
    );
  }
  return bucket;
}

/** [docs] */
function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  );
}

function createBucket(input: CreateBucketRequest, call: Call, { buckets, store }: Needs): CreateBucketOutput {
  const { Bucket: name, CreateBucketConfiguration: configuration } = input;
  const { account, why, now } = call;
  refuseSettings(input, call);
  refuseConfiguration(configuration, call);
  if (!isBucketName(name)) {
    throw why.refuse(
      'S3-BUCKET-2',
      'The name is not one that a bucket may have.',
      s3Fault('InvalidBucketName', 'The specified bucket is not valid.', { elements: { BucketName: name } }),
    );
  }
  const region = regionOf(configuration?.LocationConstraint, call);
  const answer = { Location: `/${name}`, BucketArn: bucketArn(name) };
  if (buckets.find(account, name)) {
    // Kept so for old programs. [docs]
    if (region === HOME && call.region === HOME) {
      why.choose('S3-BUCKET-3', 'The account has the bucket already, which us-east-1 takes for success.');
      return answer;
    }
    throw why.refuse(
      'S3-BUCKET-3',
      'The account has the bucket already.',
      s3Fault(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        { elements: { BucketName: name } },
      ),
    );
  }
  store.write(() => buckets.insert({ account, name, region, createdAt: now }));
  return answer;
}

function refuseConfiguration(configuration: CreateBucketRequest['CreateBucketConfiguration'], { why }: Call): void {
  const absent = (['Location', 'Bucket', 'Tags'] as const).find((name) => configuration?.[name] !== undefined);
  if (absent === undefined) return;
  throw why.refuse(
    'S3-FIND-3',
    `${absent} is a setting that the bench does not have.`,
    s3Fault('NotImplemented', `Poolbench does not implement the setting ${absent} of CreateBucketConfiguration.`),
  );
}

/** In us-east-1 a bucket of any region can be made, elsewhere one of the same. [memory] */
function regionOf(constraint: string | undefined, call: Call): string {
  const named = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (call.region === HOME) return named ?? HOME;
  if (named === call.region) return named;
  throw call.why.refuse(
    'S3-BUCKET-4',
    `A request for ${call.region} may only make buckets there, and must say so.`,
    s3Fault(
      'IllegalLocationConstraintException',
      `The ${named ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    ),
  );
}

function deleteBucket(input: DeleteBucketRequest, call: Call, needs: Needs): void {
  const { account, name } = requireBucket(input, call, needs);
  const { buckets, multipartUploads, objects, store } = needs;
  if (!buckets.isEmpty(account, name)) {
    throw call.why.refuse(
      'S3-BUCKET-7',
      'There are objects in the bucket.',
      s3Fault('BucketNotEmpty', 'The bucket you tried to delete is not empty', { elements: { BucketName: name } }),
    );
  }
  store.write(() => {
    for (const upload of multipartUploads.ofBucket(account, name)) {
      for (const { content } of multipartUploads.parts(upload.id, 0, Number.MAX_SAFE_INTEGER)) {
        objects.removePieces(content);
      }
      multipartUploads.remove(upload);
    }
    buckets.remove(account, name);
  });
}

function headBucket(input: HeadBucketRequest, call: Call, needs: Needs): HeadBucketOutput {
  const { name, region } = requireBucket(input, call, needs);
  return { BucketArn: bucketArn(name), BucketRegion: region, AccessPointAlias: false };
}

/** Asked from any region. [memory] */
function getBucketLocation(input: GetBucketLocationRequest, call: Call, needs: Needs): GetBucketLocationOutput {
  const { region } = findBucket(input, call, needs);
  // Buckets of us-east-1 have no location, as they were the first. [docs]
  return region === HOME ? {} : { LocationConstraint: region as GetBucketLocationOutput['LocationConstraint'] & {} };
}

const MOST_BUCKETS = 10_000;

function listBuckets(input: ListBucketsRequest, { account }: Call, { buckets }: Needs): ListBucketsOutput {
  const { Prefix = '', BucketRegion, MaxBuckets = MOST_BUCKETS, ContinuationToken } = input;
  const after = ContinuationToken === undefined ? '' : afterKey(Buffer.from(ContinuationToken, 'base64url').toString());
  const from = isBefore(Prefix, after) ? after : Prefix;
  const found = buckets
    .list(account, from, afterPrefix(Prefix), BucketRegion === undefined ? MaxBuckets + 1 : MOST_BUCKETS)
    .filter(({ region }) => BucketRegion === undefined || region === BucketRegion);
  const page = found.slice(0, MaxBuckets);
  return {
    Owner: ownerOf(account),
    Buckets: page.map(({ name, region, createdAt }) => ({
      Name: name,
      CreationDate: createdAt,
      BucketRegion: region,
      BucketArn: bucketArn(name),
    })),
    ...(input.Prefix === undefined ? {} : { Prefix }),
    ...(found.length > page.length
      ? { ContinuationToken: Buffer.from(page.at(-1)?.name ?? '').toString('base64url') }
      : {}),
  };
}

/** S3 knows accounts by a canonical id of its own, made from the account here. */
export function ownerOf(account: string): Owner {
  return { ID: createHash('sha256').update(`canonical user ${account}`).digest('hex') };
}
