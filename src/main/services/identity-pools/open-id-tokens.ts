import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import type { OpenIdTokens, OpenIdTokenVerdict, Services, SigningKey } from '../services.ts';
import { identityPoolArn } from './arn.ts';

type Needs = Pick<Services, 'config' | 'signingKeys'>;

const AWS_ISSUER = 'https://cognito-identity.amazonaws.com';
const POOL_ARN_CLAIM = `${AWS_ISSUER}/identity-pool-arn`;

/** Tokens that an identity shows to a role: issued for the basic flow, read back by STS and for credentials. */
export function createOpenIdTokens({ config, signingKeys }: Needs): OpenIdTokens {
  // One pair for every account, as for AWS: discovery of the issuer knows nothing of accounts.
  const key = (): Promise<SigningKey> => signingKeys.key('identity-pools', '');
  const issuer = (): string => (config.issuer === 'aws' ? AWS_ISSUER : config.publicUrl());

  return {
    issuer,

    async jwks() {
      return { keys: [signingKeys.publicJwk(await key())] };
    },

    async issue({ identityId, identityPoolId, amr, durationSeconds, now, ...place }) {
      const { kid, alg, privateKey } = await key();
      const issuedAt = Math.floor(now.getTime() / 1000);
      // The claims' order is that of recorded tokens. [IP-TOKEN-1]
      const claims = {
        sub: identityId,
        aud: identityPoolId,
        amr: [...amr],
        iss: issuer(),
        [POOL_ARN_CLAIM]: identityPoolArn(place, identityPoolId),
        exp: issuedAt + durationSeconds,
        iat: issuedAt,
      };
      return new SignJWT(claims).setProtectedHeader({ kid, typ: 'JWS', alg }).sign(privateKey);
    },

    async verify(token, now): Promise<OpenIdTokenVerdict> {
      let claimed: unknown;
      try {
        claimed = decodeJwt(token).iss;
      } catch {
        return { ok: false, why: 'malformed' };
      }
      if (claimed !== issuer()) {
        return { ok: false, why: 'foreign', issuer: typeof claimed === 'string' ? claimed : '' };
      }
      const { publicKey, alg } = await key();
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: [alg],
          issuer: issuer(),
          requiredClaims: ['sub', 'aud', 'exp'],
          currentDate: now,
        });
        const { sub, aud, amr } = payload;
        const isOurs = sub !== undefined && typeof aud === 'string' && Array.isArray(amr);
        if (!isOurs) return { ok: false, why: 'malformed' };
        return {
          ok: true,
          identityId: sub,
          identityPoolId: aud,
          amr: amr.filter((entry) => typeof entry === 'string'),
        };
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { ok: false, why: 'expired', exp: error.payload.exp ?? 0 };
        return { ok: false, why: 'signature' };
      }
    },
  };
}
