import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import type { OpenIdTokens, OpenIdTokenVerdict, Services, SigningKey } from '../services.ts';
import { identityPoolArn } from './arn.ts';

type Needs = Pick<Services, 'config' | 'signingKeys'>;

const AWS_ISSUER = 'https://cognito-identity.amazonaws.com';
const TAGS_CLAIM = 'https://aws.amazon.com/tags';
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

    async issue({ identityId, identityPoolId, amr, principalTags = {}, durationSeconds, now, ...place }) {
      const { kid, alg, privateKey } = await key();
      const issuedAt = Math.floor(now.getTime() / 1000);
      // The claims' order is that of recorded tokens. [IP-TOKEN-1]
      const claims = {
        sub: identityId,
        aud: identityPoolId,
        amr: [...amr],
        iss: issuer(),
        [POOL_ARN_CLAIM]: identityPoolArn(place, identityPoolId),
        ...(Object.keys(principalTags).length > 0 && { [TAGS_CLAIM]: tagsClaim(principalTags) }),
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
        const principalTags = readTagsClaim(payload[TAGS_CLAIM]);
        return {
          ok: true,
          identityId: sub,
          identityPoolId: aud,
          amr: amr.filter((entry) => typeof entry === 'string'),
          ...(principalTags && { principalTags }),
        };
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { ok: false, why: 'expired', exp: error.payload.exp ?? 0 };
        return { ok: false, why: 'signature' };
      }
    },
  };
}

/** The form that STS reads session tags in. [IP-ABAC-4] */
function tagsClaim(tags: { readonly [key: string]: string }): object {
  return {
    principal_tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, [value]])),
    transitive_tag_keys: [],
  };
}

function readTagsClaim(claim: unknown): { readonly [key: string]: string } | undefined {
  if (typeof claim !== 'object' || claim === null) return undefined;
  const { principal_tags: tags } = claim as { readonly principal_tags?: { readonly [key: string]: readonly string[] } };
  return (
    tags &&
    Object.fromEntries(Object.entries(tags).flatMap(([key, [value]]) => (value === undefined ? [] : [[key, value]])))
  );
}
