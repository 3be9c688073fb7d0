import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityClient, CreateIdentityPoolCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity';
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoSyncClient, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync';
import { afterAll, expect, it } from 'vitest';
import { startBenchProcess, type BenchProcess } from './bench-process.ts';

const KILLS = 100;
/** The bench is killed once up to this many people have signed up, and then at some moment of the next span. */
const MOST_SIGN_UPS = 2;
const LONGEST_WAIT_MS = 60;
const WRITERS = 3;
const KEYS_PER_WRITE = 3;

const folder = mkdtempSync(join(tmpdir(), 'poolbench-crash-'));
let bench: BenchProcess | undefined;

afterAll(async () => {
  await bench?.kill();
  rmSync(folder, { recursive: true, force: true });
});

function clients(url: string) {
  const config = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  return {
    users: new CognitoIdentityProviderClient(config),
    identities: new CognitoIdentityClient(config),
    sync: new CognitoSyncClient(config),
  };
}
type Clients = ReturnType<typeof clients>;

interface Place {
  readonly IdentityPoolId: string;
  readonly IdentityId: string;
}

interface World {
  readonly UserPoolId: string;
  readonly ClientId: string;
  readonly places: readonly Place[];
}

async function createWorld({ users, identities }: Clients): Promise<World> {
  const { UserPool } = await users.send(new CreateUserPoolCommand({ PoolName: 'crash' }));
  const UserPoolId = UserPool!.Id!;
  const { UserPoolClient } = await users.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'crash' }));
  const pool = await identities.send(
    new CreateIdentityPoolCommand({ IdentityPoolName: 'crash', AllowUnauthenticatedIdentities: true }),
  );
  const IdentityPoolId = pool.IdentityPoolId!;
  const places: Place[] = [];
  for (let writer = 0; writer < WRITERS; writer += 1) {
    const { IdentityId } = await identities.send(new GetIdCommand({ IdentityPoolId }));
    places.push({ IdentityPoolId, IdentityId: IdentityId! });
  }
  return { UserPoolId, ClientId: UserPoolClient!.ClientId!, places };
}

/** Writes values 1, 2, 3, … to the same keys, until the bench is gone. */
class DatasetWriter {
  answered = 0;
  asked = 0;
  #syncCount = 0;

  constructor(readonly place: Place) {}

  async hammer(sync: CognitoSyncClient): Promise<void> {
    for (;;) {
      const { SyncSessionToken } = await sync.send(
        new ListRecordsCommand({ ...this.place, DatasetName: 'crash', LastSyncCount: this.#syncCount }),
      );
      this.asked = this.answered + 1;
      const { Records } = await sync.send(
        new UpdateRecordsCommand({
          ...this.place,
          DatasetName: 'crash',
          SyncSessionToken,
          RecordPatches: Array.from({ length: KEYS_PER_WRITE }, (_, key) => ({
            Op: 'replace' as const,
            Key: `key${key}`,
            Value: `${this.asked}`,
            SyncCount: this.#syncCount,
          })),
        }),
      );
      this.answered = this.asked;
      this.#syncCount = Records![0]!.SyncCount!;
    }
  }

  /** What was answered is there; what was asked last is there whole, or not at all. */
  async verify(sync: CognitoSyncClient): Promise<void> {
    const { Records, DatasetSyncCount } = await sync.send(
      new ListRecordsCommand({ ...this.place, DatasetName: 'crash' }),
    );
    const values = new Set(Records!.map(({ Value }) => Number(Value)));
    if (this.asked === 0) return;
    if (values.size === 0) values.add(0);
    expect(values.size, 'a write that was torn apart').toBe(1);
    const [value] = values;
    expect(value, 'an answered write that is lost').toBeGreaterThanOrEqual(this.answered);
    expect(value, 'a write that nobody asked for').toBeLessThanOrEqual(this.asked);
    expect(DatasetSyncCount).toBe(value);
    this.answered = value!;
    this.#syncCount = DatasetSyncCount!;
  }
}

/** Signs people up one after the other, until the bench is gone. */
class SignUpWriter {
  readonly answered: string[] = [];
  #asked = 0;
  #verified = 0;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  /** Resolves once so many more have signed up. */
  more(count: number): Promise<void> {
    if (count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { count: this.answered.length + count, resolve };
    });
  }

  async hammer(users: CognitoIdentityProviderClient, { ClientId }: World): Promise<void> {
    for (;;) {
      this.#asked += 1;
      const Username = `person${this.#asked}`;
      await users.send(new SignUpCommand({ ClientId, Username, Password: 'Correct-Horse-1' }));
      this.answered.push(Username);
      if (this.#waiting && this.answered.length >= this.#waiting.count) this.#waiting.resolve();
    }
  }

  async verify(users: CognitoIdentityProviderClient, world: World, from = this.#verified): Promise<void> {
    const names = this.answered.slice(from);
    await Promise.all(
      names.map(async (Username) => {
        const user = await users.send(new AdminGetUserCommand({ UserPoolId: world.UserPoolId, Username }));
        expect(user.UserStatus).toBe('UNCONFIRMED');
      }),
    );
    this.#verified = this.answered.length;
  }
}

/** A writer ends when its connection does; any answer of the bench but success is a failure of the test. */
async function untilGone(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    const answer = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (answer !== undefined) throw error;
  }
}

it(`finds every answered write after being killed ${KILLS} times in the middle of writes`, async () => {
  bench = await startBenchProcess(['--data', folder]);
  const world = await createWorld(clients(bench.url));
  const writers = world.places.map((place) => new DatasetWriter(place));
  const signUps = new SignUpWriter();

  for (let kill = 0; kill < KILLS; kill += 1) {
    const { sync, users } = clients(bench.url);
    const writing = [
      ...writers.map((writer) => untilGone(writer.hammer(sync))),
      untilGone(signUps.hammer(users, world)),
    ];
    const someSignUps = signUps.more(Math.floor(Math.random() * (MOST_SIGN_UPS + 1)));
    // A writer that fails ends the wait.
    await Promise.race([someSignUps, Promise.all(writing)]);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_WAIT_MS));
    await bench.kill();
    await Promise.all(writing);

    bench = await startBenchProcess(['--data', folder]);
    const restarted = clients(bench.url);
    await Promise.all([
      ...writers.map((writer) => writer.verify(restarted.sync)),
      signUps.verify(restarted.users, world),
    ]);
  }

  await signUps.verify(clients(bench.url).users, world, 0);
  for (const writer of writers) expect(writer.answered).toBeGreaterThan(KILLS);
  expect(signUps.answered.length).toBeGreaterThan(KILLS / 2);
  expect(await bench.stop()).toBe(0);
  bench = undefined;
}, 240_000);
