import { CognitoIdentityClient, CreateIdentityPoolCommand } from '@aws-sdk/client-cognito-identity';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it, vi } from 'vitest';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { createPool, getId } from '../identity-pools/setup.ts';
import { exported, lookUp, recorded, trail } from './setup.ts';

const create = (bench: TestBench, IdentityPoolName: string, account?: string) =>
  new CognitoIdentityClient(account === undefined ? bench.sdk : bench.sdkFor(account)).send(
    new CreateIdentityPoolCommand({ IdentityPoolName, AllowUnauthenticatedIdentities: true }),
  );

const filler = (bench: TestBench, name: string) => ({
  account: ACCOUNT,
  eventId: name,
  requestId: name,
  at: bench.services.clock.now(),
  region: REGION,
  eventSource: 'sts.amazonaws.com',
  eventName: 'Filler',
  readOnly: true,
  sourceIp: '127.0.0.1',
  resources: [],
  record: '{}',
});

it('[AU-KEEP-1] while the disk takes nothing what it has can be read, and nothing is lost once it does', async () => {
  await using bench = await startBench({ logLevel: 'silent' });
  const { auditEvents } = bench.services;
  await create(bench, 'before');
  expect(await recorded(bench, 'CreateIdentityPool')).toHaveLength(1);
  const full = vi.spyOn(auditEvents, 'insert').mockImplementation(() => {
    throw new Error('database or disk is full');
  });
  for (let index = 0; index < 3; index += 1) await create(bench, `during-${index}`);
  expect(await recorded(bench, 'CreateIdentityPool')).toHaveLength(1);
  expect((JSON.parse(await exported(bench)) as { Records: unknown[] }).Records.length).toBeGreaterThan(0);
  full.mockRestore();
  expect(await recorded(bench, 'CreateIdentityPool')).toHaveLength(4);
});

it('[AU-KEEP-1] a disk that takes nothing is tried once a second, not with every call', async () => {
  await using bench = await startBench({ logLevel: 'silent' });
  const full = vi.spyOn(bench.services.auditEvents, 'insert').mockImplementation(() => {
    throw new Error('database or disk is full');
  });
  const client = new CognitoIdentityClient(bench.sdk);
  const many = async (): Promise<void> => {
    for (let index = 0; index < 150; index += 1) {
      await client.send(new CreateIdentityPoolCommand({ IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true }));
    }
  };
  const began = performance.now();
  await many();
  await many();
  const seconds = (performance.now() - began) / 1000;
  expect(full.mock.calls.length).toBeLessThanOrEqual(Math.ceil(seconds) + 2);
  full.mockRestore();
});

it(
  '[AU-KEEP-3] the oldest go by when they were recorded, also where the clock was set back',
  { timeout: 60_000 },
  async () => {
    await using bench = await startBench();
    const { store, auditEvents } = bench.services;
    store.write(() => {
      for (let index = 0; index < 50_000; index += 1) auditEvents.insert(filler(bench, `event-${index}`));
    });
    await bench.call('POST', '/clock', { advance: -30 * 86_400 });
    await create(bench, 'in the past');
    expect(await recorded(bench, 'CreateIdentityPool')).toHaveLength(1);
  },
);

it('[AU-KEEP-4] a reset leaves nothing, also of roles that somebody of another account had just become', async () => {
  await using bench = await startBench();
  const owner = '555555555555';
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const { Role } = await new IAMClient(bench.sdkFor(owner)).send(
    new CreateRoleCommand({ RoleName: 'theirs', AssumeRolePolicyDocument }),
  );
  await new STSClient(bench.sdk).send(new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'visit' }));
  await fetch(`${bench.url}/_bench/reset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-poolbench-account': owner },
    body: '{}',
  });
  expect(JSON.parse(await exported(bench, owner))).toEqual({ Records: [] });
  expect(await recorded(bench, 'AssumeRole')).toHaveLength(1);
});

it('[AU-FIND-5] pages go on where they were while events keep coming', async () => {
  await using bench = await startBench();
  const client = trail(bench);
  const named = { LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: 'CreateIdentityPool' }] };
  for (let index = 0; index < 5; index += 1) await create(bench, `pool-${index}`);
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const { events, next } = await lookUp(client, { ...named, MaxResults: 2, ...(NextToken && { NextToken }) });
    seen.push(...events.map(({ CloudTrailEvent }) => /pool-\d|late/.exec(CloudTrailEvent!)![0]));
    await create(bench, 'late');
    NextToken = next;
  } while (NextToken !== undefined);
  expect(seen).toEqual(['pool-4', 'pool-3', 'pool-2', 'pool-1', 'pool-0']);
});

it('[AU-WHICH-1] what is no management event costs no more than the question', async () => {
  await using bench = await startBench();
  const pool = await createPool(bench);
  const record = vi.spyOn(bench.services.audit, 'record');
  await getId(bench, pool);
  expect(record).not.toHaveBeenCalled();
  await create(bench, 'recorded');
  expect(record).toHaveBeenCalledOnce();
});
