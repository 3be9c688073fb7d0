import type { Services } from '../../services/services.ts';

/** Keys and discovery documents: of user pools, and of identity pools' own tokens. */

type Needs = Pick<Services, 'tokens' | 'openIdTokens' | 'directory' | 'config'>;

export interface Document {
  readonly status: number;
  readonly body: object;
}

const USER_POOL_PATH = /^\/([\w-]{1,55}_[0-9a-zA-Z]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;

/** The document at a path, or `undefined` where there is none. */
export function discoveryDocument(path: string, services: Needs): Promise<Document> | undefined {
  const userPool = USER_POOL_PATH.exec(path);
  if (userPool) {
    const [, userPoolId, kind] = userPool as unknown as [string, string, string];
    return kind === 'jwks.json' ? userPoolKeys(userPoolId, services) : userPoolConfiguration(userPoolId, services);
  }
  if (path === '/.well-known/jwks_uri') return identityPoolKeys(services);
  if (path === '/.well-known/openid-configuration') return Promise.resolve(identityPoolConfiguration(services));
  return undefined;
}

/** Assumed: neither status nor text of the real answer is known. */
function noSuchPool(userPoolId: string): Document {
  return { status: 404, body: { message: `User pool ${userPoolId} does not exist.` } };
}

async function userPoolKeys(userPoolId: string, { tokens }: Needs): Promise<Document> {
  const keys = await tokens.jwks(userPoolId);
  return keys ? { status: 200, body: keys } : noSuchPool(userPoolId);
}

/** Members in the service's order; the OAuth endpoints are left out until they are served. [user-pools 8.8] */
async function userPoolConfiguration(userPoolId: string, { tokens, directory, config }: Needs): Promise<Document> {
  if (!directory.userPool(userPoolId)) return noSuchPool(userPoolId);
  return {
    status: 200,
    body: {
      id_token_signing_alg_values_supported: ['RS256'],
      issuer: tokens.issuer(userPoolId),
      jwks_uri: `${config.publicUrl()}/${userPoolId}/.well-known/jwks.json`,
      response_types_supported: ['code', 'token'],
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
    },
  };
}

async function identityPoolKeys({ openIdTokens }: Needs): Promise<Document> {
  return { status: 200, body: await openIdTokens.jwks() };
}

/** [identity-and-sync 1.9]; members beyond the first two from memory. */
function identityPoolConfiguration({ config, openIdTokens }: Needs): Document {
  return {
    status: 200,
    body: {
      issuer: openIdTokens.issuer(),
      jwks_uri: `${config.publicUrl()}/.well-known/jwks_uri`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS512'],
    },
  };
}
