import type { Operation } from './operations.ts';
import type { ListShape, MapShape, NumberShape, Shape, StringShape, StructureShape } from './shapes.ts';

/**
 * The model's own constraints, worded as the service words them (reference/user-pools 1.6).
 * Each shape is compiled to a closure once; a request only runs closures.
 */

type Check = (value: unknown, path: string, failures: string[]) => void;

/** The message for a caller, or `undefined` when the input keeps every constraint of its operation. */
export function validationMessage(operation: Operation, input: unknown): string | undefined {
  const failures: string[] = [];
  inputCheck(operation)(input, '', failures);
  if (failures.length === 0) return undefined;
  const count = failures.length === 1 ? '1 validation error' : `${failures.length} validation errors`;
  return `${count} detected: ${failures.join('; ')}`;
}

const inputChecks = new WeakMap<Operation, Check>();

function inputCheck(operation: Operation): Check {
  let check = inputChecks.get(operation);
  if (!check) {
    check = structureCheck(operation.input, minimumLengths(operation));
    inputChecks.set(operation, check);
  }
  return check;
}

/**
 * The service refuses short passwords at this layer although its model shows no minimum.
 * [user-pools 1.6, recorded for SignUp and ConfirmForgotPassword]
 */
function minimumLengths({ service, name }: Operation): { readonly [member: string]: number } {
  const refusesShortPasswords =
    service.name === 'cognito-idp' && (name === 'SignUp' || name === 'ConfirmForgotPassword');
  return refusesShortPasswords ? { Password: 6 } : {};
}

const checks = new WeakMap<Shape, Check>();

function checkOf(shape: Shape): Check {
  const known = checks.get(shape);
  if (known) return known;
  // A shape may contain itself: until it is compiled, its name stands for it.
  checks.set(shape, (value, path, failures) => checks.get(shape)!(value, path, failures));
  const compiled = compile(shape);
  checks.set(shape, compiled);
  return compiled;
}

function compile(shape: Shape): Check {
  switch (shape.type) {
    case 'structure':
      return structureCheck(shape);
    case 'list':
      return listCheck(shape);
    case 'map':
      return mapCheck(shape);
    case 'string':
    case 'integer':
    case 'long':
    case 'double':
      return scalarCheck(shape);
    case 'blob':
      return blobCheck(shape);
    default:
      return () => {};
  }
}

function structureCheck(shape: StructureShape, minimums: { readonly [member: string]: number } = {}): Check {
  const members = shape.members.map((member) => {
    const minimum = minimums[member.name];
    const constrained =
      minimum !== undefined && member.shape.type === 'string' ? { ...member.shape, min: minimum } : member.shape;
    return {
      name: member.name,
      // Paths carry the service's own member names, which begin in lower case.
      shown: member.name.charAt(0).toLowerCase() + member.name.slice(1),
      required: member.required,
      check: checkOf(constrained),
    };
  });
  return (value, path, failures) => {
    const input = value as { readonly [member: string]: unknown };
    for (const { name, shown, required, check } of members) {
      const inner = input[name];
      if (inner === undefined || inner === null) {
        if (required) failures.push(failure('null', join(path, shown), 'Member must not be null'));
      } else check(inner, join(path, shown), failures);
    }
  };
}

function join(path: string, member: string): string {
  return path === '' ? member : `${path}.${member}`;
}

function failure(shown: string, path: string, constraint: string): string {
  // Sensitive values leave no trace: `Value at 'password' failed…`, with one space. [user-pools 1.6, recorded]
  return `Value ${shown === '' ? '' : `${shown} `}at '${path}' failed to satisfy constraint: ${constraint}`;
}

function listCheck(shape: ListShape): Check {
  const { item, min, max } = shape;
  const scalar = scalarConstraints(item);
  const check = scalar ? undefined : checkOf(item);
  const hidden = shape.sensitive || isHidden(item);
  return (value, path, failures) => {
    const list = value as readonly unknown[];
    const shown = (): string => (hidden ? '' : `'${show(list)}'`);
    for (const constraint of lengthConstraints(list.length, min, max))
      failures.push(failure(shown(), path, constraint));
    for (const [index, entry] of list.entries()) {
      if (entry === null || entry === undefined) {
        failures.push(failure('null', `${path}.${index + 1}.member`, 'Member must not be null'));
      } else if (scalar) {
        const broken = scalar(entry);
        // Wording of the nested form from memory.
        if (broken.length > 0) {
          failures.push(failure(shown(), path, `Member must satisfy constraint: [${broken.join(', ')}]`));
        }
      } else check!(entry, `${path}.${index + 1}.member`, failures);
    }
  };
}

function mapCheck(shape: MapShape): Check {
  const { key, value: held, min, max } = shape;
  const keyConstraints = scalarConstraints(key);
  const valueConstraints = scalarConstraints(held);
  const check = valueConstraints ? undefined : checkOf(held);
  const hidden = shape.sensitive || isHidden(key) || isHidden(held);
  return (value, path, failures) => {
    const entries = Object.entries(value as { readonly [key: string]: unknown });
    const shown = (): string => (hidden ? '' : `'{${entries.map(([k, v]) => `${k}=${show(v)}`).join(', ')}}'`);
    for (const constraint of lengthConstraints(entries.length, min, max)) {
      failures.push(failure(shown(), path, constraint));
    }
    for (const [name, entry] of entries) {
      // Wordings of the two nested forms from memory.
      const brokenKey = keyConstraints?.(name) ?? [];
      if (brokenKey.length > 0) {
        failures.push(failure(shown(), path, `Map keys must satisfy constraint: [${brokenKey.join(', ')}]`));
      }
      if (valueConstraints) {
        const broken = valueConstraints(entry);
        if (broken.length > 0) {
          failures.push(failure(shown(), path, `Map value must satisfy constraint: [${broken.join(', ')}]`));
        }
      } else check!(entry, `${path}.${name}.member`, failures);
    }
  };
}

function scalarCheck(shape: StringShape | NumberShape): Check {
  const constraints = scalarConstraints(shape);
  if (!constraints) return () => {};
  return (value, path, failures) => {
    for (const constraint of constraints(value)) {
      failures.push(failure(shape.sensitive ? '' : `'${show(value)}'`, path, constraint));
    }
  };
}

function blobCheck(shape: { readonly min: number | undefined; readonly max: number | undefined }): Check {
  return (value, path, failures) => {
    for (const constraint of lengthConstraints((value as Uint8Array).length, shape.min, shape.max)) {
      failures.push(failure('', path, constraint));
    }
  };
}

type Constraints = (value: unknown) => readonly string[];

const NONE: readonly string[] = [];

/** What a string or number must keep to, as a list of broken constraints; `undefined` for other shapes. */
function scalarConstraints(shape: Shape): Constraints | undefined {
  if (shape.type === 'integer' || shape.type === 'long' || shape.type === 'double') {
    const { min, max } = shape;
    return (value) => {
      const number = value as number;
      if (max !== undefined && number > max) return [`Member must have value less than or equal to ${max}`];
      if (min !== undefined && number < min) return [`Member must have value greater than or equal to ${min}`];
      return NONE;
    };
  }
  if (shape.type !== 'string') return undefined;
  const { min, max, values } = shape;
  const pattern = UNCHECKED_PATTERNS.has(shape.name) ? undefined : shape.pattern;
  if (values) {
    const allowed = new Set(values);
    // The service's own order of the set is not known; this is the model's.
    const constraint = [`Member must satisfy enum value set: [${values.join(', ')}]`];
    return (value) => (allowed.has(value as string) ? NONE : constraint);
  }
  if (pattern === undefined && min === undefined && max === undefined) return () => NONE;
  let compiled: RegExp | undefined;
  return (value) => {
    const text = value as string;
    const broken = lengthConstraints(text.length, min, max);
    if (pattern === undefined || text.length > LONGEST_MATCHED) return broken;
    compiled ??= anchored(pattern);
    if (compiled.test(text)) return broken;
    return [...broken, `Member must satisfy regular expression pattern: ${pattern}`];
  };
}

/**
 * Patterns that the service does not hold its callers to at this layer: custom domains have dots, and bad prefixes have a
 * text of their own. [user-pools 2.15]
 */
const UNCHECKED_PATTERNS = new Set(['DomainType']);

/** Longer texts break their length first; matching them would only cost time. */
const LONGEST_MATCHED = 131_072;

function lengthConstraints(length: number, min: number | undefined, max: number | undefined): readonly string[] {
  if (max !== undefined && length > max) return [`Member must have length less than or equal to ${max}`];
  if (min !== undefined && length < min) return [`Member must have length greater than or equal to ${min}`];
  return NONE;
}

const patterns = new Map<string, RegExp>();

/** The model's patterns are Java's and match whole values; compiled on first use. */
export function anchored(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    const dotsMatchAll = pattern.startsWith('(?s)');
    const body = `^(?:${dotsMatchAll ? pattern.slice('(?s)'.length) : pattern})$`;
    try {
      compiled = new RegExp(body, dotsMatchAll ? 'su' : 'u');
    } catch {
      // Escapes such as `\:` that only the mode without Unicode allows.
      compiled = new RegExp(body, dotsMatchAll ? 's' : '');
    }
    patterns.set(pattern, compiled);
  }
  return compiled;
}

function isHidden(shape: Shape): boolean {
  return shape.sensitive || (shape.type === 'structure' && shape.members.some((member) => member.shape.sensitive));
}

/** As Java prints values: lists in brackets, maps and structures in braces. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}=${show(inner)}`)
      .join(', ')}}`;
  }
  return String(value);
}
