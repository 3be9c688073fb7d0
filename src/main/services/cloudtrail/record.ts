import { createHash } from 'node:crypto';
import type { Json } from '../../../shared/json.ts';
import type { NewAuditEvent } from '../../store/repositories/audit-events.ts';
import type { AuditedCall, AuditedPage, Services } from '../services.ts';
import type { ManagementEvent } from './management-events.ts';
import { resourcesOf } from './resources.ts';
import { foreignIdentity, recordedIdentity, seconds, type RecordedIdentity } from './user-identity.ts';
import { userSub } from './user-sub.ts';

type Needs = Pick<Services, 'iamRoles' | 'iamUsers' | 'users'>;

/** The version whose members the bench writes. */
const EVENT_VERSION = '1.11';
/** The documentation's bounds, in characters. [AU-FORM-4] */
const LONGEST_PART = 100 * 1024;
const LONGEST_TEXT = 1024;

/** A call as its caller's account keeps it, and as the owner of a role of another account does. */
export function recordsOf(call: AuditedCall, event: ManagementEvent, services: Needs): NewAuditEvent[] {
  const identity = recordedIdentity(call, services);
  const owner = foreignOwner(call);
  if (owner === undefined) return [recordOf(call, event, call.account, identity, undefined, services)];
  const shared = idOf(call.now, call.requestId, 'shared');
  const foreign = { userIdentity: foreignIdentity(call.caller) };
  return [
    recordOf(call, event, call.account, identity, shared, services),
    recordOf(call, event, owner, foreign, shared, services),
  ];
}

function recordOf(
  call: AuditedCall,
  event: ManagementEvent,
  account: string,
  { userIdentity, userName, accessKeyId }: RecordedIdentity,
  sharedEventID: string | undefined,
  services: Needs,
): NewAuditEvent {
  const { service, error, now, requestId } = call;
  const { eventSource, eventName, readOnly } = event;
  const eventId = idOf(now, requestId, account);
  const region = event.region ?? call.region;
  const sourceIp = plainAddress(call.sourceIp);
  const parameters = call.parameters();
  const answer = error ? null : call.answer();
  const resources = resourcesOf(service, parameters, answer);
  const userPoolId = callersPool(call);
  if (resources.length === 0 && userPoolId !== undefined) {
    resources.push({ type: 'AWS::Cognito::UserPool', name: userPoolId });
  }
  const sub = service === 'cognito-idp' ? userSub(call, services) : undefined;
  const arns = resources.filter(({ name }) => service === 'sts' && name.startsWith('arn:'));
  const record = {
    eventVersion: EVENT_VERSION,
    userIdentity,
    eventTime: seconds(now),
    eventSource,
    eventName,
    awsRegion: region,
    sourceIPAddress: sourceIp,
    userAgent: call.userAgent.slice(0, LONGEST_TEXT),
    ...(error && { errorCode: error.code, errorMessage: call.errorText().slice(0, LONGEST_TEXT) }),
    ...bounded('requestParameters', parameters, call.bytes),
    ...bounded('responseElements', event.recordsAnswer ? answer : null, call.bytes),
    ...(sub === undefined ? {} : { additionalEventData: { sub } }),
    requestID: requestId,
    eventID: eventId,
    readOnly,
    ...(arns.length > 0 && {
      resources: arns.map(({ type, name }) => ({ accountId: name.split(':')[4] ?? account, type, ARN: name })),
    }),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    ...(sharedEventID === undefined ? {} : { sharedEventID }),
    eventCategory: 'Management',
  };
  return {
    account,
    eventId,
    requestId,
    at: now,
    region,
    eventSource,
    eventName,
    readOnly,
    userName,
    accessKeyId,
    sourceIp,
    errorCode: error?.code,
    resources,
    record: JSON.stringify(record),
  };
}

/** A page of a user pool's, which is no API call. [AU-POOL-3] */
export function pageRecord(page: AuditedPage): NewAuditEvent {
  const { account, region, requestId, now, eventName, userPoolId, status } = page;
  const eventSource = 'cognito-idp.amazonaws.com';
  const eventId = idOf(now, requestId, account);
  const sourceIp = plainAddress(page.sourceIp);
  const record = {
    eventVersion: EVENT_VERSION,
    userIdentity: { accountId: account },
    eventTime: seconds(now),
    eventSource,
    eventName,
    awsRegion: region,
    sourceIPAddress: sourceIp,
    userAgent: page.userAgent.slice(0, LONGEST_TEXT),
    requestParameters: null,
    responseElements: null,
    additionalEventData: {
      responseParameters: { status },
      requestParameters: Object.fromEntries(Object.entries(page.query).map(([name, value]) => [name, [value]])),
      userPoolId,
    },
    requestID: requestId,
    eventID: eventId,
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: account,
    serviceEventDetails: { serviceAccountId: account },
    eventCategory: 'Management',
  };
  return {
    account,
    eventId,
    requestId,
    at: now,
    region,
    eventSource,
    eventName,
    readOnly: false,
    sourceIp,
    resources: [{ type: 'AWS::Cognito::UserPool', name: userPoolId }],
    record: JSON.stringify(record),
  };
}

/** The user pool of an app client or of a token, where the request names none. */
function callersPool({ service, caller }: AuditedCall): string | undefined {
  if (service !== 'cognito-idp') return undefined;
  if (caller.kind === 'app-client') return caller.userPoolId;
  return caller.kind === 'user' ? caller.claims.userPoolId : undefined;
}

/** The account of a role that somebody of another one became. */
function foreignOwner({ service, operation, input, account, error }: AuditedCall): string | undefined {
  if (service !== 'sts' || operation !== 'AssumeRole' || error) return undefined;
  const owner = /^arn:aws:iam::(\d{12}):/.exec(String(input['RoleArn']))?.[1];
  return owner === account ? undefined : owner;
}

/** What is longer than a record may be is left out. */
function bounded(
  member: 'requestParameters' | 'responseElements',
  value: Json,
  bytes: number,
): { readonly [member: string]: Json } {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (value === null || isEmpty) return { [member]: null };
  // What is hidden may grow, but not this much; most calls need not be measured.
  if (bytes < LONGEST_PART / 50) return { [member]: value };
  return JSON.stringify(value).length > LONGEST_PART ? {} : { [member]: value };
}

/**
 * Begins with the time, so that new ids come last in their index, which random ones would rewrite all over. The rest is
 * made of the request's id rather than by chance, so that a seeded bench draws the same numbers with every run.
 */
function idOf(now: Date, requestId: string, purpose: string): string {
  const time = now.getTime().toString(16).padStart(12, '0').slice(-12);
  const hex = createHash('sha256').update(`${purpose} ${requestId}`).digest('hex');
  const variant = ((Number.parseInt(hex[3]!, 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
}

/** An IPv4 address without the clothes that a socket of both families puts on it. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
