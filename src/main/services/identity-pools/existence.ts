import { fault } from '../../kernel/fault.ts';
import type { IdentityRecord } from '../../store/repositories/identities.ts';
import type { IdentityPoolRecord } from '../../store/repositories/identity-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';

export function requirePool(
  identityPoolId: string,
  { account, why }: Call,
  { identityPools }: Pick<Services, 'identityPools'>,
): IdentityPoolRecord {
  const pool = identityPools.find(account, identityPoolId);
  if (pool) return pool;
  throw why.refuse(
    'IP-POOL-1',
    'This account has no such identity pool.',
    fault('ResourceNotFoundException', `IdentityPool '${identityPoolId}' not found.`),
    { identityPoolId, account },
  );
}

export function requireIdentity(
  identityId: string,
  { account, why }: Call,
  { identities }: Pick<Services, 'identities'>,
): IdentityRecord {
  const identity = identities.find(account, identityId);
  if (identity) return identity;
  throw why.refuse(
    'IP-ID-1',
    'This account has no such identity.',
    // Amplify compares this very text to forget a cached id.
    fault('ResourceNotFoundException', `Identity '${identityId}' not found.`),
    { identityId, account },
  );
}
