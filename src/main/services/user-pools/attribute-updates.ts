import type { CodeDeliveryDetailsType } from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { AppClientRecord } from '../../store/repositories/app-clients.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services, TriggerText } from '../services.ts';
import { type PreparedCode, prepareCode, verificationPurpose } from './confirmation-codes.ts';
import { enforce } from './enforce.ts';
import { requireCurrent } from './lookup.ts';
import { settleAliases } from './new-users.ts';
import { changeProblem, planChanges } from './policies/attribute-changes.ts';
import { unwritable } from './policies/attribute-schema.ts';
import { deliveryDetails, destinationOf } from './policies/delivery.ts';

export type AttributeNeeds = Pick<Services, 'codes' | 'config' | 'ids' | 'inbox' | 'store' | 'triggers' | 'users'>;

/** A client changes only what is in its write list, and never sub, a verified flag or a developer's attribute. */
export function requireWritable(
  call: Call,
  pool: UserPoolRecord,
  client: AppClientRecord,
  names: readonly string[],
): void {
  const forbidden = unwritable(pool.settings.SchemaAttributes ?? [], client.settings.WriteAttributes, names);
  if (forbidden === undefined) return;
  throw call.why.refuse(
    'UP-SIGNUP-3',
    `The client may not write ${forbidden}.`,
    fault('NotAuthorizedException', 'A client attempted to write unauthorized attribute'),
    { attribute: forbidden },
  );
}

/** Gives a user other attributes; an empty value removes one. Returns where codes went. */
export async function changeAttributes(
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  given: { readonly [name: string]: string },
  asker: { readonly clientId?: string; readonly clientMetadata?: TriggerText | undefined },
  services: AttributeNeeds,
): Promise<CodeDeliveryDetailsType[]> {
  const { codes, store, users } = services;
  const { why } = call;
  const names = Object.keys(given);
  enforce(
    why,
    'UP-ATTR-1',
    'The attributes fit the schema and may change.',
    changeProblem(pool.settings, user.attributes, given),
    { attributes: names },
  );
  const plan = planChanges(pool.settings, user.attributes, given);
  const prepared: PreparedCode[] = [];
  for (const { attribute, address, pending } of plan.codes) {
    const destination = destinationOf(attribute, { [attribute]: address });
    if (!destination) continue;
    const order = {
      purpose: verificationPurpose(attribute),
      trigger: 'UpdateUserAttribute',
      destination,
      pendingValue: pending ? address : undefined,
      ...asker,
    } as const;
    prepared.push(await prepareCode(call, pool, user, order, services));
  }
  const updated = store.write((tx) => {
    const current = requireCurrent(call, user, services);
    const { attributes } = planChanges(pool.settings, current.attributes, given);
    const changed = users.update(current, { attributes }, call.now);
    takeAliases(call, pool, changed, services);
    for (const attribute of plan.replaced) {
      codes.clear(user.number, verificationPurpose(attribute));
      // assumed: a code that went to the old address must not verify the new one
      if (codes.list(user.number, 'sign-up')[0]?.attribute === attribute) codes.clear(user.number, 'sign-up');
    }
    for (const code of prepared) code.deliver(changed);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
    return changed;
  });
  for (const code of prepared) await code.handOver(updated);
  for (const { attribute, pending } of plan.codes) {
    if (pending)
      why.choose('UP-ATTR-4', `${attribute} stays as it is until the code is entered that goes to the new one.`);
    else why.choose('UP-ATTR-3', `${attribute} has changed and is not verified; a code goes to the new one.`);
  }
  why.choose('UP-ATTR-2', 'The attributes are changed.', { attributes: names });
  return prepared.map(({ destination }) => deliveryDetails(destination));
}

/** Makes the user's aliases those of the user's attributes, unless somebody else holds one of them. */
export function takeAliases(
  call: Call,
  pool: UserPoolRecord,
  user: UserRecord,
  services: Pick<Services, 'users'>,
): void {
  const conflict = settleAliases(pool, user, false, call.now, services);
  if (!conflict) return;
  throw call.why.refuse(
    'UP-ATTR-5',
    `Another user signs in by this ${conflict.kind}.`,
    fault('AliasExistsException', `An account with the given ${conflict.kind} already exists.`),
    { attribute: conflict.kind },
  );
}
