import type { Database } from '../database.ts';

/** An identity with what it keeps. */
export interface IdentityHolding {
  readonly id: string;
  readonly identityPoolId: string;
  readonly isDisabled: 0 | 1;
  readonly mergedInto: string | null;
  readonly datasets: number;
  readonly bytes: number;
  readonly modifiedAt: number | null;
}

/** Reads across identities and datasets for people who look at the store; it owns no table. */
export class SyncOverview {
  readonly #list;
  readonly #mergedAs;

  constructor(database: Database) {
    this.#list = database.prepare<
      { account: string; after: string; pool: string; search: string; least: number; limit: number },
      IdentityHolding
    >(
      `SELECT identities.id, identities.identity_pool_id AS identityPoolId, disabled AS isDisabled,
         identities.merged_into AS mergedInto, count(datasets.id) AS datasets, coalesce(sum(bytes), 0) AS bytes,
         max(datasets.modified_at) AS modifiedAt
         FROM identities LEFT JOIN datasets ON datasets.identity_id = identities.id AND is_present = 1
         WHERE identities.account = @account AND identities.id > @after
           AND (@pool = '' OR identities.identity_pool_id = @pool)
           AND (@search = '' OR instr(identities.id, @search) > 0)
         GROUP BY identities.id HAVING count(datasets.id) >= @least
         ORDER BY identities.id LIMIT @limit`,
    );
    this.#mergedAs = database.prepare<[string], { name: string; reportedAs: string }>(
      `SELECT name, merged_into AS reportedAs FROM datasets
         WHERE identity_id = ? AND merged_into IS NOT NULL ORDER BY name`,
    );
  }

  /** Identities by id, after `after`; with `withData` only those that have a dataset. */
  identities(
    account: string,
    filter: {
      readonly after: string;
      readonly identityPoolId?: string;
      readonly search?: string;
      readonly withData: boolean;
      readonly limit: number;
    },
  ): IdentityHolding[] {
    return this.#list.all({
      account,
      after: filter.after,
      pool: filter.identityPoolId ?? '',
      search: filter.search ?? '',
      least: filter.withData ? 1 : 0,
      limit: filter.limit,
    });
  }

  /** Datasets of merged guests, and the name under which each waits. */
  merged(identityId: string): { readonly name: string; readonly reportedAs: string }[] {
    return this.#mergedAs.all(identityId);
  }
}
