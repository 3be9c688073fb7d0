import type { AdminCreateUserRequest, AdminCreateUserResponse } from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { invitationDestinations, prepareInvitation } from './invitations.ts';
import { requirePool, requireUser } from './lookup.ts';
import { nameUser, settleAliases, takenProblem } from './new-users.ts';
import { makeVerifier } from './password-verifiers.ts';
import { usernameProblem } from './policies/aliases.ts';
import { attributeProblem, attributeRecord } from './policies/attribute-schema.ts';
import { allowsNoPassword } from './policies/first-factor.ts';
import { destinationOf, type Destination } from './policies/delivery.ts';
import { DEFAULT_PASSWORD_POLICY, passwordProblem, temporaryPassword } from './policies/password-policy.ts';
import { refusal, type Refusal } from './policies/refusal.ts';
import { userType } from './wire.ts';

type Needs = Pick<Services, 'ids' | 'inbox' | 'powers' | 'random' | 'store' | 'triggers' | 'userPools' | 'users'>;

/** An account made by an administrator: a temporary password, an invitation, and a new password at first sign-in. */
export async function adminCreateUser(
  input: AdminCreateUserRequest,
  call: Call,
  services: Needs,
): Promise<AdminCreateUserResponse> {
  const pool = requirePool(call, input.UserPoolId, services);
  if (input.MessageAction === 'RESEND') return resendInvitation(input, call, pool, services);
  const { why } = call;
  const { store, triggers, users } = services;
  const { settings } = pool;
  const given = attributeRecord(input.UserAttributes);

  enforce(
    why,
    'UP-SIGNUP-2',
    'The name has the form that the pool asks for.',
    usernameProblem(settings, input.Username),
  );
  const naming = nameUser(pool, input.Username, given, services);
  const schemaProblem =
    givesSub(given) ?? attributeProblem(settings.SchemaAttributes ?? [], naming.attributes, { required: false });
  enforce(why, 'UP-SIGNUP-4', 'The attributes fit the pool’s schema; required ones may follow.', schemaProblem, {
    attributes: Object.keys(naming.attributes),
  });
  const isWithoutPassword = !input.TemporaryPassword && allowsNoPassword(settings, naming.attributes);
  const password = isWithoutPassword ? undefined : requireTemporaryPassword(input, call, pool, services);
  // assumed: without a password there is nothing to tell, and so no invitation
  const isSilent = input.MessageAction === 'SUPPRESS' || password === undefined;
  const destinations = isSilent ? [] : requireDestinations(input, call, naming.attributes);
  const taken = takenProblem(pool, naming, 'User account already exists', services);
  enforce(why, 'UP-SIGNUP-5', 'Nobody has this name yet.', taken, { username: input.Username });

  const moment = { call, pool, clientMetadata: input.ClientMetadata };
  await triggers.preSignUp(moment, {
    source: 'AdminCreateUser',
    username: input.Username,
    attributes: given,
    validationData: attributeRecord(input.ValidationData),
  });
  const kept = password === undefined ? undefined : await makeVerifier(pool.id, naming.username, password, services);
  const user = store.write((tx) => {
    const raced = takenProblem(pool, naming, 'User account already exists', services);
    if (raced) throw why.refuse('UP-SIGNUP-5', raced.decided, raced.fault);
    const created = users.insert({
      ...naming,
      account: pool.account,
      userPoolId: pool.id,
      status: kept ? 'FORCE_CHANGE_PASSWORD' : 'CONFIRMED',
      enabled: true,
      password: kept,
      passwordSetAt: kept && call.now,
      createdAt: call.now,
    });
    const conflict = settleAliases(pool, created, input.ForceAliasCreation ?? false, call.now, services);
    if (conflict) {
      throw why.refuse(
        'UP-ADMIN-8',
        `Another user signs in by this ${conflict.kind}, and ForceAliasCreation was not asked for.`,
        // The documentation says AliasExistsException, which the model does not declare for this operation.
        fault('UsernameExistsException', `An account with the given ${conflict.kind} already exists.`),
      );
    }
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return created;
  });
  if (kept) why.choose('UP-ADMIN-1', 'The user is stored with a temporary password.', { username: user.username });
  else why.choose('UP-CHOICE-6', 'The user is stored without a password: a code takes its place.');
  if (password !== undefined && destinations.length > 0) {
    // Once the user is there: functions that word the message may look the user up.
    const messages = await prepareInvitation(moment, user, password, destinations, services);
    store.write(() => messages.send(user));
    await messages.handOver(user);
  }
  return { User: userType(user) };
}

function givesSub(attributes: { readonly [name: string]: string }): Refusal | undefined {
  if (attributes['sub'] === undefined) return undefined;
  // from memory: as for any attribute that cannot be changed
  return refusal('InvalidParameterException', 'user.sub: Attribute cannot be updated.');
}

function requireTemporaryPassword(
  input: AdminCreateUserRequest,
  call: Call,
  pool: UserPoolRecord,
  { random }: Pick<Services, 'random'>,
): string {
  const policy = pool.settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY;
  const given = input.TemporaryPassword;
  if (given === undefined || given === '') {
    call.why.choose('UP-ADMIN-1', 'A temporary password is made up.');
    return temporaryPassword(policy, (limit) => random.below(limit));
  }
  enforce(
    call.why,
    'UP-PASSWORD-1',
    'The temporary password obeys the pool’s policy.',
    passwordProblem(given, policy, 'Password did not conform with password policy'),
  );
  return given;
}

/** Where the invitation goes: by SMS unless asked otherwise, and by e-mail where there is nothing else. */
function requireDestinations(
  input: AdminCreateUserRequest,
  call: Call,
  attributes: { readonly [name: string]: string },
): Destination[] {
  const email = destinationOf('email', attributes);
  const asked = input.DesiredDeliveryMediums;
  if (asked?.includes('EMAIL') && !email) {
    throw call.why.refuse(
      'UP-ADMIN-2',
      'An invitation by e-mail was asked for, and the user has no e-mail address.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'User does not have an email to deliver the message to.'),
    );
  }
  const destinations = invitationDestinations(asked, attributes);
  call.why.choose('UP-ADMIN-2', 'The invitation goes where the user can be reached.', {
    mediums: destinations.map(({ medium }) => medium),
  });
  return destinations;
}

async function resendInvitation(
  input: AdminCreateUserRequest,
  call: Call,
  pool: UserPoolRecord,
  services: Needs,
): Promise<AdminCreateUserResponse> {
  const user = requireUser(call, pool, input.Username, services);
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw call.why.refuse(
      'UP-ADMIN-3',
      'Only somebody who has not changed the temporary password yet is invited again.',
      // text from memory
      fault('UnsupportedUserStateException', `Resend not possible. ${user.status} User status`),
      { status: user.status },
    );
  }
  const password = requireTemporaryPassword(input, call, pool, services);
  const destinations = requireDestinations(input, call, user.attributes);
  const kept = await makeVerifier(pool.id, user.username, password, services);
  const moment = { call, pool, clientMetadata: input.ClientMetadata };
  const messages = await prepareInvitation(moment, user, password, destinations, services);
  const invited = services.store.write(() => {
    const updated = services.users.update(user, { password: kept, passwordSetAt: call.now }, call.now);
    messages.send(updated);
    return updated;
  });
  await messages.handOver(invited);
  call.why.choose('UP-ADMIN-3', 'A new temporary password replaces the old one.', { username: user.username });
  return { User: userType(invited) };
}
