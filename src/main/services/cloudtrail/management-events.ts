import type { ServiceName } from '../family.ts';

/**
 * Which calls AWS records by default, from its documentation of each service. What is left out is a data event, which a
 * trail must ask for. Rules AU-WHICH in docs/rules/audit.md carry the evidence.
 */
export interface ManagementEvent {
  readonly eventSource: string;
  readonly eventName: string;
  readonly readOnly: boolean;
  /** Whether the answer is recorded. */
  readonly recordsAnswer: boolean;
  /** Where the event is kept, for services without regions. */
  readonly region?: string;
}

interface Recorded {
  /** Operations that are data events; everything else of the service is recorded. */
  readonly dataEvents: readonly string[];
  /** Reads whose names do not begin as reads do, and the other way round. */
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** Reads whose answers are recorded nevertheless. */
  readonly answers?: readonly string[];
  /** What the event's name carries after the operation's. */
  readonly suffix?: { readonly [operation: string]: string };
  readonly region?: string;
}

const SERVICES: { readonly [Service in ServiceName]: Recorded } = {
  // "all of the actions listed on the User pool actions page … as management events" [docs]
  'cognito-idp': {
    dataEvents: [],
    reads: [
      'AdminGetDevice',
      'AdminGetUser',
      'AdminGetUserAuthFactors',
      'AdminListDevices',
      'AdminListGroupsForUser',
      'AdminListUserAuthEvents',
      'AdminListUserSessions',
    ],
    writes: ['GetClientToken', 'GetTokensFromRefreshToken', 'GetUserAttributeVerificationCode'],
  },
  // the list of data events is the documentation's, "the remainder" are management events [docs]
  'cognito-identity': {
    dataEvents: [
      'GetCredentialsForIdentity',
      'GetId',
      'GetOpenIdToken',
      'GetOpenIdTokenForDeveloperIdentity',
      'UnlinkIdentity',
    ],
  },
  // "logs all Amazon Cognito Sync API operations as management events" [docs]
  'cognito-sync': { dataEvents: [] },
  // "captures all API calls for IAM and AWS STS as events"; IAM has no regions and is kept in us-east-1 [docs]
  iam: { dataEvents: [], region: 'us-east-1' },
  // that the calls which give credentials count as reads, with answers, is from memory
  sts: {
    dataEvents: [],
    reads: [
      'AssumeRole',
      'AssumeRoleWithSAML',
      'AssumeRoleWithWebIdentity',
      'AssumeRoot',
      'DecodeAuthorizationMessage',
    ],
    answers: [
      'AssumeRole',
      'AssumeRoleWithSAML',
      'AssumeRoleWithWebIdentity',
      'AssumeRoot',
      'GetFederationToken',
      'GetSessionToken',
    ],
  },
  // from memory of the services' lists of data events, down to the end
  kinesis: { dataEvents: ['GetRecords', 'GetShardIterator', 'PutRecord', 'PutRecords'] },
  sns: { dataEvents: ['Publish'] },
  lambda: {
    dataEvents: ['Invoke'],
    suffix: {
      AddPermission: '20150331v2',
      CreateFunction: '20150331',
      DeleteFunction: '20150331',
      GetFunction: '20150331v2',
      ListFunctions: '20150331',
      UpdateFunctionCode: '20150331v2',
    },
  },
  s3: {
    dataEvents: [
      'AbortMultipartUpload',
      'CompleteMultipartUpload',
      'CopyObject',
      'CreateMultipartUpload',
      'DeleteObject',
      'DeleteObjectTagging',
      'DeleteObjects',
      'GetObject',
      'GetObjectTagging',
      'HeadBucket',
      'HeadObject',
      'ListMultipartUploads',
      'ListObjects',
      'ListObjectsV2',
      'ListParts',
      'PutObject',
      'PutObjectTagging',
      'UploadPart',
    ],
  },
  dynamodb: {
    dataEvents: [
      'BatchGetItem',
      'BatchWriteItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'Query',
      'Scan',
      'TransactGetItems',
      'TransactWriteItems',
      'UpdateItem',
    ],
  },
  cloudtrail: { dataEvents: [] },
};

const READ = /^(?:Get|List|Describe|Lookup|Head|Simulate)/;

const known = new Map<string, ManagementEvent | undefined>();

/** `undefined` for a data event, and for a service that keeps no trail. */
export function managementEvent(service: string, operation: string): ManagementEvent | undefined {
  const key = `${service}.${operation}`;
  if (known.has(key)) return known.get(key);
  const event = describe(service, operation);
  known.set(key, event);
  return event;
}

function describe(service: string, operation: string): ManagementEvent | undefined {
  if (!Object.hasOwn(SERVICES, service)) return undefined;
  const { dataEvents, reads, writes, answers, suffix, region } = SERVICES[service as ServiceName];
  if (dataEvents.includes(operation)) return undefined;
  const readOnly = !writes?.includes(operation) && (READ.test(operation) || reads?.includes(operation) === true);
  return {
    eventSource: `${service}.amazonaws.com`,
    eventName: `${operation}${suffix?.[operation] ?? ''}`,
    readOnly,
    recordsAnswer: !readOnly || answers?.includes(operation) === true,
    ...(region === undefined ? {} : { region }),
  };
}
