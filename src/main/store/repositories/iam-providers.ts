import type { Database } from '../database.ts';

/** An OpenID Connect provider that an account trusts. */
export interface IamOpenIdProviderRecord {
  readonly account: string;
  readonly arn: string;
  /** Issuer without the scheme: host and path. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly tags: { readonly [key: string]: string };
  readonly createdAt: Date;
}

/** A SAML provider that an account trusts. */
export interface IamSamlProviderRecord {
  readonly account: string;
  readonly arn: string;
  readonly uuid: string;
  /** The provider's metadata document, XML as it came. */
  readonly metadata: string;
  readonly tags: { readonly [key: string]: string };
  readonly createdAt: Date;
  readonly validUntil: Date;
}

interface OpenIdRow {
  arn: string;
  account: string;
  url: string;
  client_ids: string;
  thumbprints: string;
  tags: string;
  created_at: number;
}

interface SamlRow {
  arn: string;
  account: string;
  uuid: string;
  metadata: string;
  tags: string;
  created_at: number;
  valid_until: number;
}

export class IamProviders {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      putOpenId: database.prepare<[OpenIdRow]>(
        `INSERT INTO iam_oidc_providers (arn, account, url, client_ids, thumbprints, tags, created_at)
         VALUES (@arn, @account, @url, @client_ids, @thumbprints, @tags, @created_at)
         ON CONFLICT (arn) DO UPDATE SET client_ids = excluded.client_ids, thumbprints = excluded.thumbprints`,
      ),
      findOpenId: database.prepare<[string, string], OpenIdRow>(
        'SELECT * FROM iam_oidc_providers WHERE arn = ? AND account = ?',
      ),
      listOpenId: database.prepare<[string], OpenIdRow>(
        'SELECT * FROM iam_oidc_providers WHERE account = ? ORDER BY arn',
      ),
      removeOpenId: database.prepare<[string, string]>('DELETE FROM iam_oidc_providers WHERE arn = ? AND account = ?'),
      putSaml: database.prepare<[SamlRow]>(
        `INSERT INTO iam_saml_providers (arn, account, uuid, metadata, tags, created_at, valid_until)
         VALUES (@arn, @account, @uuid, @metadata, @tags, @created_at, @valid_until)
         ON CONFLICT (arn) DO UPDATE SET metadata = excluded.metadata, valid_until = excluded.valid_until`,
      ),
      findSaml: database.prepare<[string, string], SamlRow>(
        'SELECT * FROM iam_saml_providers WHERE arn = ? AND account = ?',
      ),
      listSaml: database.prepare<[string], SamlRow>('SELECT * FROM iam_saml_providers WHERE account = ? ORDER BY arn'),
      removeSaml: database.prepare<[string, string]>('DELETE FROM iam_saml_providers WHERE arn = ? AND account = ?'),
    };
  }

  /** Inserts, or writes client ids and thumbprints anew. */
  putOpenId(provider: IamOpenIdProviderRecord): void {
    this.#statements.putOpenId.run({
      arn: provider.arn,
      account: provider.account,
      url: provider.url,
      client_ids: JSON.stringify(provider.clientIds),
      thumbprints: JSON.stringify(provider.thumbprints),
      tags: JSON.stringify(provider.tags),
      created_at: provider.createdAt.getTime(),
    });
  }

  findOpenId(account: string, arn: string): IamOpenIdProviderRecord | undefined {
    const row = this.#statements.findOpenId.get(arn, account);
    return row && fromOpenIdRow(row);
  }

  listOpenId(account: string): IamOpenIdProviderRecord[] {
    return this.#statements.listOpenId.all(account).map(fromOpenIdRow);
  }

  removeOpenId(account: string, arn: string): boolean {
    return this.#statements.removeOpenId.run(arn, account).changes > 0;
  }

  /** Inserts, or writes the metadata anew. */
  putSaml(provider: IamSamlProviderRecord): void {
    this.#statements.putSaml.run({
      arn: provider.arn,
      account: provider.account,
      uuid: provider.uuid,
      metadata: provider.metadata,
      tags: JSON.stringify(provider.tags),
      created_at: provider.createdAt.getTime(),
      valid_until: provider.validUntil.getTime(),
    });
  }

  findSaml(account: string, arn: string): IamSamlProviderRecord | undefined {
    const row = this.#statements.findSaml.get(arn, account);
    return row && fromSamlRow(row);
  }

  listSaml(account: string): IamSamlProviderRecord[] {
    return this.#statements.listSaml.all(account).map(fromSamlRow);
  }

  removeSaml(account: string, arn: string): boolean {
    return this.#statements.removeSaml.run(arn, account).changes > 0;
  }
}

function fromOpenIdRow(row: OpenIdRow): IamOpenIdProviderRecord {
  return {
    account: row.account,
    arn: row.arn,
    url: row.url,
    clientIds: JSON.parse(row.client_ids) as string[],
    thumbprints: JSON.parse(row.thumbprints) as string[],
    tags: JSON.parse(row.tags) as IamOpenIdProviderRecord['tags'],
    createdAt: new Date(row.created_at),
  };
}

function fromSamlRow(row: SamlRow): IamSamlProviderRecord {
  return {
    account: row.account,
    arn: row.arn,
    uuid: row.uuid,
    metadata: row.metadata,
    tags: JSON.parse(row.tags) as IamSamlProviderRecord['tags'],
    createdAt: new Date(row.created_at),
    validUntil: new Date(row.valid_until),
  };
}
