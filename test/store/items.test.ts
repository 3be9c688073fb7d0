import { describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/main/store/database.ts';
import { migrate } from '../../src/main/store/migrate.ts';
import { Items } from '../../src/main/store/repositories/items.ts';
import { Tables } from '../../src/main/store/repositories/tables.ts';

const database = openDatabase(':memory:');
migrate(database, new Date('2026-01-01T00:00:00Z'));

/** Every statement that a repository prepares. */
function statementsOf(create: (database: Database) => unknown): string[] {
  const found: string[] = [];
  const listening = new Proxy(database, {
    get(target, name) {
      if (name !== 'prepare') return Reflect.get(target, name) as unknown;
      return (sql: string) => {
        found.push(sql.replaceAll(/\s+/g, ' '));
        return target.prepare(sql);
      };
    },
  });
  create(listening);
  return found;
}

function planOf(sql: string): string[] {
  const nothing = Array.from(sql.matchAll(/\?/g), () => null);
  return database
    .prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...nothing)
    .map(({ detail }) => detail);
}

const OF_TABLES = statementsOf((listening) => new Tables(listening));
const OF_ITEMS = statementsOf((listening) => new Items(listening));

describe('tables and their items', () => {
  it.each([...OF_TABLES, ...OF_ITEMS])('are found by an index, and in its order: %s', (sql) => {
    for (const step of planOf(sql)) {
      expect(step).not.toMatch(/^SCAN|TEMP B-TREE/);
      if (step.startsWith('SEARCH')) expect(step).toMatch(/USING (COVERING )?INDEX|PRIMARY KEY/);
    }
  });

  it('are read from where a page begins, not from where the partition or the table does', () => {
    const ranges = OF_ITEMS.filter((sql) => sql.includes('ORDER BY'));
    expect(ranges).toHaveLength(6);
    for (const sql of ranges) {
      const [step] = planOf(sql);
      expect(step).toMatch(
        sql.includes('ORDER BY place') || sql.includes('ORDER BY entries.place')
          ? /\(\w+=\? AND \(place,partition_key,sort_key(,base_key)?\)>\(\?(,\?)+\)/
          : /place=\? AND partition_key=\? AND (sort_key>\? AND sort_key<\?|\(sort_key,base_key\)>\(\?,\?\) AND \(sort_key,base_key\)<\(\?,\?\))\)$/,
      );
    }
  });
});
