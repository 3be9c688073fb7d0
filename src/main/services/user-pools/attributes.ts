import type {
  AddCustomAttributesRequest,
  AddCustomAttributesResponse,
  AdminDeleteUserAttributesRequest,
  AdminDeleteUserAttributesResponse,
  AdminUpdateUserAttributesRequest,
  AdminUpdateUserAttributesResponse,
  DeleteUserAttributesRequest,
  DeleteUserAttributesResponse,
  GetUserAttributeVerificationCodeRequest,
  GetUserAttributeVerificationCodeResponse,
  UpdateUserAttributesRequest,
  UpdateUserAttributesResponse,
  VerifyUserAttributeRequest,
  VerifyUserAttributeResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { USER_POOL_QUOTAS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { type AttributeNeeds, changeAttributes, requireWritable, takeAliases } from './attribute-updates.ts';
import { countAttempt, requireCode, sendCode, verificationPurpose } from './confirmation-codes.ts';
import { requireNoImport } from './import-lock.ts';
import { poolResource, requirePool, requireUser } from './lookup.ts';
import { VERIFIABLE } from './policies/attribute-changes.ts';
import { addedAttributes, attributeRecord } from './policies/attribute-schema.ts';
import { deliveryDetails, destinationOf, type VerifiableAttribute } from './policies/delivery.ts';
import { requireSignedInUser } from './signed-in-user.ts';

type Needs = AttributeNeeds & Pick<Services, 'appClients' | 'importJobs' | 'userPools'>;

export const attributes = family<'cognito-idp', Needs>('cognito-idp', 'attributes', {
  AddCustomAttributes: { resources: poolResource, run: addCustomAttributes },
  UpdateUserAttributes: { auth: 'access-token', run: updateUserAttributes },
  AdminUpdateUserAttributes: { resources: poolResource, run: adminUpdateUserAttributes },
  DeleteUserAttributes: { auth: 'access-token', run: deleteUserAttributes },
  AdminDeleteUserAttributes: { resources: poolResource, run: adminDeleteUserAttributes },
  GetUserAttributeVerificationCode: { auth: 'access-token', run: getUserAttributeVerificationCode },
  VerifyUserAttribute: { auth: 'access-token', run: verifyUserAttribute },
});

function addCustomAttributes(
  input: AddCustomAttributesRequest,
  call: Call,
  services: Needs,
): AddCustomAttributesResponse {
  const { config, store, userPools } = services;
  store.write((tx) => {
    const pool = requirePool(call, input.UserPoolId, services);
    requireNoImport(call, pool, services);
    const schema = addedAttributes(
      pool.settings.SchemaAttributes ?? [],
      input.CustomAttributes,
      USER_POOL_QUOTAS[config.limits].customAttributesPerPool,
    );
    if (!Array.isArray(schema)) throw call.why.refuse('UP-ATTR-6', schema.decided, schema.fault);
    const settings = { ...pool.settings, SchemaAttributes: schema };
    userPools.update({ id: pool.id, name: pool.name, settings, modifiedAt: call.now });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-ATTR-6', 'The schema has the new attributes, for good.', {
    attributes: input.CustomAttributes.map(({ Name }) => Name ?? null),
  });
  return {};
}

async function updateUserAttributes(
  input: UpdateUserAttributesRequest,
  call: Call,
  services: Needs,
): Promise<UpdateUserAttributesResponse> {
  await call.decision('UP-ATTR-2');
  const { client, pool, user } = requireSignedInUser(call, services);
  const given = attributeRecord(input.UserAttributes);
  requireWritable(call, pool, client, Object.keys(given));
  const asker = { clientId: client.id, clientMetadata: input.ClientMetadata };
  const sent = await changeAttributes(call, pool, user, given, asker, services);
  return sent.length > 0 ? { CodeDeliveryDetailsList: sent } : {};
}

async function adminUpdateUserAttributes(
  input: AdminUpdateUserAttributesRequest,
  call: Call,
  services: Needs,
): Promise<AdminUpdateUserAttributesResponse> {
  await call.decision('UP-ATTR-2');
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  const asker = { clientMetadata: input.ClientMetadata };
  await changeAttributes(call, pool, user, attributeRecord(input.UserAttributes), asker, services);
  return {};
}

async function deleteUserAttributes(
  input: DeleteUserAttributesRequest,
  call: Call,
  services: Needs,
): Promise<DeleteUserAttributesResponse> {
  const { client, pool, user } = requireSignedInUser(call, services);
  const names = input.UserAttributeNames;
  requireKnown(call, pool, names);
  requireWritable(call, pool, client, names);
  await changeAttributes(call, pool, user, emptied(names), { clientId: client.id }, services);
  return {};
}

async function adminDeleteUserAttributes(
  input: AdminDeleteUserAttributesRequest,
  call: Call,
  services: Needs,
): Promise<AdminDeleteUserAttributesResponse> {
  const pool = requirePool(call, input.UserPoolId, services);
  const user = requireUser(call, pool, input.Username, services);
  requireKnown(call, pool, input.UserAttributeNames);
  await changeAttributes(call, pool, user, emptied(input.UserAttributeNames), {}, services);
  return {};
}

function emptied(names: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(names.map((name) => [name, '']));
}

function requireKnown(call: Call, pool: UserPoolRecord, names: readonly string[]): void {
  const unknown = names.filter((name) => !pool.settings.SchemaAttributes?.some(({ Name }) => Name === name));
  if (unknown.length === 0) return;
  const lines = unknown.map((name) => `user.${name}: Attribute does not exist in the schema.\n`);
  throw call.why.refuse(
    'UP-ATTR-7',
    'The schema does not have every attribute that is to go.',
    fault('InvalidParameterException', `Invalid user attributes: ${lines.join('')}`),
    { unknown },
  );
}

async function getUserAttributeVerificationCode(
  input: GetUserAttributeVerificationCodeRequest,
  call: Call,
  services: Needs,
): Promise<GetUserAttributeVerificationCodeResponse> {
  const { codes } = services;
  await call.decision('UP-VERIFY-1');
  const { client, pool, user } = requireSignedInUser(call, services);
  const attribute = requireVerifiable(call, input.AttributeName);
  const purpose = verificationPurpose(attribute);
  const waiting = codes.list(user.number, purpose)[0];
  // assumed: while a new address waits to be verified, that is where codes go
  const pendingValue = waiting && waiting.expiresAt > call.now ? waiting.pendingValue : undefined;
  const destination = destinationOf(attribute, pendingValue ? { [attribute]: pendingValue } : user.attributes);
  if (!destination) {
    throw call.why.refuse(
      'UP-VERIFY-2',
      `The user has no ${attribute} to send a code to.`,
      // guessed wording: no source found
      fault('InvalidParameterException', `User does not have a value for the attribute ${attribute}.`),
    );
  }
  countAttempt(call, user, 'GetUserAttributeVerificationCode', services);
  const order = {
    purpose,
    trigger: 'VerifyUserAttribute',
    destination,
    pendingValue,
    clientId: client.id,
    clientMetadata: input.ClientMetadata,
  } as const;
  await sendCode(call, pool, user, order, services);
  call.why.choose('UP-VERIFY-1', `A code goes to ${attribute}; older ones stop working.`, { attribute });
  return { CodeDeliveryDetails: deliveryDetails(destination) };
}

async function verifyUserAttribute(
  input: VerifyUserAttributeRequest,
  call: Call,
  services: Needs,
): Promise<VerifyUserAttributeResponse> {
  const { codes, store, users } = services;
  await call.decision('UP-VERIFY-3');
  const { pool, user } = requireSignedInUser(call, services);
  const attribute = requireVerifiable(call, input.AttributeName);
  countAttempt(call, user, 'VerifyUserAttribute', services);
  const { pendingValue } = requireCode(call, user, verificationPurpose(attribute), input.Code, services);
  store.write((tx) => {
    const verified = {
      ...user.attributes,
      ...(pendingValue === undefined ? {} : { [attribute]: pendingValue }),
      [`${attribute}_verified`]: 'true',
    };
    takeAliases(call, pool, users.update(user, { attributes: verified }, call.now), services);
    codes.clear(user.number, verificationPurpose(attribute));
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.pass('UP-VERIFY-3', `The code is right: ${attribute} is verified.`, {
    attribute,
    tookEffect: pendingValue !== undefined,
  });
  return {};
}

function requireVerifiable(call: Call, name: string): VerifiableAttribute {
  const attribute = VERIFIABLE.find((candidate) => candidate === name);
  if (attribute) return attribute;
  throw call.why.refuse(
    'UP-VERIFY-2',
    'Only an e-mail address and a phone number can be verified.',
    // guessed wording: no source found
    fault('InvalidParameterException', 'Only email and phone_number can be verified.'),
    { attribute: name },
  );
}
