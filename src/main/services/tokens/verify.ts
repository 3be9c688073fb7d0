import { compactVerify, decodeJwt, type JWTPayload } from 'jose';
import { fault } from '../../kernel/fault.ts';
import type { AccessTokenClaims, Services, UserPoolTokens } from '../services.ts';
import { userPoolKeyOwner } from './keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

type Needs = Pick<Services, 'bus' | 'refreshTokens' | 'signingKeys' | 'userPools' | 'users'>;

interface Genuine {
  readonly userPoolId: string;
  readonly claims: { readonly [name: string]: unknown };
}

const REMEMBERED = 2000;
const ADMIN_SCOPE = 'aws.cognito.signin.user.admin';

type Checks = Pick<UserPoolTokens, 'verifyAccessToken' | 'verifyIdToken' | 'isStillSignedIn'>;

export function createTokenChecks(services: Needs): Checks {
  const { bus, refreshTokens, signingKeys, userPools, users } = services;
  const verified = new VerifiedTokens<Genuine>(REMEMBERED);
  bus.on('account.reset', () => verified.clear());
  bus.on('bench.reset', () => verified.clear());

  /** The token's claims, where one of the bench's pools signed it with its key for this use. */
  const genuine = async (
    token: string,
    use: 'id' | 'access',
  ): Promise<Genuine | 'malformed' | 'unknown-issuer' | 'signature' | 'wrong-use'> => {
    const known = verified.get(token);
    if (known) return known.claims['token_use'] === use ? known : 'wrong-use';
    let claims: JWTPayload;
    try {
      claims = decodeJwt(token);
    } catch {
      return 'malformed';
    }
    // The pool's key proves who issued it. The address in front of the id may be another one than today's:
    // the bench may have moved to another port since.
    const userPoolId = typeof claims.iss === 'string' ? claims.iss.slice(claims.iss.lastIndexOf('/') + 1) : '';
    const place = userPools.place(userPoolId);
    if (!place) return 'unknown-issuer';
    if (claims['token_use'] !== 'id' && claims['token_use'] !== 'access') return 'wrong-use';
    const key = await signingKeys.key(userPoolKeyOwner(userPoolId, claims['token_use']), place.account);
    try {
      await compactVerify(token, key.publicKey, { algorithms: [key.alg] });
    } catch {
      return 'signature';
    }
    const found = { userPoolId, claims };
    verified.add(token, found);
    return claims['token_use'] === use ? found : 'wrong-use';
  };

  return {
    async verifyAccessToken(token, now, why) {
      const found = await genuine(token, 'access');
      if (typeof found === 'string') {
        throw why.refuse(
          'TK-VERIFY-1',
          'The access token is not one that a pool of this bench signed as an access token.',
          fault('NotAuthorizedException', 'Invalid Access Token'),
          { reason: found },
        );
      }
      const claims = { ...found.claims, userPoolId: found.userPoolId } as unknown as AccessTokenClaims;
      if (claims.exp * 1000 <= now.getTime()) {
        throw why.refuse(
          'TK-VERIFY-2',
          'The access token has expired on the bench’s clock.',
          fault('NotAuthorizedException', 'Access Token has expired'),
          { expired: new Date(claims.exp * 1000).toISOString(), now: now.toISOString() },
        );
      }
      if (!claims.scope.split(' ').includes(ADMIN_SCOPE)) {
        throw why.refuse(
          'TK-VERIFY-3',
          `The token’s scopes do not hold ${ADMIN_SCOPE}.`,
          fault('NotAuthorizedException', 'Access Token does not have required scopes'),
          { scope: claims.scope },
        );
      }
      const user = users.findBySub(claims.userPoolId, claims.sub);
      if (!user) {
        throw why.refuse(
          'TK-VERIFY-4',
          'The user of the token was deleted.',
          fault('UserNotFoundException', 'User does not exist.'),
          { username: claims.username },
        );
      }
      if (!user.enabled || !refreshTokens.isActive(claims.event_id, user.number)) {
        throw why.refuse(
          'TK-VERIFY-5',
          'The sign-in that the token came from was ended.',
          fault('NotAuthorizedException', 'Access Token has been revoked'),
          { username: claims.username, enabled: user.enabled },
        );
      }
      why.pass('TK-VERIFY-6', 'The access token is genuine, holds, and its sign-in goes on.', {
        username: claims.username,
        client: claims.client_id,
        expires: new Date(claims.exp * 1000).toISOString(),
      });
      return claims;
    },

    async verifyIdToken(token, now) {
      const found = await genuine(token, 'id');
      if (found === 'wrong-use') return { ok: false, why: 'not-an-id-token' };
      if (typeof found === 'string') return { ok: false, why: found };
      const { claims, userPoolId } = found;
      const exp = Number(claims['exp']);
      if (exp * 1000 <= now.getTime()) return { ok: false, why: 'expired', exp };
      return { ok: true, userPoolId, clientId: String(claims['aud']), sub: String(claims['sub']), claims };
    },

    isStillSignedIn({ userPoolId, sub, claims }) {
      const user = users.findBySub(userPoolId, sub);
      return user !== undefined && user.enabled && refreshTokens.isActive(String(claims['event_id']), user.number);
    },
  };
}
