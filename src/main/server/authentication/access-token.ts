import { Fault, fault } from '../../kernel/fault.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';
import { declares } from './declared.ts';

/** `AccessToken` names the user, and with it pool, account and region. */
export async function byAccessToken(call: ServerCall, { services }: PipelineParts): Promise<void> {
  const token = call.text('AccessToken');
  // Some operations take a session instead; their handlers say what is missing.
  if (token === undefined) return;
  const claims = await services.tokens.verifyAccessToken(token, call.now, call.why).catch((error: unknown) => {
    throw isUndeclared(call, error) ? refuseGoneUser(call) : error;
  });
  const place = services.directory.userPool(claims.userPoolId);
  if (!place) throw new Error(`the token's user pool ${claims.userPoolId} is in no account`);
  call.account = place.account;
  call.region = place.region;
  call.caller = { kind: 'user', claims };
  call.why.pass('PR-CALLER-2', `The access token is ${claims.username}'s.`, { userPoolId: claims.userPoolId });
}

/** The user is gone, and the operation has no fault for that: GlobalSignOut and those of passkeys. */
function isUndeclared(call: ServerCall, error: unknown): boolean {
  return error instanceof Fault && error.code === 'UserNotFoundException' && !declares(call, error.code);
}

function refuseGoneUser(call: ServerCall): Error {
  return call.why.refuse(
    'TK-VERIFY-7',
    'The operation declares no fault for users that are gone; to it, the token is just not good any more.',
    // assumed: what the service answers here was not found
    fault('NotAuthorizedException', 'Access Token has been revoked'),
  );
}
