import type { Json } from '../../../../shared/json.ts';
import type { UserRecord } from '../../../store/repositories/users.ts';
import type { ChallengedUser, TriggerMoment, TriggerText } from '../../services.ts';
import type { TriggerEvent } from '../ask.ts';

type JsonObject = { [member: string]: Json };

/** What every event of a user pool has in common, in AWS's order of members. */
export function event(
  { pool, clientId }: TriggerMoment,
  triggerSource: string,
  userName: string,
  parts: { readonly request: JsonObject; readonly response?: JsonObject },
  version = '1',
): TriggerEvent {
  return {
    version,
    region: pool.region,
    userPoolId: pool.id,
    userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: clientId ?? 'CLIENT_ID_NOT_APPLICABLE' },
    triggerSource,
    request: parts.request,
    ...(parts.response ? { response: parts.response } : {}),
  };
}

/** Attributes of somebody who is stored: with sub, status, and what is verified. */
export function userAttributes(user: UserRecord): JsonObject {
  const flags = ['email', 'phone_number']
    .filter((name) => user.attributes[name] !== undefined)
    .map((name) => [`${name}_verified`, user.attributes[`${name}_verified`] ?? 'false']);
  return {
    sub: user.sub,
    'cognito:user_status': user.status,
    ...user.attributes,
    ...(Object.fromEntries(flags) as JsonObject),
  };
}

/** Only where the caller sent some. */
export function clientMetadata({ clientMetadata: sent }: TriggerMoment): JsonObject {
  return sent && Object.keys(sent).length > 0 ? { clientMetadata: { ...sent } } : {};
}

export function validationData(sent: TriggerText | undefined): JsonObject {
  return { validationData: sent && Object.keys(sent).length > 0 ? { ...sent } : null };
}

/** Told to the functions of clients that hide whether a user exists. */
export function existence({ user, tellsExistence }: ChallengedUser): JsonObject {
  return tellsExistence ? { userNotFound: user === undefined } : {};
}

export function challengedAttributes({ user }: ChallengedUser): JsonObject {
  return user ? userAttributes(user) : {};
}

export function challengedName({ user, username }: ChallengedUser): string {
  return user?.username ?? username;
}
