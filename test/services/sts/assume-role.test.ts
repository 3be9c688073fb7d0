import { CognitoIdentityClient, ListIdentityPoolsCommand } from '@aws-sdk/client-cognito-identity';
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
  type AssumeRoleCommandInput,
  type Credentials,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser, policy, ROOT, trusting, unique } from '../iam/setup.ts';
import { refusal } from '../identity-pools/setup.ts';

const OTHER = '111111111111';

let bench: TestBench;
let iam: IAMClient;
let sts: STSClient;

beforeAll(async () => {
  bench = await startBench();
  iam = new IAMClient(bench.sdk);
  sts = new STSClient(bench.sdk);
});
afterAll(() => bench.stop());

interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

const as = (credentials: Keys) => ({ ...bench.sdk, credentials });

function keysOf(credentials: Credentials | undefined): Required<Keys> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials!;
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
}

async function createRole(AssumeRolePolicyDocument: string, ...statements: object[]): Promise<string> {
  const RoleName = unique('Assumed');
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Path: '/app/' }));
  if (statements.length > 0) {
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy(...statements) }));
  }
  return Role!.Arn!;
}

const assume = (client: STSClient, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) =>
  client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work', ...more }));

const denial = (arn: string, role: string) =>
  refusal('AccessDenied', `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${role}`);

const list = (keys: Keys) => new CognitoIdentityClient(as(keys)).send(new ListIdentityPoolsCommand({ MaxResults: 1 }));

describe('AssumeRole', () => {
  it('[STS-ROLE-1] gives the developer a session of a role that trusts the account, good for what the role may do', async () => {
    const role = await createRole(trusting(ROOT), allow('cognito-identity:ListIdentityPools'));
    const name = role.split('/').at(-1)!;
    const answer = await assume(sts, role);
    expect(answer.AssumedRoleUser).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/work`,
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:work$/) as string,
    });
    expect(answer.Credentials!.Expiration!.getTime()).toBeCloseTo(bench.services.clock.millis() + 3_600_000, -4);
    const keys = keysOf(answer.Credentials);
    await list(keys);
    expect((await new STSClient(as(keys)).send(new GetCallerIdentityCommand({}))).Arn).toBe(
      answer.AssumedRoleUser!.Arn,
    );
    await expect(new IAMClient(as(keys)).send(new GetRoleCommand({ RoleName: name }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    expect(Role!.RoleLastUsed).toMatchObject({ Region: 'us-east-1' });
  });

  it('[AC-ASSUME-1] is enough with a trust policy that names the user, and needs the user’s policies where it names the account', async () => {
    const plain = await createUser(bench);
    const named = await createRole(trusting(plain.arn));
    const byAccount = await createRole(trusting(ACCOUNT));
    const self = new STSClient(as(plain.credentials));
    await assume(self, named);
    await expect(assume(self, byAccount)).rejects.toMatchObject(denial(plain.arn, byAccount));

    const allowed = await createUser(bench, allow('sts:AssumeRole', byAccount));
    const other = new STSClient(as(allowed.credentials));
    await assume(other, byAccount);
    await expect(assume(other, named)).rejects.toMatchObject(denial(allowed.arn, named));

    const forbidden = await createUser(bench, { Effect: 'Deny', Action: 'sts:*', Resource: '*' });
    const open = await createRole(trusting(forbidden.arn));
    await expect(assume(new STSClient(as(forbidden.credentials)), open)).rejects.toMatchObject(
      denial(forbidden.arn, open),
    );
  });

  it('[AC-ASSUME-1] needs both sides across accounts', async () => {
    const abroad = new IAMClient(bench.sdkFor(OTHER));
    const { Role } = await abroad.send(
      new CreateRoleCommand({ RoleName: 'Abroad', AssumeRolePolicyDocument: trusting(ACCOUNT) }),
    );
    const role = Role!.Arn!;
    const plain = await createUser(bench);
    await expect(assume(new STSClient(as(plain.credentials)), role)).rejects.toMatchObject(denial(plain.arn, role));
    const allowed = await createUser(bench, allow('sts:AssumeRole', role));
    const answer = await assume(new STSClient(as(allowed.credentials)), role);
    expect(answer.AssumedRoleUser!.Arn).toBe(`arn:aws:sts::${OTHER}:assumed-role/Abroad/work`);
    const { Account } = await new STSClient(as(keysOf(answer.Credentials))).send(new GetCallerIdentityCommand({}));
    expect(Account).toBe(OTHER);
  });

  it('[STS-ROLE-2] asks for the external id, and answers alike for a role that does not exist', async () => {
    const role = await createRole(trusting(ROOT, { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }));
    await assume(sts, role, { ExternalId: 'secret' });
    for (const more of [{}, { ExternalId: 'other' }]) {
      await expect(assume(sts, role, more)).rejects.toMatchObject(denial(ROOT, role));
    }
    const unknown = `arn:aws:iam::${ACCOUNT}:role/Unknown`;
    await expect(assume(sts, unknown)).rejects.toMatchObject(denial(ROOT, unknown));
    await expect(assume(sts, `arn:aws:iam::${ACCOUNT}:user/x`)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('[STS-ROLE-3] is not for the root on a strict bench', async () => {
    await using strict = await startBench({ auth: 'strict' });
    await new IAMClient(strict.sdk).send(
      new CreateRoleCommand({ RoleName: 'R', AssumeRolePolicyDocument: trusting(ROOT) }),
    );
    await expect(assume(new STSClient(strict.sdk), `arn:aws:iam::${ACCOUNT}:role/R`)).rejects.toMatchObject(
      refusal('AccessDenied', 'Roles may not be assumed by root accounts.'),
    );
  });

  it('[STS-ROLE-4] [STS-WEB-3] lasts as long as the role allows, and an hour in a chain', async () => {
    const RoleName = unique('Long');
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting('*'), MaxSessionDuration: 43_200 }),
    );
    const first = await assume(sts, Role!.Arn!, { DurationSeconds: 43_200 });
    expect(first.Credentials!.Expiration!.getTime()).toBeCloseTo(bench.services.clock.millis() + 43_200_000, -4);
    const chained = new STSClient(as(keysOf(first.Credentials)));
    await assume(chained, Role!.Arn!);
    await expect(assume(chained, Role!.Arn!, { DurationSeconds: 7200 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('role chaining') as string,
    });
    const short = await createRole(trusting(ROOT));
    await expect(assume(sts, short, { DurationSeconds: 7200 })).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('[STS-TAGS-1] tags the session where the trust policy lets it', async () => {
    const allowed = allow('cognito-identity:ListIdentityPools', '*', {
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
    });
    const taggable = await createRole(trusting(ROOT, {}, ['sts:AssumeRole', 'sts:TagSession']), allowed);
    const tag = (Key: string, Value: string) => ({ Tags: [{ Key, Value }] });
    await list(keysOf((await assume(sts, taggable, tag('team', 'red'))).Credentials));
    await expect(list(keysOf((await assume(sts, taggable, tag('team', 'blue'))).Credentials))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    const plain = await createRole(trusting(ROOT));
    await expect(assume(sts, plain, tag('team', 'red'))).rejects.toMatchObject(denial(ROOT, plain));
    await expect(
      assume(sts, taggable, {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      }),
    ).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume(sts, taggable, { TransitiveTagKeys: ['absent'] })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('[STS-TAGS-1] [STS-ROLE-5] hands transitive tags and the source identity down the chain', async () => {
    const actions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
    const first = await createRole(trusting(ROOT, {}, actions));
    const second = await createRole(
      trusting('*', {}, actions),
      allow('cognito-identity:ListIdentityPools', '*', {
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red', 'aws:SourceIdentity': 'ada' } },
      }),
    );
    const answer = await assume(sts, first, {
      Tags: [
        { Key: 'team', Value: 'red' },
        { Key: 'own', Value: 'x' },
      ],
      TransitiveTagKeys: ['team'],
      SourceIdentity: 'ada',
    });
    expect(answer.SourceIdentity).toBe('ada');
    const chained = new STSClient(as(keysOf(answer.Credentials)));
    const next = await assume(chained, second);
    expect(next.SourceIdentity).toBe('ada');
    const keys = keysOf(next.Credentials);
    await list(keys);
    expect(bench.services.vendor.find(keys.accessKeyId)).toMatchObject({ tags: { team: 'red' } });
    await expect(assume(chained, second, { Tags: [{ Key: 'Team', Value: 'blue' }] })).rejects.toMatchObject({
      name: 'ValidationError',
    });
    await expect(assume(chained, second, { SourceIdentity: 'bob' })).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('[STS-POLICY-1] narrows the session by a policy and by managed ones', async () => {
    const role = await createRole(trusting(ROOT), allow('cognito-identity:*'));
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: unique('session'),
        PolicyDocument: policy(allow('cognito-identity:List*')),
      }),
    );
    const arns = [{ arn: Policy!.Arn! }];
    const answer = await assume(sts, role, { PolicyArns: arns, Policy: policy(allow('s3:*')) });
    expect(answer.PackedPolicySize).toBeGreaterThan(0);
    await list(keysOf(answer.Credentials));
    await expect(
      list(keysOf((await assume(sts, role, { Policy: policy(allow('s3:*')) })).Credentials)),
    ).rejects.toMatchObject({ message: expect.stringContaining('because no session policy allows') as string });
    await expect(
      assume(sts, role, { PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT}:policy/None` }] }),
    ).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume(sts, role, { Policy: '{}' })).rejects.toMatchObject({
      name: expect.stringMatching(/^MalformedPolicyDocument/) as string,
    });
  });

  it('[AC-BOUNDARY-1] ends at the permissions boundary of the role', async () => {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: unique('bound'), PolicyDocument: policy(allow('s3:*')) }),
    );
    const RoleName = unique('Bound');
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: trusting(ROOT),
        PermissionsBoundary: Policy!.Arn,
      }),
    );
    expect(Role!.PermissionsBoundary!.PermissionsBoundaryArn).toBe(Policy!.Arn);
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy(allow('cognito-identity:*')) }),
    );
    await expect(list(keysOf((await assume(sts, Role!.Arn!)).Credentials))).rejects.toMatchObject({
      message: expect.stringContaining('because no permissions boundary allows') as string,
    });
  });

  it('[STS-POLICY-2] has room for so much and no more', async () => {
    const role = await createRole(trusting(ROOT, {}, ['sts:AssumeRole', 'sts:TagSession']));
    const noise = (index: number) =>
      Buffer.from(bench.services.random.bytes(120))
        .toString('hex')
        .slice(index % 2);
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `key${index}`, Value: noise(index).slice(0, 200) }));
    await expect(assume(sts, role, { Tags })).rejects.toMatchObject({
      name: expect.stringMatching(/^PackedPolicyTooLarge/) as string,
    });
  });

  it('[STS-WEB-6] names what is not built yet', async () => {
    const role = await createRole(trusting(ROOT));
    await expect(
      assume(sts, role, { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/x`, TokenCode: '123456' }),
    ).rejects.toMatchObject({ message: expect.stringContaining('TokenCode') as string });
  });
});

describe('GetSessionToken', () => {
  it('[STS-USER-1] gives a user temporary credentials of its own, for twelve hours', async () => {
    const user = await createUser(bench, allow('cognito-identity:ListIdentityPools'), allow('iam:*'));
    const { Credentials } = await new STSClient(as(user.credentials)).send(new GetSessionTokenCommand({}));
    expect(Credentials!.Expiration!.getTime()).toBeCloseTo(bench.services.clock.millis() + 43_200_000, -4);
    const keys = keysOf(Credentials);
    await list(keys);
    const session = new STSClient(as(keys));
    expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: user.arn, UserId: user.id });
  });

  it('[AC-HOLDER-1] whose sessions call no IAM, and of STS only AssumeRole', async () => {
    const user = await createUser(bench, allow('*'));
    const { Credentials } = await new STSClient(as(user.credentials)).send(new GetSessionTokenCommand({}));
    const keys = keysOf(Credentials);
    await expect(new IAMClient(as(keys)).send(new GetRoleCommand({ RoleName: 'x' }))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    const session = new STSClient(as(keys));
    await expect(session.send(new GetSessionTokenCommand({}))).rejects.toMatchObject(
      refusal('AccessDenied', 'Cannot call GetSessionToken with session credentials'),
    );
    await assume(session, await createRole(trusting(user.arn)));
  });

  it('[STS-USER-1] gives the developer an hour as root', async () => {
    const { Credentials } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 7200 }));
    expect(Credentials!.Expiration!.getTime()).toBeCloseTo(bench.services.clock.millis() + 3_600_000, -4);
    const keys = keysOf(Credentials);
    await list(keys);
    expect((await new STSClient(as(keys)).send(new GetCallerIdentityCommand({}))).Arn).toBe(ROOT);
  });

  it('[STS-USER-3] is not for sessions of roles', async () => {
    const { Credentials } = await assume(sts, await createRole(trusting(ROOT), allow('*')));
    const session = new STSClient(as(keysOf(Credentials)));
    await expect(session.send(new GetSessionTokenCommand({}))).rejects.toMatchObject(
      refusal('AccessDenied', 'Cannot call GetSessionToken with session credentials'),
    );
    await expect(session.send(new GetFederationTokenCommand({ Name: 'ada' }))).rejects.toMatchObject(
      refusal('AccessDenied', 'Cannot call GetFederationToken with session credentials'),
    );
  });
});

describe('GetFederationToken', () => {
  it('[STS-USER-2] gives credentials that do what both the user’s and the session’s policies allow', async () => {
    const user = await createUser(bench, allow('sts:GetFederationToken'), allow('cognito-identity:*'));
    const self = new STSClient(as(user.credentials));
    const { Credentials, FederatedUser } = await self.send(
      new GetFederationTokenCommand({ Name: 'ada', Policy: policy(allow('cognito-identity:List*')) }),
    );
    const arn = `arn:aws:sts::${ACCOUNT}:federated-user/ada`;
    expect(FederatedUser).toEqual({ Arn: arn, FederatedUserId: `${ACCOUNT}:ada` });
    const keys = keysOf(Credentials);
    await list(keys);
    expect(await new STSClient(as(keys)).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: arn,
      UserId: `${ACCOUNT}:ada`,
    });
    const without = await self.send(new GetFederationTokenCommand({ Name: 'bob' }));
    await expect(list(keysOf(without.Credentials))).rejects.toMatchObject({
      message: expect.stringContaining('because no session policy allows') as string,
    });
  });

  it('[STS-USER-2] needs leave, and the root needs none', async () => {
    const user = await createUser(bench);
    await expect(
      new STSClient(as(user.credentials)).send(new GetFederationTokenCommand({ Name: 'ada' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    const { Credentials } = await sts.send(
      new GetFederationTokenCommand({ Name: 'ada', Policy: policy(allow('cognito-identity:*')) }),
    );
    await list(keysOf(Credentials));
  });
});
