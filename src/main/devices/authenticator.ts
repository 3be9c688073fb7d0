import { Secret, TOTP } from 'otpauth';
import type { AuthenticatorCode } from '../../shared/device.ts';
import type { DeviceParts } from './parts.ts';

/*
 * The authenticator app on a simulated device: secrets, and the codes that they give by the device's own clock.
 * Secrets stay here. [DV-MFA-1]
 */

export interface SoftwareToken {
  readonly userPoolId: string;
  readonly username: string;
  /** Base32. */
  readonly secret: string;
  /** Not yet shown to the pool; an older secret of the user goes on until then. */
  readonly pending: boolean;
  /** The last half minute whose code was entered from here. */
  readonly usedStep?: number;
}

const PERIOD_MS = 30_000;

export function findToken(
  { file, profile }: DeviceParts,
  username: string,
  { pending }: { readonly pending: boolean },
): SoftwareToken | undefined {
  return file.softwareTokens.find(
    (token) => token.userPoolId === profile.app.userPoolId && token.username === username && token.pending === pending,
  );
}

/** Takes the place of the token of the same kind; one that has been proven, also of the one that waited. */
export function keepToken({ file }: DeviceParts, token: SoftwareToken): void {
  const others = file.softwareTokens.filter(
    ({ userPoolId, username, pending }) =>
      userPoolId !== token.userPoolId || username !== token.username || (token.pending && !pending),
  );
  file.set('softwareTokens', [...others, token]);
}

export function currentCode(parts: DeviceParts, username: string): string | undefined {
  const token = findToken(parts, username, { pending: false });
  return token && codeOf(token, parts.clock.millis());
}

/** Remembers that the present code was entered, if it was: a code works once. */
export function noteUse(parts: DeviceParts, username: string, entered: string | undefined): void {
  const token = findToken(parts, username, { pending: false });
  const now = parts.clock.millis();
  if (token && entered === codeOf(token, now)) keepToken(parts, { ...token, usedStep: stepAt(now) });
}

export function codeOf({ secret }: SoftwareToken, timestamp: number): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30, timestamp });
}

export function stepAt(millis: number): number {
  return Math.floor(millis / PERIOD_MS);
}

export function viewAuthenticator({ file, clock, network }: DeviceParts): AuthenticatorCode[] {
  const now = clock.millis();
  const next = (stepAt(now) + 1) * PERIOD_MS;
  const skew = network.state.clockSkewSeconds * 1000;
  return file.softwareTokens.map((token) => ({
    username: token.username,
    userPoolId: token.userPoolId,
    code: codeOf(token, now),
    secondsLeft: Math.ceil((next - now) / 1000),
    validUntil: new Date(next - skew).toISOString(),
    pending: token.pending,
    used: token.usedStep === stepAt(now),
  }));
}
