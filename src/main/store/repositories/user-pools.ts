import type { EmailMfaConfigType, UserPoolType, WebAuthnConfigurationType } from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';

/** A pool's configuration in AWS's wire shape; what AWS derives is left out. */
export type UserPoolSettings = Omit<
  UserPoolType,
  'Id' | 'Name' | 'Arn' | 'CreationDate' | 'LastModifiedDate' | 'EstimatedNumberOfUsers'
>;

/** The factors that a pool has switched on, beside its MfaConfiguration. */
export interface PoolFactors {
  readonly sms?: boolean;
  readonly softwareToken?: boolean;
  readonly email?: EmailMfaConfigType;
  readonly webAuthn?: WebAuthnConfigurationType;
}

export interface UserPoolRecord {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly settings: UserPoolSettings;
  readonly factors: PoolFactors;
  readonly userCount: number;
  /** Makes simulated answers stable within the pool. */
  readonly simulationSecret: Buffer;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

interface Row {
  id: string;
  account: string;
  region: string;
  name: string;
  settings: string;
  mfa: string;
  user_count: number;
  simulation_secret: Buffer;
  created_at: number;
  modified_at: number;
}

function record(row: Row): UserPoolRecord {
  return {
    id: row.id,
    account: row.account,
    region: row.region,
    name: row.name,
    settings: JSON.parse(row.settings) as UserPoolSettings,
    factors: JSON.parse(row.mfa) as PoolFactors,
    userCount: row.user_count,
    simulationSecret: row.simulation_secret,
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
  };
}

export class UserPools {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO user_pools (id, account, region, name, settings, mfa, simulation_secret, created_at, modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: database.prepare(
        'UPDATE user_pools SET name = ?, settings = ?, mfa = coalesce(?, mfa), modified_at = ? WHERE id = ?',
      ),
      delete: database.prepare('DELETE FROM user_pools WHERE id = ?'),
      find: database.prepare<[string], Row>('SELECT * FROM user_pools WHERE id = ?'),
      place: database.prepare<[string], { account: string; region: string }>(
        'SELECT account, region FROM user_pools WHERE id = ?',
      ),
      list: database.prepare<[string, string, string, number], Row>(
        'SELECT * FROM user_pools WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?',
      ),
      listAll: database.prepare<[string], Row>('SELECT * FROM user_pools WHERE account = ? ORDER BY created_at, id'),
      count: database.prepare<[string, string], { count: number }>(
        'SELECT count(*) AS count FROM user_pools WHERE account = ? AND region = ?',
      ),
    };
  }

  insert(pool: Omit<UserPoolRecord, 'userCount' | 'factors'> & Partial<Pick<UserPoolRecord, 'factors'>>): void {
    this.#statements.insert.run(
      pool.id,
      pool.account,
      pool.region,
      pool.name,
      JSON.stringify(pool.settings),
      JSON.stringify(pool.factors ?? {}),
      pool.simulationSecret,
      pool.createdAt.getTime(),
      pool.modifiedAt.getTime(),
    );
  }

  /** Factors that are left out stay as they are. */
  update(
    pool: Pick<UserPoolRecord, 'id' | 'name' | 'settings' | 'modifiedAt'> & Partial<Pick<UserPoolRecord, 'factors'>>,
  ): void {
    this.#statements.update.run(
      pool.name,
      JSON.stringify(pool.settings),
      pool.factors === undefined ? null : JSON.stringify(pool.factors),
      pool.modifiedAt.getTime(),
      pool.id,
    );
  }

  /** Its clients, users, codes, sessions, tokens and keys go with it. */
  delete(id: string): void {
    this.#statements.delete.run(id);
  }

  find(id: string): UserPoolRecord | undefined {
    const row = this.#statements.find.get(id);
    return row && record(row);
  }

  /** Where the pool lives, for calls that only name it. */
  place(id: string): { readonly account: string; readonly region: string } | undefined {
    return this.#statements.place.get(id);
  }

  /** Pools after the id `after`, in the order of their ids. */
  list(account: string, region: string, after: string, limit: number): UserPoolRecord[] {
    return this.#statements.list.all(account, region, after, limit).map(record);
  }

  /** Every pool of an account, oldest first, whatever its region. */
  listAll(account: string): UserPoolRecord[] {
    return this.#statements.listAll.all(account).map(record);
  }

  count(account: string, region: string): number {
    return this.#statements.count.get(account, region)?.count ?? 0;
  }
}
