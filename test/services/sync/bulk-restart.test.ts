import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BulkPublishCommand,
  GetBulkPublishDetailsCommand,
  SetIdentityPoolConfigurationCommand,
} from '@aws-sdk/client-cognito-sync';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { startBench } from '../../harness/bench.ts';
import { kinesisClient } from '../streams/setup.ts';
import { createGuest, createPool, developer, replace, write } from './setup.ts';

it('[SY-BULK-4] begins anew when a stop of the bench cut it off', async () => {
  const data = mkdtempSync(join(tmpdir(), 'poolbench-bulk-'));
  try {
    const clock = new Date(Date.UTC(2026, 10, 21));
    let bench = await startBench({ data, clock });
    const IdentityPoolId = await createPool(bench);
    const place = await createGuest(bench, IdentityPoolId);
    await write(developer(bench), place, 'notes', [replace('a', '1')]);
    await kinesisClient(bench).send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    const CognitoStreams = {
      StreamName: 's',
      RoleArn: 'arn:aws:iam::000000000000:role/streams',
      StreamingStatus: 'ENABLED' as const,
    };
    await developer(bench).send(new SetIdentityPoolConfigurationCommand({ IdentityPoolId, CognitoStreams }));
    await developer(bench).send(new BulkPublishCommand({ IdentityPoolId }));
    await bench.stop();

    bench = await startBench({ data, clock });
    const status = async () =>
      (await developer(bench).send(new GetBulkPublishDetailsCommand({ IdentityPoolId }))).BulkPublishStatus;
    expect(await status()).toBe('IN_PROGRESS');
    await bench.advance({ seconds: 1 });
    await expect.poll(status).toBe('SUCCEEDED');
    expect(await bench.call('GET', '/streams')).toMatchObject([{ name: 's', records: 1 }]);
    await bench.stop();
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
