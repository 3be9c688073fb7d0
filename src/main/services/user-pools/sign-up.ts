import type {
  AdminConfirmSignUpRequest,
  AdminConfirmSignUpResponse,
  ConfirmSignUpRequest,
  ConfirmSignUpResponse,
  ResendConfirmationCodeRequest,
  ResendConfirmationCodeResponse,
  SignUpRequest,
  SignUpResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { AppClientRecord } from '../../store/repositories/app-clients.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import { type Call, family } from '../family.ts';
import type { Services, SignUpVerdict } from '../services.ts';
import { writeAuthEvent } from './auth-event-log.ts';
import { enterAsClient } from './client-entry.ts';
import { countAttempt, requireCode, sendCode } from './confirmation-codes.ts';
import { enforce } from './enforce.ts';
import { findUser, hidesExistence, poolResource, requireCurrent, requirePool, requireUser } from './lookup.ts';
import { nameUser, settleAliases, takenProblem } from './new-users.ts';
import { makeVerifier } from './password-verifiers.ts';
import { usernameProblem } from './policies/aliases.ts';
import { attributeProblem, attributeRecord, unwritable } from './policies/attribute-schema.ts';
import { deliveryDetails, signUpDestination, simulatedDelivery } from './policies/delivery.ts';
import { allowsNoPassword } from './policies/first-factor.ts';
import { DEFAULT_PASSWORD_POLICY, passwordProblem, shortPasswordProblem } from './policies/password-policy.ts';
import { refusal, type Refusal } from './policies/refusal.ts';
import { confirmationProblem } from './policies/user-status.ts';
import { requireUncompromised } from './risk-configuration.ts';
import { isSignUpSession, openSignUpSession } from './sign-up-sessions.ts';

export type SignUpNeeds = Pick<
  Services,
  | 'appClients'
  | 'authEvents'
  | 'authSessions'
  | 'codes'
  | 'config'
  | 'ids'
  | 'inbox'
  | 'poolDocuments'
  | 'powers'
  | 'random'
  | 'store'
  | 'triggers'
  | 'userPools'
  | 'users'
>;

export const signUps = family<'cognito-idp', SignUpNeeds>('cognito-idp', 'sign-up', {
  SignUp: { auth: 'app-client', run: signUp },
  ConfirmSignUp: { auth: 'app-client', run: confirmSignUp },
  AdminConfirmSignUp: { resources: poolResource, run: adminConfirmSignUp },
  ResendConfirmationCode: { auth: 'app-client', run: resendConfirmationCode },
});

async function signUp(input: SignUpRequest, call: Call, services: SignUpNeeds): Promise<SignUpResponse> {
  const { store, triggers, users } = services;
  const { why } = call;
  const { client, pool } = enterAsClient(call, input, services);
  const { settings } = pool;
  const schema = settings.SchemaAttributes ?? [];
  const given = attributeRecord(input.UserAttributes);

  if (settings.AdminCreateUserConfig?.AllowAdminCreateUserOnly) {
    throw why.refuse(
      'UP-SIGNUP-1',
      'Only administrators create users of this pool.',
      fault('NotAuthorizedException', 'SignUp is not permitted for this user pool'),
    );
  }
  enforce(
    why,
    'UP-SIGNUP-2',
    'The name has the form that the pool asks for.',
    nameProblem(pool, input.Username, given),
  );
  const forbidden = unwritable(schema, client.settings.WriteAttributes, Object.keys(given));
  if (forbidden !== undefined) {
    throw why.refuse(
      'UP-SIGNUP-3',
      `The client may not write ${forbidden}.`,
      fault('NotAuthorizedException', 'A client attempted to write unauthorized attribute'),
      { attribute: forbidden },
    );
  }
  const naming = nameUser(pool, input.Username, given, services);
  enforce(
    why,
    'UP-SIGNUP-4',
    'The attributes fit the pool’s schema.',
    attributeProblem(schema, naming.attributes, { required: true }),
    { attributes: Object.keys(naming.attributes) },
  );
  const password = chosenPassword(call, pool, input.Password, naming.attributes);
  if (password !== undefined) requireUncompromised({ call, pool, client }, 'SIGN_UP', password, services);
  const taken = takenProblem(pool, naming, 'User already exists', services);
  enforce(why, 'UP-SIGNUP-5', 'Nobody has this name yet.', taken, { username: input.Username });
  await call.decision('UP-SIGNUP-6');

  const moment = { call, pool, clientId: client.id, clientMetadata: input.ClientMetadata };
  const verdict = await triggers.preSignUp(moment, {
    source: 'SignUp',
    username: input.Username,
    attributes: given,
    validationData: attributeRecord(input.ValidationData),
  });
  const attributes = withVerdict(why, naming.attributes, verdict);
  const kept = password === undefined ? undefined : await makeVerifier(pool.id, naming.username, password, services);
  const user = store.write((tx) => {
    // Somebody may have taken the name while the function ran, or while the password was being hashed.
    const raced = takenProblem(pool, naming, 'User already exists', services);
    if (raced) throw why.refuse('UP-SIGNUP-5', raced.decided, raced.fault);
    const stored = users.insert({
      ...naming,
      attributes,
      account: pool.account,
      userPoolId: pool.id,
      status: verdict.autoConfirmUser ? 'CONFIRMED' : 'UNCONFIRMED',
      enabled: true,
      password: kept,
      passwordSetAt: kept && call.now,
      createdAt: call.now,
    });
    // An alias that a function vouches for moves to the new user. [FN-SIGNUP-2]
    settleAliases(pool, stored, verdict.autoVerifyEmail || verdict.autoVerifyPhone, call.now, services);
    const who = { account: pool.account, userPoolId: pool.id, username: stored.username };
    tx.announce('user.signed-up', who);
    writeAuthEvent({ call, pool }, stored, { type: 'SignUp', response: 'Pass' }, services);
    if (verdict.autoConfirmUser) tx.announce('user.confirmed', who);
    return stored;
  });
  if (verdict.autoConfirmUser) {
    why.choose('FN-SIGNUP-1', 'The user is stored, and confirmed by the function’s word; no code goes out.', {
      username: user.username,
    });
    await triggers.postConfirmation(moment, { source: 'ConfirmSignUp', user });
    return { UserConfirmed: true, UserSub: naming.sub };
  }
  why.choose('UP-SIGNUP-6', 'The user is stored, unconfirmed.', { username: naming.username, sub: naming.sub });
  const destination = signUpDestination(settings, attributes);
  why.choose(
    'UP-SIGNUP-7',
    destination
      ? `A code goes to ${destination.attribute}.`
      : 'No attribute is verified automatically, so no code goes out.',
  );
  const session = store.write(() => openSignUpSession({ call, pool, client }, user, 'signed-up', services));
  const answer = { UserConfirmed: false, UserSub: naming.sub, ...(session === undefined ? {} : { Session: session }) };
  if (!destination) return answer;
  // Once the user is there: functions that word the message may look the user up.
  const { clientId, clientMetadata } = moment;
  const order = { purpose: 'sign-up', trigger: 'SignUp', destination, clientId, clientMetadata } as const;
  await sendCode(call, pool, user, order, services);
  return { ...answer, CodeDeliveryDetails: deliveryDetails(destination) };
}

/** The password that was chosen; `undefined` where none was and a code can take its place. */
function chosenPassword(
  call: Call,
  { settings }: UserPoolRecord,
  given: string | undefined,
  attributes: { readonly [name: string]: string },
): string | undefined {
  if (!given && allowsNoPassword(settings, attributes)) {
    call.why.choose('UP-CHOICE-6', 'The pool lets people sign in with a code, so the user needs no password.');
    return undefined;
  }
  const password = given ?? '';
  enforce(
    call.why,
    'UP-PASSWORD-1',
    'The password obeys the pool’s policy.',
    shortPasswordProblem(given) ??
      passwordProblem(password, settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY),
  );
  return password;
}

/** The attributes with what the pre sign-up function vouches for. */
function withVerdict(
  why: Call['why'],
  attributes: { readonly [name: string]: string },
  { autoVerifyEmail, autoVerifyPhone }: SignUpVerdict,
): { readonly [name: string]: string } {
  const vouched = [...(autoVerifyEmail ? ['email'] : []), ...(autoVerifyPhone ? ['phone_number'] : [])];
  const missing = vouched.find((name) => !attributes[name]);
  if (missing !== undefined) {
    throw why.refuse(
      'FN-SIGNUP-2',
      `The function vouches for ${missing}, which the user does not have.`,
      // guessed wording: the documentation says that an error occurs
      fault('InvalidLambdaResponseException', `The user has no ${missing} to verify automatically.`),
    );
  }
  return { ...attributes, ...Object.fromEntries(vouched.map((name) => [`${name}_verified`, 'true'])) };
}

function nameProblem(
  pool: UserPoolRecord,
  typed: string,
  attributes: { readonly [name: string]: string },
): Refusal | undefined {
  const { AliasAttributes: aliases } = pool.settings;
  if (aliases?.includes('preferred_username') && attributes['preferred_username'] !== undefined) {
    // guessed wording: no source found
    return refusal('InvalidParameterException', 'Preferred username cannot be provided for an unconfirmed account.');
  }
  return usernameProblem(pool.settings, typed);
}

async function confirmSignUp(
  input: ConfirmSignUpRequest,
  call: Call,
  services: SignUpNeeds,
): Promise<ConfirmSignUpResponse> {
  const found = enterAsClient(call, input, services);
  const user = await confirmUser(call, found, input, services);
  const context = { call, ...found };
  if (!isSignUpSession(context, user, input.Session, services)) return {};
  const session = services.store.write(() => openSignUpSession(context, user, 'confirmed', services));
  return session === undefined ? {} : { Session: session };
}

/** Confirms whoever has the code: ConfirmSignUp, and the link of a message. */
export async function confirmUser(
  call: Call,
  { client, pool }: { readonly client: AppClientRecord; readonly pool: UserPoolRecord },
  input: Pick<ConfirmSignUpRequest, 'Username' | 'ConfirmationCode' | 'ForceAliasCreation' | 'ClientMetadata'>,
  services: SignUpNeeds,
): Promise<UserRecord> {
  const { why } = call;
  const { codes, store, triggers, users } = services;
  const user = findUser(pool, input.Username, services);
  if (!user) {
    const refused = hidesExistence(client)
      ? fault('ExpiredCodeException', 'Invalid code provided, please request a code again.')
      : fault('UserNotFoundException', 'Username/client id combination not found.');
    throw why.refuse('UP-CONFIRM-6', 'There is no such user.', refused, { hidesExistence: hidesExistence(client) });
  }
  enforce(why, 'UP-CONFIRM-4', 'The user waits to be confirmed.', confirmationProblem(user.status), {
    status: user.status,
  });
  countAttempt(call, user, 'ConfirmSignUp', services);
  await call.decision('UP-CONFIRM-1');
  const { attribute } = requireCode(call, user, 'sign-up', input.ConfirmationCode, services);

  const confirmedUser = store.write((tx) => {
    const current = requireCurrent(call, user, services);
    const attributes = { ...current.attributes, [`${attribute}_verified`]: 'true' };
    const confirmed = users.update(current, { status: 'CONFIRMED', attributes }, call.now);
    const conflict = settleAliases(pool, confirmed, input.ForceAliasCreation ?? false, call.now, services);
    if (conflict) {
      throw why.refuse(
        'UP-CONFIRM-5',
        `Another user signs in by this ${conflict.kind}, and ForceAliasCreation was not asked for.`,
        fault('AliasExistsException', `An account with the ${conflict.kind} already exists.`),
        { attribute: conflict.kind },
      );
    }
    codes.clear(user.number, 'sign-up');
    tx.announce('user.confirmed', { account: pool.account, userPoolId: pool.id, username: user.username });
    return confirmed;
  });
  why.pass('UP-CONFIRM-1', `The code is right: the user is confirmed, and ${attribute} is verified.`, { attribute });
  const moment = { call, pool, clientId: client.id, clientMetadata: input.ClientMetadata };
  await triggers.postConfirmation(moment, { source: 'ConfirmSignUp', user: confirmedUser });
  return confirmedUser;
}

async function adminConfirmSignUp(
  input: AdminConfirmSignUpRequest,
  call: Call,
  services: SignUpNeeds,
): Promise<AdminConfirmSignUpResponse> {
  const { codes, store, triggers, users } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  enforce(call.why, 'UP-CONFIRM-4', 'The user waits to be confirmed.', confirmationProblem(user.status), {
    status: user.status,
  });
  const confirmed = store.write((tx) => {
    codes.clear(user.number, 'sign-up');
    tx.announce('user.confirmed', { account: pool.account, userPoolId: pool.id, username: user.username });
    return users.update(user, { status: 'CONFIRMED' }, call.now);
  });
  call.why.choose('UP-CONFIRM-7', 'An administrator’s word confirms the user and verifies no attribute.');
  const moment = { call, pool, clientMetadata: input.ClientMetadata };
  await triggers.postConfirmation(moment, { source: 'ConfirmSignUp', user: confirmed });
  return {};
}

async function resendConfirmationCode(
  input: ResendConfirmationCodeRequest,
  call: Call,
  services: SignUpNeeds,
): Promise<ResendConfirmationCodeResponse> {
  const { why } = call;
  const { client, pool } = enterAsClient(call, input, services);
  const user = findUser(pool, input.Username, services);
  if (!user) {
    if (hidesExistence(client)) {
      why.choose('UP-RESEND-3', 'There is no such user; the answer looks as if there were.');
      return { CodeDeliveryDetails: simulatedDelivery(pool.settings, input.Username) };
    }
    throw why.refuse(
      'UP-RESEND-3',
      'There is no such user.',
      fault('UserNotFoundException', 'Username/client id combination not found.'),
    );
  }
  if (user.status !== 'UNCONFIRMED') {
    throw why.refuse(
      'UP-RESEND-2',
      'The user needs no code any more.',
      fault('InvalidParameterException', 'User is already confirmed.'),
      { status: user.status },
    );
  }
  const destination = signUpDestination(pool.settings, user.attributes);
  if (!destination) {
    throw why.refuse(
      'UP-RESEND-4',
      'No attribute that is verified automatically has a value.',
      // text from memory
      fault('InvalidParameterException', 'Cannot resend codes. Auto verification not turned on.'),
    );
  }
  countAttempt(call, user, 'ResendConfirmationCode', services);
  const order = {
    purpose: 'sign-up',
    trigger: 'ResendCode',
    destination,
    clientId: client.id,
    clientMetadata: input.ClientMetadata,
  } as const;
  await sendCode(call, pool, user, order, services);
  services.store.write(() => writeAuthEvent({ call, pool }, user, { type: 'ResendCode', response: 'Pass' }, services));
  why.choose('UP-RESEND-1', `A new code goes to ${destination.attribute}; older ones stop working.`);
  return { CodeDeliveryDetails: deliveryDetails(destination) };
}
