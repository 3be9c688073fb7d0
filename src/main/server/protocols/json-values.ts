import { fault, type Fault } from '../../kernel/fault.ts';
import type { Shape, StructureShape } from '../../model/shapes.ts';
import { fromEpochSeconds, toEpochSeconds } from './timestamps.ts';

/**
 * Between JSON and the model's values: timestamps become dates, blobs become bytes, null is absent, unknown
 * members are ignored. Each shape is compiled to a closure once.
 */
type Convert = (value: unknown) => unknown;

const readers = new WeakMap<Shape, Convert>();
const writers = new WeakMap<Shape, Convert>();

/** @throws Fault `SerializationException` where a value has another type than its shape. */
export function readJson(shape: Shape, value: unknown): unknown {
  return converter(readers, compileReader, shape)(value);
}

/** A value for `JSON.stringify`. */
export function writeJson(shape: Shape, value: unknown): unknown {
  return converter(writers, compileWriter, shape)(value);
}

function converter(known: WeakMap<Shape, Convert>, compile: (shape: Shape) => Convert, shape: Shape): Convert {
  const found = known.get(shape);
  if (found) return found;
  // A shape may contain itself: until it is compiled, its name stands for it.
  known.set(shape, (value) => known.get(shape)!(value));
  const compiled = compile(shape);
  known.set(shape, compiled);
  return compiled;
}

/** Framework error of the JSON services; the texts are from memory but for the first. [user-pools 1.5] */
function mistyped(message: string): Fault {
  return fault('SerializationException', message);
}

function tokenName(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'number') return 'NUMBER_VALUE';
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return Array.isArray(value) ? 'START_ARRAY' : 'START_OBJECT';
}

function notScalar(value: unknown, target: string): Fault {
  if (Array.isArray(value)) return mistyped('Start of list found where not expected');
  if (typeof value === 'object') return mistyped('Start of structure or map found where not expected.');
  return mistyped(`${tokenName(value)} can not be converted to ${target}`);
}

function compileReader(shape: Shape): Convert {
  switch (shape.type) {
    case 'structure':
      return structureReader(shape);
    case 'list': {
      const read = converter(readers, compileReader, shape.item);
      return (value) => {
        if (!Array.isArray(value)) throw mistyped('Expected list or null');
        return value.map((item) => (item === null ? null : read(item)));
      };
    }
    case 'map': {
      const read = converter(readers, compileReader, shape.value);
      return (value) => {
        if (typeof value !== 'object' || Array.isArray(value)) throw mistyped('Expected map or null');
        // Without a prototype: keys are the caller's, and `constructor` must not be found where it was not sent.
        const map = Object.create(null) as { [key: string]: unknown };
        for (const [key, inner] of Object.entries(value as object)) if (inner !== null) map[key] = read(inner);
        return map;
      };
    }
    case 'string':
      return (value) => {
        if (typeof value === 'string') return value;
        throw notScalar(value, 'a String');
      };
    case 'boolean':
      return (value) => {
        if (typeof value === 'boolean') return value;
        throw notScalar(value, 'a Boolean');
      };
    case 'integer':
      return wholeReader('an Integer', -(2 ** 31), 2 ** 31 - 1);
    case 'long':
      return wholeReader('a Long', -(2 ** 63), 2 ** 63);
    case 'double':
      return (value) => {
        if (typeof value === 'number') return value;
        throw notScalar(value, 'a Double');
      };
    case 'timestamp':
      return (value) => {
        if (typeof value === 'string') {
          throw mistyped('class java.lang.String can not be converted to milliseconds since epoch');
        }
        const date = typeof value === 'number' ? fromEpochSeconds(value) : undefined;
        if (!date) throw notScalar(value, 'milliseconds since epoch');
        return date;
      };
    case 'blob':
      return (value) => {
        if (typeof value !== 'string') throw notScalar(value, 'a ByteBuffer');
        if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw mistyped('The value is not Base64');
        return new Uint8Array(Buffer.from(value, 'base64'));
      };
    default:
      // A document may hold anything.
      return (value) => value;
  }
}

function structureReader(shape: StructureShape): Convert {
  const members = shape.members
    .filter(({ location }) => location === 'body')
    .map(({ name, wireName, shape: inner }) => ({ name, wireName, read: converter(readers, compileReader, inner) }));
  return (value) => {
    if (typeof value !== 'object' || value === null) {
      throw mistyped(value === null ? 'Unexpected null' : 'Unexpected token: expected a structure');
    }
    if (Array.isArray(value)) throw mistyped('Start of list found where not expected');
    const structure: { [member: string]: unknown } = {};
    for (const { name, wireName, read } of members) {
      const inner = (value as { readonly [member: string]: unknown })[wireName];
      if (inner !== undefined && inner !== null) structure[name] = read(inner);
    }
    return structure;
  };
}

function wholeReader(target: string, least: number, most: number): Convert {
  return (value) => {
    if (typeof value !== 'number') throw notScalar(value, target);
    // Assumed: a fraction is cut off, as the service's parser does.
    const whole = Math.trunc(value);
    if (whole < least || whole > most) throw mistyped(`NUMBER_VALUE can not be converted to ${target}`);
    return whole;
  };
}

function compileWriter(shape: Shape): Convert {
  switch (shape.type) {
    case 'structure': {
      const members = shape.members
        .filter(({ location }) => location === 'body')
        .map(({ name, wireName, shape: inner }) => ({
          name,
          wireName,
          write: converter(writers, compileWriter, inner),
        }));
      return (value) => {
        const structure: { [member: string]: unknown } = {};
        for (const { name, wireName, write } of members) {
          const inner = (value as { readonly [member: string]: unknown })[name];
          if (inner !== undefined && inner !== null) structure[wireName] = write(inner);
        }
        return structure;
      };
    }
    case 'list': {
      const write = converter(writers, compileWriter, shape.item);
      return (value) => (value as readonly unknown[]).map(write);
    }
    case 'map': {
      const write = converter(writers, compileWriter, shape.value);
      return (value) => {
        const map = Object.create(null) as { [key: string]: unknown };
        for (const [key, inner] of Object.entries(value as object)) {
          if (inner !== undefined && inner !== null) map[key] = write(inner);
        }
        return map;
      };
    }
    case 'timestamp':
      return (value) => toEpochSeconds(value as Date);
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64');
    default:
      return (value) => value;
  }
}
