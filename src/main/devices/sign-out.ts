import type { DeviceAction } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { forgetLogin } from './link-login.ts';
import { isNamedAs } from './login-owners.ts';
import type { DeviceParts } from './parts.ts';
import { forgetSession, requireTokens } from './session.ts';

/** Of the user pool, of one other provider, or of all. [DV-SESSION-4] [DV-LOGIN-5] */
export async function signOut(parts: DeviceParts, action: DeviceAction & { do: 'sign-out' }): Promise<void> {
  const { everywhere = false, provider, all = false } = action;
  if (everywhere) {
    const { accessToken } = await requireTokens(parts);
    const client = await parts.clients.userPools();
    await client.globalSignOut({ AccessToken: accessToken });
  }
  const { logins } = parts.file;
  const leaving = all ? logins : logins.filter((login) => provider !== undefined && isNamedAs(login, provider));
  if (provider !== undefined && leaving.length === 0) {
    throw new BenchError('NotSignedIn', `${parts.profile.name} shows no login of ${provider}`, 409);
  }
  for (const login of leaving) forgetLogin(parts, login.provider);
  if (provider === undefined) forgetSession(parts);
}
