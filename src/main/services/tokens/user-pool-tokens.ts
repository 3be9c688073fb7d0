import { SignJWT } from 'jose';
import type { IssuedTokens, Services, TokenCustomisation, TokenGrant, UserPoolTokens } from '../services.ts';
import { accessClaims, ADMIN_SCOPE, clientClaims, idClaims, type SignInFacts, validities } from './claims.ts';
import { customisedAccess, customisedId, refusedClaims } from './customisation.ts';
import { type GroupFacts, groupFacts } from './group-claims.ts';
import { userPoolKeyOwner } from './keys.ts';
import { createTokenChecks } from './verify.ts';

type Needs = Pick<
  Services,
  'bus' | 'config' | 'groups' | 'ids' | 'refreshTokens' | 'signingKeys' | 'triggers' | 'userPools' | 'users'
>;

// {"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}: what AWS's refresh tokens begin with. Clients never look inside.
const REFRESH_TOKEN_HEADER = 'eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ';

/** Issues and checks the three tokens of a user pool's sign-in. */
export function createUserPoolTokens(services: Needs): UserPoolTokens {
  const { config, groups, ids, refreshTokens, signingKeys, triggers, userPools } = services;

  const issuer = (userPoolId: string): string => {
    if (config.issuer === 'local') return `${config.publicUrl()}/${userPoolId}`;
    const region = userPoolId.slice(0, userPoolId.indexOf('_'));
    return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`;
  };

  const sign = async (
    { pool }: Pick<TokenGrant, 'pool'>,
    use: 'id' | 'access',
    claims: Record<string, unknown>,
  ): Promise<string> => {
    const { kid, alg, privateKey } = await signingKeys.key(userPoolKeyOwner(pool.id, use), pool.account);
    return new SignJWT(claims).setProtectedHeader({ kid, alg }).sign(privateKey);
  };

  /** What the pool's function wants changed, where it has one. */
  const customisation = async (
    {
      pool,
      client,
      user,
      occasion,
      scopes = [ADMIN_SCOPE],
    }: Partial<Pick<TokenGrant, 'user'>> &
      Pick<TokenGrant, 'pool' | 'client' | 'occasion'> & { readonly scopes?: readonly string[] },
    own: GroupFacts,
  ): Promise<TokenCustomisation | undefined> => {
    if (!occasion) return undefined;
    const { call, source, clientMetadata } = occasion;
    const moment = { call, pool, clientId: client.id, clientMetadata };
    const wishes = await triggers.preTokenGeneration(moment, { source, user, groups: own, scopes });
    if (!wishes) return undefined;
    call.why.choose('FN-TOKEN-1', 'The function has changed what the tokens say.', {
      id: [...Object.keys(wishes.id.add), ...wishes.id.suppress],
      access: [...Object.keys(wishes.access.add), ...wishes.access.suppress],
      scopes: [...wishes.access.scopesToAdd, ...wishes.access.scopesToSuppress],
      groups: wishes.groups ? [...wishes.groups.groups] : null,
    });
    const refused = refusedClaims(wishes);
    if (refused.length > 0) call.why.choose('FN-TOKEN-2', 'Some claims are no function’s to change.', { refused });
    return wishes;
  };

  const issue = async (grant: TokenGrant, signIn: Omit<SignInFacts, 'groups'>): Promise<IssuedTokens> => {
    const own = groupFacts(groups.ofUser(grant.user.number));
    const wishes = await customisation(grant, own);
    const facts = { ...signIn, groups: wishes?.groups ? { preferredRole: undefined, ...wishes.groups } : own };
    const access = accessClaims(grant, facts, ids.uuid());
    const id = idClaims(grant, facts, ids.uuid());
    const [accessToken, idToken] = await Promise.all([
      sign(grant, 'access', wishes ? customisedAccess(access, wishes) : access),
      sign(grant, 'id', wishes ? customisedId(id, wishes) : id),
    ]);
    return { accessToken, idToken, expiresIn: validities(grant.client.settings).access };
  };

  const newRefreshToken = (): string =>
    [REFRESH_TOKEN_HEADER, ids.opaque(256), ids.opaque(12), ids.opaque(1000), ids.opaque(16)].join('.');

  return {
    ...createTokenChecks(services),
    issuer,

    idTokenClaims(grant) {
      const own = groupFacts(groups.ofUser(grant.user.number));
      const facts = { issuer: issuer(grant.pool.id), originJti: '', eventId: '', authTime: grant.now, groups: own };
      // Of a sign-in that never was.
      const { jti: _jti, origin_jti: _origin, event_id: _event, ...claims } = idClaims(grant, facts, '');
      return claims;
    },

    async signIn(grant) {
      const { pool, client, user, now } = grant;
      const originJti = ids.uuid();
      const eventId = grant.eventId ?? ids.uuid();
      const issued = await issue(grant, { issuer: issuer(pool.id), originJti, eventId, authTime: now });
      const refreshToken = newRefreshToken();
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
            ...(grant.deviceKey === undefined ? {} : { deviceKey: grant.deviceKey }),
            lastActive: grant.activity ?? { at: now, ipAddress: '', userAgent: '' },
          }),
      };
    },

    refresh: (grant, { originJti, eventId, authTime, deviceKey }) =>
      issue({ ...grant, deviceKey }, { issuer: issuer(grant.pool.id), originJti, eventId, authTime }),

    async issueToClient(grant) {
      const claims = clientClaims(grant, issuer(grant.pool.id), ids.uuid());
      const wishes = await customisation(grant, groupFacts([]));
      return {
        accessToken: await sign(grant, 'access', wishes ? customisedAccess(claims, wishes) : claims),
        expiresIn: validities(grant.client.settings).access,
      };
    },

    rotate(signIn, previous, usableUntil) {
      const refreshToken = newRefreshToken();
      return { refreshToken, save: () => refreshTokens.rotate(signIn, previous, refreshToken, usableUntil) };
    },

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
