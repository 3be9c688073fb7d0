import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  ListIdentityPoolsCommand,
} from '@aws-sdk/client-cognito-identity';
import { CognitoSyncClient, ListIdentityPoolUsageCommand } from '@aws-sdk/client-cognito-sync';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { refusal } from '../identity-pools/setup.ts';
import { allow, createUser, policy, trusting, unique } from './setup.ts';

let bench: TestBench;
let iam: IAMClient;

beforeAll(async () => {
  bench = await startBench();
  iam = new IAMClient(bench.sdk);
});
afterAll(() => bench.stop());

const as = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
  ...bench.sdk,
  credentials,
});

describe('users', () => {
  it('[AC-ENTITY-6] come back as they were made', async () => {
    const { User } = await iam.send(
      new CreateUserCommand({ UserName: 'ada', Path: '/people/', Tags: [{ Key: 'team', Value: 'red' }] }),
    );
    expect(User).toMatchObject({
      Path: '/people/',
      UserName: 'ada',
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/) as string,
      Arn: `arn:aws:iam::${ACCOUNT}:user/people/ada`,
      Tags: [{ Key: 'team', Value: 'red' }],
    });
    expect((await iam.send(new GetUserCommand({ UserName: 'ada' }))).User!.UserId).toBe(User!.UserId);
    const { Users } = await iam.send(new ListUsersCommand({ PathPrefix: '/people/' }));
    expect(Users!.map(({ UserName }) => UserName)).toEqual(['ada']);
  });

  it('[AC-ENTITY-1] [AC-ENTITY-2] have a name of their own', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'grace' }));
    await expect(iam.send(new CreateUserCommand({ UserName: 'Grace' }))).rejects.toMatchObject(
      refusal('EntityAlreadyExistsException', 'User with name Grace already exists.'),
    );
    await expect(iam.send(new GetUserCommand({ UserName: 'nobody' }))).rejects.toMatchObject(
      refusal('NoSuchEntityException', 'The user with name nobody cannot be found.'),
    );
    await expect(iam.send(new CreateUserCommand({ UserName: 'a b' }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('[AC-ENTITY-3] are deleted once nothing hangs on them', async () => {
    const { name: UserName, credentials } = await createUser(bench, allow('s3:*'));
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly';
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    const remove = () => iam.send(new DeleteUserCommand({ UserName }));
    const conflict = (text: string) => refusal('DeleteConflictException', `Cannot delete entity, must ${text} first.`);
    await expect(remove()).rejects.toMatchObject(conflict('detach all policies'));
    expect((await iam.send(new ListAttachedUserPoliciesCommand({ UserName }))).AttachedPolicies).toHaveLength(1);
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    await expect(remove()).rejects.toMatchObject(conflict('delete policies'));
    expect((await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames).toEqual(['own']);
    const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'own' }));
    expect(decodeURIComponent(PolicyDocument!)).toBe(policy(allow('s3:*')));
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'own' }));
    await expect(remove()).rejects.toMatchObject(conflict('delete access keys'));
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: credentials.accessKeyId }));
    await remove();
    await expect(iam.send(new GetUserCommand({ UserName }))).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('[AC-ENTITY-4] have 2,048 characters of inline policies', async () => {
    const { name: UserName } = await createUser(bench);
    const PolicyDocument = policy(allow('s3:GetObject', `arn:aws:s3:::${'x'.repeat(2000)}`));
    await expect(
      iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument })),
    ).rejects.toMatchObject(
      refusal('LimitExceededException', `Maximum policy size of 2048 bytes exceeded for user ${UserName}`),
    );
  });
});

describe('access keys', () => {
  it('[AC-KEY-1] are shown once, and signed with from then on', async () => {
    const user = await createUser(bench);
    expect(user.credentials.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(user.credentials.secretAccessKey).toHaveLength(40);
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: user.name }));
    expect(AccessKeyMetadata).toEqual([
      {
        UserName: user.name,
        AccessKeyId: user.credentials.accessKeyId,
        Status: 'Active',
        CreateDate: expect.any(Date) as Date,
      },
    ]);
    const identity = await new STSClient(as(user.credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: ACCOUNT, Arn: user.arn, UserId: user.id });
    const { records: traces } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace?limit=5000');
    const byUser = traces.filter(({ caller }) => caller.kind === 'iam-user');
    expect(byUser.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
    expect(JSON.stringify(byUser)).not.toContain(user.credentials.secretAccessKey);
    const created = traces.find(({ operation }) => operation === 'CreateAccessKey');
    expect(created?.response.secrets).toEqual(['AccessKey.SecretAccessKey']);
  });

  it('[AC-KEY-1] are checked: a wrong secret is no developer', async () => {
    const { credentials } = await createUser(bench, allow('*'));
    const wrong = { ...credentials, secretAccessKey: 'x'.repeat(40) };
    await expect(new STSClient(as(wrong)).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
    const withToken = { ...credentials, sessionToken: 'made-up' };
    await expect(new STSClient(as(withToken)).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  it('[AC-KEY-2] that are inactive or deleted are refused, in the words of each protocol', async () => {
    const { name: UserName, credentials } = await createUser(bench, allow('*'));
    const AccessKeyId = credentials.accessKeyId;
    const call = () => new STSClient(as(credentials)).send(new GetCallerIdentityCommand({}));
    const callJson = () =>
      new CognitoIdentityClient(as(credentials)).send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
    const set = (Status: 'Active' | 'Inactive' | 'Expired') =>
      iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }));
    const refused = refusal('InvalidClientTokenId', 'The security token included in the request is invalid.');
    await call();
    await set('Inactive');
    await expect(call()).rejects.toMatchObject(refused);
    await expect(callJson()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    await set('Active');
    await callJson();
    await expect(set('Expired')).rejects.toMatchObject({ name: 'InvalidInputException' });
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    await expect(call()).rejects.toMatchObject(refused);
    await expect(set('Active')).rejects.toMatchObject(
      refusal('NoSuchEntityException', `The Access Key with id ${AccessKeyId} cannot be found`),
    );
    expect((await iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata).toEqual([]);
  });

  it('[AC-ENTITY-4] are two a user', async () => {
    const { name: UserName } = await createUser(bench);
    await iam.send(new CreateAccessKeyCommand({ UserName }));
    await expect(iam.send(new CreateAccessKeyCommand({ UserName }))).rejects.toMatchObject(
      refusal('LimitExceededException', 'Cannot exceed quota for AccessKeysPerUser: 2'),
    );
  });

  it('[AC-KEY-3] are the caller’s own where no user is named', async () => {
    const user = await createUser(bench, allow('iam:*'));
    const self = new IAMClient(as(user.credentials));
    expect((await self.send(new GetUserCommand({}))).User!.UserName).toBe(user.name);
    expect((await self.send(new ListAccessKeysCommand({}))).AccessKeyMetadata).toHaveLength(1);
    expect((await iam.send(new GetUserCommand({}))).User!.Arn).toBe(`arn:aws:iam::${ACCOUNT}:root`);
    await expect(iam.send(new CreateAccessKeyCommand({}))).rejects.toMatchObject(
      refusal('ValidationError', 'Must specify userName when calling with non-User credentials'),
    );
  });

  it('[AC-KEY-4] remember when they were last used', async () => {
    const { credentials } = await createUser(bench);
    const key = () => bench.services.iamAccessKeys.find(credentials.accessKeyId)!;
    expect(key().lastUsed).toBeUndefined();
    await new STSClient(as(credentials)).send(new GetCallerIdentityCommand({}));
    expect(key().lastUsed).toEqual({ at: bench.services.clock.now(), service: 'sts', region: 'us-east-1' });
  });
});

describe('what users may do', () => {
  const denied = (arn: string, action: string, resource: string, why: string) =>
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;

  it('[AC-USER-1] is what their policies allow, inline and managed', async () => {
    const user = await createUser(bench);
    const identity = new CognitoIdentityClient(as(user.credentials));
    const list = () => identity.send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
    const action = 'cognito-identity:ListIdentityPools';
    await expect(list()).rejects.toMatchObject(
      refusal(
        'AccessDeniedException',
        denied(user.arn, action, '*', `because no identity-based policy allows the ${action} action`),
      ),
    );
    await iam.send(
      new AttachUserPolicyCommand({
        UserName: user.name,
        PolicyArn: 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly',
      }),
    );
    await list();
    await expect(
      identity.send(new CreateIdentityPoolCommand({ IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
    // For sync they are developer credentials: no identity is behind them.
    const sync = new CognitoSyncClient(as(user.credentials));
    expect((await sync.send(new ListIdentityPoolUsageCommand({}))).Count).toBe(0);
  });

  it('[AC-USER-1] in IAM it is bound to the ARNs of what is named, with their paths', async () => {
    const RoleName = unique('Role');
    await iam.send(new CreateRoleCommand({ RoleName, Path: '/app/', AssumeRolePolicyDocument: trusting('*') }));
    const user = await createUser(bench, allow('iam:GetRole', `arn:aws:iam::${ACCOUNT}:role/app/*`));
    const self = new IAMClient(as(user.credentials));
    await self.send(new GetRoleCommand({ RoleName }));
    await expect(self.send(new GetRoleCommand({ RoleName: 'Other' }))).rejects.toMatchObject(
      refusal(
        'AccessDenied',
        denied(
          user.arn,
          'iam:GetRole',
          `arn:aws:iam::${ACCOUNT}:role/Other`,
          'because no identity-based policy allows the iam:GetRole action',
        ),
      ),
    );
  });

  it('[AC-BOUNDARY-1] ends at their permissions boundary', async () => {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: unique('bound'), PolicyDocument: policy(allow('cognito-identity:List*')) }),
    );
    const UserName = unique('user');
    await iam.send(new CreateUserCommand({ UserName, PermissionsBoundary: Policy!.Arn }));
    await iam.send(
      new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(allow('cognito-identity:*')) }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const identity = new CognitoIdentityClient(
      as({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }),
    );
    await identity.send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
    await expect(
      identity.send(new CreateIdentityPoolCommand({ IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true })),
    ).rejects.toMatchObject({
      message: expect.stringMatching(
        /because no permissions boundary allows the cognito-identity:CreateIdentityPool action$/,
      ) as string,
    });
  });

  it('[AC-KEYS-2] depends on who they are: aws:username, aws:userid, their tags', async () => {
    const own = allow('cognito-identity:ListIdentityPools', '*', {
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' }, StringLike: { 'aws:username': 'tagged*' } },
    });
    for (const [team, isAllowed] of [
      ['red', true],
      ['blue', false],
    ] as const) {
      const UserName = `tagged-${team}`;
      await iam.send(new CreateUserCommand({ UserName, Tags: [{ Key: 'team', Value: team }] }));
      await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(own) }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      const call = new CognitoIdentityClient(
        as({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }),
      ).send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
      if (isAllowed) expect((await call).IdentityPools).toBeDefined();
      else await expect(call).rejects.toMatchObject({ name: 'AccessDeniedException' });
    }
  });
});
