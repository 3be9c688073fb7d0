import { family, notBuilt } from '../family.ts';

export const authEvents = family<'cognito-idp', unknown>('cognito-idp', 'auth-events', {
  AdminListUserAuthEvents: notBuilt('authentication events'),
  AdminUpdateAuthEventFeedback: notBuilt('authentication events'),
  UpdateAuthEventFeedback: notBuilt('authentication events', 'anyone'),
});
