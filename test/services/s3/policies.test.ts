import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser, policy, unique } from '../iam/setup.ts';
import { createPool, createUserPool, getCredentials, getId, signIn, type UserPool } from '../identity-pools/setup.ts';
import { createBucket, putAll, refused, s3Client } from './setup.ts';

let bench: TestBench;
let root: S3Client;
let Bucket: string;

beforeAll(async () => {
  bench = await startBench();
  root = s3Client(bench);
});
afterAll(() => bench.stop());
beforeEach(async () => {
  Bucket = await createBucket(root);
  await putAll(root, Bucket, ['a', 'b']);
});

/** Somebody who may do just this. */
async function allowed(...statements: object[]): Promise<{ s3: S3Client; arn: string }> {
  const { credentials, arn } = await createUser(bench, ...statements);
  return { s3: s3Client(bench, { credentials }), arn };
}

const bucketArn = () => `arn:aws:s3:::${Bucket}`;
const objects = (keys = '*') => `${bucketArn()}/${keys}`;
const denied = (action: string) => refused('AccessDenied', 403, new RegExp(`not authorized to perform: ${action} `));

describe('the actions of policies', () => {
  it('[S3-POLICY-1] let in who has the one that the operation needs, and nobody else', async () => {
    const cases: [action: string, resource: string, send: (s3: S3Client) => Promise<unknown>][] = [
      ['s3:ListAllMyBuckets', '*', (s3) => s3.send(new ListBucketsCommand({}))],
      ['s3:CreateBucket', 'arn:aws:s3:::*', (s3) => s3.send(new CreateBucketCommand({ Bucket: unique('made-') }))],
      ['s3:ListBucket', bucketArn(), (s3) => s3.send(new ListObjectsV2Command({ Bucket }))],
      ['s3:ListBucket', bucketArn(), (s3) => s3.send(new ListObjectsCommand({ Bucket }))],
      ['s3:ListBucketMultipartUploads', bucketArn(), (s3) => s3.send(new ListMultipartUploadsCommand({ Bucket }))],
      ['s3:GetObject', objects('a'), (s3) => s3.send(new GetObjectCommand({ Bucket, Key: 'a' }))],
      ['s3:GetObjectTagging', objects('a'), (s3) => s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }))],
      ['s3:PutObject', objects('a'), (s3) => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }))],
      ['s3:PutObject', objects('a'), (s3) => s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }))],
      ['s3:DeleteObject', objects('a'), (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))],
    ];
    const nobody = await allowed(
      allow(['s3:Get*', 's3:Put*', 's3:List*', 's3:Delete*', 's3:CreateBucket'], objects('b')),
    );
    for (const [action, resource, send] of cases) {
      const { s3 } = await allowed(allow(action, resource));
      await expect(send(s3), action).resolves.toBeDefined();
      await expect(send(nobody.s3), action).rejects.toMatchObject(denied(action));
    }
    for (const head of [new HeadBucketCommand({ Bucket }), new HeadObjectCommand({ Bucket, Key: 'a' })]) {
      await expect(nobody.s3.send(head as HeadBucketCommand)).rejects.toMatchObject({
        $metadata: { httpStatusCode: 403 },
      });
    }
  });

  it('[S3-POLICY-1] are several for tags and copies', async () => {
    const Tagging = 'a=1';
    const { s3 } = await allowed(allow('s3:PutObject', objects()), allow('s3:GetObject', objects('a')));
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', Tagging }))).rejects.toMatchObject(
      denied('s3:PutObjectTagging'),
    );
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ACL: 'private' }))).rejects.toMatchObject(
      denied('s3:PutObjectAcl'),
    );
    const copy = (Key: string, source: string) =>
      s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${source}` }));
    await expect(copy('c', 'a')).resolves.toBeDefined();
    await expect(copy('c', 'b')).rejects.toMatchObject(denied('s3:GetObject'));
    await root.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', Tagging }));
    await expect(copy('c', 'a')).rejects.toMatchObject(denied('s3:GetObjectTagging'));
  });

  it('[S3-POLICY-5] [S3-IF-3] tell nobody by conditions what an object holds', async () => {
    const { s3 } = await allowed(allow(['s3:PutObject', 's3:DeleteObject'], objects()));
    const ETag = (await root.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).ETag!;
    const upload = { Bucket, Key: 'a', UploadId: 'u', MultipartUpload: { Parts: [] } };
    for (const IfMatch of [ETag, '"other"']) {
      for (const guess of [
        () => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', IfMatch })),
        () => s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch })),
        () => s3.send(new CompleteMultipartUploadCommand({ ...upload, IfMatch })),
      ]) {
        await expect(guess()).rejects.toMatchObject(denied('s3:GetObject'));
      }
      const many = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a', ETag: IfMatch }] } });
      expect((await s3.send(many)).Errors).toMatchObject([{ Key: 'a', Code: 'AccessDenied' }]);
    }
    const reader = await allowed(allow(['s3:PutObject', 's3:GetObject'], objects()));
    const put = new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', IfMatch: ETag });
    await expect(reader.s3.send(put)).resolves.toBeDefined();
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: '*' }))).resolves.toBeDefined();
  });

  it('[S3-POLICY-3] deny in S3’s words, before anything is looked up', async () => {
    const { s3, arn } = await allowed(allow('s3:GetObject', 'arn:aws:s3:::other/*'));
    await expect(s3.send(new GetObjectCommand({ Bucket: 'not-there', Key: 'k' }))).rejects.toMatchObject(
      refused(
        'AccessDenied',
        403,
        `User: ${arn} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::not-there/k" because no identity-based policy allows the s3:GetObject action`,
      ),
    );
    const but = await allowed(allow('s3:*'), { Effect: 'Deny', Action: 's3:PutObject', Resource: objects('a') });
    await expect(but.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }))).rejects.toMatchObject(
      refused('AccessDenied', 403, /with an explicit deny in an identity-based policy$/),
    );
    await expect(but.s3.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'x' }))).resolves.toBeDefined();
  });

  it('[S3-GET-2] hide which keys there are from who may not list', async () => {
    const blind = await allowed(allow('s3:GetObject', objects()));
    const get = (s3: S3Client) => s3.send(new GetObjectCommand({ Bucket, Key: 'missing' }));
    await expect(get(blind.s3)).rejects.toMatchObject(denied('s3:ListBucket'));
    const seeing = await allowed(allow('s3:GetObject', objects()), allow('s3:ListBucket', bucketArn()));
    await expect(get(seeing.s3)).rejects.toMatchObject(refused('NoSuchKey', 404));
  });

  it('[S3-DELETE-2] are asked for every key of a deletion', async () => {
    const { s3 } = await allowed(allow('s3:DeleteObject', objects('a')));
    const { Deleted, Errors } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }] } }),
    );
    expect(Deleted).toEqual([{ Key: 'a' }]);
    expect(Errors).toEqual([
      { Key: 'b', Code: 'AccessDenied', Message: expect.stringContaining('s3:DeleteObject') as string },
    ]);
    const { Contents } = await root.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['b']);
  });
});

describe('[S3-POLICY-2] the conditions of policies', () => {
  it('know prefix, delimiter and size of a listing', async () => {
    const conditions = {
      StringLike: { 's3:prefix': 'home/*' },
      StringEquals: { 's3:delimiter': '/' },
      NumericLessThanEquals: { 's3:max-keys': '10' },
    };
    const { s3 } = await allowed(allow('s3:ListBucket', bucketArn(), { Condition: conditions }));
    const list = (more: object) => s3.send(new ListObjectsV2Command({ Bucket, ...more }));
    const good = { Prefix: 'home/ada', Delimiter: '/', MaxKeys: 10 };
    await expect(list(good)).resolves.toBeDefined();
    for (const wrong of [{ Prefix: 'work/' }, { Prefix: undefined }, { Delimiter: undefined }, { MaxKeys: 11 }]) {
      await expect(list({ ...good, ...wrong })).rejects.toMatchObject(denied('s3:ListBucket'));
    }
    // Uploads under way are listed without these keys.
    const action = 's3:ListBucketMultipartUploads';
    const other = await allowed(allow(action, bucketArn(), { Condition: { StringLike: { 's3:prefix': '*' } } }));
    const uploads = other.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'home/' }));
    await expect(uploads).rejects.toMatchObject(denied(action));
  });

  it('know the tags that an object has, and those it shall get', async () => {
    const has = { StringEquals: { 's3:ExistingObjectTag/team': 'red' } };
    const gets = { StringEquals: { 's3:RequestObjectTag/team': 'red' } };
    const { s3 } = await allowed(
      allow('s3:GetObject', objects(), { Condition: has }),
      allow(['s3:PutObject', 's3:PutObjectTagging'], objects(), { Condition: gets }),
    );
    const put = (Tagging: string) => s3.send(new PutObjectCommand({ Bucket, Key: 't', Body: 'x', Tagging }));
    const get = () => s3.send(new GetObjectCommand({ Bucket, Key: 't' }));
    const tag = (Value: string) =>
      s3.send(new PutObjectTaggingCommand({ Bucket, Key: 't', Tagging: { TagSet: [{ Key: 'team', Value }] } }));
    await expect(put('team=blue')).rejects.toMatchObject(denied('s3:PutObject'));
    await put('team=red&a=1');
    await expect(get()).resolves.toBeDefined();
    await expect(tag('blue')).rejects.toMatchObject(denied('s3:PutObjectTagging'));
    await expect(tag('red')).resolves.toBeDefined();
    await root.send(new PutObjectCommand({ Bucket, Key: 't', Body: 'x', Tagging: 'team=blue' }));
    await expect(get()).rejects.toMatchObject(denied('s3:GetObject'));
  });
});

describe('[S3-POLICY-1] [S3-POLICY-2] people of an identity pool', () => {
  const SUB = '${cognito-identity.amazonaws.com:sub}';
  let people: UserPool;
  let poolId: string;

  beforeEach(async () => {
    people = await createUserPool(bench);
    const iam = new IAMClient(bench.sdk);
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'cognito-identity.amazonaws.com' },
          Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
        },
      ],
    });
    const RoleName = unique('Folder');
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: unique('own-folder'),
        PolicyDocument: policy(
          allow('s3:ListBucket', bucketArn(), { Condition: { StringLike: { 's3:prefix': `${SUB}/*` } } }),
          allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], objects(`${SUB}/*`)),
        ),
      }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }));
    const role = `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
    poolId = await createPool(bench, [people]);
    const { CognitoIdentityClient, SetIdentityPoolRolesCommand } = await import('@aws-sdk/client-cognito-identity');
    await new CognitoIdentityClient(bench.sdk).send(
      new SetIdentityPoolRolesCommand({
        IdentityPoolId: poolId,
        Roles: { authenticated: role, unauthenticated: role },
      }),
    );
  });

  async function asPerson(username?: string): Promise<{ s3: S3Client; id: string }> {
    const logins = username === undefined ? {} : { [people.provider]: (await signIn(bench, people, username)).idToken };
    const id = await getId(bench, poolId, logins);
    const credentials = fromCognitoIdentityPool({
      identityPoolId: poolId,
      logins,
      clientConfig: { endpoint: bench.url, region: 'us-east-1' },
    });
    return { s3: s3Client(bench, { credentials }), id };
  }

  it('have a folder of their own, and nobody else’s', async () => {
    const ada = await asPerson('ada');
    const bob = await asPerson('bob');
    const put = ({ s3 }: { s3: S3Client }, Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const get = ({ s3 }: { s3: S3Client }, Key: string) => s3.send(new GetObjectCommand({ Bucket, Key }));
    const list = ({ s3 }: { s3: S3Client }, Prefix?: string) => s3.send(new ListObjectsV2Command({ Bucket, Prefix }));

    await put(ada, `${ada.id}/diary`);
    await put(bob, `${bob.id}/diary`);
    expect(await (await get(ada, `${ada.id}/diary`)).Body!.transformToString()).toBe(`${ada.id}/diary`);
    expect((await list(ada, `${ada.id}/`)).KeyCount).toBe(1);

    await expect(get(bob, `${ada.id}/diary`)).rejects.toMatchObject(denied('s3:GetObject'));
    await expect(put(bob, `${ada.id}/diary`)).rejects.toMatchObject(denied('s3:PutObject'));
    await expect(put(bob, `x/../${bob.id}/diary`)).rejects.toMatchObject(denied('s3:PutObject'));
    await expect(list(bob, `${ada.id}/`)).rejects.toMatchObject(denied('s3:ListBucket'));
    await expect(list(bob)).rejects.toMatchObject(denied('s3:ListBucket'));
    const { Errors, Deleted } = await bob.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: `${ada.id}/diary` }, { Key: `${bob.id}/diary` }] },
      }),
    );
    expect([Errors?.length, Deleted?.length]).toEqual([1, 1]);
    await expect(get(ada, `${ada.id}/diary`)).resolves.toBeDefined();
  });

  it('have it as guests, until their credentials expire', async () => {
    const id = await getId(bench, poolId);
    const { credentials } = await getCredentials(bench, id);
    const s3 = s3Client(bench, { credentials });
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    await expect(put(`${id}/note`)).resolves.toBeDefined();
    await expect(put('note')).rejects.toMatchObject(denied('s3:PutObject'));
    await bench.advance({ hours: 2 });
    await expect(put(`${id}/note`)).rejects.toMatchObject(
      refused('ExpiredToken', 400, 'The provided token has expired.'),
    );
    await bench.call('POST', '/clock', { reset: true });
  });

  it('[S3-BUCKET-8] have nothing in another account’s bucket of the name', async () => {
    const foreign = s3Client(bench, bench.sdkFor('111122223333'));
    await foreign.send(new CreateBucketCommand({ Bucket: 'theirs' }));
    await foreign.send(new PutObjectCommand({ Bucket: 'theirs', Key: 'k', Body: 'secret' }));
    const { s3 } = await allowed(allow('s3:*'));
    await expect(s3.send(new GetObjectCommand({ Bucket: 'theirs', Key: 'k' }))).rejects.toMatchObject(
      refused('NoSuchBucket', 404),
    );
  });
});
