import type { Database } from '../database.ts';

/** One identity of a pool: a guest (no logins), authenticated (some), or disabled (merged away or unlinked). */
export interface IdentityRecord {
  readonly account: string;
  readonly identityPoolId: string;
  readonly id: string;
  readonly disabled: boolean;
  /** The identity that this one was merged into. */
  readonly mergedInto?: string;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

export interface IdentityLogin {
  /** SHA-256 of pool, provider and subject; the subject itself is not kept. */
  readonly digest: string;
  readonly provider: string;
  /** The developer's own identifier of the user; kept for logins of developer providers alone. */
  readonly developerUser?: string;
}

export interface IdentityStateCounts {
  readonly counted: number;
  readonly authenticated: number;
  readonly disabled: number;
}

interface LoginRow {
  digest: string;
  provider: string;
  developer_user: string | null;
}

interface Row {
  id: string;
  account: string;
  identity_pool_id: string;
  disabled: number;
  merged_into: string | null;
  created_at: number;
  modified_at: number;
}

export class Identities {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[string, string, string, number, number]>(
        `INSERT INTO identities (id, account, identity_pool_id, created_at, modified_at) VALUES (?, ?, ?, ?, ?)`,
      ),
      find: database.prepare<[string, string], Row>('SELECT * FROM identities WHERE id = ? AND account = ?'),
      place: database.prepare<[string], { account: string; identityPoolId: string; region: string }>(
        `SELECT identities.account, identity_pool_id AS identityPoolId, region
         FROM identities JOIN identity_pools ON identity_pools.id = identity_pool_id
         WHERE identities.id = ?`,
      ),
      owner: database.prepare<[string], Row>(
        `SELECT identities.* FROM identity_logins JOIN identities ON identities.id = identity_id WHERE digest = ?`,
      ),
      logins: database.prepare<[string], LoginRow>(
        `SELECT digest, provider, developer_user FROM identity_logins WHERE identity_id = ?
         ORDER BY provider, developer_user`,
      ),
      link: database.prepare<[string, string, string, string, string | null, number]>(
        `INSERT INTO identity_logins (digest, account, identity_id, provider, developer_user, linked_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      ),
      unlink: database.prepare<[string, string]>('DELETE FROM identity_logins WHERE identity_id = ? AND digest = ?'),
      moveLogins: database.prepare<[string, string]>(
        'UPDATE identity_logins SET identity_id = ? WHERE identity_id = ?',
      ),
      touch: database.prepare<[number, string]>('UPDATE identities SET modified_at = ? WHERE id = ?'),
      disable: database.prepare<[string | null, number, string]>(
        'UPDATE identities SET disabled = 1, merged_into = ?, modified_at = ? WHERE id = ?',
      ),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM identities WHERE identity_pool_id = ? AND id > ? ORDER BY id LIMIT ?',
      ),
      listEnabled: database.prepare<[string, string, number], Row>(
        'SELECT * FROM identities WHERE identity_pool_id = ? AND id > ? AND disabled = 0 ORDER BY id LIMIT ?',
      ),
      range: database.prepare<[string, string, string, number], Row>(
        'SELECT * FROM identities WHERE identity_pool_id = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?',
      ),
      containing: database.prepare<[string, string, string, number], Row>(
        'SELECT * FROM identities WHERE identity_pool_id = ? AND id > ? AND instr(id, ?) > 0 ORDER BY id LIMIT ?',
      ),
      states: database.prepare<[string, number], IdentityStateCounts>(
        `SELECT count(*) AS counted, coalesce(sum(disabled), 0) AS disabled,
           coalesce(sum(disabled = 0 AND EXISTS (SELECT 1 FROM identity_logins WHERE identity_id = some.id)), 0)
             AS authenticated
         FROM (SELECT id, disabled FROM identities WHERE identity_pool_id = ? LIMIT ?) AS some`,
      ),
      count: database.prepare<[string], number>('SELECT count(*) FROM identities WHERE identity_pool_id = ?').pluck(),
      remove: database.prepare<[string, string]>('DELETE FROM identities WHERE id = ? AND account = ?'),
    };
  }

  insert(record: Pick<IdentityRecord, 'account' | 'identityPoolId' | 'id' | 'createdAt'>): void {
    const at = record.createdAt.getTime();
    this.#statements.insert.run(record.id, record.account, record.identityPoolId, at, at);
  }

  find(account: string, id: string): IdentityRecord | undefined {
    const row = this.#statements.find.get(id, account);
    return row && fromRow(row);
  }

  /** Account, region and pool of an identity, whoever asks. */
  place(
    id: string,
  ): { readonly account: string; readonly region: string; readonly identityPoolId: string } | undefined {
    return this.#statements.place.get(id);
  }

  findByLogin(digest: string): IdentityRecord | undefined {
    const row = this.#statements.owner.get(digest);
    return row && fromRow(row);
  }

  logins(identityId: string): IdentityLogin[] {
    return this.#statements.logins.all(identityId).map(({ digest, provider, developer_user }) => ({
      digest,
      provider,
      ...(developer_user !== null && { developerUser: developer_user }),
    }));
  }

  link(identity: Pick<IdentityRecord, 'account' | 'id'>, login: IdentityLogin, at: Date): void {
    const { digest, provider, developerUser = null } = login;
    this.#statements.link.run(digest, identity.account, identity.id, provider, developerUser, at.getTime());
    this.#statements.touch.run(at.getTime(), identity.id);
  }

  unlink(identityId: string, digest: string, at: Date): void {
    this.#statements.unlink.run(identityId, digest);
    this.#statements.touch.run(at.getTime(), identityId);
  }

  /** Every login of `from` becomes one of `into`, and `from` is disabled. */
  merge(from: string, into: string, at: Date): void {
    this.#statements.moveLogins.run(into, from);
    this.#statements.disable.run(into, at.getTime(), from);
    this.#statements.touch.run(at.getTime(), into);
  }

  disable(id: string, at: Date): void {
    this.#statements.disable.run(null, at.getTime(), id);
  }

  /** Identities in the order of their ids, after the one named. */
  list(
    identityPoolId: string,
    page: { readonly after?: string; readonly limit: number; readonly hideDisabled?: boolean },
  ): IdentityRecord[] {
    const statement = page.hideDisabled ? this.#statements.listEnabled : this.#statements.list;
    return statement.all(identityPoolId, page.after ?? '', page.limit).map(fromRow);
  }

  /** Identities whose ids begin with `prefix`, by the index. */
  beginningWith(
    identityPoolId: string,
    prefix: string,
    page: { readonly after?: string; readonly limit: number },
  ): IdentityRecord[] {
    // The smallest text after the last id; and ids are ASCII, so that nothing with the prefix is beyond the end.
    const from = page.after === undefined ? prefix : `${page.after}\0`;
    return this.#statements.range.all(identityPoolId, from, `${prefix}\u{10ffff}`, page.limit).map(fromRow);
  }

  /** Identities whose ids contain `part`; reads the pool's ids until there are enough. */
  containing(
    identityPoolId: string,
    part: string,
    page: { readonly after?: string; readonly limit: number },
  ): IdentityRecord[] {
    return this.#statements.containing.all(identityPoolId, page.after ?? '', part, page.limit).map(fromRow);
  }

  /** How many of a pool's identities are in which state; of the first `most`, so that a huge pool is not read whole. */
  states(identityPoolId: string, most: number): IdentityStateCounts {
    return this.#statements.states.get(identityPoolId, most) ?? { counted: 0, disabled: 0, authenticated: 0 };
  }

  count(identityPoolId: string): number {
    return this.#statements.count.get(identityPoolId) ?? 0;
  }

  remove(account: string, id: string): boolean {
    return this.#statements.remove.run(id, account).changes > 0;
  }
}

function fromRow(row: Row): IdentityRecord {
  return {
    account: row.account,
    identityPoolId: row.identity_pool_id,
    id: row.id,
    disabled: row.disabled === 1,
    ...(row.merged_into !== null && { mergedInto: row.merged_into }),
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
  };
}
