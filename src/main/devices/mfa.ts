import type { DeviceAction, MfaPreference } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { codeOf, findToken, keepToken, stepAt, type SoftwareToken } from './authenticator.ts';
import { proceed, respond } from './auth-steps.ts';
import { configured, type DeviceParts } from './parts.ts';
import { requireTokens } from './session.ts';

/** Gets the authenticator a secret, for the signed-in user or in the middle of a sign-in. [DV-MFA-2] */
export async function setUpTotp(parts: DeviceParts): Promise<void> {
  const { session } = parts.file;
  const userPoolId = configured(parts, 'userPoolId');
  const client = await parts.clients.userPools();
  if (session.status === 'challenged' && session.challenge === 'MFA_SETUP') {
    const answer = await client.associateSoftwareToken({ Session: session.session });
    parts.file.transaction(() => {
      parts.file.set('session', { ...session, session: answer.Session ?? '' });
      keepToken(parts, {
        userPoolId,
        username: session.userId,
        secret: answer.SecretCode ?? '',
        pending: true,
      });
    });
    return;
  }
  const { username, accessToken } = await requireTokens(parts);
  const answer = await client.associateSoftwareToken({ AccessToken: accessToken });
  keepToken(parts, { userPoolId, username, secret: answer.SecretCode ?? '', pending: true });
}

/** Shows the pool a first code; in the middle of a sign-in that goes on with it. */
export async function verifyTotp(parts: DeviceParts, { code }: DeviceAction & { do: 'verify-totp' }): Promise<void> {
  const { session } = parts.file;
  const client = await parts.clients.userPools();
  if (session.status === 'challenged' && session.challenge === 'MFA_SETUP') {
    const { token, entered } = pendingCode(parts, session.userId, code);
    const { Session } = await client.verifySoftwareToken({ Session: session.session, ...entered });
    parts.file.set('session', { ...session, session: Session ?? '' });
    const who = { typed: session.username, userId: session.userId };
    const answer = await respond(parts, who, { ChallengeName: 'MFA_SETUP', Session }, {});
    keepToken(parts, token);
    await proceed(parts, who, answer);
    return;
  }
  const { username, accessToken } = await requireTokens(parts);
  const { token, entered } = pendingCode(parts, username, code);
  await client.verifySoftwareToken({ AccessToken: accessToken, ...entered });
  keepToken(parts, token);
}

/** What is entered now, and the token as it is once the pool has taken that. */
function pendingCode(parts: DeviceParts, username: string, code: string | undefined) {
  const waiting = findToken(parts, username, { pending: true });
  if (!waiting) throw new BenchError('NoSoftwareToken', 'The authenticator waits for no first code', 409);
  const now = parts.clock.millis();
  const token: SoftwareToken = { ...waiting, pending: false, usedStep: stepAt(now) };
  return {
    token,
    entered: { UserCode: code ?? codeOf(waiting, now), FriendlyDeviceName: parts.profile.name },
  };
}

/** Switches the second factors of the signed-in user. A factor that is not named stays as it is. */
export async function setMfaPreference(
  parts: DeviceParts,
  { sms, email, softwareToken }: DeviceAction & { do: 'set-mfa-preference' },
): Promise<void> {
  const { accessToken } = await requireTokens(parts);
  const client = await parts.clients.userPools();
  await client.setUserMFAPreference({
    AccessToken: accessToken,
    SMSMfaSettings: settings(sms),
    EmailMfaSettings: settings(email),
    SoftwareTokenMfaSettings: settings(softwareToken),
  });
}

function settings(preference: MfaPreference | undefined) {
  return preference && { Enabled: preference !== 'off', PreferredMfa: preference === 'preferred' };
}
