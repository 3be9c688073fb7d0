import type { MappingRule, RoleMapping } from '../../../shared/aws/cognito-identity.ts';
import type { Json } from '../../../shared/json.ts';
import type { IdentityPoolRoles } from '../../store/repositories/identity-pools.ts';

/** Which role an identity gets, and why. Pure: the same question always has the same answer. */

export interface RoleQuestion {
  readonly roles: IdentityPoolRoles;
  /** By the provider's name; a user pool's with its app client, an OIDC or SAML provider's by its ARN. */
  readonly mappings: { readonly [provider: string]: RoleMapping };
  readonly state: 'authenticated' | 'unauthenticated';
  /** The logins of the call, in its order. */
  readonly logins: readonly ChoosingLogin[];
  readonly customRoleArn: string | undefined;
}

export interface ChoosingLogin {
  readonly provider: string;
  readonly mappedAs?: string;
  readonly claims?: Claims;
}

interface Explanation {
  readonly rule: string;
  readonly decided: string;
  readonly inputs: { readonly [name: string]: Json };
}

export type RoleChoice =
  | ({ readonly chosen: true; readonly roleArn: string } & Explanation)
  | ({ readonly chosen: false; readonly because: 'no-role' | 'ambiguous' | 'not-permitted' } & Explanation);

type Claims = { readonly [name: string]: unknown };

export function chooseRole(question: RoleQuestion): RoleChoice {
  const { state, logins, mappings } = question;
  if (state === 'unauthenticated') return defaultRole(question, `The identity is ${state}`, 'IP-CREDS-1', {});
  // Of several mapped providers the first counts. [assumed]
  const mapped = logins.flatMap((login) => {
    const key = [login.mappedAs, login.provider].find((name) => name !== undefined && Object.hasOwn(mappings, name));
    return key === undefined ? [] : [{ key, mapping: mappings[key]!, claims: login.claims ?? {} }];
  })[0];
  if (mapped === undefined) {
    return defaultRole(question, 'No provider of the call has a role mapping', 'IP-CREDS-1', {
      providers: logins.map(({ provider, mappedAs }) => mappedAs ?? provider),
    });
  }
  const { key, mapping, claims } = mapped;
  return mapping.Type === 'Token'
    ? fromToken(question, key, mapping, claims)
    : fromRules(question, key, mapping, claims);
}

/** The role for the state; the only one to be had where nothing maps. */
function defaultRole(
  { roles, state, customRoleArn }: RoleQuestion,
  reason: string,
  rule: string,
  inputs: Explanation['inputs'],
): RoleChoice {
  const roleArn = roles[state];
  if (roleArn === undefined) {
    return {
      chosen: false,
      because: 'no-role',
      rule: 'IP-CREDS-1',
      decided: `${reason}, and the pool has no role for ${state} identities; SetIdentityPoolRoles gives it one.`,
      inputs: { ...inputs, state },
    };
  }
  if (customRoleArn !== undefined && customRoleArn !== roleArn) {
    return {
      chosen: false,
      because: 'not-permitted',
      rule: 'IP-CREDS-2',
      decided: `${reason}: the pool's own role is the only one to be had.`,
      inputs: { ...inputs, state, asked: customRoleArn, role: roleArn },
    };
  }
  return {
    chosen: true,
    roleArn,
    rule,
    decided: `${reason}: it gets the pool's role for ${state} identities.`,
    inputs: { ...inputs, state, role: roleArn },
  };
}

/** The user pool says it in the token: the role of the group with the lowest precedence. [IP-MAP-2] */
function fromToken(question: RoleQuestion, provider: string, mapping: RoleMapping, claims: Claims): RoleChoice {
  const { customRoleArn } = question;
  const roles = [claims['cognito:roles'] ?? []].flat().filter((role) => typeof role === 'string');
  const preferred = claims['cognito:preferred_role'];
  const inputs = {
    provider,
    type: 'Token',
    'cognito:roles': roles,
    'cognito:preferred_role': typeof preferred === 'string' ? preferred : null,
  };
  if (customRoleArn !== undefined) {
    return roles.includes(customRoleArn)
      ? {
          chosen: true,
          roleArn: customRoleArn,
          rule: 'IP-MAP-2',
          decided: 'The role that the call asks for is one of the roles in the token.',
          inputs: { ...inputs, role: customRoleArn },
        }
      : notPermitted('IP-MAP-2', 'The role that the call asks for is not one of the roles in the token.', {
          ...inputs,
          asked: customRoleArn,
        });
  }
  if (typeof preferred === 'string') {
    return {
      chosen: true,
      roleArn: preferred,
      rule: 'IP-MAP-2',
      decided: 'The token names its preferred role.',
      inputs: { ...inputs, role: preferred },
    };
  }
  return ambiguous(question, mapping, 'The token names no preferred role', inputs);
}

/** In order, and the first that matches wins. [IP-MAP-3] */
function fromRules(question: RoleQuestion, provider: string, mapping: RoleMapping, claims: Claims): RoleChoice {
  const { customRoleArn } = question;
  const rules = mapping.RulesConfiguration?.Rules ?? [];
  const tried = rules.map((rule) => ({ rule, matches: matches(rule, claims) }));
  const matching = tried.filter((attempt) => attempt.matches).map(({ rule }) => rule);
  const inputs = {
    provider,
    type: 'Rules',
    rules: tried.map(({ rule: { Claim, MatchType, Value, RoleARN }, matches: isMatch }) => ({
      rule: `${Claim} ${MatchType} ${Value}`,
      claim: textOf(claims[Claim]) ?? null,
      matches: isMatch,
      role: RoleARN,
    })),
  };
  if (customRoleArn !== undefined) {
    return matching.some(({ RoleARN }) => RoleARN === customRoleArn)
      ? {
          chosen: true,
          roleArn: customRoleArn,
          rule: 'IP-MAP-3',
          decided: 'The role that the call asks for is that of a rule that matches.',
          inputs: { ...inputs, role: customRoleArn },
        }
      : notPermitted('IP-MAP-3', 'The role that the call asks for is that of no rule that matches.', {
          ...inputs,
          asked: customRoleArn,
        });
  }
  const [first] = matching;
  if (first === undefined) return ambiguous(question, mapping, 'No rule matches', inputs);
  const { Claim, MatchType, Value, RoleARN } = first;
  return {
    chosen: true,
    roleArn: RoleARN,
    rule: 'IP-MAP-3',
    decided: `Rule ${rules.indexOf(first) + 1} is the first that matches: ${Claim} ${MatchType} ${Value}.`,
    inputs: { ...inputs, role: RoleARN },
  };
}

/** [IP-MAP-5] */
function ambiguous(
  question: RoleQuestion,
  { AmbiguousRoleResolution }: RoleMapping,
  reason: string,
  inputs: Explanation['inputs'],
): RoleChoice {
  if (AmbiguousRoleResolution === 'AuthenticatedRole') {
    const resolved = { ...inputs, resolution: AmbiguousRoleResolution };
    return defaultRole({ ...question, customRoleArn: undefined }, reason, 'IP-MAP-5', resolved);
  }
  return {
    chosen: false,
    because: 'ambiguous',
    rule: 'IP-MAP-5',
    decided: `${reason}, and the mapping denies the request then.`,
    inputs: { ...inputs, resolution: 'Deny' },
  };
}

function notPermitted(rule: string, decided: string, inputs: Explanation['inputs']): RoleChoice {
  return { chosen: false, because: 'not-permitted', rule, decided, inputs };
}

/** An absent claim matches nothing, not even NotEqual. [IP-MAP-4] */
export function matches({ Claim, MatchType, Value }: MappingRule, claims: Claims): boolean {
  const claim = textOf(Object.hasOwn(claims, Claim) ? claims[Claim] : undefined);
  if (claim === undefined) return false;
  switch (MatchType) {
    case 'Equals':
      return claim === Value;
    case 'Contains':
      return claim.includes(Value);
    case 'StartsWith':
      return claim.startsWith(Value);
    default:
      return claim !== Value;
  }
}

/** Lists and objects compare by their text; which text AWS makes of them is not known. [assumed] */
function textOf(claim: unknown): string | undefined {
  if (claim === undefined || claim === null) return undefined;
  return typeof claim === 'string' ? claim : JSON.stringify(claim);
}
