/**
 * Opaque page tokens: the key of the last row seen, wrapped so that clients cannot lean on its form.
 * `scope` names the listing, so that one operation's token is worth nothing to another.
 */
export function pageToken(scope: string, lastKey: string): string {
  return Buffer.from(JSON.stringify([scope, lastKey])).toString('base64url');
}

/** The key inside a token, or `undefined` when the token was not made for this listing. */
export function readPageToken(scope: string, token: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(parsed) && parsed[0] === scope && typeof parsed[1] === 'string') return parsed[1];
  } catch {
    // Not one of ours; the caller answers with its service's own error.
  }
  return undefined;
}
