import type { Asked } from '../data/aws.ts';
import { idOf, type Client, type Pool } from './pool.ts';

type Update = Asked<'UpdateUserPoolClient'>;
export type ClientChange = Omit<Update, 'UserPoolId' | 'ClientId'>;
export type Unit = 'seconds' | 'minutes' | 'hours' | 'days';

export const FLOWS = [
  { value: 'ALLOW_USER_SRP_AUTH', text: 'SRP', hint: 'The password is proved and never sent. What SDKs do.' },
  { value: 'ALLOW_USER_AUTH', text: 'Choice', hint: 'The user chooses: passkey, code or password.' },
  {
    value: 'ALLOW_USER_PASSWORD_AUTH',
    text: 'Password',
    hint: 'The password is sent. Needed for migration at sign-in.',
  },
  { value: 'ALLOW_ADMIN_USER_PASSWORD_AUTH', text: 'Password, from a server', hint: 'By AdminInitiateAuth, signed.' },
  { value: 'ALLOW_CUSTOM_AUTH', text: 'Custom', hint: 'Functions define the challenges.' },
  { value: 'ALLOW_REFRESH_TOKEN_AUTH', text: 'Refresh tokens', hint: 'Not together with rotation.' },
] as const;

export type Flow = (typeof FLOWS)[number]['value'];

export const UNITS = (['seconds', 'minutes', 'hours', 'days'] as const).map((value) => ({ value, text: value }));

/** UpdateUserPoolClient gives what it is not told its default again: everything else is sent as it is. */
export function clientUpdateOf(pool: Pool, client: Client, change: ClientChange): Update {
  const {
    UserPoolId: _pool,
    ClientId = '',
    ClientSecret: _secret,
    LastModifiedDate: _modified,
    CreationDate: _created,
    ...kept
  } = client;
  return { UserPoolId: idOf(pool), ClientId, ...kept, ...change };
}

/** The tokens of a client and how long each lives, with AWS's own units where none is named. */
export const LIFETIMES = [
  { token: 'AccessToken', member: 'AccessTokenValidity', text: 'Access token', unit: 'hours', otherwise: 1 },
  { token: 'IdToken', member: 'IdTokenValidity', text: 'ID token', unit: 'hours', otherwise: 1 },
  { token: 'RefreshToken', member: 'RefreshTokenValidity', text: 'Refresh token', unit: 'days', otherwise: 30 },
] as const;

export interface Lifetime {
  readonly value: string;
  readonly unit: Unit;
}

export type Lifetimes = { readonly [Token in (typeof LIFETIMES)[number]['token']]: Lifetime };

export function lifetimesOf(client: Client): Lifetimes {
  return Object.fromEntries(
    LIFETIMES.map(({ token, member, unit, otherwise }) => [
      token,
      { value: String(client[member] ?? otherwise), unit: client.TokenValidityUnits?.[token] ?? unit },
    ]),
  ) as unknown as Lifetimes;
}

export const lifetimeChange = (lifetimes: Lifetimes): ClientChange => ({
  ...Object.fromEntries(LIFETIMES.map(({ token, member }) => [member, Number(lifetimes[token].value)])),
  TokenValidityUnits: Object.fromEntries(LIFETIMES.map(({ token }) => [token, lifetimes[token].unit])),
});
