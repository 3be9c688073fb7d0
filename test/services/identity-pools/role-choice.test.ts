import { describe, expect, it } from 'vitest';
import type { MappingRule, RoleMapping } from '../../../src/shared/aws/cognito-identity.ts';
import { chooseRole, matches, type RoleQuestion } from '../../../src/main/services/identity-pools/role-choice.ts';

const USER = 'arn:aws:iam::000000000000:role/User';
const GUEST = 'arn:aws:iam::000000000000:role/Guest';
const ENGINEER = 'arn:aws:iam::000000000000:role/Engineer';
const ADMIN = 'arn:aws:iam::000000000000:role/Admin';
const POOL = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_a';
const MAPPED = `${POOL}:client`;

const rule = (changes: Partial<MappingRule> = {}): MappingRule => ({
  Claim: 'custom:department',
  MatchType: 'Equals',
  Value: 'Engineering',
  RoleARN: ENGINEER,
  ...changes,
});

const rules = (AmbiguousRoleResolution: 'AuthenticatedRole' | 'Deny', ...Rules: MappingRule[]): RoleMapping => ({
  Type: 'Rules',
  AmbiguousRoleResolution,
  RulesConfiguration: { Rules },
});

function ask(
  mapping: RoleMapping | undefined,
  claims: { readonly [name: string]: unknown },
  changes: Partial<RoleQuestion> = {},
) {
  return chooseRole({
    roles: { authenticated: USER, unauthenticated: GUEST },
    mappings: mapping ? { [MAPPED]: mapping } : {},
    state: 'authenticated',
    logins: [{ provider: POOL, mappedAs: MAPPED, claims }],
    customRoleArn: undefined,
    ...changes,
  });
}

describe('the role of an identity', () => {
  it('[IP-MAP-1] is the pool’s own where no provider is mapped, and for guests', () => {
    expect(ask(undefined, {})).toMatchObject({ chosen: true, roleArn: USER, rule: 'IP-CREDS-1' });
    const mapping = rules('Deny', rule());
    expect(ask(mapping, {}, { logins: [{ provider: 'other.example.com' }] })).toMatchObject({ roleArn: USER });
    expect(ask(mapping, {}, { state: 'unauthenticated', logins: [] })).toMatchObject({ roleArn: GUEST });
    expect(ask(mapping, {}, { state: 'unauthenticated', logins: [], roles: {} })).toMatchObject({
      chosen: false,
      because: 'no-role',
    });
  });

  it('[IP-MAP-1] comes from the first provider of the call that is mapped', () => {
    const other = 'accounts.google.com';
    const choice = ask(
      undefined,
      {},
      {
        mappings: { [MAPPED]: rules('Deny', rule()), [other]: rules('Deny', rule({ Claim: 'sub', RoleARN: ADMIN })) },
        logins: [
          { provider: 'unmapped.example.com' },
          { provider: other, claims: { sub: 'Engineering' } },
          { provider: POOL, mappedAs: MAPPED, claims: { 'custom:department': 'Engineering' } },
        ],
      },
    );
    expect(choice).toMatchObject({ roleArn: ADMIN });
  });

  it.each<[string, object, string | undefined, string]>([
    ['its preferred role', { 'cognito:preferred_role': ADMIN, 'cognito:roles': [ADMIN, ENGINEER] }, undefined, ADMIN],
    ['the role asked for', { 'cognito:preferred_role': ADMIN, 'cognito:roles': [ADMIN, ENGINEER] }, ENGINEER, ENGINEER],
    ['one role that is no list', { 'cognito:roles': ENGINEER }, ENGINEER, ENGINEER],
    ['no preferred role', { 'cognito:roles': [ADMIN, ENGINEER] }, undefined, 'ambiguous'],
    ['nothing', {}, undefined, 'ambiguous'],
    ['a role asked for that is not in it', { 'cognito:roles': [ENGINEER] }, ADMIN, 'not-permitted'],
    ['the pool’s own role asked for', { 'cognito:roles': [ENGINEER] }, USER, 'not-permitted'],
  ])('[IP-MAP-2] from a token with %s', (_name, claims, customRoleArn, expected) => {
    const choice = ask({ Type: 'Token', AmbiguousRoleResolution: 'Deny' }, claims as { [name: string]: unknown }, {
      customRoleArn,
    });
    expect(choice.chosen ? choice.roleArn : choice.because).toBe(expected);
  });

  it('[IP-MAP-3] is that of the first rule that matches, and it is told which rules were tried', () => {
    const mapping = rules(
      'Deny',
      rule({ Value: 'Sales', RoleARN: USER }),
      rule(),
      rule({ MatchType: 'StartsWith', Value: 'Eng', RoleARN: ADMIN }),
    );
    const claims = { 'custom:department': 'Engineering' };
    expect(ask(mapping, claims)).toMatchObject({
      roleArn: ENGINEER,
      decided: 'Rule 2 is the first that matches: custom:department Equals Engineering.',
      inputs: {
        rules: [
          { rule: 'custom:department Equals Sales', claim: 'Engineering', matches: false },
          { rule: 'custom:department Equals Engineering', matches: true },
          { rule: 'custom:department StartsWith Eng', matches: true },
        ],
      },
    });
    expect(ask(mapping, claims, { customRoleArn: ADMIN })).toMatchObject({ roleArn: ADMIN });
    expect(ask(mapping, claims, { customRoleArn: USER })).toMatchObject({ chosen: false, because: 'not-permitted' });
  });

  it('[IP-MAP-5] is the pool’s own or none where nothing matches, as the mapping says', () => {
    expect(ask(rules('AuthenticatedRole', rule()), {})).toMatchObject({ roleArn: USER, rule: 'IP-MAP-5' });
    expect(ask(rules('Deny', rule()), {})).toMatchObject({ chosen: false, because: 'ambiguous' });
    expect(ask(rules('AuthenticatedRole', rule()), {}, { roles: {} })).toMatchObject({ because: 'no-role' });
    expect(ask({ Type: 'Token', AmbiguousRoleResolution: 'AuthenticatedRole' }, {})).toMatchObject({ roleArn: USER });
  });

  it.each<[MappingRule['MatchType'], unknown, boolean]>([
    ['Equals', 'Engineering', true],
    ['Equals', 'engineering', false],
    ['Equals', 'Engineering ', false],
    ['Equals', undefined, false],
    ['Contains', 'Software Engineering Europe', true],
    ['Contains', ['Engineering', 'Sales'], true],
    ['Contains', 'Sales', false],
    ['StartsWith', 'Engineering Europe', true],
    ['StartsWith', 'Software Engineering', false],
    ['NotEqual', 'Sales', true],
    ['NotEqual', 'Engineering', false],
    ['NotEqual', undefined, false],
    ['NotEqual', null, false],
  ])('[IP-MAP-4] %s of %j: %j', (MatchType, claim, expected) => {
    expect(matches(rule({ MatchType }), { 'custom:department': claim })).toBe(expected);
  });

  it('[IP-MAP-4] takes a claim by its whole name, and nothing that every object has', () => {
    expect(matches(rule({ Claim: 'department' }), { 'custom:department': 'Engineering' })).toBe(false);
    expect(matches(rule({ Claim: 'constructor', MatchType: 'NotEqual' }), {})).toBe(false);
    expect(matches(rule({ Claim: 'email_verified', Value: 'true' }), { email_verified: true })).toBe(true);
  });
});
