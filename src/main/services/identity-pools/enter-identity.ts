import { fault } from '../../kernel/fault.ts';
import type { IdentityRecord } from '../../store/repositories/identities.ts';
import type { IdentityPoolRecord } from '../../store/repositories/identity-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requireIdentity, requirePool } from './existence.ts';
import { guestsRefused } from './identities.ts';
import { expiredLogin } from './logins/user-pool.ts';
import type { VerifiedLogin } from './logins/login.ts';
import { COGNITO_PROVIDER, verifyLogins, type LoginNeeds } from './logins/verify.ts';
import { forbidden, noLoginMatches, resolveIdentity } from './resolve-identity.ts';

type Needs = Pick<
  Services,
  'adoption' | 'identities' | 'identityHistory' | 'identityPools' | 'ids' | 'openIdTokens' | 'store'
> &
  LoginNeeds;

/** An identity that the caller may act as. */
export interface EnteredIdentity {
  readonly identityId: string;
  readonly identityPoolId: string;
  readonly state: 'authenticated' | 'unauthenticated';
  readonly amr: readonly string[];
  /** The logins of this call, in its order. */
  readonly logins: readonly VerifiedLogin[];
  /** Session tags that a token of an identity pool carries. */
  readonly principalTags?: { readonly [key: string]: string };
}

/** Who may act as an identity: a guest by its id alone, everybody else by a login that is linked to it. */
export async function enterIdentity(
  identityId: string,
  logins: { readonly [provider: string]: string },
  { takesCognitoTokens }: { readonly takesCognitoTokens: boolean },
  call: Call,
  services: Needs,
): Promise<EnteredIdentity> {
  const identity = requireIdentity(identityId, call, services);
  const pool = requirePool(identity.identityPoolId, call, services);
  const providers = Object.keys(logins);
  if (providers.length === 0) return enterAsGuest(identity, pool, call, services);

  const cognitoToken = logins[COGNITO_PROVIDER];
  if (takesCognitoTokens && cognitoToken !== undefined) {
    return enterWithCognitoToken(identity, pool, cognitoToken, providers.length, call, services);
  }
  const verified = await verifyLogins(logins, pool, call, services);
  await call.decision('IP-LINK-1');
  const { id } = resolveIdentity(pool, identity.id, verified, call, services);
  return {
    identityId: id,
    identityPoolId: pool.id,
    state: 'authenticated',
    // Only logins of this call: whether others appear is unknown. [assumed]
    amr: ['authenticated', ...verified.flatMap(({ amr }) => amr)],
    logins: verified,
  };
}

function enterAsGuest(
  identity: IdentityRecord,
  pool: IdentityPoolRecord,
  call: Call,
  { identities }: Pick<Services, 'identities'>,
): EnteredIdentity {
  if (identity.disabled) throw forbidden(identity.id, 'The identity is disabled.', call);
  if (identities.logins(identity.id).length > 0) {
    throw forbidden(identity.id, 'The identity has logins, and the call shows none.', call);
  }
  if (!pool.allowsGuests) throw guestsRefused(call);
  call.why.pass('IP-GUEST-3', 'The identity is a guest: its id is enough.', { identityId: identity.id });
  return {
    identityId: identity.id,
    identityPoolId: pool.id,
    state: 'unauthenticated',
    amr: ['unauthenticated'],
    logins: [],
  };
}

/** A token that GetOpenIdToken issued for this very identity. [IP-LOGIN-13] */
async function enterWithCognitoToken(
  identity: IdentityRecord,
  pool: IdentityPoolRecord,
  token: string,
  loginCount: number,
  call: Call,
  { identities, openIdTokens }: Pick<Services, 'identities' | 'openIdTokens'>,
): Promise<EnteredIdentity> {
  const { now, why } = call;
  if (identity.disabled) throw forbidden(identity.id, 'The identity is disabled.', call);
  const verdict = await openIdTokens.verify(token, now);
  if (!verdict.ok) {
    if (verdict.why === 'expired') throw expiredLogin(verdict.exp, now, why);
    throw why.refuse(
      'IP-LOGIN-13',
      'No identity pool of this bench issued the token.',
      fault(
        'NotAuthorizedException',
        verdict.why === 'signature'
          ? `Invalid login token. Couldn't verify signed token.`
          : 'Invalid login token. Not a Cognito token.',
      ),
    );
  }
  const isGuest = identities.logins(identity.id).length === 0;
  const state = verdict.amr[0] === 'authenticated' ? 'authenticated' : 'unauthenticated';
  const isForThis = verdict.identityId === identity.id && verdict.identityPoolId === identity.identityPoolId;
  // A guest's token says nothing of an identity that has got logins since, and other logins have no place
  // beside it. [assumed]
  if (!isForThis || isGuest !== (state === 'unauthenticated') || loginCount > 1) {
    throw noLoginMatches(
      'The token is for another identity, or for a state that it is no longer in.',
      call,
      'IP-LOGIN-13',
    );
  }
  if (isGuest && !pool.allowsGuests) throw guestsRefused(call);
  why.pass('IP-LOGIN-13', 'The token is one of an identity pool, for this identity.', { identityId: identity.id });
  const { amr, principalTags } = verdict;
  return {
    identityId: identity.id,
    identityPoolId: identity.identityPoolId,
    state,
    amr,
    logins: [],
    ...(principalTags && { principalTags }),
  };
}
