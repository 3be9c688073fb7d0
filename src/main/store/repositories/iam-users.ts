import type { Database } from '../database.ts';
import type { Revisions } from '../revisions.ts';
import type { IamInlinePolicy } from './iam-roles.ts';

export interface IamUserRecord {
  readonly account: string;
  readonly name: string;
  /** `AIDA…` */
  readonly id: string;
  readonly arn: string;
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  readonly tags: { readonly [key: string]: string };
  readonly createdAt: Date;
}

interface Row {
  account: string;
  name: string;
  id: string;
  arn: string;
  permissions_boundary: string | null;
  tags: string;
  created_at: number;
}

export class IamUsers {
  readonly #revisions: Revisions;
  readonly #statements;

  constructor(database: Database, revisions: Revisions) {
    this.#revisions = revisions;
    this.#statements = {
      insert: database.prepare<[Row]>(
        `INSERT INTO iam_users (account, name, id, arn, permissions_boundary, tags, created_at)
         VALUES (@account, @name, @id, @arn, @permissions_boundary, @tags, @created_at)`,
      ),
      find: database.prepare<[string, string], Row>('SELECT * FROM iam_users WHERE account = ? AND name = ?'),
      findInAnyCase: database.prepare<[string, string], Row>(
        'SELECT * FROM iam_users WHERE account = ? AND name = ? COLLATE NOCASE',
      ),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM iam_users WHERE account = ? AND name > ? ORDER BY name LIMIT ?',
      ),
      countWithBoundary: database
        .prepare<[string, string], number>(
          'SELECT count(*) FROM iam_users WHERE account = ? AND permissions_boundary = ?',
        )
        .pluck(),
      remove: database.prepare<[string, string]>('DELETE FROM iam_users WHERE account = ? AND name = ?'),
      putPolicy: database.prepare<[string, string, string, string]>(
        `INSERT INTO iam_user_policies (account, user_name, name, document) VALUES (?, ?, ?, ?)
         ON CONFLICT (account, user_name, name) DO UPDATE SET document = excluded.document`,
      ),
      policies: database.prepare<[string, string], IamInlinePolicy>(
        'SELECT name, document FROM iam_user_policies WHERE account = ? AND user_name = ? ORDER BY name',
      ),
      removePolicy: database.prepare<[string, string, string]>(
        'DELETE FROM iam_user_policies WHERE account = ? AND user_name = ? AND name = ?',
      ),
    };
  }

  insert(user: IamUserRecord): void {
    this.#revisions.raise(user.account);
    this.#statements.insert.run({
      account: user.account,
      name: user.name,
      id: user.id,
      arn: user.arn,
      permissions_boundary: user.permissionsBoundary ?? null,
      tags: JSON.stringify(user.tags),
      created_at: user.createdAt.getTime(),
    });
  }

  find(account: string, name: string): IamUserRecord | undefined {
    const row = this.#statements.find.get(account, name);
    return row && fromRow(row);
  }

  /** Two names that differ by case alone are one and the same to IAM. */
  findInAnyCase(account: string, name: string): IamUserRecord | undefined {
    const row = this.#statements.findInAnyCase.get(account, name);
    return row && fromRow(row);
  }

  list(account: string, page: { readonly after?: string; readonly limit: number }): IamUserRecord[] {
    return this.#statements.list.all(account, page.after ?? '', page.limit).map(fromRow);
  }

  countWithBoundary(account: string, policyArn: string): number {
    return this.#statements.countWithBoundary.get(account, policyArn) ?? 0;
  }

  /** Its inline policies go with it. */
  remove(account: string, name: string): boolean {
    this.#revisions.raise(account);
    return this.#statements.remove.run(account, name).changes > 0;
  }

  putPolicy(account: string, userName: string, policy: IamInlinePolicy): void {
    this.#revisions.raise(account);
    this.#statements.putPolicy.run(account, userName, policy.name, policy.document);
  }

  policies(account: string, userName: string): IamInlinePolicy[] {
    return this.#statements.policies.all(account, userName);
  }

  removePolicy(account: string, userName: string, policyName: string): boolean {
    this.#revisions.raise(account);
    return this.#statements.removePolicy.run(account, userName, policyName).changes > 0;
  }
}

function fromRow(row: Row): IamUserRecord {
  return {
    account: row.account,
    name: row.name,
    id: row.id,
    arn: row.arn,
    ...(row.permissions_boundary !== null && { permissionsBoundary: row.permissions_boundary }),
    tags: JSON.parse(row.tags) as IamUserRecord['tags'],
    createdAt: new Date(row.created_at),
  };
}
