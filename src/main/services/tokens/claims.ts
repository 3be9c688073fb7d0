import type { SchemaAttributeType } from '../../../shared/aws/cognito-idp.ts';
import type { AppClientSettings } from '../../store/repositories/app-clients.ts';
import type { ClientGrant, TokenGrant } from '../services.ts';
import { type GroupFacts, membershipClaims, roleClaims } from './group-claims.ts';

/** What a sign-in gives to all of its tokens. */
export interface SignInFacts {
  readonly issuer: string;
  readonly originJti: string;
  readonly eventId: string;
  readonly authTime: Date;
  /** The user's groups as they are now. */
  readonly groups: GroupFacts;
}

type Claims = Record<string, unknown>;

/** Lets a user read and change itself. */
export const ADMIN_SCOPE = 'aws.cognito.signin.user.admin';

const VERIFIED_FLAGS = new Set(['email_verified', 'phone_number_verified']);
const SECONDS: { readonly [unit: string]: number } = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Seconds for which a client's tokens hold; reference/user-pools 4.1 gives units and defaults. */
export function validities(settings: AppClientSettings): { access: number; id: number; refresh: number } {
  const units = settings.TokenValidityUnits ?? {};
  const seconds = (value: number | undefined, unit: string): number => (value ?? 0) * SECONDS[unit]!;
  return {
    access: seconds(settings.AccessTokenValidity, units.AccessToken ?? 'hours') || 3600,
    id: seconds(settings.IdTokenValidity, units.IdToken ?? 'hours') || 3600,
    refresh: seconds(settings.RefreshTokenValidity, units.RefreshToken ?? 'days') || 30 * 86_400,
  };
}

export function accessClaims(grant: TokenGrant, facts: SignInFacts, jti: string): Claims {
  const iat = epoch(grant.now);
  return {
    sub: grant.user.sub,
    ...membershipClaims(facts.groups),
    iss: facts.issuer,
    client_id: grant.client.id,
    ...(revocable(grant) && { origin_jti: facts.originJti }),
    event_id: facts.eventId,
    ...(grant.deviceKey !== undefined && { device_key: grant.deviceKey }),
    token_use: 'access',
    scope: ADMIN_SCOPE,
    auth_time: epoch(facts.authTime),
    exp: iat + validities(grant.client.settings).access,
    iat,
    jti,
    username: grant.user.username,
  };
}

/** Of client credentials: the client is the subject. [reference/user-pools 6.3] */
export function clientClaims({ client, scopes, now }: ClientGrant, issuer: string, jti: string): Claims {
  const iat = epoch(now);
  return {
    sub: client.id,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: iat,
    iss: issuer,
    exp: iat + validities(client.settings).access,
    iat,
    version: 2,
    jti,
    client_id: client.id,
  };
}

export function idClaims(grant: TokenGrant, facts: SignInFacts, jti: string): Claims {
  const iat = epoch(grant.now);
  return {
    sub: grant.user.sub,
    ...membershipClaims(facts.groups),
    ...roleClaims(facts.groups),
    ...attributeClaims(grant),
    iss: facts.issuer,
    'cognito:username': grant.user.username,
    ...(revocable(grant) && { origin_jti: facts.originJti }),
    aud: grant.client.id,
    event_id: facts.eventId,
    token_use: 'id',
    auth_time: epoch(facts.authTime),
    exp: iat + validities(grant.client.settings).id,
    iat,
    ...(revocable(grant) && { jti }),
  };
}

/** Readable attributes with the types of reference/user-pools 6.2. */
function attributeClaims({ pool, client, user }: TokenGrant): Claims {
  const readable = client.settings.ReadAttributes;
  const claims: Claims = {};
  for (const { Name: name } of pool.settings.SchemaAttributes ?? ([] as SchemaAttributeType[])) {
    const value = name === undefined ? undefined : user.attributes[name];
    if (name === undefined || value === undefined || name.startsWith('dev:')) continue;
    if (name === 'identities') {
      // assumed: whatever list of attributes the client may read
      claims[name] = identityClaims(value);
      continue;
    }
    if (readable && !readable.includes(name)) continue;
    if (VERIFIED_FLAGS.has(name)) claims[name] = value.toLowerCase() === 'true';
    else if (name === 'address') claims[name] = { formatted: value };
    else if (name === 'updated_at') claims[name] = Number(value);
    else claims[name] = value;
  }
  return claims;
}

/** The attribute has booleans and numbers where tokens have text; reference/user-pools 6.2. */
function identityClaims(attribute: string): unknown[] {
  const identities = JSON.parse(attribute) as { [member: string]: string | number | boolean | null }[];
  return identities.map((identity) =>
    Object.fromEntries(
      Object.entries(identity).map(([member, value]) => [member, value === null ? null : String(value)]),
    ),
  );
}

function revocable({ client }: TokenGrant): boolean {
  return client.settings.EnableTokenRevocation !== false;
}

function epoch(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
