import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Alias, UserRecord } from '../../store/repositories/users.ts';
import type { Services } from '../services.ts';
import { aliasesOf, namesByAttribute, nameKey, namingAttribute } from './policies/aliases.ts';
import { refusal, type Refusal } from './policies/refusal.ts';

type Attributes = { readonly [name: string]: string };

/** The names under which somebody new is stored. */
export interface Naming {
  readonly username: string;
  readonly usernameKey: string;
  readonly sub: string;
  readonly attributes: Attributes;
}

export function nameUser(
  pool: UserPoolRecord,
  typed: string,
  attributes: Attributes,
  { ids }: Pick<Services, 'ids'>,
): Naming {
  const sub = ids.uuid();
  const naming = namesByAttribute(pool.settings) ? namingAttribute(pool.settings, typed) : undefined;
  // assumed: the typed name wins over another value that was given for the same attribute
  if (naming) return { username: sub, usernameKey: sub, sub, attributes: { ...attributes, [naming]: typed } };
  // Pools that do not tell cases apart store the name in lower case.
  const username = nameKey(pool.settings, typed);
  return { username, usernameKey: username, sub, attributes };
}

/** Whether somebody else has the name already. `text` is the operation's own. */
export function takenProblem(
  pool: UserPoolRecord,
  naming: Naming,
  text: string,
  { users }: Pick<Services, 'users'>,
): Refusal | undefined {
  const { settings, id } = pool;
  if (namesByAttribute(settings)) {
    const held = aliasesOf(settings, naming.attributes).find((alias) => users.aliasHolder(id, alias));
    return held && refusal('UsernameExistsException', `An account with the given ${held.kind} already exists.`);
  }
  const taken = users.findByUsername(id, naming.usernameKey) ?? users.findByAlias(id, naming.usernameKey);
  return taken && refusal('UsernameExistsException', text);
}

/**
 * Makes the user's aliases those of the user's attributes. Returns the alias that somebody else holds, with
 * nothing changed, unless `force` takes it from them: their attribute is unverified from then on.
 */
export function settleAliases(
  pool: UserPoolRecord,
  user: UserRecord,
  force: boolean,
  now: Date,
  { users }: Pick<Services, 'users'>,
): Alias | undefined {
  const wanted = aliasesOf(pool.settings, user.attributes);
  const contested = wanted.flatMap((alias) => {
    const holder = users.aliasHolder(pool.id, alias);
    return holder && holder.number !== user.number ? [{ alias, holder }] : [];
  });
  if (contested[0] && !force) return contested[0].alias;
  for (const { alias, holder } of contested) {
    const current = users.find(holder.number) ?? holder;
    const attributes: { [name: string]: string } = { ...current.attributes };
    if (alias.kind === 'preferred_username') delete attributes['preferred_username'];
    else attributes[`${alias.kind}_verified`] = 'false';
    const left = users.update(current, { attributes }, now);
    users.replaceAliases(left, aliasesOf(pool.settings, attributes));
  }
  users.replaceAliases(user, wanted);
  return undefined;
}
