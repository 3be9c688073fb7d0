import { fault, type Fault } from '../../kernel/fault.ts';
import type { StreamRecord } from '../../store/repositories/streams.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';

export interface StreamNaming {
  readonly StreamName?: string | null;
  readonly StreamARN?: string | null;
}

export const RETENTION_HOURS = 24;
export const RETENTION_MILLISECONDS = RETENTION_HOURS * 3_600_000;

export function streamArn({ region, account, name }: Pick<StreamRecord, 'region' | 'account' | 'name'>): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}

/** The ARN by which IAM policies know the stream of a call. */
export function namedArn(input: StreamNaming, call: Call): string[] {
  if (input.StreamARN != null) return [input.StreamARN];
  return [streamArn({ region: call.region, account: call.account, name: input.StreamName ?? '*' })];
}

/** @throws Fault `ResourceNotFoundException`, or `InvalidArgumentException` where none is named */
export function requireStream(call: Call, { streams }: Pick<Services, 'streams'>, input: StreamNaming): StreamRecord {
  const parts =
    input.StreamARN == null ? undefined : /^arn:aws[^:]*:kinesis:([^:]*):(\d{12}):stream\/(.+)$/.exec(input.StreamARN);
  const name = parts?.[3] ?? input.StreamName ?? undefined;
  if (name === undefined || (parts && input.StreamName != null && input.StreamName !== name)) {
    throw call.why.refuse(
      'KS-FIND-1',
      name === undefined ? 'the call names no stream' : 'name and ARN are of two streams',
      invalidArgument(
        name === undefined
          ? 'Either StreamName or StreamARN must be specified.'
          : `StreamARN ${input.StreamARN} does not match StreamName ${input.StreamName}.`,
      ),
    );
  }
  const account = parts?.[2] ?? call.account;
  const stream = account === call.account ? streams.find(account, parts?.[1] ?? call.region, name) : undefined;
  if (!stream) {
    throw call.why.refuse(
      'KS-FIND-2',
      'this account has no such stream in this region',
      fault('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`),
      { stream: name, region: parts?.[1] ?? call.region },
    );
  }
  return stream;
}

export function invalidArgument(message: string): Fault {
  return fault('InvalidArgumentException', message);
}
