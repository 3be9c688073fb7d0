import type { DeviceApp, DeviceState, LoginOwner, NetworkState, ResourceCall } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { LocalCache } from './local-cache.ts';
import { GOOD_NETWORK } from './network.ts';
import type { Passkey } from './passkeys.ts';
import type { DeviceKey } from './own-device.ts';
import type { SoftwareToken } from './authenticator.ts';
import { PushLog } from './push-log.ts';
import type { Conflict } from './sync-engine/conflicts.ts';
import schema from './schema.sql?raw';

/** Who the device is; fixed when it is made. */
export interface DeviceProfile {
  readonly id: string;
  readonly name: string;
  readonly kind: DeviceState['kind'];
  readonly account: string;
  readonly app: DeviceApp;
  readonly createdAt: string;
  /** The scenario that made it, which may take it away again. */
  readonly madeBy?: string;
}

export type Session =
  | { readonly status: 'signed-out' }
  | { readonly status: 'unconfirmed'; readonly username: string; readonly destination?: string }
  | { readonly status: 'resetting'; readonly username: string; readonly destination?: string }
  | {
      readonly status: 'challenged';
      readonly username: string;
      readonly challenge: string;
      readonly session: string;
      /** The user name that the answer carries: `USER_ID_FOR_SRP` where the pool gave one. */
      readonly userId: string;
      readonly requiredAttributes: readonly string[];
      /** As the pool sent them; absent in files of an earlier version, as is what follows. */
      readonly parameters?: { readonly [name: string]: string };
      /** What SELECT_CHALLENGE offers. */
      readonly available?: readonly string[];
    }
  | {
      readonly status: 'signed-in';
      readonly username: string;
      readonly idToken: string;
      readonly accessToken: string;
      readonly refreshToken?: string;
    };

export interface DeviceCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds. */
  readonly expiresAt: number;
  /** The providers whose logins they were given for; absent in files of an earlier version. */
  readonly providers?: readonly string[];
}

export interface KnownIdentity {
  readonly identityId: string;
  /** What the device was until a login led here. */
  readonly mergedFrom?: string;
  readonly credentials?: DeviceCredentials;
}

/** A login that the app shows to identity pools. */
export interface KeptLogin extends LoginOwner {
  /** The value of `Logins`; a developer's login has none of its own. */
  readonly token?: string;
  /** Milliseconds. */
  readonly expiresAt?: number;
}

interface Documents {
  profile: DeviceProfile;
  network: NetworkState;
  session: Session;
  identity: KnownIdentity;
  /** The push registration of each identity, by the device id that RegisterDevice returned. */
  registrations: { readonly [identityId: string]: string };
  lastError: NonNullable<DeviceState['lastError']>;
  /** Of outside providers; what the user pool gave is in the session. */
  logins: readonly KeptLogin[];
  /** Who the identities on this device are, for those that were ever signed in. */
  owners: { readonly [identityId: string]: readonly LoginOwner[] };
  softwareTokens: readonly SoftwareToken[];
  deviceKeys: readonly DeviceKey[];
  passkeys: readonly Passkey[];
  /** Newest first. */
  resourceCalls: readonly ResourceCall[];
  /** What was settled by hand since a dataset's last synchronise. */
  undo: readonly SettledByHand[];
}

export interface SettledByHand {
  readonly identityId: string;
  readonly dataset: string;
  readonly conflict: Conflict;
}

/** What brings a file of the number before to this one; the first is made by the schema itself. */
const UPGRADES: { readonly [number: number]: string } = {
  2: `ALTER TABLE datasets ADD COLUMN settled TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE records ADD COLUMN base_value TEXT;`,
  // Identities were known by the name of a user of the app's user pool, and by nothing else.
  3: `INSERT INTO documents (name, value)
        SELECT 'owners', json_group_object(user.key, json_array(json_object(
          'provider', 'cognito-idp.' || (profile.value ->> '$.app.region') || '.amazonaws.com/' ||
            (profile.value ->> '$.app.userPoolId'),
          'kind', 'user-pool', 'subject', user.value, 'person', user.value)))
        FROM documents AS usernames, documents AS profile, json_each(usernames.value) AS user
        WHERE usernames.name = 'usernames' AND profile.name = 'profile';
      DELETE FROM documents WHERE name = 'usernames';`,
};
const SCHEMA_NUMBER = 3;

/** The SQLite file of one device: its settings, session and identity as documents, and its cache. */
export class DeviceFile {
  readonly cache: LocalCache;
  readonly pushes: PushLog;
  readonly #database: Database;
  readonly #documents = new Map<string, unknown>();
  readonly #write;
  readonly #erase;

  /** @param path a file, or `:memory:` */
  constructor(path: string) {
    const database = openDatabase(path);
    this.#database = database;
    prepareSchema(database, path);
    this.#write = database.prepare<[string, string]>(
      'INSERT INTO documents (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    this.#erase = database.prepare<[string]>('DELETE FROM documents WHERE name = ?');
    const all = database.prepare<[], { name: string; value: string }>('SELECT name, value FROM documents').all();
    for (const { name, value } of all) this.#documents.set(name, JSON.parse(value));
    this.cache = new LocalCache(database);
    this.pushes = new PushLog(database);
  }

  get profile(): DeviceProfile {
    return this.#read('profile') as DeviceProfile;
  }

  get network(): NetworkState {
    // A file of an earlier version knows fewer of its members.
    return { ...GOOD_NETWORK, ...this.#read('network') };
  }

  get session(): Session {
    return this.#read('session') ?? { status: 'signed-out' };
  }

  get identity(): KnownIdentity | undefined {
    return this.#read('identity');
  }

  get logins(): readonly KeptLogin[] {
    return this.#read('logins') ?? [];
  }

  /** By whose logins the identity was ever known on this device. */
  ownersOf(identityId: string): readonly LoginOwner[] {
    return this.#read('owners')?.[identityId] ?? [];
  }

  setOwners(identityId: string, owners: readonly LoginOwner[]): void {
    const { [identityId]: _before, ...others } = this.#read('owners') ?? {};
    this.set('owners', owners.length === 0 ? others : { ...others, [identityId]: owners });
  }

  /** The secrets of the authenticator app. */
  get softwareTokens(): readonly SoftwareToken[] {
    return this.#read('softwareTokens') ?? [];
  }

  /** By which user pools know this device, one for each user. */
  get deviceKeys(): readonly DeviceKey[] {
    return this.#read('deviceKeys') ?? [];
  }

  get passkeys(): readonly Passkey[] {
    return this.#read('passkeys') ?? [];
  }

  get resourceCalls(): readonly ResourceCall[] {
    return this.#read('resourceCalls') ?? [];
  }

  /** Settled by hand and not synchronised since. */
  undoable(identityId: string, dataset: string): readonly SettledByHand[] {
    return (this.#read('undo') ?? []).filter((entry) => entry.identityId === identityId && entry.dataset === dataset);
  }

  noteSettledByHand(identityId: string, dataset: string, conflicts: readonly Conflict[]): void {
    this.set('undo', [
      ...(this.#read('undo') ?? []),
      ...conflicts.map((conflict) => ({ identityId, dataset, conflict })),
    ]);
  }

  forgetUndo(identityId: string, dataset: string): void {
    const all = this.#read('undo') ?? [];
    const kept = all.filter((entry) => entry.identityId !== identityId || entry.dataset !== dataset);
    if (kept.length < all.length) this.set('undo', kept);
  }

  get lastError(): DeviceState['lastError'] {
    return this.#read('lastError');
  }

  /** The push device id under which an identity registered this device. */
  registration(identityId: string): string | undefined {
    return this.#read('registrations')?.[identityId];
  }

  register(identityId: string, pushDeviceId: string): void {
    this.set('registrations', { ...this.#read('registrations'), [identityId]: pushDeviceId });
  }

  /** Whether a device was ever written here: a crash can leave a file with an empty schema. */
  get isEmpty(): boolean {
    return !this.#documents.has('profile');
  }

  set<Name extends keyof Documents>(name: Name, value: Documents[Name] | undefined): void {
    if (value === undefined) {
      if (this.#documents.delete(name)) this.#erase.run(name);
      return;
    }
    this.#write.run(name, JSON.stringify(value));
    this.#documents.set(name, value);
  }

  /** All of `work`, or nothing of it. */
  transaction<Result>(work: () => Result): Result {
    const before = new Map(this.#documents);
    try {
      return this.#database.transaction(work)();
    } catch (error) {
      this.#documents.clear();
      for (const [name, value] of before) this.#documents.set(name, value);
      throw error;
    }
  }

  /** Back to a fresh install: only the profile and the network switch stay. */
  wipe(): void {
    this.transaction(() => {
      for (const name of [...this.#documents.keys()] as (keyof Documents)[]) {
        if (name !== 'profile' && name !== 'network') this.set(name, undefined);
      }
      this.cache.wipe();
      this.pushes.wipe();
    });
  }

  /** One identity's data leave the device; where it is the current one, its session does too. */
  wipeIdentity(identityId: string): void {
    this.transaction(() => {
      if (this.identity?.identityId === identityId) {
        this.set('session', undefined);
        this.set('logins', undefined);
        this.set('identity', undefined);
      }
      this.set('registrations', without(this.#read('registrations'), identityId));
      this.setOwners(identityId, []);
      this.set(
        'undo',
        this.#read('undo')?.filter((entry) => entry.identityId !== identityId),
      );
      this.cache.wipe(identityId);
      this.pushes.wipe(identityId);
    });
  }

  close(): void {
    this.#database.close();
  }

  #read<Name extends keyof Documents>(name: Name): Documents[Name] | undefined {
    return this.#documents.get(name) as Documents[Name] | undefined;
  }
}

function prepareSchema(database: Database, path: string): void {
  const number = database.pragma('user_version', { simple: true }) as number;
  if (number > SCHEMA_NUMBER) {
    database.close();
    throw new BenchError('NewerData', `The device file ${path} was written by a newer version of Poolbench.`);
  }
  if (number === SCHEMA_NUMBER) return;
  database.transaction(() => {
    if (number === 0) database.exec(schema);
    else for (let next = number + 1; next <= SCHEMA_NUMBER; next += 1) database.exec(UPGRADES[next]!);
    database.pragma(`user_version = ${SCHEMA_NUMBER}`);
  })();
}

function without(
  entries: { readonly [identityId: string]: string } | undefined,
  identityId: string,
): { readonly [identityId: string]: string } {
  return Object.fromEntries(Object.entries(entries ?? {}).filter(([id]) => id !== identityId));
}
