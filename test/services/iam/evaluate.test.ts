import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, evaluateTrust, type NamedPolicy } from '../../../src/main/services/iam/evaluate.ts';
import { parsePolicy } from '../../../src/main/services/iam/policy-document.ts';
import { contextOf } from '../../../src/main/services/iam/variables.ts';

function policy(name: string, ...statements: object[]): NamedPolicy {
  return { name, policy: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity') };
}

const allow = (changes: object = {}): object => ({ Effect: 'Allow', Action: '*', Resource: '*', ...changes });
const deny = (changes: object = {}): object => ({ ...allow(changes), Effect: 'Deny' });

function ask(
  sets: Parameters<typeof evaluate>[0],
  action = 's3:GetObject',
  resource = 'arn:aws:s3:::b/k',
  keys: { [key: string]: string } = {},
) {
  return evaluate(sets, { action, resource, context: contextOf(keys) });
}

const ALLOW = [policy('p', allow())];
const DENY = [policy('p', deny())];
const SILENT = [policy('p', allow({ Action: 'sns:Publish' }))];

describe('evaluation', () => {
  it('[AC-EVAL-4] looks up ten times as much for ten times the statements', () => {
    const lookUps = (statements: number): number => {
      let count = 0;
      const keys = contextOf({ 'aws:PrincipalTag/team': 'blue', 'cognito-identity.amazonaws.com:sub': 'me' });
      const counting = {
        get: (key: string) => {
          count += 1;
          return keys.get(key);
        },
      };
      const missing = Array.from({ length: statements }, (_, index) =>
        allow({
          Resource: `arn:aws:s3:::b/\${cognito-identity.amazonaws.com:sub}/*`,
          Condition: { StringLike: { 'aws:PrincipalTag/team': [`*red${index}*`, '${aws:PrincipalTag/team}x'] } },
        }),
      );
      const question = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/me/k', context: counting };
      expect(evaluate({ identity: [policy('p', ...missing)] }, question).decision).toBe('implicit-deny');
      return count;
    };
    // The resource's variable, the condition's key, and the variable of its second value.
    expect(lookUps(10)).toBe(30);
    expect(lookUps(100)).toBe(300);
  });

  it.each([
    ['an Allow', { identity: ALLOW }, 'allowed', undefined],
    ['nothing at all', { identity: [] }, 'implicit-deny', 'identity-based policy'],
    ['policies about something else', { identity: SILENT }, 'implicit-deny', 'identity-based policy'],
    ['a Deny', { identity: DENY }, 'explicit-deny', 'identity-based policy'],
    ['an Allow and a Deny', { identity: [...ALLOW, ...DENY] }, 'explicit-deny', 'identity-based policy'],
    ['an Allow in role and session', { identity: ALLOW, session: ALLOW }, 'allowed', undefined],
    ['a silent session policy', { identity: ALLOW, session: SILENT }, 'implicit-deny', 'session policy'],
    ['one of two session policies', { identity: ALLOW, session: [...SILENT, ...ALLOW] }, 'allowed', undefined],
    ['a session policy alone', { identity: SILENT, session: ALLOW }, 'implicit-deny', 'identity-based policy'],
    ['a Deny in the session', { identity: ALLOW, session: [...ALLOW, ...DENY] }, 'explicit-deny', 'session policy'],
    ['a silent boundary', { identity: ALLOW, boundary: SILENT[0]! }, 'implicit-deny', 'permissions boundary'],
    ['a Deny in the boundary', { identity: ALLOW, boundary: DENY[0]! }, 'explicit-deny', 'permissions boundary'],
    ['an Allow everywhere', { identity: ALLOW, boundary: ALLOW[0]!, session: ALLOW }, 'allowed', undefined],
  ])('[AC-EVAL-2] with %s', (_name, sets, decision, by) => {
    expect(ask(sets)).toMatchObject({ decision, ...(by && { by }) });
  });

  it('[AC-EVAL-1] names the statement that denied, and looks no further', () => {
    const sets = { identity: [policy('mine', allow(), deny({ Sid: 'NoSecrets', Action: 's3:*' }))] };
    expect(ask(sets).deciding).toEqual([
      { type: 'identity-based policy', policy: 'mine', statement: 'NoSecrets', effect: 'Deny' },
    ]);
  });

  it('[AC-EVAL-3] tells which statements missed, and by what', () => {
    const sets = {
      identity: [
        policy(
          'mine',
          allow({ Action: 'sns:*' }),
          allow({ Sid: 'Other', Resource: 'arn:aws:s3:::other/*' }),
          allow({ Sid: 'Red', Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } }),
        ),
      ],
    };
    expect(ask(sets).nearMisses).toEqual([
      expect.objectContaining({ statement: 'Other', missed: 'resource' }),
      expect.objectContaining({
        statement: 'Red',
        missed: 'condition',
        condition: 'StringEquals aws:PrincipalTag/team',
      }),
    ]);
  });

  it.each([
    ['s3:getobject', 'arn:aws:s3:::b/*', true],
    ['S3:Get*', 'arn:aws:s3:::b/*', true],
    ['s3:GetObject', 'arn:aws:s3:::B/*', false],
    ['s3:GetObject', 'arn:aws:s3', true],
    ['s3:GetObject', 'arn:aws:sns', false],
  ])('[AC-MATCH-2] %s on %s is %j', (Action, Resource, expected) => {
    const { decision } = ask({ identity: [policy('p', allow({ Action, Resource }))] });
    expect(decision === 'allowed').toBe(expected);
  });

  it('[AC-MATCH-3] NotAction and NotResource allow all but their list', () => {
    const notAction = { identity: [policy('p', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' })] };
    expect(ask(notAction).decision).toBe('implicit-deny');
    expect(ask(notAction, 'sns:Publish').decision).toBe('allowed');
    const notResource = { identity: [policy('p', { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b/*' })] };
    expect(ask(notResource).decision).toBe('implicit-deny');
    expect(ask(notResource, 's3:GetObject', 'arn:aws:s3:::c/k').decision).toBe('allowed');
  });

  it('[AC-VAR-1] a folder of its own is open to the identity that it is named for, and to no other', () => {
    const own = {
      identity: [policy('p', allow({ Resource: 'arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*' }))],
    };
    const me = { 'cognito-identity.amazonaws.com:sub': 'us-east-1:me' };
    expect(ask(own, 's3:GetObject', 'arn:aws:s3:::b/us-east-1:me/k', me).decision).toBe('allowed');
    expect(ask(own, 's3:GetObject', 'arn:aws:s3:::b/us-east-1:you/k', me).decision).toBe('implicit-deny');
    expect(ask(own, 's3:GetObject', 'arn:aws:s3:::b//k').decision).toBe('implicit-deny');
  });

  it('[AC-VAR-4] a NotResource without its value gives nothing and denies everything', () => {
    const statement = { Action: '*', NotResource: 'arn:aws:s3:::b/${missing}/*' };
    expect(ask({ identity: [policy('p', { Effect: 'Allow', ...statement })] }).decision).toBe('implicit-deny');
    expect(ask({ identity: [policy('p', allow(), { Effect: 'Deny', ...statement })] }).decision).toBe('explicit-deny');
  });

  it('[AC-COND-1] every key of a condition must hold', () => {
    const both = {
      identity: [policy('p', allow({ Condition: { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } } }))],
    };
    const ok = { a: '1', b: '2', c: 'true' };
    expect(ask(both, undefined, undefined, ok).decision).toBe('allowed');
    for (const key of ['a', 'b', 'c']) {
      expect(ask(both, undefined, undefined, { ...ok, [key]: 'x' }).decision).toBe('implicit-deny');
    }
  });

  const statements = fc.array(
    fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.constantFrom('*', 's3:*', 's3:GetObject', 'sns:Publish'),
      Resource: fc.constantFrom('*', 'arn:aws:s3:::b/*', 'arn:aws:s3:::c/*'),
    }),
    { minLength: 1, maxLength: 5 },
  );
  const sets = fc.record(
    {
      identity: statements.map((list) => [policy('i', ...list)]),
      session: statements.map((list) => [policy('s', ...list)]),
    },
    { requiredKeys: ['identity'] },
  );

  it('[AC-EVAL-1] one more Deny never opens anything, and denies what it matches', () => {
    fc.assert(
      fc.property(sets, (given) => {
        const stricter = { ...given, identity: [...given.identity, ...DENY] };
        expect(ask(stricter).decision).toBe('explicit-deny');
      }),
    );
  });

  it('[AC-EVAL-2] a session policy never gives more than the role has', () => {
    fc.assert(
      fc.property(sets, ({ identity, session }) => {
        const narrowed = ask({ identity, ...(session && { session }) }).decision;
        if (narrowed === 'allowed') expect(ask({ identity }).decision).toBe('allowed');
      }),
    );
  });

  it('[AC-EVAL-2] the order of policies and statements decides nothing', () => {
    fc.assert(
      fc.property(statements, (list) => {
        const forward = ask({ identity: [policy('p', ...list)] }).decision;
        expect(ask({ identity: [policy('p', ...list.toReversed())] }).decision).toBe(forward);
        expect(ask({ identity: list.map((entry, index) => policy(`p${index}`, entry)) }).decision).toBe(forward);
      }),
    );
  });
});

describe('trust policies', () => {
  const action = 'sts:AssumeRoleWithWebIdentity';
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: action,
    Condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': 'pool' },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
    },
  };
  const token = (aud: string, ...amr: string[]) => ({
    'cognito-identity.amazonaws.com:aud': aud,
    'cognito-identity.amazonaws.com:amr': amr,
  });
  const trusted = (
    entries: object[],
    principal: { Federated?: string; AWS?: string; Service?: string },
    keys: { [key: string]: string | string[] } = token('pool', 'authenticated', 'provider'),
  ): boolean =>
    evaluateTrust(parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: entries }), 'trust'), {
      action,
      principal,
      context: contextOf(keys),
    }).trusted;
  const cognito = { Federated: 'cognito-identity.amazonaws.com' };

  it('[AC-TRUST-1] lets in a token of its pool and state only', () => {
    expect(trusted([statement], cognito)).toBe(true);
    expect(trusted([statement], cognito, token('other', 'authenticated'))).toBe(false);
    expect(trusted([statement], cognito, token('pool', 'unauthenticated'))).toBe(false);
    expect(trusted([statement], { Federated: 'accounts.google.com' })).toBe(false);
    expect(trusted([{ ...statement, Action: 'sts:AssumeRole' }], cognito)).toBe(false);
    expect(trusted([statement, { ...statement, Effect: 'Deny' }], cognito)).toBe(false);
  });

  it.each<[string, unknown, { Federated?: string; AWS?: string; Service?: string }, boolean]>([
    ['everybody', '*', { AWS: 'arn:aws:iam::111111111111:user/me' }, true],
    ['every AWS principal', { AWS: '*' }, { AWS: 'arn:aws:iam::111111111111:user/me' }, true],
    ['an account', { AWS: '111111111111' }, { AWS: 'arn:aws:iam::111111111111:user/me' }, true],
    ['its root', { AWS: 'arn:aws:iam::111111111111:root' }, { AWS: 'arn:aws:iam::111111111111:user/me' }, true],
    ['another root', { AWS: 'arn:aws:iam::222222222222:root' }, { AWS: 'arn:aws:iam::111111111111:user/me' }, false],
    ['an account, asked by a provider', { AWS: '*' }, cognito, false],
    ['a service', { Service: 'lambda.amazonaws.com' }, { Service: 'lambda.amazonaws.com' }, true],
    ['a list', { Federated: ['x', 'cognito-identity.amazonaws.com'] }, cognito, true],
  ])('[AC-TRUST-1] reads %s as a principal', (_name, Principal, given, expected) => {
    expect(trusted([{ Effect: 'Allow', Principal, Action: action }], given)).toBe(expected);
  });
});
