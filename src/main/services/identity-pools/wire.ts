import type { IdentityDescription, IdentityPool } from '../../../shared/aws/cognito-identity.ts';
import type { IdentityRecord } from '../../store/repositories/identities.ts';
import type { IdentityPoolRecord } from '../../store/repositories/identity-pools.ts';

export function identityPoolToWire(pool: IdentityPoolRecord): IdentityPool {
  return {
    IdentityPoolId: pool.id,
    IdentityPoolName: pool.name,
    AllowUnauthenticatedIdentities: pool.allowsGuests,
    // Members that were never set are absent from the answer. [IP-POOL-3]
    ...structuredClone(pool.settings as Partial<IdentityPool>),
    IdentityPoolTags: { ...pool.tags },
  };
}

/** Provider names only: who the user is with a provider is not kept. */
export function identityToWire(identity: IdentityRecord, providers: readonly string[]): IdentityDescription {
  return {
    IdentityId: identity.id,
    Logins: [...providers],
    CreationDate: identity.createdAt,
    LastModifiedDate: identity.modifiedAt,
  };
}
