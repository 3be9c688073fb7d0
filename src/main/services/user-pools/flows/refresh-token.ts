import { fault, type Fault } from '../../../kernel/fault.ts';
import type { UserRecord } from '../../../store/repositories/users.ts';
import type { Services } from '../../services.ts';
import { checkSecretHash, requireParameter } from '../parameters.ts';
import { rotates } from '../policies/client-access.ts';
import { refuseReuse } from '../refresh-rotation.ts';
import type { AuthContext, Flow, Progress } from './flow.ts';

function refuses(text: string): Fault {
  return fault('NotAuthorizedException', text);
}

/** REFRESH_TOKEN_AUTH and REFRESH_TOKEN: new access and ID tokens for a sign-in that goes on. */
export const refreshToken: Flow = (start, services) => {
  const { call, client, parameters } = start;
  if (rotates(client)) {
    throw call.why.refuse(
      'TK-ROTATE-1',
      'The client rotates refresh tokens, so only GetTokensFromRefreshToken takes them.',
      // guessed wording: no source found
      fault('UnsupportedOperationException', 'Refresh token rotation is enabled; use GetTokensFromRefreshToken.'),
    );
  }
  const token = requireParameter(call, parameters, 'REFRESH_TOKEN');
  // The canonical name, which clients take from the tokens; an alias makes another hash.
  const prove = (user: UserRecord): void => checkSecretHash(call, client, parameters, user.username, 'respond');
  return acceptRefreshToken(start, token, prove, services);
};

/** A refresh token of this client, whose sign-in goes on. `prove` has the client show its secret. */
export function acceptRefreshToken(
  { call, client }: AuthContext,
  token: string,
  prove: (user: UserRecord) => void,
  services: Pick<Services, 'refreshTokens' | 'store' | 'users'>,
): Progress {
  const { why } = call;
  const signIn = services.refreshTokens.find(token);
  const user = signIn && services.users.find(signIn.userNumber);
  if (!signIn || !user || signIn.clientId !== client.id) {
    const decided = signIn ? 'The refresh token was given to another client.' : 'No such refresh token is known.';
    throw why.refuse('TK-REFRESH-1', decided, refuses('Invalid Refresh Token'), { client: client.id });
  }
  prove(user);
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
  if (signIn.usableUntil && signIn.usableUntil <= call.now) throw refuseReuse(call, client, signIn, services);
  why.pass('TK-REFRESH-4', 'The refresh token is of this client, and its sign-in goes on.', {
    signedInAt: signIn.authTime.toISOString(),
    expires: signIn.expiresAt.toISOString(),
  });
  return { reached: 'refresh-token-accepted', user, signIn, token };
}
