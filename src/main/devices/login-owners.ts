import type { LoginOwner } from '../../shared/device.ts';
import type { DeviceFile } from './device-file.ts';
import { configured, type DeviceParts } from './parts.ts';

/* Whose identity it is that a device has, and what becomes of it when people come and go. */

/** A user of the app's user pool; the provider is the pool's key in `Logins`. */
export function userOf(parts: DeviceParts, username: string): LoginOwner {
  const provider = `cognito-idp.${parts.profile.app.region}.amazonaws.com/${configured(parts, 'userPoolId')}`;
  return { provider, kind: 'user-pool', subject: username, person: username };
}

/** By whose logins the app shows itself now. */
export function currentOwners(parts: DeviceParts): readonly LoginOwner[] {
  const { session, logins } = parts.file;
  return session.status === 'signed-in' ? [userOf(parts, session.username), ...logins] : logins;
}

/**
 * Somebody has signed in. Their login joins those that the device's identity has, and a guest becomes them; but
 * somebody else with the same provider is another person, who begins without whatever the former one had. [DV-IDENT-4]
 * @returns whether the former person had to leave
 */
export function welcome(file: DeviceFile, owner: LoginOwner, keep: () => void): boolean {
  return file.transaction(() => {
    const { identity } = file;
    const known = [...(identity ? file.ownersOf(identity.identityId) : []), ...file.logins];
    const isOther = known.some(({ provider, subject }) => provider === owner.provider && subject !== owner.subject);
    if (isOther) {
      file.set('identity', undefined);
      file.set('session', undefined);
      file.set('logins', undefined);
    } else if (identity) {
      // The next call asks for credentials with the new login.
      file.set('identity', { ...identity, credentials: undefined });
    }
    keep();
    return isOther;
  });
}

/**
 * A login leaves the device. With the last one the identity goes, unless it is a guest's; the cache stays under that
 * identity, for when the same person comes back. [DV-SESSION-4] [DV-LOGIN-5]
 */
export function letGo(file: DeviceFile, forget: () => void): void {
  file.transaction(() => {
    forget();
    const { identity, session, logins } = file;
    if (!identity || file.ownersOf(identity.identityId).length === 0) return;
    const isReachable = session.status === 'signed-in' || logins.length > 0;
    file.set('identity', isReachable ? { ...identity, credentials: undefined } : undefined);
  });
}

/** How a person names one of the device's logins: by its stand-in, or by its key of `Logins`. */
export function isNamedAs(login: LoginOwner, name: string): boolean {
  return login.provider === name || login.standIn === name;
}
