import { send } from '../data/aws.ts';

const pool = (identityPoolId: string, what: string): string =>
  `/identitypools/${encodeURIComponent(identityPoolId)}/${what}`;

export const bulkPublish = (identityPoolId: string): Promise<unknown> =>
  send({ method: 'POST', path: pool(identityPoolId, 'bulkpublish'), service: 'cognito-sync' });

export const createStream = (name: string, shards: number): Promise<unknown> =>
  send(
    { method: 'POST', path: '/', service: 'kinesis', target: 'Kinesis_20131202.CreateStream' },
    { StreamName: name, ShardCount: shards },
  );

interface Configuration {
  readonly PushSync?: object;
  readonly CognitoStreams?: {
    readonly StreamName?: string;
    readonly RoleArn?: string;
    readonly StreamingStatus?: string;
  };
}

const getConfiguration = (identityPoolId: string): Promise<Configuration> =>
  send({ method: 'GET', path: pool(identityPoolId, 'configuration'), service: 'cognito-sync' });

/** Leaves push as it was: the call sets both. */
export async function setStreaming(identityPoolId: string, streams: Configuration['CognitoStreams']): Promise<void> {
  const { PushSync, CognitoStreams } = await getConfiguration(identityPoolId);
  await send(
    { method: 'POST', path: pool(identityPoolId, 'configuration'), service: 'cognito-sync' },
    { ...(PushSync ? { PushSync } : {}), CognitoStreams: { ...CognitoStreams, ...streams } },
  );
}
