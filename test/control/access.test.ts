import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessExplanation, AccessRole } from '../../src/shared/bench-api.ts';
import { ACCOUNT, startBench, type TestBench } from '../harness/bench.ts';
import { allow, createUser, policy, ROOT, trusting } from '../services/iam/setup.ts';
import { createPool, getCredentials, getId } from '../services/identity-pools/setup.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
  const iam = new IAMClient(bench.sdk);
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'Reader',
      AssumeRolePolicyDocument: trusting(ROOT),
      Tags: [{ Key: 'team', Value: 'red' }],
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'Reader',
      PolicyName: 'reading',
      PolicyDocument: policy(
        allow('s3:GetObject', 'arn:aws:s3:::b/*', { Sid: 'Read' }),
        allow('s3:PutObject', 'arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*', { Sid: 'Write' }),
      ),
    }),
  );
});
afterAll(() => bench.stop());

const explain = (question: object) => bench.call<AccessExplanation>('POST', '/access/explain', question);

describe('the access screen', () => {
  it('[AC-EXPLAIN-1] explains what a role may do, statement by statement', async () => {
    const allowed = await explain({ role: 'Reader', action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' });
    expect(allowed).toMatchObject({
      principal: `arn:aws:iam::${ACCOUNT}:role/Reader`,
      decision: 'allowed',
      decided: 'Allowed by statement Read of reading.',
      context: { 'aws:PrincipalTag/team': 'red' },
      missingContext: ['cognito-identity.amazonaws.com:sub'],
      sets: [
        {
          type: 'identity-based policy',
          policies: [
            {
              name: 'reading',
              statements: [
                { statement: 'Read', effect: 'Allow', matches: true },
                { statement: 'Write', effect: 'Allow', matches: false, missed: 'action' },
              ],
            },
          ],
        },
      ],
    });
    const denied = await explain({ role: 'Reader', action: 's3:PutObject', resource: 'arn:aws:s3:::b/x/k' });
    expect(denied).toMatchObject({
      decision: 'implicit-deny',
      decided: 'No identity-based policy allows it; statement Write of reading misses by its resource.',
    });
    const withContext = await explain({
      role: 'Reader',
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::b/x/k',
      context: { 'cognito-identity.amazonaws.com:sub': 'x' },
    });
    expect(withContext.decision).toBe('allowed');
  });

  it('[AC-EXPLAIN-1] explains vended credentials, with their session policies, and users', async () => {
    const poolId = await createPool(bench);
    const { credentials } = await getCredentials(bench, await getId(bench, poolId));
    const guest = await explain({ principal: credentials.accessKeyId, action: 'kinesis:PutRecord' });
    expect(guest.decision).toBe('implicit-deny');
    expect(guest.sets.map(({ type, decision }) => [type, decision])).toEqual([
      ['identity-based policy', 'implicit-deny'],
      ['session policy', 'implicit-deny'],
    ]);
    const byArn = await explain({
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/Guest/CognitoIdentityCredentials`,
      action: 'cognito-sync:ListDatasets',
    });
    expect(byArn.decision).toBe('allowed');
    const user = await createUser(bench, allow('s3:*'));
    for (const principal of [user.arn, user.credentials.accessKeyId]) {
      expect((await explain({ principal, action: 's3:GetObject' })).decision).toBe('allowed');
    }
  });

  it('[AC-EXPLAIN-1] says what it cannot explain', async () => {
    await expect(explain({ role: 'Nobody', action: 's3:GetObject' })).rejects.toThrow(/no role named Nobody/);
    await expect(explain({ principal: 'ASIAUNKNOWN', action: 's3:GetObject' })).rejects.toThrow(/404/);
    await expect(explain({ role: 'Reader', action: 'nonsense' })).rejects.toThrow(/400/);
    await expect(explain({ action: 's3:GetObject' })).rejects.toThrow(/either principal/);
  });

  it('lists the roles with their policies and who made them', async () => {
    await createPool(bench);
    const roles = await bench.call<AccessRole[]>('GET', '/access/roles');
    expect(roles.map(({ name, madeBy }) => [name, madeBy])).toEqual([
      ['Guest', 'bench'],
      ['Reader', 'developer'],
      ['User', 'bench'],
    ]);
    expect(roles[1]).toMatchObject({ inlinePolicies: [{ name: 'reading' }], tags: { team: 'red' } });
  });

  it('[AC-EXPLAIN-1] explains a role as a guest has it, with the session policies of guests', async () => {
    const iam = new IAMClient(bench.sdk);
    const RoleName = 'Streamer';
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(ROOT) }));
    const PolicyDocument = policy(allow('kinesis:PutRecord', '*', { Sid: 'Stream' }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'streaming', PolicyDocument }));

    const question = { role: RoleName, action: 'kinesis:PutRecord' };
    expect((await explain(question)).decided).toBe('Allowed by statement Stream of streaming.');
    const guest = await explain({ ...question, guest: true });
    expect(guest.decided).toContain('No session policy allows it');
    expect(guest.sets.map(({ type, decision }) => [type, decision])).toEqual([
      ['identity-based policy', 'allowed'],
      ['session policy', 'implicit-deny'],
    ]);
  });
});
