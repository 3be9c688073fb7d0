import type { ChallengeResponseType } from '../../../shared/aws/cognito-idp.ts';
import type { AuthEventRecord } from '../../store/repositories/auth-events.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import type { AuthContext, Proven } from './flows/flow.ts';

type Needs = Pick<Services, 'authEvents' | 'ids'>;

/** Pools with threat protection keep a record of what their users do. */
export function keepsAuthEvents({ settings }: Pick<UserPoolRecord, 'settings'>): boolean {
  const mode = settings.UserPoolAddOns?.AdvancedSecurityMode;
  return mode === 'AUDIT' || mode === 'ENFORCED';
}

/** Writes down something that a user did, inside the caller's transaction. */
export function writeAuthEvent(
  { call, pool }: { readonly call: Call; readonly pool: UserPoolRecord },
  user: UserRecord,
  event: Pick<AuthEventRecord, 'type' | 'response'> & {
    readonly id?: string;
    readonly challenges?: readonly ChallengeResponseType[];
  },
  { authEvents, ids }: Needs,
): void {
  if (!keepsAuthEvents(pool)) return;
  authEvents.save(user, {
    challenges: [],
    ...event,
    id: event.id ?? ids.uuid(),
    ipAddress: call.sourceIp,
    deviceName: call.userAgent,
    createdAt: call.now,
  });
}

/**
 * The record of one sign-in. It is written anew as the sign-in gets further, so `proven` carries its id from
 * session to session and into the tokens.
 */
export function writeSignIn(
  context: AuthContext,
  user: UserRecord,
  proven: Proven,
  services: Needs,
): { readonly proven: Proven; readonly write: (response: 'InProgress' | 'Pass') => void } {
  if (!keepsAuthEvents(context.pool)) return { proven, write: () => {} };
  const eventId = proven.eventId ?? services.ids.uuid();
  const challenges = challengesShown(proven);
  return {
    proven: { ...proven, eventId },
    write: (response) => writeAuthEvent(context, user, { id: eventId, type: 'SignIn', response, challenges }, services),
  };
}

/** A sign-in that went wrong, at its beginning or on the way. */
export function writeFailedSignIn(
  context: AuthContext,
  user: UserRecord,
  proven: Proven | undefined,
  services: Needs & Pick<Services, 'store'>,
): void {
  if (!keepsAuthEvents(context.pool)) return;
  const failed = { ChallengeName: proven ? 'Mfa' : 'Password', ChallengeResponse: 'Failure' } as const;
  services.store.write(() =>
    writeAuthEvent(
      context,
      user,
      {
        ...(proven?.eventId === undefined ? {} : { id: proven.eventId }),
        type: 'SignIn',
        response: 'Fail',
        challenges: [...(proven ? challengesShown(proven) : []), failed],
      },
      services,
    ),
  );
}

function challengesShown({ first, second }: Proven): ChallengeResponseType[] {
  const shown: ChallengeResponseType[] = [];
  if (first === 'PASSWORD') shown.push({ ChallengeName: 'Password', ChallengeResponse: 'Success' });
  if (second) shown.push({ ChallengeName: 'Mfa', ChallengeResponse: 'Success' });
  return shown;
}
