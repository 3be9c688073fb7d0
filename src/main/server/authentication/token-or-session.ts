import { fault } from '../../kernel/fault.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';
import { byAccessToken } from './access-token.ts';

/**
 * `AccessToken` of somebody who is signed in, or `Session` of somebody who is about to be: a software token is set
 * up by either. The handler reads what the session is worth.
 */
export function byTokenOrSession(call: ServerCall, parts: PipelineParts): Promise<void> | void {
  if (call.text('AccessToken') !== undefined) return byAccessToken(call, parts);
  const session = call.text('Session');
  if (session === undefined) return;
  const found = parts.services.authSessions.find(session);
  const place = found && parts.services.directory.userPool(found.userPoolId);
  if (!found || !place) {
    throw call.why.refuse(
      'PR-CALLER-6',
      'No such session is known.',
      fault('NotAuthorizedException', 'Invalid session for the user.'),
    );
  }
  call.account = place.account;
  call.region = place.region;
  call.caller = { kind: 'app-client', clientId: found.clientId, userPoolId: found.userPoolId };
  call.why.pass('PR-CALLER-6', `The session is of an authentication in the user pool ${found.userPoolId}.`, {
    clientId: found.clientId,
  });
}
