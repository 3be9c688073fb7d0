import type { CognitoIdentityProvider, RoleMapping } from '../../../shared/aws/cognito-identity.ts';
import type { Database } from '../database.ts';

/** The part of a pool's definition that AWS treats as one piece, in wire shape. */
export interface IdentityPoolSettings {
  readonly AllowClassicFlow?: boolean;
  readonly SupportedLoginProviders?: { readonly [provider: string]: string };
  readonly DeveloperProviderName?: string;
  readonly OpenIdConnectProviderARNs?: readonly string[];
  readonly CognitoIdentityProviders?: readonly Readonly<CognitoIdentityProvider>[];
  readonly SamlProviderARNs?: readonly string[];
}

export interface IdentityPoolRoles {
  readonly authenticated?: string;
  readonly unauthenticated?: string;
}

/** How one provider's claims become session tags. */
export interface PrincipalTagMap {
  readonly useDefaults: boolean;
  /** Claim by tag key. */
  readonly tags: { readonly [key: string]: string };
}

export interface IdentityPoolRecord {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly name: string;
  readonly allowsGuests: boolean;
  readonly settings: IdentityPoolSettings;
  readonly tags: { readonly [key: string]: string };
  readonly roles: IdentityPoolRoles;
  /** By provider, in wire shape. */
  readonly roleMappings: { readonly [provider: string]: RoleMapping };
  readonly principalTags: { readonly [provider: string]: PrincipalTagMap };
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

interface Row {
  id: string;
  account: string;
  region: string;
  name: string;
  allows_guests: number;
  settings: string;
  tags: string;
  roles: string;
  role_mappings: string;
  principal_tags: string;
  created_at: number;
  modified_at: number;
}

export class IdentityPools {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[Row]>(
        `INSERT INTO identity_pools (id, account, region, name, allows_guests, settings, tags, roles, role_mappings,
           principal_tags, created_at, modified_at)
         VALUES (@id, @account, @region, @name, @allows_guests, @settings, @tags, @roles, @role_mappings,
           @principal_tags, @created_at, @modified_at)`,
      ),
      update: database.prepare<[Row]>(
        `UPDATE identity_pools
         SET name = @name, allows_guests = @allows_guests, settings = @settings, tags = @tags, roles = @roles,
             role_mappings = @role_mappings, principal_tags = @principal_tags, modified_at = @modified_at
         WHERE id = @id AND account = @account`,
      ),
      find: database.prepare<[string, string], Row>('SELECT * FROM identity_pools WHERE id = ? AND account = ?'),
      place: database.prepare<[string], { account: string; region: string }>(
        'SELECT account, region FROM identity_pools WHERE id = ?',
      ),
      list: database.prepare<[string, string, number], Row>(
        'SELECT * FROM identity_pools WHERE account = ? AND id > ? ORDER BY id LIMIT ?',
      ),
      count: database.prepare<[string], number>('SELECT count(*) FROM identity_pools WHERE account = ?').pluck(),
      remove: database.prepare<[string, string]>('DELETE FROM identity_pools WHERE id = ? AND account = ?'),
    };
  }

  insert(record: IdentityPoolRecord): void {
    this.#statements.insert.run(toRow(record));
  }

  /** Writes everything but id, account, region and creation date. */
  update(record: IdentityPoolRecord): void {
    this.#statements.update.run(toRow(record));
  }

  find(account: string, id: string): IdentityPoolRecord | undefined {
    const row = this.#statements.find.get(id, account);
    return row && fromRow(row);
  }

  /** Account and region of a pool, whoever asks. */
  place(id: string): { readonly account: string; readonly region: string } | undefined {
    return this.#statements.place.get(id);
  }

  /** Pools in the order of their ids, after the one named. */
  list(account: string, page: { readonly after?: string; readonly limit: number }): IdentityPoolRecord[] {
    return this.#statements.list.all(account, page.after ?? '', page.limit).map(fromRow);
  }

  count(account: string): number {
    return this.#statements.count.get(account) ?? 0;
  }

  /** Its identities and their logins go with it. */
  remove(account: string, id: string): boolean {
    return this.#statements.remove.run(id, account).changes > 0;
  }
}

function toRow(record: IdentityPoolRecord): Row {
  return {
    id: record.id,
    account: record.account,
    region: record.region,
    name: record.name,
    allows_guests: record.allowsGuests ? 1 : 0,
    settings: JSON.stringify(record.settings),
    tags: JSON.stringify(record.tags),
    roles: JSON.stringify(record.roles),
    role_mappings: JSON.stringify(record.roleMappings),
    principal_tags: JSON.stringify(record.principalTags),
    created_at: record.createdAt.getTime(),
    modified_at: record.modifiedAt.getTime(),
  };
}

function fromRow(row: Row): IdentityPoolRecord {
  return {
    account: row.account,
    region: row.region,
    id: row.id,
    name: row.name,
    allowsGuests: row.allows_guests === 1,
    settings: JSON.parse(row.settings) as IdentityPoolSettings,
    tags: JSON.parse(row.tags) as IdentityPoolRecord['tags'],
    roles: JSON.parse(row.roles) as IdentityPoolRoles,
    roleMappings: JSON.parse(row.role_mappings) as IdentityPoolRecord['roleMappings'],
    principalTags: JSON.parse(row.principal_tags) as IdentityPoolRecord['principalTags'],
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
  };
}
