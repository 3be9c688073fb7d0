import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, type Import } from '../harness/source.ts';

interface Floor {
  /** A folder or a file; the longest that fits a file is its floor. */
  readonly path: string;
  /** What it may import besides itself and node. */
  readonly may: readonly string[];
  /** What it may know the types of. */
  readonly types?: readonly string[];
  readonly packages?: readonly (string | RegExp)[];
  readonly withoutNode?: true;
}

const ELECTRON = 'electron';
const SHARED = 'src/shared';
const KERNEL = 'src/main/kernel';
const SERVICE_GROUND = ['src/main/services/family.ts', 'src/main/services/services.ts', KERNEL, SHARED];
const SERVICE_TYPES = ['src/main/store', 'src/main/model'];

/** Arrows point down only. */
const FLOORS: readonly Floor[] = [
  { path: 'src/main/index.ts', may: ['src/main/shell', 'src/main/bench', SHARED], packages: [ELECTRON] },
  { path: 'src/main/shell', may: ['src/main/bench', SHARED], packages: [ELECTRON] },
  { path: 'src/cli', may: ['src/main/bench', SHARED, 'package.json'], packages: ['commander'] },
  { path: 'src/preload', may: [SHARED], packages: [ELECTRON], withoutNode: true },
  { path: 'src/renderer', may: [SHARED], packages: [/^(?!electron$|express$|better-sqlite3$)/], withoutNode: true },
  {
    path: 'src/main/bench',
    may: ['server', 'control', 'devices', 'services', 'store', 'model', 'kernel']
      .map((name) => `src/main/${name}`)
      .concat(SHARED),
  },
  {
    path: 'src/main/server',
    may: ['src/main/services', 'src/main/control', 'src/main/model', KERNEL, SHARED],
    types: ['src/main/bench/config.ts'],
    packages: ['express', 'ws', 'jose', 'zod', '@smithy/signature-v4', '@aws-crypto/sha256-js', '@xmldom/xmldom'],
  },
  {
    path: 'src/main/control',
    may: ['src/main/services/services.ts', 'src/main/services/family.ts', 'src/main/devices', KERNEL, SHARED],
    packages: ['zod', /^@aws-sdk\//, /^csv-stringify/],
  },
  {
    path: 'src/main/devices',
    may: ['src/main/store/database.ts', KERNEL, SHARED],
    packages: [/^@aws-sdk\//, /^@smithy\//, 'fast-check', 'otpauth'],
  },
  ...[
    'user-pools',
    'identity-pools',
    'sync',
    'sts',
    'iam',
    'tokens',
    'messages',
    'lambda',
    'triggers',
    'streams',
    'sns',
    'meter',
    's3',
    'dynamodb',
    'cloudtrail',
    'federation',
    'stand-ins',
  ].map((service): Floor => ({
    path: `src/main/services/${service}`,
    may: SERVICE_GROUND,
    types: SERVICE_TYPES,
    packages: ['jose', 'csv-parse', 'otpauth', '@simplewebauthn/server', 'xml-crypto', '@xmldom/xmldom'],
  })),
  {
    path: 'src/main/services',
    may: [KERNEL, SHARED],
    types: ['src/main/store', 'jose'],
    packages: ['jose'],
  },
  { path: 'src/main/store', may: [KERNEL, SHARED], packages: ['better-sqlite3'] },
  { path: 'src/main/model', may: [KERNEL, SHARED, 'resources/models'] },
  { path: KERNEL, may: [SHARED], packages: ['pino'] },
  { path: SHARED, may: [], withoutNode: true },
];

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function floorOf(path: string): Floor | undefined {
  return FLOORS.filter((floor) => isBelow(path, floor.path)).sort((a, b) => b.path.length - a.path.length)[0];
}

function isAllowed(floor: Floor, { target, isPackage, isType }: Import): boolean {
  if (isPackage && target.startsWith('node:')) return !floor.withoutNode;
  if (isPackage)
    return (floor.packages ?? []).some((name) => (typeof name === 'string' ? name === target : name.test(target)));
  if (isBelow(target, floor.path)) return true;
  return [...floor.may, ...(isType ? (floor.types ?? []) : [])].some((folder) => isBelow(target, folder));
}

const sources = filesBelow('src', /\.tsx?$/).filter((path) => !isBelow(path, 'src/types'));

describe('the floors', () => {
  it('leave no file without a place', () => {
    expect(sources.filter((path) => floorOf(path) === undefined)).toEqual([]);
  });

  it.each(FLOORS.map((floor) => [floor.path, floor] as const))('%s imports only what lies below it', (path, floor) => {
    const wrong = sources
      .filter((source) => floorOf(source)?.path === path)
      .flatMap((source) =>
        importsOf(source)
          .filter((found) => !isAllowed(floor, found))
          .map(({ target, isType }) => `${source} imports ${isType ? 'types of ' : ''}${target}`),
      );
    expect(wrong).toEqual([]);
  });
});

it.each([
  ['better-sqlite3', ['src/main/store/database.ts']],
  ['express', ['src/main/server']],
  ['electron', ['src/main/shell', 'src/main/index.ts', 'src/preload']],
])('only the folder that owns it imports %s', (name, owners) => {
  const importers = sources.filter((source) => importsOf(source).some(({ target }) => target === name));
  expect(importers.filter((source) => !owners.some((owner) => isBelow(source, owner)))).toEqual([]);
});

it('policies are pure: they know the wire, other policies and faults', () => {
  const policies = sources.filter((source) => /\/policies\//.test(source));
  const wrong = policies.flatMap((source) =>
    importsOf(source)
      .filter(({ isType }) => !isType)
      .filter(
        ({ target }) => !isBelow(target, SHARED) && !/\/policies\//.test(target) && target !== `${KERNEL}/fault.ts`,
      )
      .filter(({ target }) => !(target === 'node:crypto' || target === 'node:buffer'))
      .map(({ target }) => `${source} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

it('challenges never import each other: only next-step.ts knows the order', () => {
  const wrong = sources
    .filter((source) => /\/challenges\//.test(source) && !source.endsWith('/challenges/index.ts'))
    .flatMap((source) =>
      importsOf(source)
        .filter(({ target }) => /\/challenges\//.test(target) && !target.endsWith('/challenge.ts'))
        .map(({ target }) => `${source} imports ${target}`),
    );
  expect(wrong).toEqual([]);
});
