import type { Database } from '../database.ts';
import type { Revisions } from '../revisions.ts';

/** A managed policy of an account. */
export interface IamPolicyRecord {
  readonly account: string;
  readonly arn: string;
  readonly name: string;
  /** `ANPA…` */
  readonly id: string;
  readonly description?: string;
  readonly tags: { readonly [key: string]: string };
  readonly defaultVersion: number;
  /** The highest number that was ever given to a version. */
  readonly newestVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface IamPolicyVersionRecord {
  readonly version: number;
  /** Policy document as JSON text. */
  readonly document: string;
  readonly createdAt: Date;
}

/** Whom a managed policy is attached to. */
export interface IamHolder {
  readonly account: string;
  readonly kind: 'role' | 'user';
  readonly name: string;
}

interface Row {
  arn: string;
  account: string;
  name: string;
  id: string;
  description: string | null;
  tags: string;
  default_version: number;
  newest_version: number;
  created_at: number;
  updated_at: number;
}

interface VersionRow {
  version: number;
  document: string;
  created_at: number;
}

export class IamPolicies {
  readonly #revisions: Revisions;
  readonly #statements;

  constructor(database: Database, revisions: Revisions) {
    this.#revisions = revisions;
    this.#statements = {
      insert: database.prepare<[Row]>(
        `INSERT INTO iam_policies (arn, account, name, id, description, tags, default_version, newest_version,
           created_at, updated_at)
         VALUES (@arn, @account, @name, @id, @description, @tags, @default_version, @newest_version,
           @created_at, @updated_at)`,
      ),
      setVersions: database.prepare<[number, number, number, string]>(
        'UPDATE iam_policies SET default_version = ?, newest_version = ?, updated_at = ? WHERE arn = ?',
      ),
      find: database.prepare<[string, string], Row>('SELECT * FROM iam_policies WHERE arn = ? AND account = ?'),
      findByName: database.prepare<[string, string], Row>(
        'SELECT * FROM iam_policies WHERE account = ? AND name = ? COLLATE NOCASE',
      ),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM iam_policies WHERE account = ? AND name > ? ORDER BY name LIMIT ?',
      ),
      remove: database.prepare<[string, string]>('DELETE FROM iam_policies WHERE arn = ? AND account = ?'),
      insertVersion: database.prepare<[string, string, number, string, number]>(
        'INSERT INTO iam_policy_versions (account, policy_arn, version, document, created_at) VALUES (?, ?, ?, ?, ?)',
      ),
      version: database.prepare<[string, number], VersionRow>(
        'SELECT version, document, created_at FROM iam_policy_versions WHERE policy_arn = ? AND version = ?',
      ),
      versions: database.prepare<[string], VersionRow>(
        `SELECT version, document, created_at FROM iam_policy_versions WHERE policy_arn = ? ORDER BY version DESC`,
      ),
      removeVersion: database.prepare<[string, number]>(
        'DELETE FROM iam_policy_versions WHERE policy_arn = ? AND version = ?',
      ),
      defaultDocument: database
        .prepare<[string, string], string>(
          `SELECT document FROM iam_policies
           JOIN iam_policy_versions ON policy_arn = arn AND version = default_version
           WHERE arn = ? AND iam_policies.account = ?`,
        )
        .pluck(),
      attach: database.prepare<[string, string, string, string]>(
        'INSERT OR IGNORE INTO iam_attachments (account, kind, name, policy_arn) VALUES (?, ?, ?, ?)',
      ),
      detach: database.prepare<[string, string, string, string]>(
        'DELETE FROM iam_attachments WHERE account = ? AND kind = ? AND name = ? AND policy_arn = ?',
      ),
      detachAll: database.prepare<[string, string, string]>(
        'DELETE FROM iam_attachments WHERE account = ? AND kind = ? AND name = ?',
      ),
      attached: database
        .prepare<[string, string, string], string>(
          'SELECT policy_arn FROM iam_attachments WHERE account = ? AND kind = ? AND name = ? ORDER BY policy_arn',
        )
        .pluck(),
      holders: database.prepare<[string, string], { kind: IamHolder['kind']; name: string }>(
        'SELECT kind, name FROM iam_attachments WHERE account = ? AND policy_arn = ? ORDER BY kind, name',
      ),
      attachments: database
        .prepare<[string, string], number>('SELECT count(*) FROM iam_attachments WHERE account = ? AND policy_arn = ?')
        .pluck(),
    };
  }

  insert(policy: IamPolicyRecord): void {
    this.#revisions.raise(policy.account);
    this.#statements.insert.run({
      arn: policy.arn,
      account: policy.account,
      name: policy.name,
      id: policy.id,
      description: policy.description ?? null,
      tags: JSON.stringify(policy.tags),
      default_version: policy.defaultVersion,
      newest_version: policy.newestVersion,
      created_at: policy.createdAt.getTime(),
      updated_at: policy.updatedAt.getTime(),
    });
  }

  /** Writes which version is the default, the highest number given, and when that changed. */
  setVersions({ account, arn, defaultVersion, newestVersion, updatedAt }: IamPolicyRecord): void {
    this.#revisions.raise(account);
    this.#statements.setVersions.run(defaultVersion, newestVersion, updatedAt.getTime(), arn);
  }

  find(account: string, arn: string): IamPolicyRecord | undefined {
    const row = this.#statements.find.get(arn, account);
    return row && fromRow(row);
  }

  /** A name is given once in an account, whatever its path and case. */
  findByName(account: string, name: string): IamPolicyRecord | undefined {
    const row = this.#statements.findByName.get(account, name);
    return row && fromRow(row);
  }

  list(account: string, page: { readonly after?: string; readonly limit: number }): IamPolicyRecord[] {
    return this.#statements.list.all(account, page.after ?? '', page.limit).map(fromRow);
  }

  /** Its versions go with it. */
  remove(account: string, arn: string): boolean {
    this.#revisions.raise(account);
    return this.#statements.remove.run(arn, account).changes > 0;
  }

  insertVersion(policy: Pick<IamPolicyRecord, 'account' | 'arn'>, version: IamPolicyVersionRecord): void {
    const { account, arn } = policy;
    this.#revisions.raise(account);
    this.#statements.insertVersion.run(account, arn, version.version, version.document, version.createdAt.getTime());
  }

  version(arn: string, version: number): IamPolicyVersionRecord | undefined {
    const row = this.#statements.version.get(arn, version);
    return row && fromVersionRow(row);
  }

  /** The newest first. */
  versions(arn: string): IamPolicyVersionRecord[] {
    return this.#statements.versions.all(arn).map(fromVersionRow);
  }

  /** Never the one that counts, so that nobody's permissions change. */
  removeVersion(arn: string, version: number): void {
    this.#statements.removeVersion.run(arn, version);
  }

  /** The text of the version that counts. */
  defaultDocument(account: string, arn: string): string | undefined {
    return this.#statements.defaultDocument.get(arn, account);
  }

  attach({ account, kind, name }: IamHolder, policyArn: string): void {
    this.#revisions.raise(account);
    this.#statements.attach.run(account, kind, name, policyArn);
  }

  detach({ account, kind, name }: IamHolder, policyArn: string): boolean {
    this.#revisions.raise(account);
    return this.#statements.detach.run(account, kind, name, policyArn).changes > 0;
  }

  detachAll({ account, kind, name }: IamHolder): void {
    this.#revisions.raise(account);
    this.#statements.detachAll.run(account, kind, name);
  }

  /** ARNs of the policies that are attached. */
  attached({ account, kind, name }: IamHolder): string[] {
    return this.#statements.attached.all(account, kind, name);
  }

  /** Whom a policy is attached to. */
  holders(account: string, policyArn: string): IamHolder[] {
    return this.#statements.holders.all(account, policyArn).map((holder) => ({ account, ...holder }));
  }

  countAttachments(account: string, policyArn: string): number {
    return this.#statements.attachments.get(account, policyArn) ?? 0;
  }
}

function fromRow(row: Row): IamPolicyRecord {
  return {
    account: row.account,
    arn: row.arn,
    name: row.name,
    id: row.id,
    ...(row.description !== null && { description: row.description }),
    tags: JSON.parse(row.tags) as IamPolicyRecord['tags'],
    defaultVersion: row.default_version,
    newestVersion: row.newest_version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}

function fromVersionRow({ version, document, created_at }: VersionRow): IamPolicyVersionRecord {
  return { version, document, createdAt: new Date(created_at) };
}
