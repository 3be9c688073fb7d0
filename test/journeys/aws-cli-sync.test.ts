import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ACCOUNT, REGION, startBench } from '../harness/bench.ts';
import { asIdentity, createGuest, createPool, replace, write } from '../services/sync/setup.ts';

const run = promisify(execFile);

function hasAwsCli(): boolean {
  try {
    execFileSync('aws', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// The AWS CLI is no part of the project: where it is not installed, the SDK's clients stand for it.
it.skipIf(!hasAwsCli())(
  'the AWS CLI sets up push and streams, and reads what a sync left',
  async () => {
    await using bench = await startBench();
    const aws = async (command: string, ...args: string[]): Promise<{ readonly [member: string]: string }> => {
      const { stdout } = await run('aws', [...command.split(' '), ...args, '--output', 'json'], {
        env: {
          PATH: process.env['PATH'],
          HOME: '/nonexistent',
          AWS_ENDPOINT_URL: bench.url,
          AWS_ACCESS_KEY_ID: ACCOUNT,
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_REGION: REGION,
          AWS_DEFAULT_REGION: REGION,
          AWS_EC2_METADATA_DISABLED: 'true',
        },
      });
      return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as { readonly [member: string]: string };
    };
    const IdentityPoolId = await createPool(bench);
    const place = await createGuest(bench, IdentityPoolId);

    const { PlatformApplicationArn } = await aws(
      'sns create-platform-application --name notes --platform GCM --attributes PlatformCredential=secret',
    );
    const { EndpointArn } = await aws(
      `sns create-platform-endpoint --platform-application-arn ${PlatformApplicationArn} --token token`,
    );
    await aws(
      `sns publish --target-arn ${EndpointArn} --message hello`,
      '--message-attributes',
      '{"kind":{"DataType":"String","StringValue":"test"}}',
    );
    expect(await bench.call('GET', '/pushes')).toMatchObject([{ token: 'token', status: 'delivered' }]);

    await aws('kinesis create-stream --stream-name s --shard-count 1');
    await aws('kinesis wait stream-exists --stream-name s');
    const settings = { StreamName: 's', RoleArn: `arn:aws:iam::${ACCOUNT}:role/streams`, StreamingStatus: 'ENABLED' };
    await aws(
      `cognito-sync set-identity-pool-configuration --identity-pool-id ${IdentityPoolId} --cognito-streams`,
      JSON.stringify(settings),
    );
    await write(await asIdentity(bench, place), place, 'notes', [replace('a', '1')]);
    const { ShardIterator } = await aws(
      'kinesis get-shard-iterator --stream-name s --shard-id shardId-000000000000 --shard-iterator-type TRIM_HORIZON',
    );
    const { Records } = (await aws('kinesis get-records --shard-iterator', ShardIterator!)) as unknown as {
      Records: { Data: string }[];
    };
    expect(JSON.parse(Buffer.from(Records[0]!.Data, 'base64').toString())).toMatchObject({
      identityId: place.IdentityId,
      kinesisSyncRecords: [{ key: 'a', value: '1' }],
    });
    expect(await aws('cognito-sync get-bulk-publish-details --identity-pool-id', IdentityPoolId)).toMatchObject({
      BulkPublishStatus: 'NOT_STARTED',
    });
    await expect(aws('kinesis describe-stream --stream-name none')).rejects.toThrow(
      /ResourceNotFoundException.*Stream none under account/,
    );
  },
  60_000,
);
