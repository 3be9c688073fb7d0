import { describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/main/store/database.ts';
import { migrate } from '../../src/main/store/migrate.ts';
import { Buckets } from '../../src/main/store/repositories/buckets.ts';
import { MultipartUploads } from '../../src/main/store/repositories/multipart-uploads.ts';
import { Objects } from '../../src/main/store/repositories/objects.ts';

/** Every statement that the repositories of S3 prepare. */
function statements(database: Database): string[] {
  const prepared: string[] = [];
  const noting = new Proxy(database, {
    get: (target, name) => (name === 'prepare' ? note : (Reflect.get(target, name) as unknown)),
  });
  const note = (sql: string): unknown => {
    prepared.push(sql);
    return database.prepare(sql);
  };
  for (const Repository of [Buckets, Objects, MultipartUploads]) expect(new Repository(noting)).toBeDefined();
  return prepared;
}

describe('[S3-LIST-2] what S3 looks up', () => {
  const database = openDatabase(':memory:');
  migrate(database, new Date('2026-01-01T00:00:00Z'));

  it.each(statements(database))('%s goes by an index', (sql) => {
    const named = /@\w+/.test(sql);
    const explain = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    const values = named
      ? [Object.fromEntries(Array.from(sql.matchAll(/@(\w+)/g), ([, name]) => [name, '']))]
      : Array.from(sql.matchAll(/\?/g), () => 1);
    for (const { detail } of explain.all(...values)) {
      expect(detail).not.toMatch(/^SCAN (?!CONSTANT ROW)|TEMP B-TREE/);
    }
  });
});
