import type { SchemaAttributeType, UserPoolClientType } from '../../../../shared/aws/cognito-idp.ts';
import { withoutUndefined } from './pool-configuration.ts';
import { refusal, type Refusal } from './refusal.ts';
import { VERIFIED_FLAGS } from './standard-attributes.ts';

type Settings = Omit<
  UserPoolClientType,
  'UserPoolId' | 'ClientName' | 'ClientId' | 'ClientSecret' | 'LastModifiedDate' | 'CreationDate'
>;

const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
const SHORTEST_TOKEN = 300;
const LONGEST_TOKEN = 86_400;
const SHORTEST_REFRESH = 3600;
const LONGEST_REFRESH = 3650 * 86_400;

const OPEN_ID_SCOPES = new Set(['phone', 'email', 'openid', 'profile', 'aws.cognito.signin.user.admin']);

function invalid(message: string): Refusal {
  return refusal('InvalidParameterException', message);
}

/** A client's settings from a request: what is left out takes its default, also on update. */
export function clientSettings(asked: Settings): Settings {
  return withoutUndefined({
    // 0 asks for the default.
    RefreshTokenValidity: asked.RefreshTokenValidity || 30,
    AccessTokenValidity: asked.AccessTokenValidity,
    IdTokenValidity: asked.IdTokenValidity,
    TokenValidityUnits: asked.TokenValidityUnits ?? {},
    ReadAttributes: asked.ReadAttributes,
    WriteAttributes: asked.WriteAttributes,
    ExplicitAuthFlows: asked.ExplicitAuthFlows,
    SupportedIdentityProviders: asked.SupportedIdentityProviders,
    CallbackURLs: asked.CallbackURLs,
    LogoutURLs: asked.LogoutURLs,
    DefaultRedirectURI: asked.DefaultRedirectURI,
    AllowedOAuthFlows: asked.AllowedOAuthFlows,
    AllowedOAuthScopes: asked.AllowedOAuthScopes,
    AllowedOAuthFlowsUserPoolClient: asked.AllowedOAuthFlowsUserPoolClient ?? false,
    AnalyticsConfiguration: asked.AnalyticsConfiguration,
    PreventUserExistenceErrors: asked.PreventUserExistenceErrors,
    EnableTokenRevocation: asked.EnableTokenRevocation ?? true,
    EnablePropagateAdditionalUserContextData: asked.EnablePropagateAdditionalUserContextData ?? false,
    AuthSessionValidity: asked.AuthSessionValidity ?? 3,
    RefreshTokenRotation: asked.RefreshTokenRotation,
  });
}

export function validityProblem(settings: Settings): Refusal | undefined {
  const units = settings.TokenValidityUnits ?? {};
  const access = (settings.AccessTokenValidity ?? 0) * SECONDS[units.AccessToken ?? 'hours'] || 3600;
  const id = (settings.IdTokenValidity ?? 0) * SECONDS[units.IdToken ?? 'hours'] || 3600;
  const refresh = (settings.RefreshTokenValidity || 30) * SECONDS[units.RefreshToken ?? 'days'];
  const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;
  if (
    !within(access, SHORTEST_TOKEN, LONGEST_TOKEN) ||
    !within(id, SHORTEST_TOKEN, LONGEST_TOKEN) ||
    !within(refresh, SHORTEST_REFRESH, LONGEST_REFRESH)
  ) {
    return invalid('Invalid range for token validity.');
  }
  if (access > refresh || id > refresh) {
    return invalid(
      'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
    );
  }
  return undefined;
}

export function flowNamesProblem(flows: Settings['ExplicitAuthFlows']): Refusal | undefined {
  const modern = (flows ?? []).filter((flow) => flow.startsWith('ALLOW_')).length;
  if (modern === 0 || modern === flows?.length) return undefined;
  return invalid("Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.");
}

/** A client that gets tokens for itself has a secret, and signs nobody in. */
export function clientTokenProblem({ ExplicitAuthFlows: flows }: Settings, hasSecret: boolean): Refusal | undefined {
  if (!flows?.includes('ALLOW_CLIENT_TOKEN_AUTH')) return undefined;
  // guessed wordings: no source found
  if (flows.length > 1) return invalid('ALLOW_CLIENT_TOKEN_AUTH cannot be enabled along with other auth flows.');
  return hasSecret ? undefined : invalid('ALLOW_CLIENT_TOKEN_AUTH requires a client secret.');
}

/** Rotated refresh tokens are exchanged by GetTokensFromRefreshToken alone. */
export function rotationProblem({
  RefreshTokenRotation: rotation,
  ExplicitAuthFlows: flows,
}: Settings): Refusal | undefined {
  if (rotation?.Feature !== 'ENABLED' || !flows?.includes('ALLOW_REFRESH_TOKEN_AUTH')) return undefined;
  // guessed wording: no source found
  return invalid('ALLOW_REFRESH_TOKEN_AUTH cannot be enabled when refresh token rotation is enabled.');
}

export function attributeListsProblem(
  settings: Settings,
  schema: readonly SchemaAttributeType[],
  verb: 'creating' | 'updating',
): Refusal | undefined {
  const known = new Set(schema.map(({ Name }) => Name));
  if (settings.ReadAttributes?.some((name) => !known.has(name))) {
    return invalid(`Invalid read attributes specified while ${verb} a client`);
  }
  const writable = settings.WriteAttributes;
  if (!writable) return undefined;
  const required = schema.filter(({ Name, Required }) => Required && Name !== 'sub').map(({ Name }) => Name!);
  const wrong = writable.some((name) => !known.has(name) || VERIFIED_FLAGS.has(name) || name === 'sub');
  if (wrong || required.some((name) => !writable.includes(name))) {
    return invalid(`Invalid write attributes specified while ${verb} a client`);
  }
  return undefined;
}

/** What of the client's pool its OAuth settings may name. */
export interface OauthSurroundings {
  readonly userPoolId: string;
  readonly hasSecret: boolean;
  /** Whether the pool has an identity provider of this name. */
  readonly hasProvider: (name: string) => boolean;
  /** Full names of the scopes of the pool's resource servers. */
  readonly scopes: readonly string[];
}

export function oauthProblem(settings: Settings, surroundings: OauthSurroundings): Refusal | undefined {
  const { userPoolId, hasSecret } = surroundings;
  const flows = settings.AllowedOAuthFlows ?? [];
  const scopes = settings.AllowedOAuthScopes ?? [];
  const callbacks = settings.CallbackURLs ?? [];
  const provider = settings.SupportedIdentityProviders?.find(
    (name) => name !== 'COGNITO' && !surroundings.hasProvider(name),
  );
  if (provider) {
    return invalid(`The provider ${provider} does not exist for User Pool ${userPoolId}.`);
  }
  if (settings.AllowedOAuthFlowsUserPoolClient && (flows.length === 0 || scopes.length === 0)) {
    return invalid(
      'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
    );
  }
  if (flows.includes('client_credentials')) {
    if (flows.length > 1) {
      return refusal(
        'InvalidOAuthFlowException',
        'client_credentials flow can not be selected along with code flow or implicit flow.',
      );
    }
    if (!hasSecret) {
      return refusal(
        'InvalidOAuthFlowException',
        'client_credentials flow can not be selected if client does not have a client secret.',
      );
    }
  } else if (flows.length > 0 && callbacks.length === 0) {
    return refusal(
      'InvalidOAuthFlowException',
      'CallbackUrls can not be empty when code flow or implicit flow is selected',
    );
  }
  const scope = scopes.find((name) => !OPEN_ID_SCOPES.has(name) && !surroundings.scopes.includes(name));
  if (scope) return refusal('ScopeDoesNotExistException', `Invalid scope requested: ${scope}`);
  const address = settings.DefaultRedirectURI;
  if (address !== undefined && !callbacks.includes(address)) {
    return invalid(`The default redirect URI ${address} is not in the callback URIs list.`);
  }
  const plain = [...callbacks, ...(settings.LogoutURLs ?? [])].find(
    (url) => url.startsWith('http://') && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/.test(url),
  );
  return plain === undefined ? undefined : invalid(`${plain} cannot use the HTTP protocol.`);
}
