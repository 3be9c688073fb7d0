import { CognitoIdentityClient, ListIdentityPoolsCommand } from '@aws-sdk/client-cognito-identity';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUserPoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser, policy, ROOT, trusting, unique } from './setup.ts';

const ACTION = 'cognito-identity:ListIdentityPools';
const ALLOWING = policy(allow(ACTION));
const DENYING = policy({ Effect: 'Deny', Action: ACTION, Resource: '*' });
const OTHER = policy(allow('s3:GetObject'));

describe('permissions that are remembered', () => {
  let bench: TestBench;
  let iam: IAMClient;
  let RoleName: string;

  beforeAll(async () => {
    bench = await startBench();
    iam = new IAMClient(bench.sdk);
  });
  afterAll(() => bench.stop());
  beforeEach(() => {
    RoleName = unique('role');
  });

  const makeRole = (more: { PermissionsBoundary?: string } = {}) =>
    iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(ROOT), ...more }));
  const makePolicy = async (PolicyDocument: string): Promise<string> => {
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: unique('policy'), PolicyDocument }));
    return Policy!.Arn!;
  };
  const put = (PolicyDocument: string, PolicyName = 'own') =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  const newVersion = (PolicyArn: string, PolicyDocument: string) =>
    iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));

  /** One session of the role; each call with it says whether it was let in. */
  const assume = async (): Promise<() => Promise<boolean>> => {
    const { Credentials } = await new STSClient(bench.sdk).send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::000000000000:role/${RoleName}`,
        RoleSessionName: 'one',
      }),
    );
    return callerOf(Credentials!);
  };
  const callerOf = (vended: { AccessKeyId?: string; SecretAccessKey?: string; SessionToken?: string }) => {
    const credentials = {
      accessKeyId: vended.AccessKeyId!,
      secretAccessKey: vended.SecretAccessKey!,
      sessionToken: vended.SessionToken!,
    };
    const client = new CognitoIdentityClient({ ...bench.sdk, credentials });
    return async (): Promise<boolean> => {
      try {
        await client.send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
        return true;
      } catch (error) {
        expect((error as Error).name).toBe('AccessDeniedException');
        return false;
      }
    };
  };

  it('[AC-CACHE-1] follow an inline policy that is written, replaced and deleted, from the very next call on', async () => {
    await makeRole();
    const mayList = await assume();
    expect(await mayList()).toBe(false);
    await put(ALLOWING);
    expect(await mayList()).toBe(true);
    expect(await mayList()).toBe(true);
    await put(OTHER);
    expect(await mayList()).toBe(false);
    await put(ALLOWING);
    await put(DENYING, 'second');
    expect(await mayList()).toBe(false);
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'second' }));
    expect(await mayList()).toBe(true);
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    expect(await mayList()).toBe(false);
  });

  it('[AC-CACHE-1] follow a managed policy that is attached, changed and detached', async () => {
    await makeRole();
    const PolicyArn = await makePolicy(ALLOWING);
    const mayList = await assume();
    expect(await mayList()).toBe(false);
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    expect(await mayList()).toBe(true);
    await newVersion(PolicyArn, OTHER);
    expect(await mayList()).toBe(false);
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(await mayList()).toBe(true);
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    expect(await mayList()).toBe(false);
  });

  it('[AC-CACHE-1] follow the boundary of the role', async () => {
    const PermissionsBoundary = await makePolicy(ALLOWING);
    await makeRole({ PermissionsBoundary });
    await put(ALLOWING);
    const mayList = await assume();
    expect(await mayList()).toBe(true);
    await newVersion(PermissionsBoundary, OTHER);
    expect(await mayList()).toBe(false);
  });

  it('[AC-CACHE-1] follow the tags of the role, and its end', async () => {
    await makeRole();
    await put(policy(allow(ACTION, '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } })));
    const mayList = await assume();
    expect(await mayList()).toBe(false);
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'team', Value: 'red' }] }));
    expect(await mayList()).toBe(true);
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['team'] }));
    expect(await mayList()).toBe(false);
    await put(ALLOWING);
    expect(await mayList()).toBe(true);
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    expect(await mayList()).toBe(false);
  });

  it('[AC-CACHE-1] [AC-RECREATE-1] are not those of another role of the same name', async () => {
    await makeRole();
    await put(ALLOWING);
    const mayList = await assume();
    expect(await mayList()).toBe(true);
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    await makeRole();
    await put(ALLOWING);
    expect(await mayList()).toBe(false);
    expect(await (await assume())()).toBe(true);
  });

  it('[AC-RECREATE-1] are not those of another user of the same name', async () => {
    const user = await createUser(bench, allow(ACTION));
    const sts = new STSClient({ ...bench.sdk, credentials: user.credentials });
    const mayList = callerOf((await sts.send(new GetSessionTokenCommand({}))).Credentials!);
    expect(await mayList()).toBe(true);
    const UserName = user.name;
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
    const { AccessKeyId } = AccessKeyMetadata![0]!;
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKeyId! }));
    for (const PolicyName of (await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames!) {
      await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    }
    await iam.send(new DeleteUserCommand({ UserName }));
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: ALLOWING }));
    expect(await mayList()).toBe(false);
  });

  it('[AC-CACHE-1] follow the policies of the user behind a session', async () => {
    const user = await createUser(bench, allow(ACTION));
    const sts = new STSClient({ ...bench.sdk, credentials: user.credentials });
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    const mayList = callerOf(Credentials!);
    expect(await mayList()).toBe(true);
    await iam.send(new PutUserPolicyCommand({ UserName: user.name, PolicyName: 'own', PolicyDocument: OTHER }));
    expect(await mayList()).toBe(false);
    await iam.send(new PutUserPolicyCommand({ UserName: user.name, PolicyName: 'own', PolicyDocument: ALLOWING }));
    expect(await mayList()).toBe(true);
  });

  it('[AC-CACHE-1] are not those of a write that was taken back', async () => {
    await makeRole();
    const mayList = await assume();
    expect(await mayList()).toBe(false);
    const { store, iamRoles, iamRevisions } = bench.services;
    expect(() =>
      store.write(() => {
        iamRoles.putPolicy('000000000000', RoleName, { name: 'own', document: ALLOWING });
        expect(iamRevisions.of('000000000000')).toBeUndefined();
        throw new Error('taken back');
      }),
    ).toThrow('taken back');
    expect(await mayList()).toBe(false);
  });

  it('[AC-CACHE-1] end with a reset of the account', async () => {
    const own = await startBench();
    try {
      const there = new IAMClient(own.sdk);
      await there.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(ROOT) }));
      await there.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: ALLOWING }));
      const { Credentials } = await new STSClient(own.sdk).send(
        new AssumeRoleCommand({ RoleArn: `arn:aws:iam::000000000000:role/${RoleName}`, RoleSessionName: 'one' }),
      );
      const client = new CognitoIdentityClient({
        ...own.sdk,
        credentials: {
          accessKeyId: Credentials!.AccessKeyId!,
          secretAccessKey: Credentials!.SecretAccessKey!,
          sessionToken: Credentials!.SessionToken!,
        },
      });
      const list = () => client.send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
      await list();
      const session = own.services.vendor.find(Credentials!.AccessKeyId!);
      expect(session).toBeDefined();
      await own.call('POST', '/reset', {});
      expect(own.services.vendor.find(Credentials!.AccessKeyId!)).toBeUndefined();
    } finally {
      await own.stop();
    }
  });
});
