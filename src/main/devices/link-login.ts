import type { DeviceAction } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import type { KeptLogin } from './device-file.ts';
import { getCredentials } from './identity.ts';
import { currentOwners, isNamedAs, letGo, welcome } from './login-owners.ts';
import { currentLogins, tokensOf } from './logins.ts';
import { signInWith } from './outside-providers.ts';
import { configured, type DeviceParts } from './parts.ts';
import { forgetSession } from './session.ts';
import { isNamed } from './sync-engine/engine.ts';

type Action<Name extends DeviceAction['do']> = DeviceAction & { do: Name };

export async function linkLogin(parts: DeviceParts, { provider, person }: Action<'link-login'>): Promise<void> {
  configured(parts, 'identityPoolId');
  await join(parts, await signInWith(parts, provider, person));
}

export async function developerLogin(parts: DeviceParts, { user }: Action<'developer-login'>): Promise<void> {
  const provider = await parts.backend.providerName(configured(parts, 'identityPoolId'));
  await join(parts, { provider, kind: 'developer', subject: user, person: user });
}

/**
 * Shows a further login with all others, at once, and keeps it unless it is refused. [DV-LOGIN-1] [DV-LOGIN-3]
 */
async function join(parts: DeviceParts, login: KeptLogin): Promise<void> {
  const { file } = parts;
  const before = { identity: file.identity, session: file.session, logins: file.logins };
  const hadLeft = welcome(file, login, () => {
    file.set('logins', [...file.logins.filter(({ provider }) => provider !== login.provider), login]);
  });
  const welcomed = file.identity?.identityId;
  try {
    await getCredentials(parts, login);
  } catch (error) {
    // An identity that was given for it since is a sign that the pool took it, whatever failed then; and where no
    // answer came, nobody knows.
    const isUndecided = isNamed(error, 'NetworkError') || file.identity?.identityId !== welcomed;
    if (!isUndecided) takeBack(parts, before, hadLeft);
    throw error;
  }
}

type Before = Pick<DeviceParts['file'], 'identity' | 'session' | 'logins'>;

/** As it was before somebody came who was refused. The session may have ended meanwhile by itself. */
function takeBack({ file }: DeviceParts, { identity, session, logins }: Before, hadLeft: boolean): void {
  file.transaction(() => {
    if (hadLeft) file.set('session', session);
    letGo(file, () => file.set('logins', logins));
    if (hadLeft || file.identity) file.set('identity', identity);
  });
}

/** The identity loses a login, which its other logins ask for; the app forgets it. [DV-LOGIN-6] */
export async function unlinkLogin(parts: DeviceParts, action: Action<'unlink-login'>): Promise<void> {
  const { file } = parts;
  const login = currentOwners(parts).find((owner) => isNamedAs(owner, action.provider));
  const identityId = file.identity?.identityId;
  if (!login || identityId === undefined) {
    throw new BenchError('NotLinked', `${parts.profile.name} shows no login of ${action.provider}`, 409);
  }
  const { provider } = login;
  if (login.kind === 'developer') {
    await parts.backend.unlink(configured(parts, 'identityPoolId'), identityId, login);
  } else {
    const client = await parts.clients.identityPools();
    const Logins = tokensOf(await currentLogins(parts));
    await client.unlinkIdentity({ IdentityId: identityId, Logins, LoginsToRemove: [provider] });
  }
  if (login.kind === 'user-pool') forgetSession(parts);
  else forgetLogin(parts, provider);
  const left = file.ownersOf(identityId).filter((owner) => owner.provider !== provider);
  file.setOwners(identityId, left);
}

/** The app lets go of a login; the identity keeps it. [DV-LOGIN-5] */
export function forgetLogin({ file }: DeviceParts, provider: string): void {
  letGo(file, () => {
    file.set(
      'logins',
      file.logins.filter((login) => login.provider !== provider),
    );
  });
}
