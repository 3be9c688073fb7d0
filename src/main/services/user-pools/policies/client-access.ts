import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InitiateAuthRequest, UserPoolClientType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

export type AuthFlow = InitiateAuthRequest['AuthFlow'];

/** A client, with the secrets that prove it; while they are being changed there are two. */
export interface SecretHolder {
  readonly id: string;
  readonly secrets: readonly { readonly value: string }[];
}

/** Which texts an operation uses when a secret's hash is missing or wrong; AWS has two of each. */
export type SecretHashWording = 'sign-up' | 'initiate' | 'respond';

export function secretHash(secret: string, username: string, clientId: string): string {
  return createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64');
}

/** A client without a secret ignores a hash that is sent all the same. */
export function secretHashProblem(
  client: SecretHolder,
  username: string,
  given: string | undefined,
  wording: SecretHashWording,
): Refusal | undefined {
  if (client.secrets.length === 0) return undefined;
  if (!given) {
    return refusal(
      'NotAuthorizedException',
      wording === 'sign-up'
        ? `Client ${client.id} is configured for secret but secret was not received`
        : `Client ${client.id} is configured with secret but SECRET_HASH was not received`,
    );
  }
  if (client.secrets.some(({ value }) => same(secretHash(value, username, client.id), given))) return undefined;
  return refusal(
    'NotAuthorizedException',
    wording === 'respond'
      ? `SecretHash does not match for the client: ${client.id}`
      : `Unable to verify secret hash for client ${client.id}`,
  );
}

/** Whether a client's plain secret, where it has one, was shown. */
export function showsSecret(client: SecretHolder, given: string | undefined): boolean {
  if (client.secrets.length === 0) return true;
  return client.secrets.some(({ value }) => same(value, given ?? ''));
}

/** Whether the client gets tokens for itself; it signs no user in, then. */
export function takesClientTokens({
  settings,
}: {
  readonly settings: Pick<UserPoolClientType, 'ExplicitAuthFlows'>;
}): boolean {
  return settings.ExplicitAuthFlows?.includes('ALLOW_CLIENT_TOKEN_AUTH') ?? false;
}

/** Whether each refresh gives a new refresh token. */
export function rotates({
  settings,
}: {
  readonly settings: Pick<UserPoolClientType, 'RefreshTokenRotation'>;
}): boolean {
  return settings.RefreshTokenRotation?.Feature === 'ENABLED';
}

function same(one: string, other: string): boolean {
  const [expected, received] = [Buffer.from(one), Buffer.from(other)];
  return expected.length === received.length && timingSafeEqual(expected, received);
}

type Kind = 'admin-password' | 'password' | 'srp' | 'custom' | 'choice' | 'refresh';

const KINDS: { readonly [Flow in AuthFlow]: Kind } = {
  ADMIN_NO_SRP_AUTH: 'admin-password',
  ADMIN_USER_PASSWORD_AUTH: 'admin-password',
  USER_PASSWORD_AUTH: 'password',
  USER_SRP_AUTH: 'srp',
  CUSTOM_AUTH: 'custom',
  USER_AUTH: 'choice',
  REFRESH_TOKEN: 'refresh',
  REFRESH_TOKEN_AUTH: 'refresh',
};

const ENABLED_BY: { readonly [flow: string]: Kind } = {
  ALLOW_ADMIN_USER_PASSWORD_AUTH: 'admin-password',
  ALLOW_USER_PASSWORD_AUTH: 'password',
  ALLOW_USER_SRP_AUTH: 'srp',
  ALLOW_CUSTOM_AUTH: 'custom',
  ALLOW_USER_AUTH: 'choice',
  ALLOW_REFRESH_TOKEN_AUTH: 'refresh',
};

function enabledKinds(flows: UserPoolClientType['ExplicitAuthFlows']): ReadonlySet<Kind> {
  if (!flows || flows.length === 0) return new Set(['refresh', 'srp', 'custom']);
  // ALLOW_CLIENT_TOKEN_AUTH enables no way for a user.
  if (flows.every((flow) => flow.startsWith('ALLOW_'))) {
    return new Set(flows.flatMap((flow) => ENABLED_BY[flow] ?? []));
  }
  // The names of before 2019: SRP and refresh are always on, unless custom authentication is the only one.
  const kinds = new Set<Kind>(['refresh']);
  if (flows.includes('CUSTOM_AUTH_FLOW_ONLY')) return kinds.add('custom');
  kinds.add('srp').add('custom');
  if (flows.includes('ADMIN_NO_SRP_AUTH')) kinds.add('admin-password');
  if (flows.includes('USER_PASSWORD_AUTH')) kinds.add('password');
  return kinds;
}

/** Whether the client may use this flow, in the operation that asks. */
export function flowProblem(
  flow: AuthFlow,
  flows: UserPoolClientType['ExplicitAuthFlows'],
  asker: 'user' | 'admin',
): Refusal | undefined {
  const kind = KINDS[flow];
  const misplaced = asker === 'user' ? kind === 'admin-password' : kind === 'password';
  if (misplaced) return refusal('InvalidParameterException', 'Initiate Auth method not supported.');
  if (enabledKinds(flows).has(kind)) return undefined;
  if (asker === 'admin' || kind === 'refresh') {
    return refusal('InvalidParameterException', 'Auth flow not enabled for this client');
  }
  return refusal(
    'InvalidParameterException',
    kind === 'password' ? `${flow} flow not enabled for this client` : `${flow} is not enabled for the client.`,
  );
}
