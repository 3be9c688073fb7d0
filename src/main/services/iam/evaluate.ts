import { holds } from './conditions.ts';
import type { Policy, PrincipalPattern, Selection, Statement } from './policy-document.ts';
import { expandPattern, type ConditionContext } from './variables.ts';
import { matchesPattern, matchesWildcards } from './wildcards.ts';

export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** Everything that may say something about a caller. An absent set limits nothing. */
export interface PolicySets {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly session?: readonly NamedPolicy[];
}

export type PolicyType = 'identity-based policy' | 'permissions boundary' | 'session policy';

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
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

/** Explicit deny first; then every set that is there must allow. */
export function evaluate(sets: PolicySets, question: Question): Verdict {
  const types: readonly [PolicyType, readonly NamedPolicy[] | undefined][] = [
    ['identity-based policy', sets.identity],
    ['permissions boundary', sets.boundary && [sets.boundary]],
    ['session policy', sets.session],
  ];
  const judged = types.flatMap(([type, policies]) =>
    policies === undefined
      ? []
      : [
          {
            type,
            verdicts: policies.flatMap((named) => judgePolicy(type, named, question)),
          },
        ],
  );

  for (const { type, verdicts } of judged) {
    const denying = verdicts.find(({ effect, missed }) => effect === 'Deny' && missed === undefined);
    if (denying) return { decision: 'explicit-deny', by: type, deciding: [denying], nearMisses: [] };
  }
  const deciding: StatementVerdict[] = [];
  for (const { type, verdicts } of judged) {
    const allowing = verdicts.find(({ effect, missed }) => effect === 'Allow' && missed === undefined);
    if (allowing === undefined) {
      const nearMisses = verdicts.filter(({ effect, missed }) => effect === 'Allow' && missed !== 'action');
      return { decision: 'implicit-deny', by: type, deciding: [], nearMisses };
    }
    deciding.push(allowing);
  }
  return { decision: 'allowed', deciding, nearMisses: [] };
}

function judgePolicy(type: PolicyType, { name, policy }: NamedPolicy, question: Question): StatementVerdict[] {
  const hasVariables = policy.version === '2012-10-17';
  return policy.statements.map((statement) => {
    const base = { type, policy: name, statement: statement.name, effect: statement.effect };
    if (!coversAction(statement.actions, question.action)) return { ...base, missed: 'action' };
    if (!coversResource(statement, question, hasVariables)) return { ...base, missed: 'resource' };
    return { ...base, ...missedCondition(statement, question.context, hasVariables) };
  });
}

export interface TrustQuestion {
  readonly action: string;
  readonly principal: { readonly Federated?: string; readonly AWS?: string; readonly Service?: string };
  readonly context: ConditionContext;
}

export interface TrustVerdict {
  readonly trusted: boolean;
  readonly statements: readonly StatementVerdict[];
}

/** A trust policy is the resource policy of its role: an Allow for action and principal, and no Deny. */
export function evaluateTrust(policy: Policy, question: TrustQuestion): TrustVerdict {
  const hasVariables = policy.version === '2012-10-17';
  const statements = policy.statements.map((statement): StatementVerdict => {
    const base = {
      type: 'trust policy' as const,
      policy: 'trust policy',
      statement: statement.name,
      effect: statement.effect,
    };
    if (!coversAction(statement.actions, question.action)) return { ...base, missed: 'action' };
    if (!coversPrincipal(statement.principals, question.principal)) return { ...base, missed: 'principal' };
    return { ...base, ...missedCondition(statement, question.context, hasVariables) };
  });
  const matching = statements.filter(({ missed }) => missed === undefined);
  return {
    trusted: matching.length > 0 && matching.every(({ effect }) => effect === 'Allow'),
    statements,
  };
}

/** Actions do not care about case. */
function coversAction(actions: Selection<string>, action: string): boolean {
  const lower = action.toLowerCase();
  return actions.values.some((pattern) => matchesWildcards(pattern.toLowerCase(), lower)) !== actions.not;
}

function coversResource(
  { effect, resources }: Statement,
  { resource, context }: Question,
  hasVariables: boolean,
): boolean {
  if (resources === undefined) return false;
  let isUnresolved = false;
  const named = resources.values.some((value) => {
    const pattern = expandPattern(padded(value), context, hasVariables);
    isUnresolved ||= pattern === undefined;
    return pattern !== undefined && matchesPattern(pattern, resource);
  });
  // "All but what cannot be known" is all for a Deny and nothing for an Allow, so that a variable without a
  // value never gives more than was meant. [assumed]
  if (resources.not) return !named && (effect === 'Deny' || !isUnresolved);
  return named;
}

/** A short ARN stands for everything below it. */
function padded(resource: string): string {
  if (!resource.startsWith('arn:')) return resource;
  const missing = 6 - resource.split(':').length;
  return missing > 0 ? resource + ':*'.repeat(missing) : resource;
}

function coversPrincipal(
  principals: Selection<PrincipalPattern> | undefined,
  given: TrustQuestion['principal'],
): boolean {
  if (principals === undefined) return false;
  return principals.values.some((principal) => isPrincipal(principal, given)) !== principals.not;
}

function isPrincipal({ type, value }: PrincipalPattern, given: TrustQuestion['principal']): boolean {
  if (type === '*') return true;
  if (type === 'CanonicalUser') return false;
  const name = given[type];
  if (name === undefined) return false;
  if (value === name || (type === 'AWS' && value === '*')) return true;
  // An account, by number or as its root, stands for every principal in it.
  const account = value.startsWith('arn:') && value.endsWith(':root') ? value.split(':')[4] : value;
  return type === 'AWS' && account === name.split(':')[4];
}

function missedCondition(
  statement: Statement,
  context: ConditionContext,
  hasVariables: boolean,
): Pick<StatementVerdict, 'missed' | 'condition'> {
  const missed = statement.conditions.find((condition) => !holds(condition, context, hasVariables));
  return missed ? { missed: 'condition', condition: `${missed.operator} ${missed.key}` } : {};
}
