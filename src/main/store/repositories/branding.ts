import type { AssetType, TermsType } from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';

/** The look of the classic hosted pages. */
export interface UiCustomizationRecord {
  readonly account: string;
  readonly userPoolId: string;
  /** A client, or `ALL`. */
  readonly clientId: string;
  readonly css: string | undefined;
  readonly cssVersion: string;
  readonly image: { readonly bytes: Uint8Array; readonly type: 'image/png' | 'image/jpeg' } | undefined;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

export type BrandingAsset = Required<AssetType>;

/** The look of managed login for one client. */
export interface BrandingRecord {
  readonly id: string;
  readonly account: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly usesProvidedValues: boolean;
  /** A JSON document. */
  readonly settings: unknown;
  readonly assets: readonly BrandingAsset[];
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

export interface TermsRecord {
  readonly id: string;
  readonly account: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly name: string;
  readonly source: TermsType['TermsSource'];
  readonly enforcement: TermsType['Enforcement'];
  readonly links: { readonly [language: string]: string };
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

interface CustomizationRow {
  account: string;
  user_pool_id: string;
  client_id: string;
  css: string | null;
  css_version: string;
  image: Buffer | null;
  image_type: string | null;
  created_at: number;
  modified_at: number;
}

interface BrandingRow {
  id: string;
  account: string;
  user_pool_id: string;
  client_id: string;
  uses_provided_values: number;
  settings: string | null;
  created_at: number;
  modified_at: number;
}

interface AssetRow {
  resource_id: string;
  category: string;
  color_mode: string;
  extension: string;
  bytes: Buffer;
}

interface TermsRow {
  id: string;
  account: string;
  user_pool_id: string;
  client_id: string;
  name: string;
  source: string;
  enforcement: string;
  links: string;
  created_at: number;
  modified_at: number;
}

function customization(row: CustomizationRow): UiCustomizationRecord {
  return {
    account: row.account,
    userPoolId: row.user_pool_id,
    clientId: row.client_id,
    css: row.css ?? undefined,
    cssVersion: row.css_version,
    image: row.image === null ? undefined : { bytes: row.image, type: row.image_type as 'image/png' | 'image/jpeg' },
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
  };
}

function terms(row: TermsRow): TermsRecord {
  return {
    id: row.id,
    account: row.account,
    userPoolId: row.user_pool_id,
    clientId: row.client_id,
    name: row.name,
    source: row.source as TermsRecord['source'],
    enforcement: row.enforcement as TermsRecord['enforcement'],
    links: JSON.parse(row.links) as TermsRecord['links'],
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
  };
}

/** How the pages that people sign in on look, and the terms that they link to. */
export class Branding {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      setCustomization: database.prepare(
        `INSERT INTO ui_customizations (account, user_pool_id, client_id, css, css_version, image, image_type, created_at,
           modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_pool_id, client_id) DO UPDATE SET css = excluded.css, css_version = excluded.css_version,
           image = excluded.image, image_type = excluded.image_type, modified_at = excluded.modified_at`,
      ),
      findCustomization: database.prepare<[string, string], CustomizationRow>(
        'SELECT * FROM ui_customizations WHERE user_pool_id = ? AND client_id = ?',
      ),
      insert: database.prepare(
        `INSERT INTO brandings (id, account, user_pool_id, client_id, uses_provided_values, settings, created_at, modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: database.prepare(
        'UPDATE brandings SET uses_provided_values = ?, settings = ?, modified_at = ? WHERE id = ?',
      ),
      delete: database.prepare('DELETE FROM brandings WHERE id = ?'),
      find: database.prepare<[string], BrandingRow>('SELECT * FROM brandings WHERE id = ?'),
      ofClient: database.prepare<[string], BrandingRow>('SELECT * FROM brandings WHERE client_id = ?'),
      assets: database.prepare<[string], AssetRow>(
        'SELECT * FROM branding_assets WHERE branding_id = ? ORDER BY place',
      ),
      dropAssets: database.prepare('DELETE FROM branding_assets WHERE branding_id = ?'),
      addAsset: database.prepare(
        `INSERT INTO branding_assets (account, branding_id, place, resource_id, category, color_mode, extension, bytes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      insertTerms: database.prepare(
        `INSERT INTO terms (id, account, user_pool_id, client_id, name, source, enforcement, links, created_at, modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      updateTerms: database.prepare(
        'UPDATE terms SET name = ?, source = ?, enforcement = ?, links = ?, modified_at = ? WHERE id = ?',
      ),
      deleteTerms: database.prepare('DELETE FROM terms WHERE id = ?'),
      findTerms: database.prepare<[string], TermsRow>('SELECT * FROM terms WHERE id = ?'),
      termsOfClient: database.prepare<[string, string], TermsRow>(
        'SELECT * FROM terms WHERE client_id = ? AND name = ?',
      ),
      listTerms: database.prepare<[string, string, number], TermsRow>(
        'SELECT * FROM terms WHERE user_pool_id = ? AND id > ? ORDER BY id LIMIT ?',
      ),
    };
  }

  setCustomization(look: UiCustomizationRecord): void {
    this.#statements.setCustomization.run(
      look.account,
      look.userPoolId,
      look.clientId,
      look.css ?? null,
      look.cssVersion,
      look.image?.bytes ?? null,
      look.image?.type ?? null,
      look.createdAt.getTime(),
      look.modifiedAt.getTime(),
    );
  }

  findCustomization(userPoolId: string, clientId: string): UiCustomizationRecord | undefined {
    const row = this.#statements.findCustomization.get(userPoolId, clientId);
    return row && customization(row);
  }

  insert(branding: BrandingRecord): void {
    this.#statements.insert.run(
      branding.id,
      branding.account,
      branding.userPoolId,
      branding.clientId,
      branding.usesProvidedValues ? 1 : 0,
      branding.settings === undefined ? null : JSON.stringify(branding.settings),
      branding.createdAt.getTime(),
      branding.modifiedAt.getTime(),
    );
    this.#setAssets(branding);
  }

  update(branding: BrandingRecord): void {
    this.#statements.update.run(
      branding.usesProvidedValues ? 1 : 0,
      branding.settings === undefined ? null : JSON.stringify(branding.settings),
      branding.modifiedAt.getTime(),
      branding.id,
    );
    this.#setAssets(branding);
  }

  delete(id: string): void {
    this.#statements.delete.run(id);
  }

  find(id: string): BrandingRecord | undefined {
    return this.#optional(this.#statements.find.get(id));
  }

  ofClient(clientId: string): BrandingRecord | undefined {
    return this.#optional(this.#statements.ofClient.get(clientId));
  }

  insertTerms(document: TermsRecord): void {
    this.#statements.insertTerms.run(
      document.id,
      document.account,
      document.userPoolId,
      document.clientId,
      document.name,
      document.source,
      document.enforcement,
      JSON.stringify(document.links),
      document.createdAt.getTime(),
      document.modifiedAt.getTime(),
    );
  }

  updateTerms(document: TermsRecord): void {
    this.#statements.updateTerms.run(
      document.name,
      document.source,
      document.enforcement,
      JSON.stringify(document.links),
      document.modifiedAt.getTime(),
      document.id,
    );
  }

  deleteTerms(id: string): void {
    this.#statements.deleteTerms.run(id);
  }

  findTerms(id: string): TermsRecord | undefined {
    const row = this.#statements.findTerms.get(id);
    return row && terms(row);
  }

  termsOfClient(clientId: string, name: string): TermsRecord | undefined {
    const row = this.#statements.termsOfClient.get(clientId, name);
    return row && terms(row);
  }

  /** Documents after the id `after`, in the order of their ids. */
  listTerms(userPoolId: string, after: string, limit: number): TermsRecord[] {
    return this.#statements.listTerms.all(userPoolId, after, limit).map(terms);
  }

  #setAssets({ id, account, assets }: BrandingRecord): void {
    this.#statements.dropAssets.run(id);
    for (const [place, asset] of assets.entries()) {
      this.#statements.addAsset.run(
        account,
        id,
        place,
        asset.ResourceId,
        asset.Category,
        asset.ColorMode,
        asset.Extension,
        asset.Bytes,
      );
    }
  }

  #optional(row: BrandingRow | undefined): BrandingRecord | undefined {
    if (!row) return undefined;
    return {
      id: row.id,
      account: row.account,
      userPoolId: row.user_pool_id,
      clientId: row.client_id,
      usesProvidedValues: row.uses_provided_values === 1,
      settings: row.settings === null ? undefined : (JSON.parse(row.settings) as unknown),
      assets: this.#statements.assets.all(row.id).map((asset) => ({
        Category: asset.category as BrandingAsset['Category'],
        ColorMode: asset.color_mode as BrandingAsset['ColorMode'],
        Extension: asset.extension as BrandingAsset['Extension'],
        Bytes: asset.bytes,
        ResourceId: asset.resource_id,
      })),
      createdAt: new Date(row.created_at),
      modifiedAt: new Date(row.modified_at),
    };
  }
}
