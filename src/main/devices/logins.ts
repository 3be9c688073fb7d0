import type { LoginOwner } from '../../shared/device.ts';
import type { KeptLogin } from './device-file.ts';
import { userOf } from './login-owners.ts';
import { signInWith } from './outside-providers.ts';
import type { DeviceParts } from './parts.ts';
import { currentTokens } from './session.ts';

/**
 * Everything that the app shows of whoever is signed in: the user pool's ID token and the tokens of other providers,
 * each renewed where the device's clock says that it expired. The file keeps a renewed one once the pool has taken
 * it. What was fetched just now is shown as it came. [DV-LOGIN-2] [DV-LOGIN-4]
 */
export async function currentLogins(parts: DeviceParts, justFetched?: KeptLogin): Promise<readonly KeptLogin[]> {
  const tokens = await currentTokens(parts);
  const logins = tokens ? [{ ...userOf(parts, tokens.username), token: tokens.idToken }] : [];
  return [...logins, ...(await Promise.all(parts.file.logins.map((login) => renewed(parts, login, justFetched))))];
}

async function renewed(parts: DeviceParts, login: KeptLogin, justFetched: KeptLogin | undefined): Promise<KeptLogin> {
  const { standIn, subject, expiresAt } = login;
  const isGood = expiresAt === undefined || expiresAt > parts.clock.millis();
  return isGood || standIn === undefined || login === justFetched ? login : signInWith(parts, standIn, subject);
}

/** As `Logins` has them. A developer's login is not among them: the app's backend shows that. */
export function tokensOf(logins: readonly KeptLogin[]): { readonly [provider: string]: string } {
  return Object.fromEntries(logins.flatMap(({ provider, token }) => (token === undefined ? [] : [[provider, token]])));
}

export function ownerOf({ token: _token, expiresAt: _expiresAt, ...owner }: KeptLogin): LoginOwner {
  return owner;
}
