import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { refusal } from '../identity-pools/setup.ts';
import { allow, createUser, policy, ROOT, trusting, unique } from './setup.ts';

let bench: TestBench;
let iam: IAMClient;

beforeAll(async () => {
  bench = await startBench();
  iam = new IAMClient(bench.sdk);
});
afterAll(() => bench.stop());

const KEY = 'arn:aws:s3:::bucket/ada/key';

describe('SimulateCustomPolicy', () => {
  it('[AC-SIM-1] asks every action on every resource', async () => {
    const { EvaluationResults } = await iam.send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [
          policy(allow('s3:*', 'arn:aws:s3:::bucket/*'), { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' }),
        ],
        ActionNames: ['s3:GetObject', 's3:DeleteObject'],
        ResourceArns: [KEY, 'arn:aws:s3:::other/key'],
      }),
    );
    expect(
      EvaluationResults!.map(({ EvalActionName, EvalResourceName, EvalDecision }) => [
        EvalActionName,
        EvalResourceName,
        EvalDecision,
      ]),
    ).toEqual([
      ['s3:GetObject', KEY, 'allowed'],
      ['s3:GetObject', 'arn:aws:s3:::other/key', 'implicitDeny'],
      ['s3:DeleteObject', KEY, 'explicitDeny'],
      ['s3:DeleteObject', 'arn:aws:s3:::other/key', 'explicitDeny'],
    ]);
  });

  it('[AC-SIM-2] names the statements that matched, and where they stand', async () => {
    const text = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "sns:Publish", "Resource": "*" },
    {
      "Sid": "Read{ers}",
      "Effect": "Allow",
      "Action": ["s3:GetObject"],
      "Resource": "*"
    }
  ]
}`.replace('{ers}', '');
    const { EvaluationResults } = await iam.send(
      new SimulateCustomPolicyCommand({ PolicyInputList: [text], ActionNames: ['s3:GetObject'] }),
    );
    expect(EvaluationResults![0]).toMatchObject({
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      MatchedStatements: [
        {
          SourcePolicyId: 'PolicyInputList.1',
          SourcePolicyType: 'none',
          StartPosition: { Line: 5, Column: 5 },
          EndPosition: { Line: 10, Column: 6 },
        },
      ],
    });
  });

  it('[AC-SIM-2] tells which context is missing, and takes what it is given', async () => {
    const document = policy(
      allow('dynamodb:Query', '*', {
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${cognito-identity.amazonaws.com:sub}'] },
        },
      }),
      allow('s3:GetObject', 'arn:aws:s3:::bucket/${aws:username}/*'),
    );
    const ask = async (ContextEntries: object[]) =>
      (
        await iam.send(
          new SimulateCustomPolicyCommand({
            PolicyInputList: [document],
            ActionNames: ['s3:GetObject'],
            ResourceArns: [KEY],
            ContextEntries,
          }),
        )
      ).EvaluationResults![0]!;
    expect(await ask([])).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:username', 'cognito-identity.amazonaws.com:sub', 'dynamodb:LeadingKeys'],
    });
    const known = await ask([
      { ContextKeyName: 'aws:username', ContextKeyType: 'string', ContextKeyValues: ['ada'] },
      { ContextKeyName: 'dynamodb:LeadingKeys', ContextKeyType: 'stringList', ContextKeyValues: ['a', 'b'] },
    ]);
    expect(known).toMatchObject({
      EvalDecision: 'allowed',
      MissingContextValues: ['cognito-identity.amazonaws.com:sub'],
    });
  });

  it('[AC-SIM-1] asks a boundary and a resource’s own policy too', async () => {
    const ask = async (more: object) =>
      (
        await iam.send(
          new SimulateCustomPolicyCommand({
            PolicyInputList: [policy(allow('s3:PutObject'))],
            ActionNames: ['s3:GetObject', 's3:PutObject'],
            ResourceArns: [KEY],
            ...more,
          }),
        )
      ).EvaluationResults!.map(({ EvalDecision, PermissionsBoundaryDecisionDetail: detail }) => [
        EvalDecision,
        detail?.AllowedByPermissionsBoundary,
      ]);
    expect(await ask({ PermissionsBoundaryPolicyInputList: [policy(allow('s3:GetObject'))] })).toEqual([
      ['implicitDeny', true],
      ['implicitDeny', false],
    ]);
    const ResourcePolicy = policy(
      allow('s3:GetObject', KEY, { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/ada` } }),
    );
    const asAda = { ResourcePolicy, CallerArn: `arn:aws:iam::${ACCOUNT}:user/ada` };
    expect(await ask(asAda)).toEqual([
      ['allowed', undefined],
      ['allowed', undefined],
    ]);
    expect(await ask({ ...asAda, CallerArn: `arn:aws:iam::${ACCOUNT}:user/bob` })).toEqual([
      ['implicitDeny', undefined],
      ['allowed', undefined],
    ]);
  });

  it('[AC-SIM-3] refuses what is no policy', async () => {
    await expect(
      iam.send(new SimulateCustomPolicyCommand({ PolicyInputList: ['{}'], ActionNames: ['s3:GetObject'] })),
    ).rejects.toMatchObject(refusal('InvalidInputException', 'Syntax errors in policy.'));
  });

  it('[AC-LIST-1] answers page by page', async () => {
    const input = {
      PolicyInputList: [policy(allow('s3:GetObject'))],
      ActionNames: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    };
    const first = await iam.send(new SimulateCustomPolicyCommand({ ...input, MaxItems: 2 }));
    expect(first).toMatchObject({ IsTruncated: true });
    const rest = await iam.send(new SimulateCustomPolicyCommand({ ...input, Marker: first.Marker! }));
    expect(rest.EvaluationResults!.map(({ EvalActionName }) => EvalActionName)).toEqual(['s3:DeleteObject']);
  });
});

describe('SimulatePrincipalPolicy', () => {
  it('[AC-SIM-1] asks what a role has, inline and managed, and what the request adds', async () => {
    const RoleName = unique('Role');
    await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: trusting(ROOT),
        Tags: [{ Key: 'team', Value: 'red' }],
      }),
    );
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: unique('Managed'), PolicyDocument: policy(allow('s3:GetObject')) }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }));
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: 'inline',
        PolicyDocument: policy(
          allow('s3:PutObject', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } }),
        ),
      }),
    );
    const PolicySourceArn = `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn,
        PolicyInputList: [policy(allow('s3:ListBucket'))],
        ActionNames: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject'],
      }),
    );
    expect(
      EvaluationResults!.map(({ EvalDecision, MatchedStatements }) => [
        EvalDecision,
        MatchedStatements!.map(({ SourcePolicyType }) => SourcePolicyType),
      ]),
    ).toEqual([
      ['allowed', ['user-managed']],
      ['allowed', ['role']],
      ['allowed', ['none']],
      ['implicitDeny', []],
    ]);
  });

  it('[AC-SIM-1] asks what a user has', async () => {
    const user = await createUser(bench, allow('s3:GetObject', 'arn:aws:s3:::bucket/${aws:username}/*'));
    const ask = async (ResourceArn: string) =>
      (
        await iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: user.arn,
            ActionNames: ['s3:GetObject'],
            ResourceArns: [ResourceArn],
          }),
        )
      ).EvaluationResults![0]!.EvalDecision;
    expect(await ask(`arn:aws:s3:::bucket/${user.name}/k`)).toBe('allowed');
    expect(await ask(KEY)).toBe('implicitDeny');
  });

  it('[AC-ENTITY-1] [AC-SIM-3] needs a role or user that is there', async () => {
    const ask = (PolicySourceArn: string) =>
      iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['s3:GetObject'] }));
    await expect(ask(`arn:aws:iam::${ACCOUNT}:role/Nobody`)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    await expect(ask(`arn:aws:iam::${ACCOUNT}:user/Nobody`)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    await expect(ask(`arn:aws:sts::${ACCOUNT}:assumed-role/x/y`)).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });
});
