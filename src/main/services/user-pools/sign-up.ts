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
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { countAttempt, requireSignUpCode, sendSignUpCode } from './confirmation-codes.ts';
import { enforce } from './enforce.ts';
import { findUser, hidesExistence, poolResource, requireClientAndPool, requirePool, requireUser } from './lookup.ts';
import { nameUser, settleAliases, takenProblem } from './new-users.ts';
import { makeVerifier } from './password-verifiers.ts';
import { usernameProblem } from './policies/aliases.ts';
import { attributeProblem, attributeRecord, unwritable } from './policies/attribute-schema.ts';
import { secretHashProblem } from './policies/client-access.ts';
import { deliveryDetails, signUpDestination, simulatedDelivery } from './policies/delivery.ts';
import { DEFAULT_PASSWORD_POLICY, passwordProblem } from './policies/password-policy.ts';
import { refusal, type Refusal } from './policies/refusal.ts';
import { confirmationProblem } from './policies/user-status.ts';

type Needs = Pick<
  Services,
  'appClients' | 'codes' | 'config' | 'ids' | 'inbox' | 'powers' | 'random' | 'store' | 'userPools' | 'users'
>;

export const signUps = family<'cognito-idp', Needs>('cognito-idp', 'sign-up', {
  SignUp: { auth: 'app-client', run: signUp },
  ConfirmSignUp: { auth: 'app-client', run: confirmSignUp },
  AdminConfirmSignUp: { resources: poolResource, run: adminConfirmSignUp },
  ResendConfirmationCode: { auth: 'app-client', run: resendConfirmationCode },
});

interface FromClient {
  readonly ClientId: string;
  readonly Username: string;
  readonly SecretHash?: string;
}

function enter(call: Call, input: FromClient, services: Needs): { client: AppClientRecord; pool: UserPoolRecord } {
  const found = requireClientAndPool(call, input.ClientId, services);
  enforce(
    call.why,
    'UP-CLIENT-8',
    'The client is who it says it is.',
    secretHashProblem(found.client, input.Username, input.SecretHash, 'sign-up'),
    { client: found.client.id, hasSecret: found.client.secret !== undefined },
  );
  return found;
}

async function signUp(input: SignUpRequest, call: Call, services: Needs): Promise<SignUpResponse> {
  const { store, users } = services;
  const { why } = call;
  const { client, pool } = enter(call, input, services);
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
  const password = input.Password ?? '';
  enforce(
    why,
    'UP-PASSWORD-1',
    'The password obeys the pool’s policy.',
    shortPassword(input.Password) ??
      passwordProblem(password, settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY),
  );
  const taken = takenProblem(pool, naming, 'User already exists', services);
  enforce(why, 'UP-SIGNUP-5', 'Nobody has this name yet.', taken, { username: input.Username });
  await call.decision('UP-SIGNUP-6');

  const kept = await makeVerifier(pool.id, naming.username, password, services);
  const destination = signUpDestination(settings, naming.attributes);
  store.write((tx) => {
    // Somebody may have taken the name while the password was being hashed.
    const raced = takenProblem(pool, naming, 'User already exists', services);
    if (raced) throw why.refuse('UP-SIGNUP-5', raced.decided, raced.fault);
    const user = users.insert({
      ...naming,
      account: pool.account,
      userPoolId: pool.id,
      status: 'UNCONFIRMED',
      enabled: true,
      password: kept,
      passwordSetAt: call.now,
      createdAt: call.now,
    });
    settleAliases(pool, user, false, call.now, services);
    if (destination) sendSignUpCode(call, pool, user, destination, 'SignUp', services);
    tx.announce('user.signed-up', { account: pool.account, userPoolId: pool.id, username: user.username });
  });
  why.choose('UP-SIGNUP-6', 'The user is stored, unconfirmed.', { username: naming.username, sub: naming.sub });
  why.choose(
    'UP-SIGNUP-7',
    destination
      ? `A code goes to ${destination.attribute}.`
      : 'No attribute is verified automatically, so no code goes out.',
  );
  return {
    UserConfirmed: false,
    UserSub: naming.sub,
    ...(destination ? { CodeDeliveryDetails: deliveryDetails(destination) } : {}),
  };
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

/** AWS keeps an older minimum of six at the door; an absent password needs factors that are not built. */
function shortPassword(password: string | undefined): Refusal | undefined {
  if (password !== undefined && password.length >= 6) return undefined;
  const constraint =
    password === undefined ? 'Member must not be null' : 'Member must have length greater than or equal to 6';
  return refusal(
    'InvalidParameterException',
    `1 validation error detected: Value at 'password' failed to satisfy constraint: ${constraint}`,
  );
}

async function confirmSignUp(input: ConfirmSignUpRequest, call: Call, services: Needs): Promise<ConfirmSignUpResponse> {
  const { why } = call;
  const { codes, store, users } = services;
  const { client, pool } = enter(call, input, services);
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
  const { attribute } = requireSignUpCode(call, user, input.ConfirmationCode, services);

  store.write((tx) => {
    const attributes = { ...user.attributes, [`${attribute}_verified`]: 'true' };
    const confirmed = users.update(user, { status: 'CONFIRMED', attributes }, call.now);
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
  });
  why.pass('UP-CONFIRM-1', `The code is right: the user is confirmed, and ${attribute} is verified.`, { attribute });
  return {};
}

function adminConfirmSignUp(input: AdminConfirmSignUpRequest, call: Call, services: Needs): AdminConfirmSignUpResponse {
  const { codes, store, users } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  enforce(call.why, 'UP-CONFIRM-4', 'The user waits to be confirmed.', confirmationProblem(user.status), {
    status: user.status,
  });
  store.write((tx) => {
    users.update(user, { status: 'CONFIRMED' }, call.now);
    codes.clear(user.number, 'sign-up');
    tx.announce('user.confirmed', { account: pool.account, userPoolId: pool.id, username: user.username });
  });
  call.why.choose('UP-CONFIRM-7', 'An administrator’s word confirms the user and verifies no attribute.');
  return {};
}

function resendConfirmationCode(
  input: ResendConfirmationCodeRequest,
  call: Call,
  services: Needs,
): ResendConfirmationCodeResponse {
  const { why } = call;
  const { client, pool } = enter(call, input, services);
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
  services.store.write(() => sendSignUpCode(call, pool, user, destination, 'ResendCode', services));
  why.choose('UP-RESEND-1', `A new code goes to ${destination.attribute}; older ones stop working.`);
  return { CodeDeliveryDetails: deliveryDetails(destination) };
}
