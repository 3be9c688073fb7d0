import type { GetClientTokenRequest, GetClientTokenResponse } from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { AppClientRecord } from '../../store/repositories/app-clients.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requireClientAndPool } from './lookup.ts';
import { showsSecret, takesClientTokens } from './policies/client-access.ts';

type Needs = Pick<Services, 'appClients' | 'resourceServers' | 'tokens' | 'userPools'>;

export async function getClientToken(
  input: GetClientTokenRequest,
  call: Call,
  services: Needs,
): Promise<GetClientTokenResponse> {
  const { client, pool } = requireClientAndPool(call, input.ClientId, services);
  if (!takesClientTokens(client)) {
    throw call.why.refuse(
      'TK-CLIENT-1',
      'The client does not enable ALLOW_CLIENT_TOKEN_AUTH.',
      // assumed: the text of other flows that are not enabled
      fault('InvalidParameterException', 'Auth flow not enabled for this client'),
    );
  }
  if (client.secrets.length === 0 || !showsSecret(client, input.Secret)) {
    throw call.why.refuse(
      'TK-CLIENT-2',
      'None of the client’s secrets was shown.',
      // guessed wording: no source found
      fault('NotAuthorizedException', `Unable to verify secret for client ${client.id}`),
    );
  }
  const scopes = grantedScopes(call, client, input.Scopes ?? [], services);
  const occasion = { call, source: 'ClientCredentials' as const, clientMetadata: input.ClientMetadata };
  const issued = await services.tokens.issueToClient({ pool, client, scopes, now: call.now, occasion });
  call.why.choose('TK-CLIENT-4', 'The client gets an access token for itself.', {
    client: client.id,
    scopes: [...scopes],
  });
  return {
    ClientAuthenticationResult: {
      AccessToken: issued.accessToken,
      ExpiresIn: issued.expiresIn,
      TokenType: 'Bearer',
    },
  };
}

/** Scopes of the pool's resource servers that the client has; those asked for, or all. */
function grantedScopes(
  call: Call,
  client: AppClientRecord,
  asked: readonly string[],
  { resourceServers }: Needs,
): readonly string[] {
  const known = new Set(resourceServers.scopesOf(client.userPoolId));
  const own = (client.settings.AllowedOAuthScopes ?? []).filter((scope) => known.has(scope));
  const wrong = asked.find((scope) => !own.includes(scope));
  if (wrong !== undefined || own.length === 0) {
    throw call.why.refuse(
      'TK-CLIENT-3',
      wrong === undefined
        ? 'The client has no scope of a resource server.'
        : `${wrong} is no scope of a resource server that the client has.`,
      // guessed wordings: no source found
      fault(
        'InvalidParameterException',
        wrong === undefined ? 'No scopes are configured for the client.' : `Invalid scope requested: ${wrong}`,
      ),
      { asked: [...asked], has: own },
    );
  }
  return asked.length === 0 ? own : [...new Set(asked)];
}
