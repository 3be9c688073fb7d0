import { SignJWT } from 'jose';
import type { IssuedTokens, Services, TokenGrant, UserPoolTokens } from '../services.ts';
import { accessClaims, idClaims, type SignInFacts, validities } from './claims.ts';
import { userPoolKeyOwner } from './keys.ts';
import { createTokenChecks } from './verify.ts';

type Needs = Pick<Services, 'bus' | 'config' | 'ids' | 'refreshTokens' | 'signingKeys' | 'userPools' | 'users'>;

// {"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}: what AWS's refresh tokens begin with. Clients never look inside.
const REFRESH_TOKEN_HEADER = 'eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ';

/** Issues and checks the three tokens of a user pool's sign-in. */
export function createUserPoolTokens(services: Needs): UserPoolTokens {
  const { config, ids, refreshTokens, signingKeys, userPools } = services;

  const issuer = (userPoolId: string): string => {
    if (config.issuer === 'local') return `${config.publicUrl()}/${userPoolId}`;
    const region = userPoolId.slice(0, userPoolId.indexOf('_'));
    return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`;
  };

  const sign = async (grant: TokenGrant, use: 'id' | 'access', claims: Record<string, unknown>): Promise<string> => {
    const { kid, alg, privateKey } = await signingKeys.key(userPoolKeyOwner(grant.pool.id, use), grant.pool.account);
    return new SignJWT(claims).setProtectedHeader({ kid, alg }).sign(privateKey);
  };

  const issue = async (grant: TokenGrant, facts: SignInFacts): Promise<IssuedTokens> => {
    const [accessToken, idToken] = await Promise.all([
      sign(grant, 'access', accessClaims(grant, facts, ids.uuid())),
      sign(grant, 'id', idClaims(grant, facts, ids.uuid())),
    ]);
    return { accessToken, idToken, expiresIn: validities(grant.client.settings).access };
  };

  return {
    ...createTokenChecks(services),
    issuer,

    async signIn(grant) {
      const { pool, client, user, now } = grant;
      const originJti = ids.uuid();
      const eventId = ids.uuid();
      const issued = await issue(grant, { issuer: issuer(pool.id), originJti, eventId, authTime: now });
      const refreshToken = [
        REFRESH_TOKEN_HEADER,
        ids.opaque(256),
        ids.opaque(12),
        ids.opaque(1000),
        ids.opaque(16),
      ].join('.');
      return {
        ...issued,
        refreshToken,
        save: () =>
          refreshTokens.insert({
            refreshToken,
            account: pool.account,
            userPoolId: pool.id,
            clientId: client.id,
            userNumber: user.number,
            originJti,
            eventId,
            authTime: now,
            issuedAt: now,
            expiresAt: new Date(now.getTime() + validities(client.settings).refresh * 1000),
          }),
      };
    },

    refresh: (grant, { originJti, eventId, authTime }) =>
      issue(grant, { issuer: issuer(grant.pool.id), originJti, eventId, authTime }),

    async jwks(userPoolId) {
      const place = userPools.place(userPoolId);
      if (!place) return undefined;
      const keys = await Promise.all([
        signingKeys.key(userPoolKeyOwner(userPoolId, 'id'), place.account),
        signingKeys.key(userPoolKeyOwner(userPoolId, 'access'), place.account),
      ]);
      return { keys: keys.map((key) => signingKeys.publicJwk(key)) };
    },
  };
}
