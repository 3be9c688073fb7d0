import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
  type CreateRoleCommandInput,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { createPool, GUEST_ROLE, refusal } from '../identity-pools/setup.ts';
import { allow, policy, ROOT, trusting, unique } from './setup.ts';

let bench: TestBench;
let iam: IAMClient;

beforeAll(async () => {
  bench = await startBench();
  iam = new IAMClient(bench.sdk);
});
afterAll(() => bench.stop());

async function createRole(changes: Partial<CreateRoleCommandInput> = {}): Promise<string> {
  const RoleName = changes.RoleName ?? unique('Role');
  await iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument: trusting(ROOT), ...changes, RoleName }));
  return RoleName;
}

const READ = policy(allow('s3:GetObject', 'arn:aws:s3:::b/*'));

describe('roles', () => {
  it('[AC-ENTITY-5] [AC-ENTITY-6] come back as they were made, their trust policy percent-encoded', async () => {
    const trust = trusting(ROOT, { Condition: { StringEquals: { 'sts:ExternalId': `it's (one) of *!` } } });
    const made = await iam.send(
      new CreateRoleCommand({
        RoleName: 'EngineersRole',
        Path: '/app/',
        AssumeRolePolicyDocument: trust,
        Description: 'Those who build',
        MaxSessionDuration: 7200,
        Tags: [{ Key: 'team', Value: 'red' }],
      }),
    );
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'EngineersRole' }));
    expect(Role).toMatchObject({
      Path: '/app/',
      RoleName: 'EngineersRole',
      Arn: `arn:aws:iam::${ACCOUNT}:role/app/EngineersRole`,
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/) as string,
      Description: 'Those who build',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'red' }],
    });
    expect(Role!.RoleId).toBe(made.Role!.RoleId);
    expect(Role!.AssumeRolePolicyDocument).not.toMatch(/[!'()* {}"]/);
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(trust);
  });

  it('[AC-ENTITY-1] are told from those that are not there', async () => {
    const unknown = refusal('NoSuchEntityException', 'The role with name Nobody cannot be found.');
    const calls = [
      () => iam.send(new GetRoleCommand({ RoleName: 'Nobody' })),
      () => iam.send(new DeleteRoleCommand({ RoleName: 'Nobody' })),
      () => iam.send(new UpdateRoleCommand({ RoleName: 'Nobody' })),
      () => iam.send(new TagRoleCommand({ RoleName: 'Nobody', Tags: [] })),
      () => iam.send(new ListRolePoliciesCommand({ RoleName: 'Nobody' })),
      () => iam.send(new PutRolePolicyCommand({ RoleName: 'Nobody', PolicyName: 'p', PolicyDocument: READ })),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject(unknown);
  });

  it('[AC-ENTITY-2] have a name of their own, whatever its case', async () => {
    const RoleName = await createRole();
    await expect(createRole({ RoleName: RoleName.toUpperCase() })).rejects.toMatchObject(
      refusal('EntityAlreadyExistsException', `Role with name ${RoleName.toUpperCase()} already exists.`),
    );
  });

  it('change their description, longest session and trust', async () => {
    const RoleName = await createRole();
    await iam.send(new UpdateRoleCommand({ RoleName, Description: 'new', MaxSessionDuration: 43200 }));
    const { Role } = await iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: 'newer' }));
    expect(Role).toMatchObject({ Description: 'newer', MaxSessionDuration: 43200 });
    const trust = trusting('*');
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
    const { Role: changed } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(decodeURIComponent(changed!.AssumeRolePolicyDocument!)).toBe(trust);
    await expect(iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 60 }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('[AC-LIST-1] are listed page by page, in the order of their names', async () => {
    const stranger = new IAMClient(bench.sdkFor('222222222222'));
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const [index, RoleName] of names.entries()) {
      await stranger.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: trusting('*'),
          Path: index === 4 ? '/elsewhere/' : '/',
          Tags: [{ Key: 'k', Value: 'v' }],
        }),
      );
    }
    const found: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await stranger.send(new ListRolesCommand({ MaxItems: 2, ...(Marker && { Marker }) }));
      expect(page.Roles!.length).toBeLessThanOrEqual(2);
      expect(page.Roles![0]).not.toHaveProperty('Tags');
      expect(page.IsTruncated).toBe(page.Marker !== undefined);
      found.push(...page.Roles!.map(({ RoleName }) => RoleName!));
      Marker = page.Marker;
    } while (Marker);
    expect(found).toEqual(names);
    const { Roles } = await stranger.send(new ListRolesCommand({ PathPrefix: '/else' }));
    expect(Roles!.map(({ RoleName }) => RoleName)).toEqual(['e']);
    await expect(stranger.send(new ListRolesCommand({ Marker: 'made-up' }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('[AC-TAGS-1] have tags, whose keys are told apart without case', async () => {
    const RoleName = await createRole({ Tags: [{ Key: 'Team', Value: 'red' }] });
    const tag = (...Tags: { Key: string; Value: string }[]) => iam.send(new TagRoleCommand({ RoleName, Tags }));
    const read = async () => (await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags;
    await tag({ Key: 'team', Value: 'blue' }, { Key: 'department', Value: 'Engineering' });
    expect(await read()).toEqual([
      { Key: 'department', Value: 'Engineering' },
      { Key: 'team', Value: 'blue' },
    ]);
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['TEAM', 'unknown'] }));
    expect(await read()).toEqual([{ Key: 'department', Value: 'Engineering' }]);
    await expect(tag({ Key: 'a', Value: '1' }, { Key: 'A', Value: '2' })).rejects.toMatchObject(
      refusal('InvalidInputException', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'),
    );
    await expect(tag({ Key: 'aws:x', Value: '1' })).rejects.toMatchObject({ name: 'InvalidInputException' });
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    await expect(tag(...many)).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  it('[AC-ENTITY-3] are deleted once nothing hangs on them', async () => {
    const RoleName = await createRole();
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: unique('p'), PolicyDocument: READ }));
    const PolicyArn = Policy!.Arn!;
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: READ }));
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName }));
    await expect(remove()).rejects.toMatchObject(
      refusal('DeleteConflictException', 'Cannot delete entity, must detach all policies first.'),
    );
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject(
      refusal('DeleteConflictException', 'Cannot delete a policy attached to entities.'),
    );
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await expect(remove()).rejects.toMatchObject(
      refusal('DeleteConflictException', 'Cannot delete entity, must delete policies first.'),
    );
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    await remove();
    await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('[AC-ROLE-5] take the place of a role that the bench made on first use', async () => {
    await createPool(bench);
    const before = bench.services.iamRoles.find(ACCOUNT, 'Guest');
    expect(before).toMatchObject({ arn: GUEST_ROLE, madeBy: 'bench' });
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'Guest', AssumeRolePolicyDocument: trusting(ROOT) }),
    );
    expect(Role!.RoleId).not.toBe(before!.id);
    expect(bench.services.iamRoles.find(ACCOUNT, 'Guest')).toMatchObject({ madeBy: 'developer' });
    expect(bench.services.iamRoles.policies(ACCOUNT, 'Guest')).toEqual([]);
    await expect(createRole({ RoleName: 'Guest' })).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
    await iam.send(new DeleteRoleCommand({ RoleName: 'Guest' }));
  });

  it('[AC-ROLE-6] are left alone by the bench once somebody wrote their trust policy', async () => {
    await createPool(bench);
    const PolicyDocument = trusting('*');
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'Guest', PolicyDocument }));
    await createPool(bench);
    expect(bench.services.iamRoles.find(ACCOUNT, 'Guest')).toMatchObject({
      madeBy: 'developer',
      trustPolicy: PolicyDocument,
    });
    bench.services.iamRoles.remove(ACCOUNT, 'Guest');
  });
});

describe('inline policies of roles', () => {
  it('[AC-ENTITY-5] are put, read, listed and deleted', async () => {
    const RoleName = await createRole();
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'b', PolicyDocument: READ }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'a', PolicyDocument: READ }));
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'b' }));
    expect(decodeURIComponent(PolicyDocument!)).toBe(READ);
    expect(PolicyDocument).toMatch(/^%7B/);
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['a', 'b']);
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'b' }));
    const gone = refusal('NoSuchEntityException', 'The role policy with name b cannot be found.');
    await expect(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'b' }))).rejects.toMatchObject(gone);
    await expect(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'b' }))).rejects.toMatchObject(gone);
  });

  it('[AC-ENTITY-4] take 10,240 characters together, without white space', async () => {
    const RoleName = await createRole();
    const put = (PolicyName: string, characters: number) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName,
          PolicyDocument: `${' '.repeat(9000)}${policy(allow('s3:GetObject', `arn:aws:s3:::${'x'.repeat(characters)}`))}`,
        }),
      );
    await put('a', 6000);
    await put('a', 6001);
    await expect(put('b', 6000)).rejects.toMatchObject(
      refusal('LimitExceededException', `Maximum policy size of 10240 bytes exceeded for role ${RoleName}`),
    );
  });

  it('[AC-ENTITY-4] may be as large as they like without limits', async () => {
    await using free = await startBench({ limits: 'off' });
    const client = new IAMClient(free.sdk);
    await client.send(new CreateRoleCommand({ RoleName: 'Large', AssumeRolePolicyDocument: trusting('*') }));
    const PolicyDocument = policy(allow('s3:GetObject', `arn:aws:s3:::${'x'.repeat(20_000)}`));
    await client.send(new PutRolePolicyCommand({ RoleName: 'Large', PolicyName: 'p', PolicyDocument }));
    expect(free.services.iamRoles.policies(ACCOUNT, 'Large')).toHaveLength(1);
  });

  it('[AC-DOC-5] are refused when IAM would not keep them', async () => {
    const RoleName = await createRole();
    const put = (PolicyDocument: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
    await expect(put('{')).rejects.toMatchObject(
      refusal('MalformedPolicyDocumentException', 'Syntax errors in policy.'),
    );
    await expect(put(READ.replace('2012', '2008'))).rejects.toMatchObject(
      refusal('MalformedPolicyDocumentException', 'Policy document must be version 2012-10-17 or greater.'),
    );
    expect(bench.services.iamRoles.policies(ACCOUNT, RoleName)).toEqual([]);
  });

  it('[AC-DOC-7] and trust policies name principals that are there', async () => {
    const missing = `arn:aws:iam::${ACCOUNT}:user/Nobody`;
    await expect(createRole({ AssumeRolePolicyDocument: trusting(missing) })).rejects.toMatchObject(
      refusal('MalformedPolicyDocumentException', `Invalid principal in policy: "AWS":"${missing}"`),
    );
    const other = await createRole();
    await createRole({ AssumeRolePolicyDocument: trusting(`arn:aws:iam::${ACCOUNT}:role/${other}`) });
    await createRole({ AssumeRolePolicyDocument: trusting('arn:aws:iam::999999999999:user/Nobody') });
    await expect(createRole({ AssumeRolePolicyDocument: READ })).rejects.toMatchObject(
      refusal('MalformedPolicyDocumentException', 'Has prohibited field Resource.'),
    );
  });
});

describe('managed policies of roles', () => {
  it('[AC-POLICY-2] are attached and detached, those of AWS too', async () => {
    const RoleName = await createRole();
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonCognitoPowerUser';
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const list = async () => (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies;
    expect(await list()).toEqual([{ PolicyName: 'AmazonCognitoPowerUser', PolicyArn }]);
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    expect(await list()).toEqual([]);
    await expect(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))).rejects.toMatchObject(
      refusal('NoSuchEntityException', `Policy ${PolicyArn} was not found.`),
    );
    const unknown = 'arn:aws:iam::aws:policy/Unheard-of';
    await expect(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: unknown }))).rejects.toMatchObject(
      refusal('NoSuchEntityException', `Policy ${unknown} does not exist or is not attachable.`),
    );
  });

  it('[AC-ENTITY-4] are ten at most', async () => {
    const RoleName = await createRole();
    const attach = async () => {
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: unique('p'), PolicyDocument: READ }));
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }));
    };
    for (let index = 0; index < 10; index += 1) await attach();
    await expect(attach()).rejects.toMatchObject(
      refusal('LimitExceededException', 'Cannot exceed quota for PoliciesPerRole: 10'),
    );
  });
});
