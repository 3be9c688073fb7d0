import { isConditionOperator, type Condition } from './conditions.ts';
import { patternOf, type Pattern } from './wildcards.ts';

/** Where a policy is used: identity policies name resources, trust policies principals, resource policies both. */
export type PolicyKind = 'identity' | 'trust' | 'resource';

export interface Policy {
  readonly version: '2008-10-17' | '2012-10-17';
  readonly statements: readonly Statement[];
}

/** A list that a statement names, or everything but that list (`NotAction` and its like). */
export interface Selection<Value> {
  readonly not: boolean;
  readonly values: readonly Value[];
}

export interface PrincipalPattern {
  /** `*` for the principal that is everybody. */
  readonly type: 'AWS' | 'Federated' | 'Service' | 'CanonicalUser' | '*';
  readonly value: string;
}

export interface Statement {
  /** `Sid`, or the place in the document, from 0. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principals?: Selection<PrincipalPattern>;
  readonly actions: Selection<string>;
  /** The same in lower case, taken apart once. */
  readonly actionPatterns: readonly Pattern[];
  readonly resources?: Selection<string>;
  /** The same taken apart once; `undefined` for those with variables, which differ from call to call. */
  readonly resourcePatterns: readonly (Pattern | undefined)[];
  readonly conditions: readonly Condition[];
}

/** Why a document is not a policy, in IAM's words. */
export class PolicyProblem extends Error {
  override readonly name = 'PolicyProblem';
}

type JsonObject = { readonly [key: string]: unknown };

const SYNTAX = 'Syntax errors in policy.';
const PRINCIPAL_TYPES = ['AWS', 'Federated', 'Service', 'CanonicalUser'] as const;
const STATEMENT_MEMBERS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** @throws PolicyProblem */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new PolicyProblem(SYNTAX);
  }
  if (!isObject(document)) throw new PolicyProblem(SYNTAX);
  const { Version: version = '2008-10-17', Statement: statement } = document;
  if (version !== '2008-10-17' && version !== '2012-10-17') throw new PolicyProblem(SYNTAX);
  const statements = (Array.isArray(statement) ? statement : [statement]).map((entry, index) =>
    parseStatement(entry, index, kind),
  );
  if (statements.length === 0) throw new PolicyProblem(SYNTAX);
  const names = new Set(statements.map(({ name }) => name));
  if (names.size < statements.length) throw new PolicyProblem('Statement IDs (SID) in a single policy must be unique.');
  return { version, statements };
}

function parseStatement(entry: unknown, index: number, kind: PolicyKind): Statement {
  if (!isObject(entry)) throw new PolicyProblem(SYNTAX);
  const { Sid: sid, Effect: effect } = entry;
  if (sid !== undefined && (typeof sid !== 'string' || !isSid(sid))) throw new PolicyProblem(SYNTAX);
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyProblem(SYNTAX);
  if (Object.keys(entry).some((member) => !STATEMENT_MEMBERS.has(member))) throw new PolicyProblem(SYNTAX);

  const actions = select(entry, 'Action', strings);
  if (actions === undefined || actions.values.length === 0) {
    throw new PolicyProblem('Policy statement must contain actions.');
  }
  for (const action of actions.values) checkAction(action);

  const principals = select(entry, 'Principal', parsePrincipals);
  const resources = select(entry, 'Resource', strings);
  if (kind === 'trust') {
    if (resources !== undefined) throw new PolicyProblem('Has prohibited field Resource.');
    if (principals === undefined) throw new PolicyProblem(SYNTAX);
  } else {
    if (kind === 'resource' && principals === undefined) throw new PolicyProblem(SYNTAX);
    if (kind === 'identity' && principals !== undefined) {
      throw new PolicyProblem('Policy document should not specify a principal.');
    }
    if (resources === undefined || resources.values.length === 0) {
      throw new PolicyProblem('Policy statement must contain resources.');
    }
    for (const resource of resources.values) checkResource(resource);
  }
  return {
    // A Sid never begins with `#`, so a place cannot be mistaken for one.
    name: sid === undefined || sid === '' ? `#${index}` : sid,
    effect,
    ...(principals && { principals }),
    actions,
    actionPatterns: actions.values.map((action) => patternOf(action.toLowerCase())),
    ...(resources && { resources }),
    resourcePatterns: (resources?.values ?? []).map((value) =>
      value.includes('${') ? undefined : patternOf(padded(value)),
    ),
    conditions: parseConditions(entry['Condition']),
  };
}

/** A short ARN stands for everything below it. */
export function padded(resource: string): string {
  if (!resource.startsWith('arn:')) return resource;
  const missing = 6 - resource.split(':').length;
  return missing > 0 ? resource + ':*'.repeat(missing) : resource;
}

/** Reads `Member` or `NotMember`, never both. */
function select<Value>(
  statement: JsonObject,
  member: string,
  read: (value: unknown) => readonly Value[],
): Selection<Value> | undefined {
  const [named, excluded] = [statement[member], statement[`Not${member}`]];
  if (named !== undefined && excluded !== undefined) throw new PolicyProblem(SYNTAX);
  if (named !== undefined) return { not: false, values: read(named) };
  return excluded === undefined ? undefined : { not: true, values: read(excluded) };
}

function parsePrincipals(value: unknown): readonly PrincipalPattern[] {
  if (value === '*') return [{ type: '*', value: '*' }];
  if (!isObject(value)) throw new PolicyProblem(SYNTAX);
  return Object.entries(value).flatMap(([type, names]) => {
    const known = PRINCIPAL_TYPES.find((candidate) => candidate === type);
    if (known === undefined) throw new PolicyProblem(SYNTAX);
    return strings(names).map((name) => ({ type: known, value: name }));
  });
}

function parseConditions(block: unknown): readonly Condition[] {
  if (block === undefined) return [];
  if (!isObject(block)) throw new PolicyProblem(SYNTAX);
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isConditionOperator(operator) || !isObject(keys)) throw new PolicyProblem(SYNTAX);
    return Object.entries(keys).map(([key, values]) => ({ operator, key, values: scalars(values) }));
  });
}

function checkAction(action: string): void {
  if (action === '*') return;
  const parts = action.split(':');
  if (parts.length === 1 || parts[0] === '') {
    throw new PolicyProblem('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  if (parts.length > 2) throw new PolicyProblem('Actions/Condition can contain only one colon.');
}

function checkResource(resource: string): void {
  // A lone `*`, or wildcards and variables in the place of an ARN's beginning, stand for ARNs as well.
  if (resource.startsWith('arn:') || resource.startsWith('*') || resource.startsWith('${')) return;
  throw new PolicyProblem(`Resource ${resource} must be in ARN format or "*".`);
}

function strings(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((entry) => {
    if (typeof entry !== 'string') throw new PolicyProblem(SYNTAX);
    return entry;
  });
}

/** Condition values may be written as JSON numbers and booleans. */
function scalars(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((entry) => {
    if (typeof entry === 'string') return entry;
    if (typeof entry === 'number' || typeof entry === 'boolean') return String(entry);
    throw new PolicyProblem(SYNTAX);
  });
}

function isSid(text: string): boolean {
  return /^[A-Za-z0-9]*$/.test(text);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
