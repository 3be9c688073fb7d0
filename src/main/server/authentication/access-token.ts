import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';

/** `AccessToken` names the user, and with it pool, account and region. */
export async function byAccessToken(call: ServerCall, { services }: PipelineParts): Promise<void> {
  const token = call.text('AccessToken');
  // Some operations take a session instead; their handlers say what is missing.
  if (token === undefined) return;
  const claims = await services.tokens.verifyAccessToken(token, call.now, call.why);
  const place = services.directory.userPool(claims.userPoolId);
  if (!place) throw new Error(`the token's user pool ${claims.userPoolId} is in no account`);
  call.account = place.account;
  call.region = place.region;
  call.caller = { kind: 'user', claims };
  call.why.pass('PR-CALLER-2', `The access token is ${claims.username}'s.`, { userPoolId: claims.userPoolId });
}
