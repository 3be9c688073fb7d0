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
import { Fault, fault } from '../../kernel/fault.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import { type Call, family } from '../family.ts';
import { keepsAuthEvents, writeFailedSignIn } from './auth-event-log.ts';
import { type Challenge, provenBefore, type Step } from './challenges/challenge.ts';
import { customChallenge } from './challenges/custom-challenge.ts';
import { devicePasswordVerifier, deviceSrp } from './challenges/device-srp.ts';
import { emailOtp } from './challenges/email-otp.ts';
import { mfaSetup } from './challenges/mfa-setup.ts';
import { newPasswordRequired } from './challenges/new-password-required.ts';
import { password, passwordSrp } from './challenges/password.ts';
import { passwordVerifier } from './challenges/password-verifier.ts';
import { selectChallenge } from './challenges/select-challenge.ts';
import { selectMfaType } from './challenges/select-mfa-type.ts';
import { smsMfa } from './challenges/sms-mfa.ts';
import { smsOtp } from './challenges/sms-otp.ts';
import { softwareTokenMfa } from './challenges/software-token-mfa.ts';
import { webAuthn } from './challenges/web-authn.ts';
import { enforce } from './enforce.ts';
import { custom } from './flows/custom.ts';
import type { AuthContext, AuthNeeds, Flow, Progress } from './flows/flow.ts';
import { nextStep } from './flows/next-step.ts';
import { refreshToken } from './flows/refresh-token.ts';
import { userChoice } from './flows/user-choice.ts';
import { userPassword } from './flows/user-password.ts';
import { userSrp } from './flows/user-srp.ts';
import { findUser, poolResource, requireClient, requireClientAndPool, requirePool } from './lookup.ts';
import { checkSecretHash, requireParameter } from './parameters.ts';
import { type AuthFlow, flowProblem } from './policies/client-access.ts';
import { requireAllowedAddress } from './risk-configuration.ts';
import { requireSession } from './sessions.ts';

export const auth = family<'cognito-idp', AuthNeeds>('cognito-idp', 'auth', {
  InitiateAuth: { auth: 'app-client', run: initiateAuth },
  AdminInitiateAuth: { resources: poolResource, run: adminInitiateAuth },
  RespondToAuthChallenge: { auth: 'auth-session', run: respondToAuthChallenge },
  AdminRespondToAuthChallenge: { resources: poolResource, run: adminRespondToAuthChallenge },
});

const FLOWS: { readonly [Name in AuthFlow]: Flow } = {
  USER_PASSWORD_AUTH: userPassword,
  ADMIN_USER_PASSWORD_AUTH: userPassword,
  ADMIN_NO_SRP_AUTH: userPassword,
  USER_SRP_AUTH: userSrp,
  USER_AUTH: userChoice,
  REFRESH_TOKEN_AUTH: refreshToken,
  REFRESH_TOKEN: refreshToken,
  CUSTOM_AUTH: custom,
};

const CHALLENGES: { readonly [name: string]: Challenge } = {
  PASSWORD_VERIFIER: passwordVerifier,
  NEW_PASSWORD_REQUIRED: newPasswordRequired,
  CUSTOM_CHALLENGE: customChallenge,
  SMS_MFA: smsMfa,
  SOFTWARE_TOKEN_MFA: softwareTokenMfa,
  EMAIL_OTP: emailOtp,
  SELECT_MFA_TYPE: selectMfaType,
  MFA_SETUP: mfaSetup,
  DEVICE_SRP_AUTH: deviceSrp,
  DEVICE_PASSWORD_VERIFIER: devicePasswordVerifier,
  SELECT_CHALLENGE: selectChallenge,
  PASSWORD: password,
  PASSWORD_SRP: passwordSrp,
  SMS_OTP: smsOtp,
  WEB_AUTHN: webAuthn,
};

/** Answers that mean that somebody is not who they say; a missing parameter is no failed sign-in. */
const FAILURES: ReadonlySet<string> = new Set([
  'NotAuthorizedException',
  'CodeMismatchException',
  'ExpiredCodeException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
]);

function initiateAuth(input: InitiateAuthRequest, call: Call, services: AuthNeeds): Promise<InitiateAuthResponse> {
  const found = requireClientAndPool(call, input.ClientId, services);
  return begin({ call, ...found, validationData: input.ClientMetadata }, input, 'user', services);
}

function adminInitiateAuth(
  input: AdminInitiateAuthRequest,
  call: Call,
  services: AuthNeeds,
): Promise<AdminInitiateAuthResponse> {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  return begin({ call, pool, client, validationData: input.ClientMetadata }, input, 'admin', services);
}

async function begin(
  context: AuthContext,
  {
    AuthFlow: name,
    AuthParameters: parameters = {},
    Session: session,
    ...told
  }: Pick<InitiateAuthRequest, 'AuthFlow' | 'AuthParameters' | 'Session'> & TellsAddress,
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
  const step = { ...context, spent: undefined, deviceKey: parameters['DEVICE_KEY'] };
  const whoever = (): UserRecord | undefined => findUser(context.pool, parameters['USERNAME'] ?? '', services);
  const judge = (): Progress | Promise<Progress> => {
    if (name !== 'REFRESH_TOKEN' && name !== 'REFRESH_TOKEN_AUTH') {
      requireAllowedAddress(context, addressOf(context, told), services);
    }
    return FLOWS[name]({ ...context, parameters, session }, services);
  };
  return attempt(step, whoever, judge, services);
}

/** Servers that sign their users in tell where those are. */
type TellsAddress = Pick<InitiateAuthRequest, 'UserContextData'> & Pick<AdminInitiateAuthRequest, 'ContextData'>;

/** Administrators are believed at once, clients where that is switched on. */
function addressOf({ call, client }: AuthContext, { ContextData: admin, UserContextData: user }: TellsAddress): string {
  const told = client.settings.EnablePropagateAdditionalUserContextData ? user?.IpAddress : undefined;
  return admin?.IpAddress ?? told ?? call.sourceIp;
}

/** One step, judged and led on; a pool with threat protection writes down where it failed. */
async function attempt(
  step: Step,
  whoever: () => UserRecord | undefined,
  judge: () => Progress | Promise<Progress>,
  services: AuthNeeds,
): Promise<InitiateAuthResponse> {
  try {
    return await nextStep(step, await judge(), services);
  } catch (error) {
    const isFailure = error instanceof Fault && FAILURES.has(error.code);
    const user = isFailure && keepsAuthEvents(step.pool) ? whoever() : undefined;
    if (user) writeFailedSignIn(step, user, provenBefore(step), services);
    throw error;
  }
}

function respondToAuthChallenge(
  input: RespondToAuthChallengeRequest,
  call: Call,
  services: AuthNeeds,
): Promise<RespondToAuthChallengeResponse> {
  const found = requireClientAndPool(call, input.ClientId, services);
  return goOn({ call, ...found, clientMetadata: input.ClientMetadata }, input, services);
}

function adminRespondToAuthChallenge(
  input: AdminRespondToAuthChallengeRequest,
  call: Call,
  services: AuthNeeds,
): Promise<AdminRespondToAuthChallengeResponse> {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  return goOn({ call, pool, client, clientMetadata: input.ClientMetadata }, input, services);
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
  return attempt(
    { ...context, spent: session, deviceKey: responses['DEVICE_KEY'] },
    () => user && services.users.find(user.number),
    () => challenge({ ...context, session, user, responses }, services),
    services,
  );
}
