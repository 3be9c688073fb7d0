import type { CognitoStreams } from '../../../shared/aws/cognito-sync.ts';
import type { Reasons } from '../../kernel/reasons.ts';
import type { Transaction } from '../../store/index.ts';
import type { Services } from '../services.ts';
import { roleProblem } from './service-role.ts';
import { streamRecord, type StreamedChange } from './stream-record.ts';

export type StreamingNeeds = Pick<
  Services,
  'access' | 'config' | 'datasets' | 'directory' | 'iamRoles' | 'streamWriter'
>;

interface Occasion {
  readonly account: string;
  readonly now: Date;
  readonly why: Reasons;
}

/** What keeps a pool's changes from its stream; `undefined` where nothing does. */
export function streamProblem(
  { account, why }: Omit<Occasion, 'now'>,
  { streamWriter, ...services }: StreamingNeeds,
  identityPoolId: string,
  { StreamName, RoleArn }: CognitoStreams,
): string | undefined {
  if (!StreamName || !RoleArn) return 'StreamName and RoleArn are both needed';
  const region = regionOf(services, identityPoolId);
  if (!streamWriter.exists(account, region, StreamName)) {
    return `there is no Kinesis stream ${StreamName} in ${region}`;
  }
  return roleProblem(
    {
      account,
      roleArn: RoleArn,
      identityPoolArn: `arn:aws:cognito-identity:${region}:${account}:identitypool/${identityPoolId}`,
      action: 'kinesis:PutRecord',
      resource: streamWriter.arn(account, region, StreamName),
      why,
    },
    services,
  );
}

/**
 * Inside the transaction of the change: its record goes to the pool's stream, if it has one. Where stream or role
 * fails, streaming ends, as AWS does it; the sync goes on.
 *
 * @returns the problem that ended it
 */
export function streamChange(
  transaction: Transaction,
  occasion: Occasion,
  services: StreamingNeeds,
  streams: CognitoStreams | undefined,
  change: StreamedChange,
): string | undefined {
  if (!streams) return undefined;
  const { account, now, why } = occasion;
  const problem = streamProblem(occasion, services, change.identityPoolId, streams);
  if (problem !== undefined) {
    stopStreaming(transaction, account, services, change.identityPoolId, problem);
    why.note('SY-STREAM-4', 'note', `streaming is switched off: ${problem}`, { stream: streams.StreamName ?? '' });
    return problem;
  }
  services.streamWriter.write({
    account,
    region: regionOf(services, change.identityPoolId),
    streamName: streams.StreamName!,
    partitionKey: change.identityId,
    ...streamRecord(change),
    now,
  });
  why.pass('SY-STREAM-3', 'the change is a record of the pool’s stream', { stream: streams.StreamName! });
  return undefined;
}

function stopStreaming(
  transaction: Transaction,
  account: string,
  { datasets }: Pick<Services, 'datasets'>,
  identityPoolId: string,
  reason: string,
): void {
  const settings = datasets.settings(identityPoolId);
  datasets.putSettings(account, identityPoolId, {
    ...settings,
    streams: { ...settings.streams, StreamingStatus: 'DISABLED' },
    streamsDisabledReason: reason,
  });
  transaction.announce('streaming.stopped', { account, identityPoolId, reason });
}

function regionOf({ directory, config }: Pick<Services, 'directory' | 'config'>, identityPoolId: string): string {
  return directory.identityPool(identityPoolId)?.region ?? config.region;
}
