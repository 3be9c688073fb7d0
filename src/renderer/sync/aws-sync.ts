import { BENCH_APP_ID, TOKEN_HEADER } from '../../shared/bench-api.ts';
import { useBench } from '../data/bench-state.ts';
import { BenchCallError } from '../data/call.ts';
import { currentAccount, launchToken } from '../data/session.ts';

interface Wire {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly service: 'cognito-sync' | 'kinesis';
  /** Of Kinesis, which tells its operations apart by a header. */
  readonly target?: string;
}

/** An AWS call as the developer of the account; the key names the account, and the bench knows no secret for it. */
async function send<Answer>({ method, path, service, target }: Wire, body?: object): Promise<Answer> {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const region = useBench.getState().health?.region ?? 'us-east-1';
  const scope = `${currentAccount()}/${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const response = await fetch(path, {
    method,
    headers: {
      'content-type': target === undefined ? 'application/json' : 'application/x-amz-json-1.1',
      ...(target === undefined ? {} : { 'x-amz-target': target }),
      'x-amz-date': date,
      'x-amz-user-agent': `app/${BENCH_APP_ID}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
      [TOKEN_HEADER]: launchToken(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === '' ? {} : JSON.parse(text);
  if (response.ok) return answer as Answer;
  const { __type, message } = answer as { readonly __type?: string; readonly message?: string };
  const code = (response.headers.get('x-amzn-errortype') ?? __type ?? `Status${response.status}`).split(/[#:]/).at(-1);
  throw new BenchCallError(code ?? 'Error', message ?? `The bench answered ${response.status}.`, response.status);
}

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
