import type { Operation } from './operations.ts';
import type { Shape } from './shapes.ts';

/** Does this output, or this fault, fit the operation? Lists what does not; empty when all is well. */

type Fit = (value: unknown, path: string, misfits: string[]) => void;

export function outputMisfits(operation: Operation, output: unknown): string[] {
  const misfits: string[] = [];
  if (operation.output === null) {
    if (output !== undefined && output !== null) misfits.push('the model has no output, but the handler gave one');
  } else if (typeof output !== 'object' || output === null) {
    misfits.push('the model has an output, but the handler gave none');
  } else fitOf(operation.output)(output, '', misfits);
  return misfits;
}

/** Whether the model declares this error for the operation. Operations without a list may raise any. */
export function declaresFault(operation: Operation, code: string): boolean {
  return !operation.declaresErrors || operation.declaredErrors.has(code);
}

const fits = new WeakMap<Shape, Fit>();

function fitOf(shape: Shape): Fit {
  const known = fits.get(shape);
  if (known) return known;
  fits.set(shape, (value, path, misfits) => fits.get(shape)!(value, path, misfits));
  const compiled = compile(shape);
  fits.set(shape, compiled);
  return compiled;
}

function compile(shape: Shape): Fit {
  switch (shape.type) {
    case 'structure': {
      const members = new Map(shape.members.map((member) => [member.name, fitOf(member.shape)]));
      const required = shape.members.filter((member) => member.required).map((member) => member.name);
      return (value, path, misfits) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) {
          misfits.push(`${path || 'the output'} should be a structure`);
          return;
        }
        const structure = value as { readonly [member: string]: unknown };
        for (const name in structure) {
          const inner = structure[name];
          if (inner === undefined || inner === null) continue;
          const fit = members.get(name);
          if (fit) fit(inner, at(path, name), misfits);
          else misfits.push(`${at(path, name)} is not in the model`);
        }
        for (const name of required) {
          if (structure[name] === undefined || structure[name] === null) {
            misfits.push(`${at(path, name)} is required and missing`);
          }
        }
      };
    }
    case 'list': {
      const fit = fitOf(shape.item);
      return (value, path, misfits) => {
        if (!Array.isArray(value)) misfits.push(`${path} should be a list`);
        else for (const [index, item] of value.entries()) fit(item, `${path}[${index}]`, misfits);
      };
    }
    case 'map': {
      const fit = fitOf(shape.value);
      return (value, path, misfits) => {
        if (typeof value !== 'object' || value === null) misfits.push(`${path} should be a map`);
        else for (const [key, inner] of Object.entries(value)) fit(inner, at(path, key), misfits);
      };
    }
    case 'string': {
      const allowed = shape.values ? new Set(shape.values) : undefined;
      return (value, path, misfits) => {
        if (typeof value !== 'string') misfits.push(`${path} should be a string`);
        else if (allowed && !allowed.has(value)) misfits.push(`${path} is not one of the values of ${shape.name}`);
      };
    }
    case 'integer':
    case 'long':
      return of((value) => Number.isInteger(value), 'a whole number');
    case 'double':
      return of((value) => typeof value === 'number' && Number.isFinite(value), 'a number');
    case 'boolean':
      return of((value) => typeof value === 'boolean', 'true or false');
    case 'timestamp':
      return of((value) => value instanceof Date && !Number.isNaN(value.getTime()), 'a date');
    case 'blob':
      return of((value) => value instanceof Uint8Array, 'bytes');
    default:
      // A document may hold anything.
      return () => {};
  }
}

function of(holds: (value: unknown) => boolean, what: string): Fit {
  return (value, path, misfits) => {
    if (!holds(value)) misfits.push(`${path} should be ${what}`);
  };
}

function at(path: string, member: string): string {
  return path === '' ? member : `${path}.${member}`;
}
