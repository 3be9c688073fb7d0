import type { Json } from '../../shared/json.ts';
import type { StandInPerson, StandInView } from '../../shared/stand-ins.ts';
import type { Provider } from './identity-pool.ts';

interface Claims {
  readonly [name: string]: Json;
}

const NAME_IDENTIFIER = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier';
const ROLE = 'https://aws.amazon.com/SAML/Attributes/Role';

/** The stand-in whose tokens an identity pool takes under this provider. */
export const standInOf = (standIns: readonly StandInView[], { key, login }: Provider): StandInView | undefined =>
  standIns.find(({ provider }) => provider === login || provider === key);

/** What rules would read of this person's sound token, signed now for the stand-in's first app. */
export function claimsOf({ kind, format, issuer, provider, clients }: StandInView, person: StandInPerson): Claims {
  const { subject, name, email, claims } = person;
  const aud = clients[0]?.id ?? '';
  if (format === 'access-token') {
    // Nobody but the vendor reads these tokens, and rules see no more than whose they are.
    const own = { iss: provider, aud, sub: subject };
    return kind === 'amazon' ? { ...own, user_id: subject } : own;
  }
  if (format === 'assertion') return samlClaims(person, provider);
  const address: Claims = email === undefined ? {} : { email, email_verified: true };
  return { ...(kind !== 'apple' && { name }), ...address, ...claims, iss: issuer, aud, sub: subject };
}

function samlClaims({ subject, name, email, claims }: StandInPerson, provider: string): Claims {
  const attributes = Object.entries({ name, ...(email !== undefined && { email }), ...claims }).map(
    ([attribute, value]) => [attribute, textsOf(value)] as const,
  );
  const pairs = attributes.find(([attribute]) => attribute === ROLE)?.[1] ?? [];
  const roles = pairs.flatMap((pair) => {
    const parts = pair.split(',').map((part) => part.trim());
    return parts.length === 2 && parts.includes(provider) ? parts.filter((part) => part !== provider) : [];
  });
  const [only, ...others] = roles;
  return {
    [NAME_IDENTIFIER]: subject,
    ...Object.fromEntries(
      attributes.map(([attribute, values]) => [attribute, values.length === 1 ? (values[0] ?? '') : values]),
    ),
    'cognito:roles': roles,
    ...(only !== undefined && others.length === 0 && { 'cognito:preferred_role': only }),
  };
}

const textsOf = (value: Json): string[] =>
  (Array.isArray(value) ? value : [value]).map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
