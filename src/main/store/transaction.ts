import type { BenchEventName, BenchEvents } from '../../shared/events.ts';
import type { Bus } from '../kernel/bus.ts';
import type { Database } from './database.ts';

/** A write under way: it notes facts, which are published once they are true on disk. */
export interface Transaction {
  announce<Name extends BenchEventName>(type: Name, data: BenchEvents[Name]): void;
}

/** Keeps a write synchronous: a promise inside a transaction would leave it open across other requests. */
type NotPromise<Result> = Result extends PromiseLike<unknown> ? never : Result;

export interface Store {
  /**
   * One transaction: all of `work`, or nothing of it. A write inside a write joins it, and its facts are
   * published after the outermost commit.
   */
  write<Result>(work: (transaction: Transaction) => NotPromise<Result>): Result;
  /**
   * A write that nobody was answered about: it is in the journal, and on disk with the next write that is synced. The
   * end of the process does not lose it; the end of the power may.
   */
  writeUnsynced<Result>(work: (transaction: Transaction) => NotPromise<Result>): Result;
  /** Empties every table for one account, or for all. */
  clear(account?: string): void;
  close(): void;
}

export function createStore(database: Database, bus: Bus): Store {
  let facts: (() => void)[] | undefined;

  const transaction: Transaction = {
    announce(type, data) {
      facts?.push(() => bus.publish(type, data));
    },
  };

  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  const tables = database
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'`,
    )
    .all()
    .map(({ name }) => name);

  const store: Store = {
    write(work) {
      if (facts) return work(transaction);
      facts = [];
      begin.run();
      let result;
      try {
        result = work(transaction);
        commit.run();
      } catch (error) {
        facts = undefined;
        if (database.inTransaction) rollback.run();
        throw error;
      }
      const published = facts;
      facts = undefined;
      for (const publish of published) publish();
      return result;
    },
    writeUnsynced(work) {
      if (facts) return work(transaction);
      database.pragma('synchronous = NORMAL');
      try {
        return store.write(work);
      } finally {
        database.pragma('synchronous = FULL');
      }
    },
    clear(account) {
      database.pragma('foreign_keys = OFF');
      try {
        store.write((tx) => {
          for (const table of tables) {
            if (account === undefined) database.prepare(`DELETE FROM "${table}"`).run();
            else database.prepare(`DELETE FROM "${table}" WHERE account = ?`).run(account);
          }
          if (account === undefined) tx.announce('bench.reset', {});
          else tx.announce('account.reset', { account });
        });
      } finally {
        database.pragma('foreign_keys = ON');
      }
    },
    close() {
      database.close();
    },
  };
  return store;
}
