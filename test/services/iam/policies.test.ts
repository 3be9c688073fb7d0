import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { refusal } from '../identity-pools/setup.ts';
import { allow, policy, trusting, unique } from './setup.ts';

let bench: TestBench;
let iam: IAMClient;

beforeAll(async () => {
  bench = await startBench();
  iam = new IAMClient(bench.sdk);
});
afterAll(() => bench.stop());

const READ = policy(allow('s3:GetObject'));
const WRITE = policy(allow('s3:PutObject'));

async function createPolicy(changes: object = {}): Promise<string> {
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: unique('Policy'), PolicyDocument: READ, ...changes }),
  );
  return Policy!.Arn!;
}

describe('managed policies', () => {
  it('[AC-ENTITY-6] come back as they were made, with how often they are used', async () => {
    const PolicyArn = await createPolicy({
      PolicyName: 'TestAppEngineerPolicy',
      Path: '/app/',
      Description: 'For engineers',
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    expect(PolicyArn).toBe(`arn:aws:iam::${ACCOUNT}:policy/app/TestAppEngineerPolicy`);
    const UserName = unique('user');
    await iam.send(new CreateUserCommand({ UserName, PermissionsBoundary: PolicyArn }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy).toMatchObject({
      PolicyName: 'TestAppEngineerPolicy',
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/) as string,
      Arn: PolicyArn,
      Path: '/app/',
      DefaultVersionId: 'v1',
      AttachmentCount: 1,
      PermissionsBoundaryUsageCount: 1,
      IsAttachable: true,
      Description: 'For engineers',
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
  });

  it('[AC-ENTITY-2] have a name of their own', async () => {
    await createPolicy({ PolicyName: 'Once' });
    await expect(createPolicy({ PolicyName: 'once', Path: '/other/' })).rejects.toMatchObject(
      refusal('EntityAlreadyExistsException', 'A policy called once already exists. Duplicate names are not allowed.'),
    );
  });

  it('[AC-POLICY-1] have versions, of which one counts', async () => {
    const PolicyArn = await createPolicy();
    const add = async (SetAsDefault: boolean) =>
      (await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: WRITE, SetAsDefault })))
        .PolicyVersion!;
    expect(await add(false)).toMatchObject({ VersionId: 'v2', IsDefaultVersion: false });
    expect(await add(true)).toMatchObject({ VersionId: 'v3', IsDefaultVersion: true });
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy!.DefaultVersionId).toBe('v3');
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(PolicyVersion).toMatchObject({ VersionId: 'v1', IsDefaultVersion: false });
    expect(decodeURIComponent(PolicyVersion!.Document!)).toBe(READ);

    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(bench.services.access.managedPolicy(ACCOUNT, PolicyArn)).toBe(READ);
    const list = async (more: object = {}) => {
      const { Versions, Marker } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, ...more }));
      return { ids: Versions!.map(({ VersionId }) => VersionId), Marker };
    };
    expect((await list()).ids).toEqual(['v3', 'v2', 'v1']);
    const page = await list({ MaxItems: 2 });
    expect(page.ids).toEqual(['v3', 'v2']);
    expect((await list({ Marker: page.Marker })).ids).toEqual(['v1']);

    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v3' }));
    expect((await add(false)).VersionId).toBe('v4');
    await expect(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))).rejects.toMatchObject(
      refusal('DeleteConflictException', 'Cannot delete the default version of a policy.'),
    );
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: expect.stringMatching(/^This policy has more than one version\./) as string,
    });
  });

  it('[AC-ENTITY-4] have five versions at most, and 6,144 characters', async () => {
    const PolicyArn = await createPolicy();
    const add = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: WRITE }));
    for (let index = 0; index < 4; index += 1) await add();
    await expect(add()).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringMatching(/^A managed policy can have up to 5 versions\./) as string,
    });
    const PolicyDocument = policy(allow('s3:GetObject', `arn:aws:s3:::${'x'.repeat(6200)}`));
    await expect(createPolicy({ PolicyDocument })).rejects.toMatchObject(
      refusal('LimitExceededException', 'Cannot exceed quota for PolicySize: 6144'),
    );
  });

  it('[AC-POLICY-2] of AWS are there to be read and nobody’s to change', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly';
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy).toMatchObject({ PolicyName: 'AmazonCognitoReadOnly', DefaultVersionId: 'v1' });
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(JSON.parse(decodeURIComponent(PolicyVersion!.Document!))).toMatchObject({ Version: '2012-10-17' });
    expect((await iam.send(new ListPolicyVersionsCommand({ PolicyArn }))).Versions).toHaveLength(1);
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: READ }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('[AC-ENTITY-1] are told from those that are not there', async () => {
    const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/Nothing`;
    await expect(iam.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject(
      refusal('NoSuchEntityException', `Policy ${PolicyArn} was not found.`),
    );
    const absent = refusal('NoSuchEntityException', `Policy ${PolicyArn} does not exist or is not attachable.`);
    for (const command of [
      new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }),
      new ListPolicyVersionsCommand({ PolicyArn }),
      new DeletePolicyCommand({ PolicyArn }),
      new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }),
    ]) {
      await expect(iam.send(command as GetPolicyVersionCommand)).rejects.toMatchObject(absent);
    }
    const known = await createPolicy();
    await expect(iam.send(new GetPolicyVersionCommand({ PolicyArn: known, VersionId: 'v9' }))).rejects.toMatchObject(
      refusal('NoSuchEntityException', `Policy ${known} version v9 does not exist or is not attachable.`),
    );
    await expect(createPolicy({ PolicyDocument: '[]' })).rejects.toMatchObject(
      refusal('MalformedPolicyDocumentException', 'Syntax errors in policy.'),
    );
  });

  it('[AC-LIST-1] are listed by whose they are and by use', async () => {
    const stranger = new IAMClient(bench.sdkFor('333333333333'));
    await stranger.send(new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument: READ, Description: 'd' }));
    const list = async (input: object) =>
      (await stranger.send(new ListPoliciesCommand(input))).Policies!.map(({ PolicyName }) => PolicyName);
    expect(await list({ Scope: 'Local' })).toEqual(['own']);
    expect(await list({ Scope: 'AWS' })).toContain('AmazonCognitoDeveloperAuthenticatedIdentities');
    expect(await list({})).toContain('own');
    expect(await list({ OnlyAttached: true })).toEqual([]);
    expect(await list({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual([]);
    expect(await list({ PathPrefix: '/nowhere/' })).toEqual([]);
    const { Policies, Marker } = await stranger.send(new ListPoliciesCommand({ MaxItems: 1 }));
    expect(Policies).toHaveLength(1);
    expect(Policies![0]).not.toHaveProperty('Description');
    const rest = await stranger.send(new ListPoliciesCommand({ Marker: Marker! }));
    expect(rest.IsTruncated).toBe(false);
  });

  it('[AC-BOUNDARY-1] are there before they are a boundary', async () => {
    const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/Nothing`;
    const absent = { name: 'InvalidInputException' };
    await expect(
      iam.send(new CreateUserCommand({ UserName: unique('user'), PermissionsBoundary })),
    ).rejects.toMatchObject(absent);
    await expect(
      iam.send(
        new CreateRoleCommand({
          RoleName: unique('Role'),
          AssumeRolePolicyDocument: trusting('*'),
          PermissionsBoundary,
        }),
      ),
    ).rejects.toMatchObject(absent);
  });
});
