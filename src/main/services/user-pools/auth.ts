import type {
  AdminInitiateAuthRequest,
  AdminInitiateAuthResponse,
  AdminRespondToAuthChallengeRequest,
  AdminRespondToAuthChallengeResponse,
  InitiateAuthRequest,
  InitiateAuthResponse,
  RespondToAuthChallengeRequest,
  RespondToAuthChallengeResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import { type Call, family } from '../family.ts';
import type { Challenge } from './challenges/challenge.ts';
import { newPasswordRequired } from './challenges/new-password-required.ts';
import { passwordVerifier } from './challenges/password-verifier.ts';
import { enforce } from './enforce.ts';
import type { AuthContext, AuthNeeds, Flow } from './flows/flow.ts';
import { nextStep } from './flows/next-step.ts';
import { refreshToken } from './flows/refresh-token.ts';
import { userPassword } from './flows/user-password.ts';
import { userSrp } from './flows/user-srp.ts';
import { findUser, poolResource, requireClient, requireClientAndPool, requirePool } from './lookup.ts';
import { checkSecretHash, requireParameter } from './parameters.ts';
import { type AuthFlow, flowProblem } from './policies/client-access.ts';
import { notBuiltSetting } from './policies/refusal.ts';
import { requireSession } from './sessions.ts';

export const auth = family<'cognito-idp', AuthNeeds>('cognito-idp', 'auth', {
  InitiateAuth: { auth: 'app-client', run: initiateAuth },
  AdminInitiateAuth: { resources: poolResource, run: adminInitiateAuth },
  RespondToAuthChallenge: { auth: 'auth-session', run: respondToAuthChallenge },
  AdminRespondToAuthChallenge: { resources: poolResource, run: adminRespondToAuthChallenge },
});

const FLOWS: { readonly [Name in AuthFlow]?: Flow } = {
  USER_PASSWORD_AUTH: userPassword,
  ADMIN_USER_PASSWORD_AUTH: userPassword,
  ADMIN_NO_SRP_AUTH: userPassword,
  USER_SRP_AUTH: userSrp,
  REFRESH_TOKEN_AUTH: refreshToken,
  REFRESH_TOKEN: refreshToken,
  CUSTOM_AUTH: ({ call }) => {
    // Pools with triggers are refused for now, so this is what AWS would answer too.
    throw call.why.refuse(
      'UP-AUTH-1',
      'The pool has no triggers for custom authentication.',
      fault('InvalidParameterException', 'Custom auth lambda trigger is not configured for the user pool.'),
    );
  },
};

const CHALLENGES: { readonly [name: string]: Challenge } = {
  PASSWORD_VERIFIER: passwordVerifier,
  NEW_PASSWORD_REQUIRED: newPasswordRequired,
};

function initiateAuth(input: InitiateAuthRequest, call: Call, services: AuthNeeds): Promise<InitiateAuthResponse> {
  const found = requireClientAndPool(call, input.ClientId, services);
  return begin({ call, ...found }, input, 'user', services);
}

function adminInitiateAuth(
  input: AdminInitiateAuthRequest,
  call: Call,
  services: AuthNeeds,
): Promise<AdminInitiateAuthResponse> {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  return begin({ call, pool, client }, input, 'admin', services);
}

async function begin(
  context: AuthContext,
  { AuthFlow: name, AuthParameters: parameters = {} }: Pick<InitiateAuthRequest, 'AuthFlow' | 'AuthParameters'>,
  asker: 'user' | 'admin',
  services: AuthNeeds,
): Promise<InitiateAuthResponse> {
  const { call, client } = context;
  enforce(
    call.why,
    'UP-AUTH-1',
    'The client may use this flow.',
    flowProblem(name, client.settings.ExplicitAuthFlows, asker),
    { flow: name, enabled: client.settings.ExplicitAuthFlows ?? 'default' },
  );
  const flow = FLOWS[name];
  if (!flow) {
    const missing = notBuiltSetting(`AuthFlow ${name}`);
    throw call.why.refuse('UP-AUTH-1', missing.decided, missing.fault);
  }
  const progress = await flow({ ...context, parameters }, services);
  return nextStep({ ...context, spent: undefined }, progress, services);
}

function respondToAuthChallenge(
  input: RespondToAuthChallengeRequest,
  call: Call,
  services: AuthNeeds,
): Promise<RespondToAuthChallengeResponse> {
  const found = requireClientAndPool(call, input.ClientId, services);
  return goOn({ call, ...found }, input, services);
}

function adminRespondToAuthChallenge(
  input: AdminRespondToAuthChallengeRequest,
  call: Call,
  services: AuthNeeds,
): Promise<AdminRespondToAuthChallengeResponse> {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  return goOn({ call, pool, client }, input, services);
}

async function goOn(
  context: AuthContext,
  input: Pick<RespondToAuthChallengeRequest, 'ChallengeName' | 'Session' | 'ChallengeResponses'>,
  services: AuthNeeds,
): Promise<RespondToAuthChallengeResponse> {
  const { call, pool, client } = context;
  const responses = input.ChallengeResponses ?? {};
  const session = requireSession(
    context,
    {
      challenge: input.ChallengeName,
      session: input.Session,
      secretBlock: responses['PASSWORD_CLAIM_SECRET_BLOCK'],
    },
    services,
  );
  const typed = requireParameter(call, responses, 'USERNAME');
  checkSecretHash(call, client, responses, typed, 'respond');
  const user = session.userNumber === undefined ? undefined : services.users.find(session.userNumber);
  if (user && findUser(pool, typed, services)?.number !== user.number) {
    throw call.why.refuse(
      'UP-SESSION-1',
      'USERNAME is not the user whom the session was opened for.',
      fault('NotAuthorizedException', 'Invalid session for the user.'),
    );
  }
  const challenge = CHALLENGES[session.challenge];
  if (!challenge) throw new Error(`a session waits for ${session.challenge}, which nobody judges`);
  const progress = await challenge({ ...context, session, user, responses }, services);
  return nextStep({ ...context, spent: session }, progress, services);
}
