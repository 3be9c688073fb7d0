import type { Json } from '../../shared/json.ts';

export const MASK = '••••••••';

const SECRET_HEADERS = new Set(['authorization', 'x-amz-security-token', 'cookie', 'set-cookie']);

export const isSecretHeader = (name: string): boolean => SECRET_HEADERS.has(name.toLowerCase());

/** The body with its secrets replaced, for what leaves the page by the clipboard. */
export function masked(body: Json, secrets: readonly string[], path = ''): Json {
  if (path !== '' && secrets.includes(path)) return MASK;
  if (body === null || typeof body !== 'object') return body;
  const at = (name: string) => (path ? `${path}.${name}` : name);
  if (Array.isArray(body)) return body.map((item, index) => masked(item, secrets, at(String(index))));
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, masked(value, secrets, at(name))]));
}
