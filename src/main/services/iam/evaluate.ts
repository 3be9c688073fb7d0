import { holds } from './conditions.ts';
import { padded, type Policy, type PrincipalPattern, type Selection, type Statement } from './policy-document.ts';
import { expandPattern, type ConditionContext } from './variables.ts';
import { matchesPattern } from './wildcards.ts';

export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
  /** Whose policy it is, as simulations tell it. */
  readonly source?: 'role' | 'user' | 'aws-managed' | 'user-managed' | 'resource' | 'none';
  /** The text that was parsed, so that a statement can be found in it. */
  readonly document?: string;
}

/** Everything that may say something about a caller. An absent set limits nothing. */
export interface PolicySets {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly session?: readonly NamedPolicy[];
  /** Of the resource itself; where it allows the principal, identity policies need not. */
  readonly resource?: NamedPolicy;
}

export type PolicyType = 'identity-based policy' | 'permissions boundary' | 'session policy' | 'resource-based policy';

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
  /** Who asks; only resource-based policies care. */
  readonly principal?: TrustQuestion['principal'];
}

/** How one statement stood to the question. */
export interface StatementVerdict {
  readonly type: PolicyType | 'trust policy';
  readonly policy: string;
  readonly statement: string;
  readonly effect: 'Allow' | 'Deny';
  /** The first part that did not match; absent when all of it did. */
  readonly missed?: 'principal' | 'action' | 'resource' | 'condition';
  /** The condition that did not hold, as `Operator key`. */
  readonly condition?: string;
}

export interface Verdict {
  readonly decision: 'allowed' | 'explicit-deny' | 'implicit-deny';
  /** Which type of policy denied, or failed to allow. */
  readonly by?: PolicyType;
  /** The statements that decided: those that allowed, or the one that denied. */
  readonly deciding: readonly StatementVerdict[];
  /** For an implicit deny: statements that spoke of the action and missed by resource or condition. */
  readonly nearMisses: readonly StatementVerdict[];
}

/** What one kind of policy says, statement by statement, in the order of the documents. */
export interface JudgedSet {
  readonly type: PolicyType;
  readonly policies: readonly { readonly named: NamedPolicy; readonly verdicts: readonly StatementVerdict[] }[];
}

/** Asks every statement of every policy; {@link decide} makes one verdict of it. */
export function judge(sets: PolicySets, question: Question): JudgedSet[] {
  const types: readonly [PolicyType, readonly NamedPolicy[] | undefined][] = [
    ['identity-based policy', sets.identity],
    ['permissions boundary', sets.boundary && [sets.boundary]],
    ['session policy', sets.session],
    ['resource-based policy', sets.resource && [sets.resource]],
  ];
  return types.flatMap(([type, policies]) =>
    policies === undefined
      ? []
      : [{ type, policies: policies.map((named) => ({ named, verdicts: judgePolicy(type, named, question) })) }],
  );
}

/** Explicit deny first; then every set that is there must allow, or the resource's own policy. */
export function decide(judged: readonly JudgedSet[]): Verdict {
  const flat = judged.map(({ type, policies }) => ({ type, verdicts: policies.flatMap(({ verdicts }) => verdicts) }));
  for (const { type, verdicts } of flat) {
    const denying = verdicts.find(({ effect, missed }) => effect === 'Deny' && missed === undefined);
    if (denying) return { decision: 'explicit-deny', by: type, deciding: [denying], nearMisses: [] };
  }
  const ofResource = flat.find(({ type }) => type === 'resource-based policy')?.verdicts.find(isAllow);
  if (ofResource) return { decision: 'allowed', deciding: [ofResource], nearMisses: [] };
  const deciding: StatementVerdict[] = [];
  for (const { type, verdicts } of flat) {
    if (type === 'resource-based policy') continue;
    const allowing = verdicts.find(isAllow);
    if (allowing === undefined) {
      const nearMisses = verdicts.filter(({ effect, missed }) => effect === 'Allow' && missed !== 'action');
      return { decision: 'implicit-deny', by: type, deciding: [], nearMisses };
    }
    deciding.push(allowing);
  }
  return { decision: 'allowed', deciding, nearMisses: [] };
}

export function evaluate(sets: PolicySets, question: Question): Verdict {
  return decide(judge(sets, question));
}

function isAllow({ effect, missed }: StatementVerdict): boolean {
  return effect === 'Allow' && missed === undefined;
}

function judgePolicy(type: PolicyType, { name, policy }: NamedPolicy, question: Question): StatementVerdict[] {
  const hasVariables = policy.version === '2012-10-17';
  const action = question.action.toLowerCase();
  return policy.statements.map((statement) => {
    const base = { type, policy: name, statement: statement.name, effect: statement.effect };
    if (!coversAction(statement, action)) return { ...base, missed: 'action' };
    if (type === 'resource-based policy' && !coversPrincipal(statement.principals, question.principal ?? {})) {
      return { ...base, missed: 'principal' };
    }
    if (!coversResource(statement, question, hasVariables)) return { ...base, missed: 'resource' };
    return { ...base, ...missedCondition(statement, question.context, hasVariables) };
  });
}

export interface TrustQuestion {
  readonly action: string;
  /** An AWS principal may go by several names: a session is its role, too. */
  readonly principal: {
    readonly Federated?: string | readonly string[];
    readonly AWS?: string | readonly string[];
    readonly Service?: string;
  };
  readonly context: ConditionContext;
}

export interface TrustVerdict {
  readonly trusted: boolean;
  /** A matching statement names the principal itself, and not only the account that it is in. */
  readonly isNamed: boolean;
  readonly statements: readonly StatementVerdict[];
}

/** A trust policy is the resource policy of its role: an Allow for action and principal, and no Deny. */
export function evaluateTrust(policy: Policy, question: TrustQuestion): TrustVerdict {
  const hasVariables = policy.version === '2012-10-17';
  const action = question.action.toLowerCase();
  let isNamed = false;
  const statements = policy.statements.map((statement): StatementVerdict => {
    const base = {
      type: 'trust policy' as const,
      policy: 'trust policy',
      statement: statement.name,
      effect: statement.effect,
    };
    if (!coversAction(statement, action)) return { ...base, missed: 'action' };
    if (!coversPrincipal(statement.principals, question.principal)) return { ...base, missed: 'principal' };
    const verdict = { ...base, ...missedCondition(statement, question.context, hasVariables) };
    isNamed ||= isAllow(verdict) && namesPrincipal(statement.principals, question.principal);
    return verdict;
  });
  const matching = statements.filter(({ missed }) => missed === undefined);
  return {
    trusted: matching.length > 0 && matching.every(({ effect }) => effect === 'Allow'),
    isNamed,
    statements,
  };
}

/** Actions do not care about case. */
function coversAction({ actions, actionPatterns }: Statement, lowerCaseAction: string): boolean {
  return actionPatterns.some((pattern) => matchesPattern(pattern, lowerCaseAction)) !== actions.not;
}

function coversResource(
  { effect, resources, resourcePatterns }: Statement,
  { resource, context }: Question,
  hasVariables: boolean,
): boolean {
  if (resources === undefined) return false;
  let isUnresolved = false;
  const named = resources.values.some((value, index) => {
    const pattern = resourcePatterns[index] ?? expandPattern(padded(value), context, hasVariables);
    isUnresolved ||= pattern === undefined;
    return pattern !== undefined && matchesPattern(pattern, resource);
  });
  // "All but what cannot be known" is all for a Deny and nothing for an Allow, so that a variable without a
  // value never gives more than was meant. [assumed]
  if (resources.not) return !named && (effect === 'Deny' || !isUnresolved);
  return named;
}

function coversPrincipal(
  principals: Selection<PrincipalPattern> | undefined,
  given: TrustQuestion['principal'],
): boolean {
  if (principals === undefined) return false;
  return principals.values.some((principal) => isPrincipal(principal, given)) !== principals.not;
}

function isPrincipal(principal: PrincipalPattern, given: TrustQuestion['principal']): boolean {
  if (isNamedBy(principal, given)) return true;
  if (principal.type !== 'AWS') return false;
  // An account, by number or as its root, stands for every principal in it.
  const { value } = principal;
  const account = value.startsWith('arn:') && value.endsWith(':root') ? value.split(':')[4] : value;
  return [given.AWS ?? []].flat().some((name) => name.split(':')[4] === account);
}

/** Everybody counts as named, an account's principals do not. */
function isNamedBy({ type, value }: PrincipalPattern, given: TrustQuestion['principal']): boolean {
  if (type === '*') return true;
  if (type === 'CanonicalUser') return false;
  const names = [given[type] ?? []].flat();
  return names.length > 0 && (names.includes(value) || (type === 'AWS' && value === '*'));
}

function namesPrincipal(
  principals: Selection<PrincipalPattern> | undefined,
  given: TrustQuestion['principal'],
): boolean {
  return principals !== undefined && !principals.not && principals.values.some((value) => isNamedBy(value, given));
}

function missedCondition(
  statement: Statement,
  context: ConditionContext,
  hasVariables: boolean,
): Pick<StatementVerdict, 'missed' | 'condition'> {
  const missed = statement.conditions.find((condition) => !holds(condition, context, hasVariables));
  return missed ? { missed: 'condition', condition: `${missed.operator} ${missed.key}` } : {};
}
