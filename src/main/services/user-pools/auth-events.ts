import type {
  AdminListUserAuthEventsRequest,
  AdminListUserAuthEventsResponse,
  AdminUpdateAuthEventFeedbackRequest,
  AdminUpdateAuthEventFeedbackResponse,
  AuthEventType,
  UpdateAuthEventFeedbackRequest,
  UpdateAuthEventFeedbackResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { AuthEventRecord } from '../../store/repositories/auth-events.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { keepsAuthEvents } from './auth-event-log.ts';
import { feedbackToken } from './feedback-tokens.ts';
import { findUser, poolResource, requirePool, requireUser } from './lookup.ts';
import { badPageToken } from './pools.ts';

type Needs = Pick<Services, 'authEvents' | 'store' | 'userPools' | 'users'>;

export const authEvents = family<'cognito-idp', Needs>('cognito-idp', 'auth-events', {
  AdminListUserAuthEvents: { resources: poolResource, run: adminListUserAuthEvents },
  AdminUpdateAuthEventFeedback: { resources: poolResource, run: adminUpdateAuthEventFeedback },
  UpdateAuthEventFeedback: { auth: 'anyone', run: updateAuthEventFeedback },
});

const PAGE = 60;

function requireKept(call: Call, pool: UserPoolRecord): void {
  if (keepsAuthEvents(pool)) return;
  throw call.why.refuse(
    'UP-EVENT-1',
    'The pool has no threat protection, so nothing is written down.',
    // guessed wording: no source found
    fault('UserPoolAddOnNotEnabledException', 'User pool add-ons are not enabled for this user pool.'),
  );
}

function adminListUserAuthEvents(
  input: AdminListUserAuthEventsRequest,
  call: Call,
  services: Needs,
): AdminListUserAuthEventsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  requireKept(call, pool);
  const user = requireUser(call, pool, input.Username, services);
  const scope = `AdminListUserAuthEvents:${user.number}`;
  const before =
    input.NextToken === undefined ? String(Number.MAX_SAFE_INTEGER) : readPageToken(scope, input.NextToken);
  if (before === undefined) throw badPageToken(call);
  const limit = input.MaxResults || PAGE;
  const found = services.authEvents.list(user, Number(before), limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  call.why.choose('UP-EVENT-2', 'What the user did, newest first.', { events: page.length });
  return {
    AuthEvents: page.map(authEventType),
    ...(found.length > page.length && last ? { NextToken: pageToken(scope, String(last.number)) } : {}),
  };
}

function authEventType(event: AuthEventRecord): AuthEventType {
  return {
    EventId: event.id,
    EventType: event.type,
    CreationDate: event.createdAt,
    EventResponse: event.response,
    // Nothing on one machine looks like a stranger; threat protection finds no risk here.
    EventRisk: { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false },
    ChallengeResponses: [...event.challenges],
    EventContextData: { IpAddress: event.ipAddress, DeviceName: event.deviceName },
    ...(event.feedback
      ? {
          EventFeedback: {
            FeedbackValue: event.feedback.value,
            Provider: event.feedback.provider,
            FeedbackDate: event.feedback.at,
          },
        }
      : {}),
  };
}

function adminUpdateAuthEventFeedback(
  input: AdminUpdateAuthEventFeedbackRequest,
  call: Call,
  services: Needs,
): AdminUpdateAuthEventFeedbackResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  requireKept(call, pool);
  const user = requireUser(call, pool, input.Username, services);
  return setFeedback(input, call, user, 'Admin', services);
}

function updateAuthEventFeedback(
  input: UpdateAuthEventFeedbackRequest,
  call: Call,
  services: Needs,
): UpdateAuthEventFeedbackResponse {
  // Nobody signs this call: the token, which only the user's mail holds, says whose event it is.
  const pool = services.userPools.find(input.UserPoolId);
  if (!pool) {
    throw call.why.refuse(
      'UP-POOL-6',
      `There is no user pool ${input.UserPoolId}.`,
      fault('ResourceNotFoundException', `User pool ${input.UserPoolId} does not exist.`),
    );
  }
  requireKept(call, pool);
  const user = findUser(pool, input.Username, services);
  if (!user || input.FeedbackToken !== feedbackToken(pool, user, input.EventId)) {
    throw call.why.refuse(
      'UP-EVENT-4',
      // Whoever has no token is not told whether there is such a user.
      'The token was not made for this event of this user.',
      // guessed wording: no source found
      fault('NotAuthorizedException', 'Invalid feedback token.'),
      { event: input.EventId },
    );
  }
  return setFeedback(input, call, user, 'User', services);
}

function setFeedback(
  { EventId: id, FeedbackValue: value }: Pick<AdminUpdateAuthEventFeedbackRequest, 'EventId' | 'FeedbackValue'>,
  call: Call,
  user: UserRecord,
  provider: string,
  { authEvents: kept, store }: Needs,
): AdminUpdateAuthEventFeedbackResponse {
  store.write(() => {
    const event = kept.find(user, id);
    if (!event) {
      throw call.why.refuse(
        'UP-EVENT-3',
        'The user has no such event.',
        // guessed wording: no source found
        fault('ResourceNotFoundException', `Event ${id} does not exist.`),
      );
    }
    kept.setFeedback(event, { value, provider, at: call.now });
  });
  call.why.choose('UP-EVENT-3', `The event is marked as ${value}.`, { event: id });
  return {};
}
