import type { IdentityProviderType } from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';

export type ProviderType = NonNullable<IdentityProviderType['ProviderType']>;

export interface IdentityProviderRecord {
  readonly account: string;
  readonly userPoolId: string;
  readonly name: string;
  readonly type: ProviderType;
  readonly details: { readonly [key: string]: string };
  /** From attributes of the pool to claims of the provider. */
  readonly attributeMapping: { readonly [attribute: string]: string };
  readonly identifiers: readonly string[];
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

/** Somebody at a provider who is a user of the pool. */
export interface LinkedIdentityRecord {
  readonly account: string;
  readonly userPoolId: string;
  readonly providerName: string;
  /** `Cognito_Subject`, or the claim that the person is known by. */
  readonly attributeName: string;
  readonly attributeValue: string;
  readonly userNumber: number;
  readonly providerType: ProviderType;
  readonly issuer: string | undefined;
  /** Whether the user came into being with this identity, rather than being linked to it. */
  readonly isPrimary: boolean;
  readonly createdAt: Date;
}

interface Row {
  account: string;
  user_pool_id: string;
  name: string;
  type: string;
  details: string;
  attribute_mapping: string;
  created_at: number;
  modified_at: number;
}

interface LinkRow {
  account: string;
  user_pool_id: string;
  provider_name: string;
  attribute_name: string;
  attribute_value: string;
  user_number: number;
  provider_type: string;
  issuer: string | null;
  is_primary: number;
  created_at: number;
}

function link(row: LinkRow): LinkedIdentityRecord {
  return {
    account: row.account,
    userPoolId: row.user_pool_id,
    providerName: row.provider_name,
    attributeName: row.attribute_name,
    attributeValue: row.attribute_value,
    userNumber: row.user_number,
    providerType: row.provider_type as ProviderType,
    issuer: row.issuer ?? undefined,
    isPrimary: row.is_primary === 1,
    createdAt: new Date(row.created_at),
  };
}

/** Outside identity providers of user pools, and who of their people is which user. */
export class IdentityProviders {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO identity_providers (account, user_pool_id, name, type, details, attribute_mapping, created_at, modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: database.prepare(
        `UPDATE identity_providers SET details = ?, attribute_mapping = ?, modified_at = ?
         WHERE user_pool_id = ? AND name = ?`,
      ),
      delete: database.prepare('DELETE FROM identity_providers WHERE user_pool_id = ? AND name = ?'),
      find: database.prepare<[string, string], Row>(
        'SELECT * FROM identity_providers WHERE user_pool_id = ? AND name = ?',
      ),
      findByIdentifier: database.prepare<[string, string], Row>(
        `SELECT p.* FROM identity_provider_identifiers i
         JOIN identity_providers p ON p.user_pool_id = i.user_pool_id AND p.name = i.provider_name
         WHERE i.user_pool_id = ? AND i.identifier = ?`,
      ),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM identity_providers WHERE user_pool_id = ? AND name > ? ORDER BY name LIMIT ?',
      ),
      count: database.prepare<[string], { count: number }>(
        'SELECT count(*) AS count FROM identity_providers WHERE user_pool_id = ?',
      ),
      identifiers: database.prepare<[string, string], { identifier: string }>(
        'SELECT identifier FROM identity_provider_identifiers WHERE user_pool_id = ? AND provider_name = ? ORDER BY place',
      ),
      dropIdentifiers: database.prepare(
        'DELETE FROM identity_provider_identifiers WHERE user_pool_id = ? AND provider_name = ?',
      ),
      addIdentifier: database.prepare(
        `INSERT INTO identity_provider_identifiers (account, user_pool_id, identifier, provider_name, place)
         VALUES (?, ?, ?, ?, ?)`,
      ),
      link: database.prepare(
        `INSERT INTO linked_identities (account, user_pool_id, provider_name, attribute_name, attribute_value, user_number,
           provider_type, issuer, is_primary, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      unlink: database.prepare(
        `DELETE FROM linked_identities
         WHERE user_pool_id = ? AND provider_name = ? AND attribute_name = ? AND attribute_value = ?`,
      ),
      findLink: database.prepare<[string, string, string, string], LinkRow>(
        `SELECT * FROM linked_identities
         WHERE user_pool_id = ? AND provider_name = ? AND attribute_name = ? AND attribute_value = ?`,
      ),
      linksOf: database.prepare<[number], LinkRow>(
        'SELECT * FROM linked_identities WHERE user_number = ? ORDER BY created_at, provider_name, attribute_value',
      ),
    };
  }

  /** The caller has made sure that no other provider has any of the identifiers. */
  insert(provider: IdentityProviderRecord): void {
    this.#statements.insert.run(
      provider.account,
      provider.userPoolId,
      provider.name,
      provider.type,
      JSON.stringify(provider.details),
      JSON.stringify(provider.attributeMapping),
      provider.createdAt.getTime(),
      provider.modifiedAt.getTime(),
    );
    this.#setIdentifiers(provider);
  }

  update(provider: IdentityProviderRecord): void {
    this.#statements.update.run(
      JSON.stringify(provider.details),
      JSON.stringify(provider.attributeMapping),
      provider.modifiedAt.getTime(),
      provider.userPoolId,
      provider.name,
    );
    this.#setIdentifiers(provider);
  }

  delete(provider: IdentityProviderRecord): void {
    this.#statements.delete.run(provider.userPoolId, provider.name);
  }

  find(userPoolId: string, name: string): IdentityProviderRecord | undefined {
    return this.#optional(this.#statements.find.get(userPoolId, name));
  }

  findByIdentifier(userPoolId: string, identifier: string): IdentityProviderRecord | undefined {
    return this.#optional(this.#statements.findByIdentifier.get(userPoolId, identifier));
  }

  /** Providers after the name `after`, in the order of their names. */
  list(userPoolId: string, after: string, limit: number): IdentityProviderRecord[] {
    return this.#statements.list.all(userPoolId, after, limit).map((row) => this.#record(row));
  }

  count(userPoolId: string): number {
    return this.#statements.count.get(userPoolId)?.count ?? 0;
  }

  link(identity: LinkedIdentityRecord): void {
    this.#statements.link.run(
      identity.account,
      identity.userPoolId,
      identity.providerName,
      identity.attributeName,
      identity.attributeValue,
      identity.userNumber,
      identity.providerType,
      identity.issuer ?? null,
      identity.isPrimary ? 1 : 0,
      identity.createdAt.getTime(),
    );
  }

  unlink({ userPoolId, providerName, attributeName, attributeValue }: LinkedIdentityRecord): void {
    this.#statements.unlink.run(userPoolId, providerName, attributeName, attributeValue);
  }

  findLink(
    userPoolId: string,
    providerName: string,
    attributeName: string,
    attributeValue: string,
  ): LinkedIdentityRecord | undefined {
    const row = this.#statements.findLink.get(userPoolId, providerName, attributeName, attributeValue);
    return row && link(row);
  }

  /** A user's identities, the oldest link first. */
  linksOf(userNumber: number): LinkedIdentityRecord[] {
    return this.#statements.linksOf.all(userNumber).map(link);
  }

  #setIdentifiers({ account, userPoolId, name, identifiers }: IdentityProviderRecord): void {
    this.#statements.dropIdentifiers.run(userPoolId, name);
    for (const [place, identifier] of identifiers.entries()) {
      this.#statements.addIdentifier.run(account, userPoolId, identifier, name, place);
    }
  }

  #optional(row: Row | undefined): IdentityProviderRecord | undefined {
    return row && this.#record(row);
  }

  #record(row: Row): IdentityProviderRecord {
    return {
      account: row.account,
      userPoolId: row.user_pool_id,
      name: row.name,
      type: row.type as ProviderType,
      details: JSON.parse(row.details) as IdentityProviderRecord['details'],
      attributeMapping: JSON.parse(row.attribute_mapping) as IdentityProviderRecord['attributeMapping'],
      identifiers: this.#statements.identifiers.all(row.user_pool_id, row.name).map(({ identifier }) => identifier),
      createdAt: new Date(row.created_at),
      modifiedAt: new Date(row.modified_at),
    };
  }
}
