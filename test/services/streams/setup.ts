import { CognitoSyncClient } from '@aws-sdk/client-cognito-sync';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { TestBench } from '../../harness/bench.ts';

/** Kinesis over HTTP/1.1, as every other client speaks: of its own accord this one would speak HTTP/2. */
export function kinesisClient(bench: TestBench, account?: string): KinesisClient {
  const sdk = account === undefined ? bench.sdk : bench.sdkFor(account);
  const { requestHandler } = new CognitoSyncClient(sdk).config;
  return new KinesisClient({ ...sdk, requestHandler });
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(data: Uint8Array | undefined): string {
  return new TextDecoder().decode(data);
}
