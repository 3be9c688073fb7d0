import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { migrations } from '../../src/main/store/migrations/index.ts';
import { filesBelow, text } from '../harness/source.ts';

const FOLDER = 'src/main/store/migrations';
const recorded = JSON.parse(text('test/architecture/migrations.json')) as {
  [name: string]: { sha256: string; shipped: string | null };
};

it('migrations are numbered from 1 without gaps, in their order', () => {
  expect(migrations.map(({ name }) => Number(name.slice(0, 4)))).toEqual(
    migrations.map((_migration, index) => index + 1),
  );
});

it('every migration file is listed, under its own name', () => {
  expect(migrations.map(({ name }) => `${FOLDER}/${name}.sql`)).toEqual(filesBelow(FOLDER, /\.sql$/));
  for (const { name, sql } of migrations) expect(sql).toBe(text(`${FOLDER}/${name}.sql`));
});

it('no migration was changed after it was recorded (npm run migrations records one that has not shipped)', () => {
  const now = Object.fromEntries(
    migrations.map(({ name, sql }) => [name, createHash('sha256').update(sql).digest('hex')]),
  );
  expect(now).toEqual(Object.fromEntries(Object.entries(recorded).map(([name, { sha256 }]) => [name, sha256])));
});
