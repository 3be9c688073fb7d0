import {
  CreateUserPoolCommand,
  DescribeUserPoolCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { createApp } from './setup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const arnOf = (userPoolId: string, account = ACCOUNT): string =>
  `arn:aws:cognito-idp:${REGION}:${account}:userpool/${userPoolId}`;

describe('tags', () => {
  it('[UP-TAG-2] are one set, whichever operation writes and reads them', async () => {
    const { idp, userPoolId } = await createApp(bench, { UserPoolTags: { team: 'shop' } });
    const ResourceArn = arnOf(userPoolId);
    await idp.send(new TagResourceCommand({ ResourceArn, Tags: { stage: 'test', team: 'market' } }));
    const { Tags } = await idp.send(new ListTagsForResourceCommand({ ResourceArn }));
    expect(Tags).toEqual({ stage: 'test', team: 'market' });
    await idp.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team', 'never-there'] }));
    const { UserPool } = await idp.send(new DescribeUserPoolCommand({ UserPoolId: userPoolId }));
    expect(UserPool!.UserPoolTags).toEqual({ stage: 'test' });
  });

  it('[UP-TAG-1] are at most fifty, and none begins with aws:', async () => {
    const { idp, userPoolId } = await createApp(bench);
    const ResourceArn = arnOf(userPoolId);
    const many = (count: number): { [key: string]: string } =>
      Object.fromEntries(Array.from({ length: count }, (_item, n) => [`key-${n}`, '']));
    await idp.send(new TagResourceCommand({ ResourceArn, Tags: many(50) }));
    for (const Tags of [{ one: 'more' }, { 'aws:stack': 'x' }] as { [key: string]: string }[]) {
      await expect(idp.send(new TagResourceCommand({ ResourceArn, Tags }))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
    await expect(
      idp.send(new CreateUserPoolCommand({ PoolName: 'tagged', UserPoolTags: { 'aws:stack': 'x' } })),
    ).rejects.toMatchObject({ name: 'UserPoolTaggingException' });
    expect((await idp.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual(many(50));
  });

  it('[UP-TAG-3] belong to user pools of the account alone', async () => {
    const { idp, userPoolId } = await createApp(bench);
    for (const [arn, name] of [
      ['arn:aws:s3:us-east-1:000000000000:bucket', 'InvalidParameterException'],
      [arnOf('us-east-1_Nobody123'), 'ResourceNotFoundException'],
      [arnOf(userPoolId, '111122223333'), 'ResourceNotFoundException'],
      [arnOf(userPoolId).replace('us-east-1', 'eu-west-1'), 'ResourceNotFoundException'],
    ] as const) {
      await expect(idp.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).rejects.toMatchObject({ name });
    }
  });
});
