import type { Database } from '../database.ts';

export interface IamRoleRecord {
  readonly account: string;
  readonly name: string;
  /** `AROA…` */
  readonly id: string;
  readonly arn: string;
  /** Policy document as JSON text. */
  readonly trustPolicy: string;
  readonly maxSessionSeconds: number;
  /** `bench`: made on first use, with the policies of the AWS console. */
  readonly madeBy: 'bench' | 'developer';
  readonly createdAt: Date;
}

/** An inline policy of a role. */
export interface IamRolePolicy {
  readonly name: string;
  /** Policy document as JSON text. */
  readonly document: string;
}

interface Row {
  account: string;
  name: string;
  id: string;
  arn: string;
  trust_policy: string;
  max_session_seconds: number;
  made_by: IamRoleRecord['madeBy'];
  created_at: number;
}

export class IamRoles {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[string, string, string, string, string, number, string, number]>(
        `INSERT INTO iam_roles (account, name, id, arn, trust_policy, max_session_seconds, made_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      find: database.prepare<[string, string], Row>('SELECT * FROM iam_roles WHERE account = ? AND name = ?'),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM iam_roles WHERE account = ? AND name > ? ORDER BY name LIMIT ?',
      ),
      setTrust: database.prepare<[string, string, string]>(
        'UPDATE iam_roles SET trust_policy = ? WHERE account = ? AND name = ?',
      ),
      remove: database.prepare<[string, string]>('DELETE FROM iam_roles WHERE account = ? AND name = ?'),
      putPolicy: database.prepare<[string, string, string, string]>(
        `INSERT INTO iam_role_policies (account, role_name, name, document) VALUES (?, ?, ?, ?)
         ON CONFLICT (account, role_name, name) DO UPDATE SET document = excluded.document`,
      ),
      // The casts keep SQLite from planning this hot query anew for each pair of parameters, as it does where it sorts.
      policies: database.prepare<[string, string], IamRolePolicy>(
        `SELECT name, document FROM iam_role_policies
         WHERE account = CAST(? AS TEXT) AND role_name = CAST(? AS TEXT) ORDER BY name`,
      ),
    };
  }

  insert(role: IamRoleRecord): void {
    this.#statements.insert.run(
      role.account,
      role.name,
      role.id,
      role.arn,
      role.trustPolicy,
      role.maxSessionSeconds,
      role.madeBy,
      role.createdAt.getTime(),
    );
  }

  find(account: string, name: string): IamRoleRecord | undefined {
    const row = this.#statements.find.get(account, name);
    return row && fromRow(row);
  }

  list(account: string, page: { readonly after?: string; readonly limit: number }): IamRoleRecord[] {
    return this.#statements.list.all(account, page.after ?? '', page.limit).map(fromRow);
  }

  setTrustPolicy(account: string, name: string, trustPolicy: string): void {
    this.#statements.setTrust.run(trustPolicy, account, name);
  }

  /** Its inline policies go with it. */
  remove(account: string, name: string): boolean {
    return this.#statements.remove.run(account, name).changes > 0;
  }

  putPolicy(account: string, roleName: string, policy: IamRolePolicy): void {
    this.#statements.putPolicy.run(account, roleName, policy.name, policy.document);
  }

  policies(account: string, roleName: string): IamRolePolicy[] {
    return this.#statements.policies.all(account, roleName);
  }
}

function fromRow({ trust_policy, max_session_seconds, made_by, created_at, ...rest }: Row): IamRoleRecord {
  return {
    ...rest,
    trustPolicy: trust_policy,
    maxSessionSeconds: max_session_seconds,
    madeBy: made_by,
    createdAt: new Date(created_at),
  };
}
