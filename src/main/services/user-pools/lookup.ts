import { fault } from '../../kernel/fault.ts';
import type { Reasons } from '../../kernel/reasons.ts';
import type { AppClientRecord } from '../../store/repositories/app-clients.ts';
import type { IdentityProviderRecord } from '../../store/repositories/identity-providers.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { namesByAttribute, nameKey } from './policies/aliases.ts';

/** A pool of the caller's own account; another account's does not exist. */
export function requirePool(call: Call, id: string, { userPools }: Pick<Services, 'userPools'>): UserPoolRecord {
  const pool = userPools.find(id);
  if (pool && pool.account === call.account) return pool;
  throw call.why.refuse(
    'UP-POOL-6',
    `Account ${call.account} has no user pool ${id}.`,
    fault('ResourceNotFoundException', `User pool ${id} does not exist.`),
    { userPool: id, account: call.account },
  );
}

export function requireClient(
  call: Call,
  pool: UserPoolRecord,
  id: string,
  { appClients }: Pick<Services, 'appClients'>,
): AppClientRecord {
  const client = appClients.find(id);
  if (client && client.userPoolId === pool.id) return client;
  throw unknownClient(call.why, id);
}

/** Client and pool of an unsigned call, which names nothing but the client. */
export function requireClientAndPool(
  call: Call,
  id: string,
  { appClients, userPools }: Pick<Services, 'appClients' | 'userPools'>,
): { client: AppClientRecord; pool: UserPoolRecord } {
  const client = appClients.find(id);
  const pool = client && userPools.find(client.userPoolId);
  if (!client || !pool) throw unknownClient(call.why, id);
  return { client, pool };
}

function unknownClient(why: Reasons, id: string): Error {
  return why.refuse(
    'UP-CLIENT-6',
    `There is no app client ${id}.`,
    fault('ResourceNotFoundException', `User pool client ${id} does not exist.`),
    { client: id },
  );
}

/** Whoever signs in under this name: user name, sub, or an alias that counts. */
export function findUser(
  pool: UserPoolRecord,
  name: string,
  { users }: Pick<Services, 'users'>,
): UserRecord | undefined {
  const key = nameKey(pool.settings, name);
  const hasAliases = namesByAttribute(pool.settings) || (pool.settings.AliasAttributes?.length ?? 0) > 0;
  return (
    users.findByUsername(pool.id, key) ??
    users.findBySub(pool.id, name) ??
    (hasAliases ? users.findByAlias(pool.id, key) : undefined)
  );
}

/** For administrators, who are always told the truth. */
export function requireUser(
  call: Call,
  pool: UserPoolRecord,
  name: string,
  services: Pick<Services, 'users'>,
): UserRecord {
  const user = findUser(pool, name, services);
  if (user) return user;
  throw call.why.refuse(
    'UP-ADMIN-5',
    'Neither a user name, nor a sub, nor an alias of this pool.',
    fault('UserNotFoundException', 'User does not exist.'),
    { userPool: pool.id, username: name },
  );
}

/** The user as stored now: a function or step mode may have taken its time since. */
export function requireCurrent(call: Call, user: UserRecord, { users }: Pick<Services, 'users'>): UserRecord {
  const current = users.find(user.number);
  if (current) return current;
  throw call.why.refuse(
    'UP-ADMIN-5',
    'The user was deleted meanwhile.',
    fault('UserNotFoundException', 'User does not exist.'),
    { username: user.username },
  );
}

export function hidesExistence(client: AppClientRecord): boolean {
  return client.settings.PreventUserExistenceErrors === 'ENABLED';
}

export function requireProvider(
  call: Call,
  pool: UserPoolRecord,
  name: string,
  services: Pick<Services, 'identityProviders'>,
): IdentityProviderRecord {
  const provider = services.identityProviders.find(pool.id, name);
  if (provider) return provider;
  throw call.why.refuse(
    'UP-IDP-8',
    'The pool has no such identity provider.',
    // text from memory
    fault('ResourceNotFoundException', `Identity provider ${name} does not exist.`),
    { userPool: pool.id, provider: name },
  );
}

/** The resource that IAM policies name for every signed operation on a pool. */
export function poolArn(pool: { readonly id: string; readonly account: string; readonly region: string }): string {
  return `arn:aws:cognito-idp:${pool.region}:${pool.account}:userpool/${pool.id}`;
}

export function poolResource({ UserPoolId: id }: { UserPoolId: string }, call: Call): readonly string[] {
  return [poolArn({ id, account: call.account, region: id.slice(0, id.indexOf('_')) })];
}
