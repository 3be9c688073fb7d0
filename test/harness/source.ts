import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every file below a folder of the checkout, as paths from the root with forward slashes. */
export function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

export function text(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Without comments, so that a rule can be spoken of where it is kept. */
export function code(path: string): string {
  return text(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

export interface Import {
  /** A path from the root, or the name of a package (`node:fs`, `express`, `@aws-sdk/client-sts`). */
  readonly target: string;
  readonly isPackage: boolean;
  readonly isType: boolean;
}

const STATEMENT = /\b(import|export)\s+(type\s+)?([^'"`;()]*?from\s*)?['"]([^'"]+)['"]/g;
const CALL = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

export function importsOf(path: string): Import[] {
  const source = code(path);
  const found: Import[] = [];
  const add = (specifier: string, isType: boolean): void => {
    const bare = specifier.replace(/\?.*$/, '');
    if (bare.startsWith('.')) {
      found.push({ target: posix.normalize(posix.join(dirname(path), bare)), isPackage: false, isType });
    } else {
      const parts = bare.split('/');
      const name = bare.startsWith('@')
        ? parts.slice(0, 2).join('/')
        : bare.startsWith('node:')
          ? bare
          : (parts[0] ?? bare);
      found.push({ target: name, isPackage: true, isType });
    }
  };
  for (const [, , type, clause, specifier] of source.matchAll(STATEMENT)) {
    if (specifier) add(specifier, type !== undefined || onlyTypes(clause));
  }
  for (const [, specifier] of source.matchAll(CALL)) if (specifier) add(specifier, false);
  return found;
}

/** `{ type A, type B } from` */
function onlyTypes(clause: string | undefined): boolean {
  const names = clause?.match(/^\s*\{([^}]*)\}\s*from\s*$/)?.[1];
  if (names === undefined) return false;
  return names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .every((name) => name.startsWith('type '));
}
