import type {
  AssociateSoftwareTokenRequest,
  AssociateSoftwareTokenResponse,
  VerifySoftwareTokenRequest,
  VerifySoftwareTokenResponse,
} from '../../../shared/aws/cognito-idp.ts';
import type { Json } from '../../../shared/json.ts';
import { fault } from '../../kernel/fault.ts';
import type { AuthSessionRecord } from '../../store/repositories/auth-sessions.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import type { SetupState } from './challenges/mfa-setup.ts';
import type { AuthContext } from './flows/flow.ts';
import { requireClientAndPool } from './lookup.ts';
import { openSession, requireSession, spendSession } from './sessions.ts';
import { requireSignedInUser } from './signed-in-user.ts';
import { stepOfCode } from './software-token.ts';

type Needs = Pick<Services, 'appClients' | 'authSessions' | 'ids' | 'mfaFactors' | 'store' | 'userPools' | 'users'>;

/** A secret for somebody who is signed in, or who must set a factor up before that. */
export function associateSoftwareToken(
  input: AssociateSoftwareTokenRequest,
  call: Call,
  services: Needs,
): AssociateSoftwareTokenResponse {
  const { ids, mfaFactors, store } = services;
  if (input.AccessToken !== undefined) {
    const { pool, user } = requireSignedInUser(call, services);
    requireTokensInPool(call, pool);
    const secret = ids.softwareToken();
    store.write(() => mfaFactors.save(user, { ...mfaFactors.of(user), pendingSecret: secret }));
    call.why.choose('UP-MFA-13', 'A new secret waits for its first code; an older one works until then.');
    return { SecretCode: secret };
  }
  const setup = requireSetup(call, input.Session, services);
  const secret = ids.softwareToken();
  const Session = goOn(setup, { secret }, services);
  call.why.choose('UP-MFA-13', 'A new secret waits for its first code, in this sign-in alone.');
  return { SecretCode: secret, Session };
}

export function verifySoftwareToken(
  input: VerifySoftwareTokenRequest,
  call: Call,
  services: Needs,
): VerifySoftwareTokenResponse {
  const { mfaFactors, store } = services;
  const named = input.FriendlyDeviceName;
  if (input.AccessToken !== undefined) {
    const { pool, user } = requireSignedInUser(call, services);
    requireTokensInPool(call, pool);
    store.write((tx) => {
      const { pendingSecret, tokenName: _, ...factors } = mfaFactors.of(user);
      const step = requireCode(call, pendingSecret, input.UserCode);
      mfaFactors.save(user, {
        ...factors,
        secret: pendingSecret!,
        ...(named === undefined ? {} : { tokenName: named }),
        lastStep: step,
      });
      tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    });
    call.why.pass('UP-MFA-14', 'The secret is the user’s software token from now on.');
    return { Status: 'SUCCESS' };
  }
  const setup = requireSetup(call, input.Session, services);
  const { secret } = setup.session.state as unknown as SetupState;
  const step = requireCode(call, secret, input.UserCode);
  const Session = goOn(setup, { secret: secret!, ...(named === undefined ? {} : { name: named }), step }, services);
  call.why.pass('UP-MFA-14', 'The code is right; the answer to MFA_SETUP makes the secret the user’s.');
  return { Status: 'SUCCESS', Session };
}

function requireTokensInPool(call: Call, { settings, factors }: UserPoolRecord): void {
  if (factors.softwareToken && settings.MfaConfiguration !== 'OFF') return;
  throw call.why.refuse(
    'UP-MFA-13',
    'The pool has not switched software tokens on.',
    fault('SoftwareTokenMFANotFoundException', 'Software Token MFA has not been enabled by the userPool'),
  );
}

interface Setup extends AuthContext {
  readonly session: AuthSessionRecord;
  readonly user: UserRecord;
}

/** The MFA_SETUP that a session belongs to. Each step of it spends its session and gives the next one. */
function requireSetup(call: Call, text: string | undefined, services: Needs): Setup {
  if (call.caller.kind !== 'app-client') {
    throw call.why.refuse(
      'UP-AUTH-2',
      'Neither AccessToken nor Session is there.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'Missing required parameter AccessToken'),
    );
  }
  const context = { call, ...requireClientAndPool(call, call.caller.clientId, services) };
  const answer = { challenge: 'MFA_SETUP', session: text, secretBlock: undefined };
  const session = requireSession(context, answer, services);
  const user = session.userNumber === undefined ? undefined : services.users.find(session.userNumber);
  if (!user?.enabled) {
    throw call.why.refuse(
      'UP-SESSION-1',
      'The user of the session is gone or disabled.',
      fault('NotAuthorizedException', 'Invalid session for the user.'),
    );
  }
  requireTokensInPool(call, context.pool);
  return { ...context, session, user };
}

function goOn(setup: Setup, next: SetupState, services: Needs): string {
  const { proven } = setup.session.state as { readonly proven: Json };
  return services.store.write(() => {
    spendSession(setup, setup.session, services);
    return openSession(
      setup,
      {
        challenge: 'MFA_SETUP',
        user: setup.user,
        username: setup.session.username,
        state: { proven, ...next },
      },
      services,
    );
  });
}

function requireCode(call: Call, secret: string | undefined, code: string): number {
  if (secret === undefined) {
    throw call.why.refuse(
      'UP-MFA-14',
      'No secret waits to be verified.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'Software token has not been associated.'),
    );
  }
  const step = stepOfCode(secret, code, call.now);
  if (step !== undefined) return step;
  throw call.why.refuse(
    'UP-MFA-14',
    'The code is none that the secret gives now.',
    fault('EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA'),
  );
}
