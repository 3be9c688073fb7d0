import {
  ITEM_OPERATIONS,
  OBJECT_OPERATIONS,
  type DeviceAction,
  type ResourceCall,
  type ResourceOperation,
} from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { isAnswer } from './failure.ts';
import { ensureCredentials, type Credentialed } from './identity.ts';
import type { DeviceParts } from './parts.ts';

type Action = DeviceAction & { do: 'call-resource' };
type Methods = { readonly [method: string]: (input: unknown) => Promise<Answer> };

const MOST_REMEMBERED = 8;
const LONGEST_ANSWER = 2000;

/**
 * A call of the SDK's own client for S3 or DynamoDB, with the credentials of the device's identity: whether it is let
 * through is for the policies of the identity's role to say. Refusals are kept, too. [DV-RESOURCE-1]
 */
export async function callResource(parts: DeviceParts, action: Action): Promise<void> {
  const { service, operation } = action;
  const known: readonly ResourceOperation[] = service === 's3' ? OBJECT_OPERATIONS : ITEM_OPERATIONS;
  if (!known.includes(operation)) {
    throw new BenchError('NoSuchOperation', `${operation} is no operation of ${service}`, 400);
  }
  const identity = await ensureCredentials(parts);
  const keep = (outcome: Pick<ResourceCall, 'answer' | 'refused' | 'requestId'>): void => {
    const { identityId } = identity;
    const at = new Date(parts.clock.millis()).toISOString();
    const call: ResourceCall = { at, service, operation, target: targetOf(action), identityId, ...outcome };
    parts.file.set('resourceCalls', [call, ...parts.file.resourceCalls].slice(0, MOST_REMEMBERED));
  };
  try {
    const { $metadata, Body, ...members } = await send(parts, identity, action);
    const content = Body ? { Body: await Body.transformToString() } : {};
    keep({ ...requestOf($metadata), answer: JSON.stringify({ ...members, ...content }).slice(0, LONGEST_ANSWER) });
  } catch (error) {
    const { name, message, $metadata } = error as Error & Partial<Answer>;
    // A network that is not there refuses nothing.
    if (isAnswer(error) && name !== 'NetworkError') keep({ ...requestOf($metadata), refused: { code: name, message } });
    throw error;
  }
}

interface Answer {
  readonly $metadata: { readonly requestId?: string | undefined };
  readonly Body?: { transformToString(): Promise<string> };
}

async function send(
  { clients }: DeviceParts,
  { credentials }: Credentialed,
  { service, operation, input }: Action,
): Promise<Answer> {
  const client = (await (service === 's3' ? clients.s3(credentials) : clients.dynamoDb(credentials))) as unknown;
  const method = operation.charAt(0).toLowerCase() + operation.slice(1);
  return (client as Methods)[method]!(input);
}

function requestOf(metadata: Partial<Answer['$metadata']> | undefined): Pick<ResourceCall, 'requestId'> {
  return metadata?.requestId === undefined ? {} : { requestId: metadata.requestId };
}

function targetOf({ service, input }: Action): string {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  if (service === 's3') return `s3://${text(input['Bucket'])}/${text(input['Key']) || text(input['Prefix'])}`;
  const tables = input['RequestItems'];
  return typeof tables === 'object' && tables !== null ? Object.keys(tables).join(', ') : text(input['TableName']);
}
