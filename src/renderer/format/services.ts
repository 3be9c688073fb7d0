export interface ServiceNode {
  /** As in a trace's `service`; `push` is no service that is called, but sends. */
  readonly id: string;
  readonly name: string;
  /** For Mermaid and narrow places. */
  readonly short: string;
}

/** In the order in which an app meets them. */
export const SERVICES: readonly ServiceNode[] = [
  { id: 'cognito-idp', name: 'User pool', short: 'UserPool' },
  { id: 'cognito-identity', name: 'Identity pool', short: 'IdentityPool' },
  { id: 'sts', name: 'STS', short: 'STS' },
  { id: 'cognito-sync', name: 'Sync store', short: 'SyncStore' },
];

export const PUSH_NODE: ServiceNode = { id: 'push', name: 'Push', short: 'Push' };

/** What policies guard; on the stage from the first call on. */
export const RESOURCE_SERVICES: readonly ServiceNode[] = [
  { id: 's3', name: 'S3', short: 'S3' },
  { id: 'dynamodb', name: 'DynamoDB', short: 'DynamoDB' },
];

export const UNKNOWN_SERVICE = 'bench';

/** Services that have no place on the stage. */
const OTHERS: Readonly<Record<string, string>> = {
  iam: 'IAM',
  kinesis: 'Kinesis',
  lambda: 'Lambda',
  sns: 'SNS',
  cloudtrail: 'CloudTrail',
  'execute-api': 'API',
};

export function serviceNode(service: string | undefined): ServiceNode {
  const id = service ?? UNKNOWN_SERVICE;
  const name = OTHERS[id] ?? service ?? 'Unrecognised';
  return [...SERVICES, ...RESOURCE_SERVICES].find((node) => node.id === id) ?? { id, name, short: name };
}
