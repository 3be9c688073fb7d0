/* Read as an app reads them: the claims, without a look at the signature. */

interface Claims {
  readonly exp?: number;
  readonly username?: string;
}

/** Milliseconds. */
export function expiryOf(token: string): number {
  return (claimsOf(token).exp ?? 0) * 1000;
}

export function usernameIn(accessToken: string): string | undefined {
  return claimsOf(accessToken).username;
}

function claimsOf(token: string): Claims {
  const [, payload = ''] = token.split('.');
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  } catch {
    // Not a JWT: then it says nothing, and counts as expired.
    return {};
  }
}
