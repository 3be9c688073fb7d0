import { fault, type Fault } from '../../../kernel/fault.ts';
import { checkSecretHash, requireParameter } from '../parameters.ts';
import type { Flow } from './flow.ts';

function refuses(text: string): Fault {
  return fault('NotAuthorizedException', text);
}

/** REFRESH_TOKEN_AUTH and REFRESH_TOKEN: new access and ID tokens for a sign-in that goes on. */
export const refreshToken: Flow = ({ call, client, parameters }, services) => {
  const { why } = call;
  const token = requireParameter(call, parameters, 'REFRESH_TOKEN');
  const signIn = services.refreshTokens.find(token);
  const user = signIn && services.users.find(signIn.userNumber);
  if (!signIn || !user || signIn.clientId !== client.id) {
    const decided = signIn ? 'The refresh token was given to another client.' : 'No such refresh token is known.';
    throw why.refuse('TK-REFRESH-1', decided, refuses('Invalid Refresh Token'), { client: client.id });
  }
  // The canonical name, which clients take from the tokens; an alias makes another hash.
  checkSecretHash(call, client, parameters, user.username, 'respond');
  if (!user.enabled) {
    throw why.refuse('UP-AUTH-4', 'An administrator disabled the user.', refuses('User is disabled.'));
  }
  if (signIn.revoked) {
    throw why.refuse('TK-REFRESH-2', 'The sign-in was ended.', refuses('Refresh Token has been revoked'));
  }
  if (signIn.expiresAt <= call.now) {
    // text from memory
    throw why.refuse('TK-REFRESH-3', 'The refresh token is too old.', refuses('Refresh Token has expired'), {
      expired: signIn.expiresAt.toISOString(),
    });
  }
  why.pass('TK-REFRESH-4', 'The refresh token is of this client, and its sign-in goes on.', {
    signedInAt: signIn.authTime.toISOString(),
    expires: signIn.expiresAt.toISOString(),
  });
  return { reached: 'refresh-token-accepted', user, signIn };
};
