import { createHmac } from 'node:crypto';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';

/** What a mail about an event carries, so that its reader alone can say whether the event was theirs. */
export function feedbackToken(
  pool: Pick<UserPoolRecord, 'simulationSecret'>,
  user: Pick<UserRecord, 'sub'>,
  eventId: string,
): string {
  return createHmac('sha256', pool.simulationSecret).update(`feedback:${user.sub}:${eventId}`).digest('base64url');
}
