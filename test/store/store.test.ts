import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openBenchDatabase } from '../../src/main/bench/open-store.ts';
import { createBus } from '../../src/main/kernel/bus.ts';
import { createLogger } from '../../src/main/kernel/log.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import { migrate } from '../../src/main/store/migrate.ts';
import { createStore } from '../../src/main/store/transaction.ts';

const AT = new Date('2026-01-01T00:00:00Z');
const folders: string[] = [];
const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'poolbench-store-'));
  folders.push(path);
  return path;
};
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

function memory() {
  const database = openDatabase(':memory:');
  migrate(database, AT);
  const bus = createBus(createLogger('silent'));
  const facts: string[] = [];
  bus.onAny(({ type }) => facts.push(type));
  return { database, store: createStore(database, bus), facts };
}

const INSERT = `INSERT INTO functions (account, region, name, arn, kind, target, settings, policy, revision, created_at,
  modified_at) VALUES ('000000000000', 'us-east-1', ?, ?, 'source', 'x', '{}', '[]', 'r', 0, 0)`;

describe('the store', () => {
  it('publishes facts after the commit, and nothing of a write that failed', () => {
    const { database, store, facts } = memory();
    const insert = database.prepare<[string, string]>(INSERT);
    const count = (): unknown => database.prepare('SELECT count(*) AS n FROM functions').get();

    store.write((tx) => {
      insert.run('a', 'arn:a');
      tx.announce('messages.cleared', { account: '000000000000' });
      expect(facts).toEqual([]);
    });
    expect(facts).toEqual(['messages.cleared']);

    expect(() =>
      store.write((tx) => {
        insert.run('b', 'arn:b');
        tx.announce('messages.cleared', { account: '000000000000' });
        throw new Error('second thoughts');
      }),
    ).toThrow('second thoughts');
    expect(facts).toHaveLength(1);
    expect(count()).toEqual({ n: 1 });
  });

  it('joins a write inside a write: both or neither', () => {
    const { database, store } = memory();
    const insert = database.prepare<[string, string]>(INSERT);
    expect(() =>
      store.write(() => {
        store.write(() => insert.run('a', 'arn:a'));
        throw new Error('outer failed');
      }),
    ).toThrow('outer failed');
    expect(database.prepare('SELECT name FROM functions').all()).toEqual([]);
  });

  it('has an account in every table, and empties one account without touching another', () => {
    const { database, store } = memory();
    const tables = database
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'`,
      )
      .all();
    for (const { name } of tables) {
      const columns = database.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${name}')`).all();
      expect(
        columns.map((column) => column.name),
        name,
      ).toContain('account');
    }
    database.prepare(INSERT).run('a', 'arn:a');
    store.clear('111111111111');
    expect(database.prepare('SELECT name FROM functions').all()).toEqual([{ name: 'a' }]);
    store.clear('000000000000');
    expect(database.prepare('SELECT name FROM functions').all()).toEqual([]);
  });

  it('keeps what was written when it is opened again', () => {
    const data = folder();
    const first = openBenchDatabase(data, AT);
    first.prepare(INSERT).run('a', 'arn:a');
    first.close();
    const second = openBenchDatabase(data, AT);
    expect(second.prepare('SELECT name FROM functions').all()).toEqual([{ name: 'a' }]);
    second.close();
  });

  it('refuses a second bench on the same folder with a sentence that says so', () => {
    const data = folder();
    const first = openBenchDatabase(data, AT);
    expect(() => openBenchDatabase(data, AT)).toThrow(/Another bench is running on the data folder/);
    first.close();
  });

  it('refuses a folder that a newer version wrote, and leaves it as it is', () => {
    const data = folder();
    const database = openBenchDatabase(data, AT);
    database.prepare(`INSERT INTO migrations VALUES (9999, 'from-the-future', '2030-01-01')`).run();
    database.close();
    expect(() => openBenchDatabase(data, AT)).toThrow(/newer version of Poolbench/);
    const again = openDatabase(join(data, 'bench.sqlite'));
    expect(again.prepare('SELECT max(number) AS n FROM migrations').get()).toEqual({ n: 9999 });
    again.close();
  });

  it('refuses a data folder that is a file', () => {
    const path = join(folder(), 'file');
    writeFileSync(path, '');
    expect(() => openBenchDatabase(path, AT)).toThrow(/cannot be written/);
  });
});
