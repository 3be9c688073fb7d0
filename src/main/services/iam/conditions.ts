import { BlockList, isIP } from 'node:net';
import { expandPattern, expandText, type ConditionContext } from './variables.ts';
import { matchesPattern, type Pattern } from './wildcards.ts';

/** One `{operator: {key: values}}` of a statement. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Judges one value of the policy against one of the request. */
interface Comparison {
  readonly negated: boolean;
  /** Prepares a policy's value, with its variables filled in, to be compared many times. */
  readonly matcher: (value: string, context: ConditionContext, hasVariables: boolean) => (given: string) => boolean;
}

const never = (): boolean => false;

function onText(compare: (wanted: string, given: string) => boolean): Comparison['matcher'] {
  return (value, context, hasVariables) => {
    const wanted = expandText(value, context, hasVariables);
    return wanted === undefined ? never : (given) => compare(wanted, given);
  };
}

function onPattern(compare: (wanted: Pattern, given: string) => boolean): Comparison['matcher'] {
  return (value, context, hasVariables) => {
    const wanted = expandPattern(value, context, hasVariables);
    return wanted === undefined ? never : (given) => compare(wanted, given);
  };
}

function onNumbers(
  read: (text: string) => number | undefined,
  compare: (given: number, wanted: number) => boolean,
): Comparison['matcher'] {
  return onText((wanted, given) => {
    const left = read(given);
    const right = read(wanted);
    return left !== undefined && right !== undefined && compare(left, right);
  });
}

function readNumber(text: string): number | undefined {
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : undefined;
}

/** ISO 8601, or seconds since the epoch. */
function readDate(text: string): number | undefined {
  const seconds = readNumber(text);
  if (seconds !== undefined && text.trim().length > 4) return seconds * 1000;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : millis;
}

function isInRange(range: string, given: string): boolean {
  const address = given.startsWith('::ffff:') && isIP(given.slice(7)) === 4 ? given.slice(7) : given;
  const [network = '', prefix] = range.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(address) !== family) return false;
  const longest = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? longest : readNumber(prefix);
  if (bits === undefined || !Number.isInteger(bits) || bits < 0 || bits > longest) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, bits, type);
  return list.check(address, type);
}

/** Six parts between colons, each matched by itself; wildcards do not reach across the first five colons. */
function matchesArn(wanted: string, given: string, context: ConditionContext, hasVariables: boolean): boolean {
  const wantedParts = arnParts(wanted);
  const givenParts = arnParts(given);
  if (wantedParts === undefined || givenParts === undefined) return false;
  return wantedParts.every((part, index) => {
    const pattern = expandPattern(part, context, hasVariables);
    return pattern !== undefined && matchesPattern(pattern, givenParts[index]!);
  });
}

/** Colons inside `${…}` belong to a variable's key, not to the ARN. */
function arnParts(arn: string): string[] | undefined {
  const parts = [''];
  let depth = 0;
  let previous = '';
  for (const character of arn) {
    if (character === '{' && previous === '$') depth += 1;
    if (character === '}' && depth > 0) depth -= 1;
    previous = character;
    if (character === ':' && depth === 0 && parts.length < 6) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.length === 6 && parts[0] === 'arn' ? parts : undefined;
}

const onArns: Comparison['matcher'] = (value, context, hasVariables) => (given) =>
  matchesArn(value, given, context, hasVariables);

const equals = onText((wanted, given) => wanted === given);
const equalsIgnoringCase = onText((wanted, given) => wanted.toLowerCase() === given.toLowerCase());
const like = onPattern(matchesPattern);
const range = onText(isInRange);
const sameBytes = onText((wanted, given) => Buffer.from(wanted, 'base64').equals(Buffer.from(given, 'base64')));
const sameTruth = onText((wanted, given) => {
  const lower = wanted.toLowerCase();
  return (lower === 'true' || lower === 'false') && lower === given.toLowerCase();
});

function ordered(
  prefix: string,
  read: (text: string) => number | undefined,
): { readonly [operator: string]: Comparison } {
  const same = onNumbers(read, (given, wanted) => given === wanted);
  return {
    [`${prefix}Equals`]: { negated: false, matcher: same },
    [`${prefix}NotEquals`]: { negated: true, matcher: same },
    [`${prefix}LessThan`]: { negated: false, matcher: onNumbers(read, (given, wanted) => given < wanted) },
    [`${prefix}LessThanEquals`]: { negated: false, matcher: onNumbers(read, (given, wanted) => given <= wanted) },
    [`${prefix}GreaterThan`]: { negated: false, matcher: onNumbers(read, (given, wanted) => given > wanted) },
    [`${prefix}GreaterThanEquals`]: { negated: false, matcher: onNumbers(read, (given, wanted) => given >= wanted) },
  };
}

const comparisons: ReadonlyMap<string, Comparison> = new Map(
  Object.entries({
    StringEquals: { negated: false, matcher: equals },
    StringNotEquals: { negated: true, matcher: equals },
    StringEqualsIgnoreCase: { negated: false, matcher: equalsIgnoringCase },
    StringNotEqualsIgnoreCase: { negated: true, matcher: equalsIgnoringCase },
    StringLike: { negated: false, matcher: like },
    StringNotLike: { negated: true, matcher: like },
    ...ordered('Numeric', readNumber),
    ...ordered('Date', readDate),
    Bool: { negated: false, matcher: sameTruth },
    BinaryEquals: { negated: false, matcher: sameBytes },
    IpAddress: { negated: false, matcher: range },
    NotIpAddress: { negated: true, matcher: range },
    ArnEquals: { negated: false, matcher: onArns },
    ArnLike: { negated: false, matcher: onArns },
    ArnNotEquals: { negated: true, matcher: onArns },
    ArnNotLike: { negated: true, matcher: onArns },
  } satisfies { [operator: string]: Comparison }).map(([name, comparison]) => [name.toLowerCase(), comparison]),
);

interface Operator {
  readonly comparison: Comparison;
  readonly set: 'all' | 'any' | undefined;
  readonly ifExists: boolean;
}

/** Takes an operator's name apart; `null` is the operator `Null`, `undefined` an unknown one. */
function readOperator(name: string): Operator | null | undefined {
  let rest = name.toLowerCase();
  if (rest === 'null') return null;
  let set: Operator['set'];
  if (rest.startsWith('forallvalues:')) set = 'all';
  else if (rest.startsWith('foranyvalue:')) set = 'any';
  if (set) rest = rest.slice(rest.indexOf(':') + 1);
  const ifExists = rest.endsWith('ifexists');
  if (ifExists) rest = rest.slice(0, -'ifexists'.length);
  const comparison = comparisons.get(rest);
  return comparison && { comparison, set, ifExists };
}

export function isConditionOperator(name: string): boolean {
  return readOperator(name) !== undefined;
}

export function holds(condition: Condition, context: ConditionContext, hasVariables: boolean): boolean {
  const given = context.get(condition.key);
  const operator = readOperator(condition.operator);
  if (operator === undefined) return false;
  if (operator === null) return condition.values.some((value) => (value.toLowerCase() === 'true') === isAbsent(given));

  const { comparison, set, ifExists } = operator;
  if (ifExists && isAbsent(given)) return true;
  const matchers = condition.values.map((value) => comparison.matcher(value, context, hasVariables));
  const fits = (value: string): boolean => matchers.some((matches) => matches(value)) !== comparison.negated;

  if (set !== undefined) {
    const values = given === undefined ? [] : typeof given === 'string' ? [given] : given;
    return set === 'all' ? values.every(fits) : values.some(fits);
  }
  // Without a set prefix a multi-valued key counts as absent: amr works only with one. [assumed]
  return typeof given === 'string' ? fits(given) : comparison.negated;
}

function isAbsent(given: string | readonly string[] | undefined): boolean {
  return given === undefined || (typeof given !== 'string' && given.length === 0);
}
