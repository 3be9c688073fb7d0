import type { RememberedDeviceRecord } from '../../../store/repositories/remembered-devices.ts';
import type { UserRecord } from '../../../store/repositories/users.ts';
import type { TokenSource } from '../../services.ts';
import { writeSignIn } from '../auth-event-log.ts';
import type { AuthAnswer, Step } from '../challenges/challenge.ts';
import { newDevice, noSuchDevice, requireDeviceOfRefresh, tracksDevices } from '../device-tracking.ts';
import { rotateRefreshToken } from '../refresh-rotation.ts';
import { requireEnabled } from '../sign-in-attempts.ts';
import { spendSession } from '../sessions.ts';
import { activityOf, evictSessions } from '../session-tracking.ts';
import { momentOf } from '../trigger-moment.ts';
import type { AuthNeeds, Progress, Proven } from './flow.ts';
import { type News, writeNews } from './news.ts';

/** Everything that was demanded has been shown: the tokens of a new sign-in. */
export async function giveTokens(
  step: Step,
  done: {
    readonly user: UserRecord;
    readonly proven: Proven;
    readonly news: News;
    /** The tracked device that has shown that it is the one. */
    readonly device: RememberedDeviceRecord | undefined;
  },
  services: AuthNeeds,
): Promise<AuthAnswer> {
  const { call, pool, client } = step;
  const { user, proven, news, device } = done;
  const { rememberedDevices, store, tokens, triggers, users } = services;
  requireEnabled(call, user);
  await call.decision('UP-AUTH-14');
  const event = writeSignIn(step, user, proven, services);
  const added = tracksDevices(pool) && !device ? newDevice(step, user, services) : undefined;
  await triggers.postAuthentication(momentOf(step), { user, newDeviceUsed: added !== undefined });
  const issued = await tokens.signIn({
    pool,
    client,
    user,
    now: call.now,
    deviceKey: (device ?? added)?.deviceKey,
    eventId: event.proven.eventId,
    activity: activityOf(call),
    occasion: { call, source: sourceOf(proven), clientMetadata: step.clientMetadata },
  });
  store.write((tx) => {
    if (step.spent) spendSession(step, step.spent, services);
    const current = writeNews(step, user, news, services);
    users.setFailures(current, { count: 0, lastAt: undefined });
    if (added) rememberedDevices.insert(added);
    if (device) {
      // It may have been forgotten while the functions ran, and the factor that it stands in for with it.
      if (!rememberedDevices.find(user, device.deviceKey)) {
        throw noSuchDevice(call, device.deviceKey, 'The device was forgotten meanwhile.');
      }
      rememberedDevices.update(device, { authenticatedAt: call.now, lastIp: call.sourceIp, sdk: call.userAgent });
    }
    evictSessions(call, pool, user, services);
    issued.save();
    event.write('Pass');
    const who = { account: pool.account, userPoolId: pool.id, username: user.username };
    tx.announce('user.signed-in', { ...who, clientId: client.id });
  });
  call.why.choose('UP-AUTH-14', 'Nothing is left to ask: the user gets tokens.', { username: user.username });
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: issued.accessToken,
      ExpiresIn: issued.expiresIn,
      TokenType: 'Bearer',
      RefreshToken: issued.refreshToken,
      IdToken: issued.idToken,
      ...(added ? { NewDeviceMetadata: { DeviceKey: added.deviceKey, DeviceGroupKey: added.deviceGroupKey } } : {}),
    },
  };
}

/** Why the tokens are made, in the words of the pre token generation trigger. */
function sourceOf({ newPassword, device }: Proven): TokenSource {
  if (newPassword) return 'NewPasswordChallenge';
  return device === undefined ? 'Authentication' : 'AuthenticateDevice';
}

export async function refreshTokens(
  step: Step,
  { user, signIn, token }: Extract<Progress, { reached: 'refresh-token-accepted' }>,
  services: AuthNeeds,
): Promise<AuthAnswer> {
  const { call, pool, client } = step;
  requireDeviceOfRefresh(step, signIn, user, step.deviceKey, services);
  const occasion = { call, source: 'RefreshTokens' as const, clientMetadata: step.clientMetadata };
  const issued = await services.tokens.refresh({ pool, client, user, now: call.now, occasion }, signIn);
  const rotated = rotateRefreshToken(call, client, { signIn, token }, services);
  services.store.write(() => services.refreshTokens.touch(signIn, activityOf(call)));
  call.why.choose('TK-REFRESH-5', 'New access and ID tokens for the sign-in.', { username: user.username });
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: issued.accessToken,
      ExpiresIn: issued.expiresIn,
      TokenType: 'Bearer',
      ...(rotated === undefined ? {} : { RefreshToken: rotated }),
      IdToken: issued.idToken,
    },
  };
}
