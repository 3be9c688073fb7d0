import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetOpenIdTokenCommand,
  ListIdentityPoolsCommand,
} from '@aws-sdk/client-cognito-identity';
import { CognitoSyncClient, ListDatasetsCommand } from '@aws-sdk/client-cognito-sync';
import {
  AssumeRoleWithWebIdentityCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleWithWebIdentityCommandInput,
} from '@aws-sdk/client-sts';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import {
  createPool,
  createUserPool,
  getCredentials,
  getId,
  GUEST_ROLE,
  identityClient,
  refusal,
  signIn,
  USER_ROLE,
} from '../identity-pools/setup.ts';

let bench: TestBench;
let sts: STSClient;
let poolId: string;
let guest: string;
let token: string;

beforeAll(async () => {
  bench = await startBench();
  sts = new STSClient(bench.sdk);
});
afterAll(() => bench.stop());

beforeEach(async () => {
  poolId = await createPool(bench);
  guest = await getId(bench, poolId);
  token = await openIdToken(bench, guest);
});

async function openIdToken(on: TestBench, IdentityId: string): Promise<string> {
  const { Token } = await identityClient(on).send(new GetOpenIdTokenCommand({ IdentityId }));
  return Token!;
}

async function assume(changes: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) {
  const answer = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: GUEST_ROLE,
      RoleSessionName: 'app',
      WebIdentityToken: token,
      ...changes,
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials!;
  return {
    answer,
    credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! },
  };
}

const DENIED = refusal('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');

describe('GetCallerIdentity', () => {
  it('[STS-SELF-1] names the root of the developer’s account', async () => {
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: ACCOUNT,
      UserId: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:root`,
    });
    const other = new STSClient(bench.sdkFor('333333333333'));
    expect((await other.send(new GetCallerIdentityCommand({}))).Account).toBe('333333333333');
  });

  it('[AC-SELF-1] answers a session whatever its role denies', async () => {
    const { credentials } = await assume();
    bench.services.iamRoles.putPolicy(ACCOUNT, 'Guest', {
      name: 'nothing',
      document: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }),
    });
    const session = new STSClient({ ...bench.sdk, credentials });
    expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${ACCOUNT}:assumed-role/Guest/app`,
    );
    bench.services.iamRoles.remove(ACCOUNT, 'Guest');
  });

  it('[STS-VEND-1] refuses a wrong secret, a missing token, and credentials after their hour', async () => {
    await using moved = await startBench();
    const { credentials } = await getCredentials(moved, await getId(moved, await createPool(moved)));
    const ask = (changes: Partial<typeof credentials>) =>
      new STSClient({ ...moved.sdk, credentials: { ...credentials, ...changes } }).send(
        new GetCallerIdentityCommand({}),
      );
    await expect(ask({ secretAccessKey: 'x'.repeat(40) })).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    await expect(ask({ sessionToken: 'other' })).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    expect((await ask({})).Account).toBe(ACCOUNT);
    await moved.advance({ minutes: 61 });
    await expect(ask({})).rejects.toMatchObject({ name: 'ExpiredToken' });
  });
});

it('[PR-SIGN-13] never takes credentials that were forgotten for a developer’s', async () => {
  await using bench = await startBench();
  const { credentials } = await getCredentials(bench, await getId(bench, await createPool(bench)));
  const ask = (changes: Partial<typeof credentials>) =>
    new STSClient({ ...bench.sdk, credentials: { ...credentials, ...changes } }).send(new GetCallerIdentityCommand({}));
  await bench.call('POST', '/reset');
  await expect(ask({})).rejects.toMatchObject({ name: 'ExpiredToken' });
  await expect(ask({ accessKeyId: 'ASIAEXAMPLEEXAMPLE01' })).rejects.toMatchObject({ name: 'ExpiredToken' });
  // A developer may have temporary credentials of AWS.
  const theirs = `${credentials.sessionToken.slice(0, -1)}x`;
  expect((await ask({ sessionToken: theirs })).Arn).toBe(`arn:aws:iam::${ACCOUNT}:root`);
});

describe('GetAccessKeyInfo', () => {
  it('[STS-KEY-1] names the account that a key acts in', async () => {
    const { credentials } = await assume();
    const of = async (AccessKeyId: string) => (await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account;
    expect(await of(credentials.accessKeyId)).toBe(ACCOUNT);
    expect(await of('AKIAIOSFODNN7EXAMPLE')).toBe(ACCOUNT);
  });
});

describe('AssumeRoleWithWebIdentity', () => {
  it('[STS-WEB-1] gives a guest the guest role’s credentials, good for its own data', async () => {
    const { answer, credentials } = await assume();
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: guest,
      Audience: poolId,
      Provider: 'cognito-identity.amazonaws.com',
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Guest/app`,
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:app$/) as string,
      },
    });
    expect(answer.Credentials!.Expiration!.getTime()).toBeCloseTo(bench.services.clock.millis() + 3_600_000, -4);
    const sync = new CognitoSyncClient({ ...bench.sdk, credentials });
    expect((await sync.send(new ListDatasetsCommand({ IdentityPoolId: poolId, IdentityId: guest }))).Count).toBe(0);
  });

  it('[STS-WEB-2] does not give a guest the role of users, nor another pool’s role, nor one that forbids it', async () => {
    await expect(assume({ RoleArn: USER_ROLE })).rejects.toMatchObject(DENIED);
    const stranger = await createStrangersRole();
    await expect(assume({ RoleArn: stranger })).rejects.toMatchObject(DENIED);
  });

  async function createStrangersRole(): Promise<string> {
    const arn = `arn:aws:iam::${ACCOUNT}:role/Stranger`;
    bench.services.iamRoles.insert({
      account: ACCOUNT,
      name: 'Stranger',
      id: 'AROASTRANGER',
      arn,
      trustPolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: 'cognito-identity.amazonaws.com' },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:another' } },
          },
        ],
      }),
      maxSessionSeconds: 3600,
      madeBy: 'developer',
      createdAt: new Date(0),
    });
    return arn;
  }

  it('[AC-ROLE-1] makes an unknown role, which lets in nobody but this pool and state', async () => {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/app/OnTheFly`;
    const { answer } = await assume({ RoleArn });
    expect(answer.AssumedRoleUser!.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/OnTheFly/app`);
    expect(bench.services.iamRoles.find(ACCOUNT, 'OnTheFly')).toMatchObject({ arn: RoleArn, madeBy: 'bench' });
    const other = await openIdToken(bench, await getId(bench, await createPool(bench)));
    await expect(assume({ RoleArn, WebIdentityToken: other })).rejects.toMatchObject(DENIED);
    await expect(assume({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/elsewhere/OnTheFly` })).rejects.toMatchObject(DENIED);
  });

  it('[STS-WEB-2] answers alike for an unknown role on a strict bench', async () => {
    await using strict = await startBench({ auth: 'strict' });
    const { IdentityPoolId } = await createBarePool(strict);
    const strictToken = await openIdToken(strict, await getId(strict, IdentityPoolId));
    await expect(
      new STSClient(strict.sdk).send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: GUEST_ROLE,
          RoleSessionName: 'app',
          WebIdentityToken: strictToken,
        }),
      ),
    ).rejects.toMatchObject(DENIED);
  });

  async function createBarePool(on: TestBench): Promise<{ IdentityPoolId: string }> {
    const pool = await identityClient(on).send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'bare', AllowUnauthenticatedIdentities: true }),
    );
    return { IdentityPoolId: pool.IdentityPoolId! };
  }

  it('[STS-WEB-3] lasts as long as asked, up to the role’s longest session', async () => {
    const { answer } = await assume({ DurationSeconds: 900 });
    expect(answer.Credentials!.Expiration!.getTime()).toBeCloseTo(bench.services.clock.millis() + 900_000, -4);
    await expect(assume({ DurationSeconds: 7200 })).rejects.toMatchObject(
      refusal('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
    );
  });

  it('[STS-WEB-4] narrows the session by a policy', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'cognito-identity:*', Resource: '*' }],
    });
    const { answer, credentials } = await assume({ Policy });
    expect(answer.PackedPolicySize).toBeGreaterThan(0);
    const sync = new CognitoSyncClient({ ...bench.sdk, credentials });
    await expect(
      sync.send(new ListDatasetsCommand({ IdentityPoolId: poolId, IdentityId: guest })),
    ).rejects.toMatchObject({
      message: expect.stringMatching(
        /because no session policy allows the cognito-sync:ListDatasets action$/,
      ) as string,
    });
    const identity = new CognitoIdentityClient({ ...bench.sdk, credentials });
    await expect(identity.send(new ListIdentityPoolsCommand({ MaxResults: 1 }))).rejects.toMatchObject({
      message: expect.stringMatching(/because no identity-based policy allows/) as string,
    });
    await expect(assume({ Policy: '{"Version":"2012-10-17"}' })).rejects.toMatchObject({
      message: 'Syntax errors in policy.',
    });
  });

  it('[STS-WEB-5] needs the ARN of a role', async () => {
    await expect(assume({ RoleArn: `arn:aws:iam::${ACCOUNT}:user/Somebody` })).rejects.toMatchObject(
      refusal('ValidationError', 'Request ARN is invalid'),
    );
  });

  it('[STS-TOKEN-1] refuses what is no token', async () => {
    await expect(assume({ WebIdentityToken: 'nonsense' })).rejects.toMatchObject({
      name: expect.stringMatching(/^InvalidIdentityToken/) as string,
      message: 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    });
  });

  it('[STS-TOKEN-2] refuses a user pool’s token', async () => {
    const people = await createUserPool(bench);
    const { idToken } = await signIn(bench, people, 'direct');
    await expect(assume({ WebIdentityToken: idToken })).rejects.toMatchObject({
      name: expect.stringMatching(/^InvalidIdentityToken/) as string,
      message: `No OpenIDConnect provider found in your account for ${bench.url}/${people.id}`,
    });
  });

  it('[STS-TOKEN-3] refuses a forged token', async () => {
    const claims = { sub: guest, aud: poolId, amr: ['authenticated'], iss: bench.url, exp: 9e9 };
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS512' }).sign(new Uint8Array(64));
    const [, payload] = forged.split('.');
    const [header, , signature] = token.split('.');
    for (const WebIdentityToken of [forged, `${header}.${payload}.${signature}`]) {
      await expect(assume({ WebIdentityToken })).rejects.toMatchObject({
        message: expect.stringMatching(
          /^Couldn't retrieve verification key from your identity provider, {2}please/,
        ) as string,
      });
    }
  });

  it('[STS-TOKEN-4] refuses an expired token', async () => {
    await using moved = await startBench();
    const late = await openIdToken(moved, await getId(moved, await createPool(moved)));
    await moved.advance({ minutes: 10 });
    await expect(
      new STSClient(moved.sdk).send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn: GUEST_ROLE, RoleSessionName: 'app', WebIdentityToken: late }),
      ),
    ).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      message: expect.stringMatching(/^Token expired: /) as string,
    });
  });
});
