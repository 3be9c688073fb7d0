import { fault } from '../../kernel/fault.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { MigratedUser, Services, TriggerMoment } from '../services.ts';
import { enforce } from './enforce.ts';
import { invitationDestinations, prepareInvitation } from './invitations.ts';
import { findUser } from './lookup.ts';
import type { MessageNeeds } from './messages.ts';
import { nameUser, settleAliases, takenProblem } from './new-users.ts';
import { makeVerifier } from './password-verifiers.ts';
import { namesByAttribute } from './policies/aliases.ts';
import { attributeProblem } from './policies/attribute-schema.ts';

export type MigrationNeeds = MessageNeeds &
  Pick<Services, 'ids' | 'mfaFactors' | 'powers' | 'random' | 'store' | 'users'>;

/** Brings somebody into the pool whom only the pool's migration function knows. */
export async function migrateUser(
  moment: TriggerMoment,
  asked: {
    readonly source: 'Authentication' | 'ForgotPassword';
    /** As typed. */
    readonly username: string;
    readonly password: string | undefined;
    readonly validationData: { readonly [name: string]: string } | undefined;
  },
  services: MigrationNeeds,
): Promise<UserRecord | undefined> {
  const { call, pool } = moment;
  const known = await services.triggers.userMigration(moment, asked);
  if (!known) return undefined;
  // Somebody may have come in by the same name while the function ran.
  const meanwhile = findUser(pool, asked.username, services);
  if (meanwhile) return meanwhile;

  const { username: own, ...attributes } = known.attributes;
  const typed = own !== undefined && !namesByAttribute(pool.settings) ? own : asked.username;
  const naming = nameUser(pool, typed, attributes, services);
  enforce(
    call.why,
    'FN-MIGRATE-3',
    'The attributes that the function gave fit the pool’s schema.',
    attributeProblem(pool.settings.SchemaAttributes ?? [], naming.attributes, { required: true }),
    { attributes: Object.keys(naming.attributes) },
  );
  const { password } = asked;
  const kept = password === undefined ? undefined : await makeVerifier(pool.id, naming.username, password, services);
  const user = services.store.write((tx) => {
    const taken = takenProblem(pool, naming, 'User already exists', services);
    if (taken) throw refuseTaken(moment, taken.decided);
    const created = services.users.insert({
      ...naming,
      account: pool.account,
      userPoolId: pool.id,
      status: known.status,
      enabled: true,
      password: kept,
      passwordSetAt: kept && call.now,
      createdAt: call.now,
    });
    const conflict = settleAliases(pool, created, known.forceAliasCreation, call.now, services);
    if (conflict) throw refuseTaken(moment, `An account with the given ${conflict.kind} already exists.`);
    if (known.enableSmsMfa && naming.attributes['phone_number']) {
      services.mfaFactors.save(created, {
        ...services.mfaFactors.of(created),
        enabled: ['SMS_MFA'],
        preferred: 'SMS_MFA',
      });
    }
    const who = { account: pool.account, userPoolId: pool.id, username: created.username };
    tx.announce('user.signed-up', who);
    if (known.status === 'CONFIRMED') tx.announce('user.confirmed', who);
    return created;
  });
  call.why.choose('FN-MIGRATE-1', 'The function knows the user, who is in the pool from now on.', {
    username: user.username,
    status: user.status,
  });
  await welcome(moment, user, known, password, services);
  return user;
}

function refuseTaken({ call }: TriggerMoment, problem: string): Error {
  return call.why.refuse(
    'FN-MIGRATE-4',
    problem,
    // guessed wording: the documentation says that an error occurs and nobody is created
    fault('UserLambdaValidationException', `UserMigration failed with error ${problem}.`),
  );
}

/** The message for new users, unless the function suppresses it. Its words about a temporary password are AWS's. */
async function welcome(
  moment: TriggerMoment,
  user: UserRecord,
  { suppressMessage, mediums }: MigratedUser,
  password: string | undefined,
  services: MigrationNeeds,
): Promise<void> {
  const destinations = suppressMessage ? [] : invitationDestinations(mediums, user.attributes);
  if (destinations.length === 0 || password === undefined) return;
  const messages = await prepareInvitation(moment, user, password, destinations, services);
  services.store.write(() => messages.send(user));
  await messages.handOver(user);
}
