import type { Database } from '../database.ts';
import type { Revisions } from '../revisions.ts';

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
  readonly description?: string;
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  readonly tags?: { readonly [key: string]: string };
  readonly lastUsed?: { readonly at: Date; readonly region: string };
}

/** An inline policy of a role or a user. */
export interface IamInlinePolicy {
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
  description: string | null;
  permissions_boundary: string | null;
  tags: string;
  last_used_at: number | null;
  last_used_region: string | null;
}

export class IamRoles {
  readonly #revisions: Revisions;
  readonly #statements;

  constructor(database: Database, revisions: Revisions) {
    this.#revisions = revisions;
    this.#statements = {
      insert: database.prepare<[Omit<Row, 'last_used_at' | 'last_used_region'>]>(
        `INSERT INTO iam_roles (account, name, id, arn, trust_policy, max_session_seconds, made_by, created_at,
           description, permissions_boundary, tags)
         VALUES (@account, @name, @id, @arn, @trust_policy, @max_session_seconds, @made_by, @created_at,
           @description, @permissions_boundary, @tags)`,
      ),
      find: database.prepare<[string, string], Row>('SELECT * FROM iam_roles WHERE account = ? AND name = ?'),
      findInAnyCase: database.prepare<[string, string], Row>(
        'SELECT * FROM iam_roles WHERE account = ? AND name = ? COLLATE NOCASE',
      ),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM iam_roles WHERE account = ? AND name > ? ORDER BY name LIMIT ?',
      ),
      countWithBoundary: database
        .prepare<[string, string], number>(
          'SELECT count(*) FROM iam_roles WHERE account = ? AND permissions_boundary = ?',
        )
        .pluck(),
      update: database.prepare<[string | null, number, string, string, string]>(
        `UPDATE iam_roles SET description = ?, max_session_seconds = ?, tags = ? WHERE account = ? AND name = ?`,
      ),
      setTrust: database.prepare<[string, string, string]>(
        'UPDATE iam_roles SET trust_policy = ? WHERE account = ? AND name = ?',
      ),
      setMaker: database.prepare<[string, string, string]>(
        'UPDATE iam_roles SET made_by = ? WHERE account = ? AND name = ?',
      ),
      setLastUsed: database.prepare<[number, string, string, string]>(
        'UPDATE iam_roles SET last_used_at = ?, last_used_region = ? WHERE account = ? AND name = ?',
      ),
      remove: database.prepare<[string, string]>('DELETE FROM iam_roles WHERE account = ? AND name = ?'),
      putPolicy: database.prepare<[string, string, string, string]>(
        `INSERT INTO iam_role_policies (account, role_name, name, document) VALUES (?, ?, ?, ?)
         ON CONFLICT (account, role_name, name) DO UPDATE SET document = excluded.document`,
      ),
      policies: database.prepare<[string, string], IamInlinePolicy>(
        'SELECT name, document FROM iam_role_policies WHERE account = ? AND role_name = ? ORDER BY name',
      ),
      removePolicy: database.prepare<[string, string, string]>(
        'DELETE FROM iam_role_policies WHERE account = ? AND role_name = ? AND name = ?',
      ),
    };
  }

  insert(role: IamRoleRecord): void {
    this.#revisions.raise(role.account);
    this.#statements.insert.run({
      account: role.account,
      name: role.name,
      id: role.id,
      arn: role.arn,
      trust_policy: role.trustPolicy,
      max_session_seconds: role.maxSessionSeconds,
      made_by: role.madeBy,
      created_at: role.createdAt.getTime(),
      description: role.description ?? null,
      permissions_boundary: role.permissionsBoundary ?? null,
      tags: JSON.stringify(role.tags ?? {}),
    });
  }

  find(account: string, name: string): IamRoleRecord | undefined {
    const row = this.#statements.find.get(account, name);
    return row && fromRow(row);
  }

  /** Two names that differ by case alone are one and the same to IAM. */
  findInAnyCase(account: string, name: string): IamRoleRecord | undefined {
    const row = this.#statements.findInAnyCase.get(account, name);
    return row && fromRow(row);
  }

  list(account: string, page: { readonly after?: string; readonly limit: number }): IamRoleRecord[] {
    return this.#statements.list.all(account, page.after ?? '', page.limit).map(fromRow);
  }

  countWithBoundary(account: string, policyArn: string): number {
    return this.#statements.countWithBoundary.get(account, policyArn) ?? 0;
  }

  /** Writes description, longest session and tags. */
  update({ account, name, description, maxSessionSeconds, tags }: IamRoleRecord): void {
    this.#revisions.raise(account);
    this.#statements.update.run(description ?? null, maxSessionSeconds, JSON.stringify(tags ?? {}), account, name);
  }

  setTrustPolicy(account: string, name: string, trustPolicy: string): void {
    this.#revisions.raise(account);
    this.#statements.setTrust.run(trustPolicy, account, name);
  }

  setMadeBy(account: string, name: string, madeBy: IamRoleRecord['madeBy']): void {
    this.#statements.setMaker.run(madeBy, account, name);
  }

  setLastUsed(account: string, name: string, { at, region }: NonNullable<IamRoleRecord['lastUsed']>): void {
    this.#statements.setLastUsed.run(at.getTime(), region, account, name);
  }

  /** Its inline policies go with it. */
  remove(account: string, name: string): boolean {
    this.#revisions.raise(account);
    return this.#statements.remove.run(account, name).changes > 0;
  }

  putPolicy(account: string, roleName: string, policy: IamInlinePolicy): void {
    this.#revisions.raise(account);
    this.#statements.putPolicy.run(account, roleName, policy.name, policy.document);
  }

  policies(account: string, roleName: string): IamInlinePolicy[] {
    return this.#statements.policies.all(account, roleName);
  }

  removePolicy(account: string, roleName: string, policyName: string): boolean {
    this.#revisions.raise(account);
    return this.#statements.removePolicy.run(account, roleName, policyName).changes > 0;
  }
}

function fromRow(row: Row): IamRoleRecord {
  return {
    account: row.account,
    name: row.name,
    id: row.id,
    arn: row.arn,
    trustPolicy: row.trust_policy,
    maxSessionSeconds: row.max_session_seconds,
    madeBy: row.made_by,
    createdAt: new Date(row.created_at),
    ...(row.description !== null && { description: row.description }),
    ...(row.permissions_boundary !== null && { permissionsBoundary: row.permissions_boundary }),
    tags: JSON.parse(row.tags) as NonNullable<IamRoleRecord['tags']>,
    ...(row.last_used_at !== null && {
      lastUsed: { at: new Date(row.last_used_at), region: row.last_used_region ?? '' },
    }),
  };
}
