import type { AuditedCall, Services } from '../services.ts';
import { claimsOf } from './user-identity.ts';

type Needs = Pick<Services, 'users'>;
type Members = { readonly [name: string]: unknown };

/** Of records of user pools: who it was about, by sub and never by name. [AU-POOL-2] */
export function userSub(call: AuditedCall, { users }: Needs): string | undefined {
  const { caller, input, operation, error } = call;
  if (caller.kind === 'user') return caller.claims.sub;
  // Whoever has the name by now is somebody else.
  if (operation === 'AdminDeleteUser' && !error) return undefined;
  const output = (call.output ?? {}) as Members;
  if (typeof output['UserSub'] === 'string') return output['UserSub'];
  const idToken = members(output['AuthenticationResult'])['IdToken'];
  const ofToken = idToken === undefined ? undefined : claimsOf(idToken)['sub'];
  if (typeof ofToken === 'string') return ofToken;

  const userPoolId = caller.kind === 'app-client' ? caller.userPoolId : input['UserPoolId'];
  const name =
    input['Username'] ??
    members(input['AuthParameters'])['USERNAME'] ??
    members(input['ChallengeResponses'])['USERNAME'];
  if (typeof userPoolId !== 'string' || typeof name !== 'string') return undefined;
  for (const key of new Set([name, name.toLowerCase()])) {
    const user = users.findByUsername(userPoolId, key) ?? users.findByAlias(userPoolId, key);
    // The record is written later than the call: its name may have been given anew since.
    if (user) return user.createdAt > call.now ? undefined : user.sub;
  }
  return users.findBySub(userPoolId, name)?.sub;
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}
