import {
  type CognitoIdentityClient,
  DescribeIdentityPoolCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cognito-identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { createPool, identityClient } from './setup.ts';

let bench: TestBench;
let identity: CognitoIdentityClient;

beforeAll(async () => {
  bench = await startBench();
  identity = identityClient(bench);
});
afterAll(() => bench.stop());

const arnOf = (poolId: string) => `arn:aws:cognito-identity:us-east-1:${ACCOUNT}:identitypool/${poolId}`;

describe('tags of identity pools', () => {
  it('[IP-TAG-1] are added, replaced and removed by the pool’s ARN', async () => {
    const IdentityPoolId = await createPool(bench, [], { IdentityPoolTags: { team: 'red' } });
    const ResourceArn = arnOf(IdentityPoolId);
    const read = async () => (await identity.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
    await identity.send(new TagResourceCommand({ ResourceArn, Tags: { team: 'blue', stage: '' } }));
    expect(await read()).toEqual({ team: 'blue', stage: '' });
    await identity.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team', 'unknown'] }));
    expect(await read()).toEqual({ stage: '' });
    const { IdentityPoolTags } = await identity.send(new DescribeIdentityPoolCommand({ IdentityPoolId }));
    expect(IdentityPoolTags).toEqual({ stage: '' });
  });

  it('[IP-TAG-2] are fifty, and none of AWS’s own', async () => {
    const refused = { name: 'InvalidParameterException' };
    const ResourceArn = arnOf(await createPool(bench));
    const tag = (Tags: { [key: string]: string }) => identity.send(new TagResourceCommand({ ResourceArn, Tags }));
    await expect(tag({ 'aws:x': 'y' })).rejects.toMatchObject(refused);
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
    await expect(tag(many)).rejects.toMatchObject(refused);
    await expect(createPool(bench, [], { IdentityPoolTags: { 'AWS:x': 'y' } })).rejects.toMatchObject(refused);
  });

  it('[IP-TAG-3] are a pool’s of the account', async () => {
    const poolId = await createPool(bench);
    const list = (ResourceArn: string) => identity.send(new ListTagsForResourceCommand({ ResourceArn }));
    for (const arn of [
      'arn:aws:s3:::some-bucket-of-mine',
      arnOf(poolId).replace(ACCOUNT, '999999999999'),
      arnOf(poolId).replace('us-east-1:0', 'eu-west-1:0'),
    ]) {
      await expect(list(arn)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    await expect(list(arnOf('us-east-1:00000000-0000-4000-8000-000000000000'))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
