import type { Shape } from './shapes.ts';

/**
 * Paths of a message's secret members, such as `AuthParameters.PASSWORD`, for the inspector to mask.
 * Names of people and of app clients are sensitive to the model but no secret on a test bench: a page that
 * masks them says nothing.
 */
const OPEN_SHAPES = new Set(['UsernameType', 'ClientIdType', 'AttributeValueType']);

/** Secrets that the model does not mark, or not in every service. */
export const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'ConfirmationCode',
  'Code',
  'UserCode',
  'Logins',
  'SessionToken',
  'WebIdentityToken',
  'SAMLAssertion',
  'TokenCode',
  'PasswordClaimSecretBlock',
  'PreSignedUrl',
]);

/** Secrets among the details of an identity provider or a platform; an app of Twitter or Digits is `key;secret`. */
const SECRET_ENTRIES: ReadonlySet<string> = new Set([
  'PlatformCredential',
  'api.twitter.com',
  'client_secret',
  'private_key',
  'www.digits.com',
]);

/** Whether an entry of a map is a secret; under the same names there are also role mappings. */
export function isSecretEntry(key: string, value: unknown): boolean {
  return typeof value === 'string' && SECRET_ENTRIES.has(key);
}

/** Of the free maps of authentication, the entries that may be shown. */
const OPEN_ENTRIES = new Set([
  'CHALLENGE_NAME',
  'DEVICE_KEY',
  'PREFERRED_CHALLENGE',
  'TIMESTAMP',
  'USERNAME',
  'USER_ID_FOR_SRP',
]);

export function secretPaths(shape: Shape, value: unknown): string[] {
  const paths: string[] = [];
  collect(shape, value, '', paths);
  return paths;
}

function collect(shape: Shape, value: unknown, path: string, paths: string[]): void {
  if (value === undefined || value === null) return;
  if (shape.type === 'map' && shape.sensitive && typeof value === 'object') {
    for (const key of Object.keys(value)) if (!OPEN_ENTRIES.has(key)) paths.push(join(path, key));
    return;
  }
  if (shape.sensitive && !OPEN_SHAPES.has(shape.name)) {
    paths.push(path);
    return;
  }
  if (typeof value !== 'object') return;
  if (shape.type === 'structure') {
    for (const member of shape.members) {
      const inner = (value as { readonly [name: string]: unknown })[member.name];
      if (SECRET_MEMBERS.has(member.name)) {
        if (inner !== undefined && inner !== null) paths.push(join(path, member.name));
      } else collect(member.shape, inner, join(path, member.name), paths);
    }
  } else if (shape.type === 'list') {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) collect(shape.item, item, join(path, String(index)), paths);
    }
  } else if (shape.type === 'map') {
    for (const [key, inner] of Object.entries(value)) {
      if (isSecretEntry(key, inner)) paths.push(join(path, key));
      else collect(shape.value, inner, join(path, key), paths);
    }
  }
}

function join(path: string, member: string): string {
  return path === '' ? member : `${path}.${member}`;
}
