import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityClient, DeleteIdentityPoolCommand } from '@aws-sdk/client-cognito-identity';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DeleteDatasetCommand, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UsageReport } from '../../../src/shared/sync-views.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { createGuest, createPool, developer, replace, write, type Place } from '../sync/setup.ts';

const GIGABYTE = 2 ** 30;
const NOVEMBER = 30;

let bench: TestBench;

beforeEach(async () => {
  bench = await startBench({ clock: new Date(Date.UTC(2026, 10, 1)) });
});
afterEach(() => bench.stop());

const usage = (month = '2026-11', on = bench) => on.call<UsageReport>('GET', `/usage?month=${month}`);
const newPlace = async (on = bench): Promise<Place> => createGuest(on, await createPool(on));

describe('sync operations', () => {
  it('[MT-SYNC-1] [MT-SYNC-2] are new tokens for the API, and synchronise calls for the SDK', async () => {
    const place = await newPlace();
    const client = developer(bench);
    const at = { ...place, DatasetName: 'notes' };
    // One synchronise(): list, write, list again.
    const { SyncSessionToken } = await client.send(new ListRecordsCommand(at));
    await client.send(new ListRecordsCommand({ ...at, SyncSessionToken }));
    await client.send(new UpdateRecordsCommand({ ...at, SyncSessionToken, RecordPatches: [replace('a', '1')] }));
    await client.send(new ListRecordsCommand({ ...at, LastSyncCount: 1 }));
    await bench.advance({ days: 1 });
    await client.send(new ListRecordsCommand({ ...at, LastSyncCount: 1 }));

    const { syncOperations, days, total } = await usage();
    expect([syncOperations.api.count, syncOperations.sdk.count, total]).toEqual([3, 2, 0]);
    expect(syncOperations.api.costWithoutFreeTier).toBeCloseTo(0.000_045, 9);
    expect(days.map(({ day, apiOperations, sdkOperations }) => [day, apiOperations, sdkOperations])).toEqual([
      ['2026-11-01', 2, 1],
    ]);
    await bench.advance({ seconds: 1 });
    expect((await usage()).days[1]).toMatchObject({ day: '2026-11-02', apiOperations: 1, sdkOperations: 1 });
  });

  it('[MT-SYNC-1] a refused listing is none', async () => {
    const place = await newPlace();
    const at = { ...place, DatasetName: 'notes', LastSyncCount: 9 };
    await expect(developer(bench).send(new ListRecordsCommand(at))).rejects.toThrow();
    expect((await usage()).syncOperations.api.count).toBe(0);
  });
});

describe('[MT-STORE-1] the store', () => {
  const MEGABYTE = 'x'.repeat(1_000_000 - 1);

  it('is billed by its average over the month', async () => {
    const place = await newPlace();
    await bench.advance({ days: 10 });
    await write(developer(bench), place, 'notes', [replace('a', MEGABYTE)]);
    await bench.advance({ days: 5 });
    await write(developer(bench), place, 'more', [replace('a', MEGABYTE)]);
    await bench.advance({ days: 5 });
    await developer(bench).send(new DeleteDatasetCommand({ ...place, DatasetName: 'notes' }));
    await bench.advance({ days: 25 });

    const byteDays = 1_000_000 * (5 + 2 * 5 + 10);
    const november = await usage();
    expect(november.storage.count).toBeCloseTo(byteDays / NOVEMBER / GIGABYTE, 12);
    expect(november.until).toBe('2026-12-01T00:00:00.000Z');
    expect(november.days).toHaveLength(NOVEMBER);
    expect([9, 10, 16, 25].map((day) => november.days[day]!.bytes)).toEqual([0, 1_000_000, 2_000_000, 1_000_000]);
    const december = await usage('2026-12');
    expect(december.storage).toMatchObject({ bytesNow: 1_000_000, free: 10, cost: 0 });
    expect(december.storage.count).toBeCloseTo((1_000_000 * 15) / 31 / GIGABYTE, 12);
    expect((await usage('2027-01')).storage.count).toBe(0);
    expect((await usage('2026-10')).storage.count).toBe(0);
  });

  it('shrinks with a pool that is deleted, and counts each account by itself', async () => {
    const place = await newPlace();
    await write(developer(bench), place, 'notes', [replace('a', MEGABYTE)]);
    await bench.advance({ days: 3 });
    await new CognitoIdentityClient(bench.sdk).send(
      new DeleteIdentityPoolCommand({ IdentityPoolId: place.IdentityPoolId }),
    );
    await bench.advance({ days: 3 });
    const { storage } = await usage();
    expect(storage.bytesNow).toBe(0);
    expect(storage.count).toBeCloseTo((1_000_000 * 3) / NOVEMBER / GIGABYTE, 12);
    const theirs = await fetch(`${bench.url}/_bench/usage?month=2026-11`, {
      headers: { 'x-poolbench-account': '111111111111' },
    });
    expect(await theirs.json()).toMatchObject({ storage: { count: 0, bytesNow: 0 } });
  });

  it('is not counted twice by a clock that goes back', async () => {
    const place = await newPlace();
    await bench.advance({ days: 2 });
    await write(developer(bench), place, 'notes', [replace('a', MEGABYTE)]);
    await bench.advance({ days: 2 });
    await write(developer(bench), place, 'notes', [replace('a', '', 1)]);
    await bench.call('POST', '/clock', { set: '2026-11-02T00:00:00Z' });
    await write(developer(bench), place, 'notes', [replace('a', MEGABYTE, 2)]);
    await write(developer(bench), place, 'notes', [replace('a', '', 3)]);
    await bench.call('POST', '/clock', { set: '2026-12-02T00:00:00Z' });
    const { storage } = await usage();
    expect(storage.count * NOVEMBER * GIGABYTE).toBeCloseTo(1_000_000 * 2 + 26, -1);
  });
});

describe('[MT-USERS-1] active users', () => {
  const USER = { Username: 'ada', Password: 'Correct-Horse-1' };

  it('are those who signed up, signed in, refreshed or changed their password', async () => {
    const users = new CognitoIdentityProviderClient(bench.sdk);
    const { UserPool } = await users.send(new CreateUserPoolCommand({ PoolName: 'p' }));
    const UserPoolId = UserPool!.Id!;
    const { UserPoolClient } = await users.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'c',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
    const ClientId = UserPoolClient!.ClientId!;
    // Made by an administrator, who is no user of the pool.
    for (const Username of ['ada', 'idle']) {
      await users.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
      await users.send(
        new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: USER.Password, Permanent: true }),
      );
    }
    expect((await usage()).activeUsers.count).toBe(0);
    await users.send(new SignUpCommand({ ClientId, Username: 'bob', Password: USER.Password }));
    const signIn = () =>
      users.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: USER.Username, PASSWORD: USER.Password },
        }),
      );
    await bench.advance({ days: 14 });
    const { AuthenticationResult } = await signIn();
    await signIn();
    await bench.advance({ days: 1 });
    expect((await usage()).activeUsers).toMatchObject({
      count: 2,
      byPool: [{ userPoolId: UserPoolId, users: 2 }],
      free: 50_000,
      cost: 0,
    });
    const days = (await usage()).days.map(({ newActiveUsers }) => newActiveUsers);
    expect([days[0], days[14], days.length]).toEqual([1, 1, 15]);

    await bench.call('POST', '/clock', { set: '2026-12-01T00:00:00Z' });
    expect((await usage('2026-12')).activeUsers.count).toBe(0);
    await users.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: AuthenticationResult!.RefreshToken! },
      }),
    );
    expect((await usage('2026-12')).activeUsers.count).toBe(1);
    await bench.call('POST', '/clock', { set: '2026-12-31T23:30:00Z' });
    const late = await signIn();
    await bench.call('POST', '/clock', { set: '2027-01-01T00:00:00Z' });
    await users.send(
      new ChangePasswordCommand({
        AccessToken: late.AuthenticationResult!.AccessToken,
        PreviousPassword: USER.Password,
        ProposedPassword: 'Another-Horse-2',
      }),
    );
    expect((await usage('2027-01')).activeUsers.count).toBe(1);
  });
});

it('[MT-KEEP-1] outlives a restart', async () => {
  const data = mkdtempSync(join(tmpdir(), 'poolbench-usage-'));
  try {
    const clock = new Date(Date.UTC(2026, 10, 21));
    let own = await startBench({ data, clock });
    const place = await newPlace(own);
    await write(developer(own), place, 'notes', [replace('a', '1')]);
    await own.stop();
    own = await startBench({ data, clock });
    await own.advance({ days: 3 });
    const { syncOperations, storage } = await usage('2026-11', own);
    expect(syncOperations.api.count).toBe(1);
    expect(storage.count).toBeCloseTo((2 * 3) / NOVEMBER / GIGABYTE, 15);
    await own.stop();
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

it('[MT-KEEP-1] goes with a reset of the account, also what was not written yet', async () => {
  const place = await newPlace();
  await write(developer(bench), place, 'notes', [replace('a', '1')]);
  await bench.call('POST', '/reset', {});
  await bench.call('POST', '/clock', { set: '2026-11-02T00:00:00Z' });
  const { syncOperations, storage } = await usage();
  expect([syncOperations.api.count, storage.count, storage.bytesNow]).toEqual([0, 0, 0]);
});

it('refuses a month that is none', async () => {
  await expect(usage('2026-13')).rejects.toThrow(/400/);
  await expect(usage('November')).rejects.toThrow(/400/);
  expect(await bench.call('GET', '/usage')).toMatchObject({ month: '2026-11', until: '2026-11-01T00:00:00.000Z' });
});
