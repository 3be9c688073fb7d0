/**
 * The path as policies are asked about it: decoded, so that no way of writing it slips past a Deny. `undefined` where
 * servers may well disagree about what it means: dot segments, stray percent signs, backslashes, control characters, and
 * what some cut off before they look for a route: a fragment, `;` with parameters.
 */
export function safePath(path: string): string | undefined {
  if (/[#;]/.test(path)) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\]/.test(decoded)) return undefined;
  return decoded.split('/').some((segment) => segment === '.' || segment === '..') ? undefined : decoded;
}
