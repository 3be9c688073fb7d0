import type { DeviceApp, DeviceState, NetworkState } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { LocalCache } from './local-cache.ts';
import { PushLog } from './push-log.ts';
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
  | {
      readonly status: 'challenged';
      readonly username: string;
      readonly challenge: string;
      readonly session: string;
      /** The user name that the answer carries: `USER_ID_FOR_SRP` where the pool gave one. */
      readonly userId: string;
      readonly requiredAttributes: readonly string[];
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
}

export interface KnownIdentity {
  readonly identityId: string;
  /** The signed-in user that the identity belongs to; absent for a guest. */
  readonly username?: string;
  readonly credentials?: DeviceCredentials;
}

interface Documents {
  profile: DeviceProfile;
  network: NetworkState;
  session: Session;
  identity: KnownIdentity;
  /** The push registration of each identity, by the device id that RegisterDevice returned. */
  registrations: { readonly [identityId: string]: string };
  lastError: NonNullable<DeviceState['lastError']>;
}

const SCHEMA_NUMBER = 1;

/** The SQLite file of one device: its settings, session and identity as documents, and its cache. */
export class DeviceFile {
  readonly cache: LocalCache;
  readonly pushes: PushLog;
  readonly #database: Database;
  readonly #documents = new Map<string, unknown>();
  readonly #write;
  readonly #erase;

  constructor(path: string | ':memory:') {
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
    return this.#read('network') ?? { online: true, latencyMs: 0 };
  }

  get session(): Session {
    return this.#read('session') ?? { status: 'signed-out' };
  }

  get identity(): KnownIdentity | undefined {
    return this.#read('identity');
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
      for (const name of ['session', 'identity', 'registrations', 'lastError'] as const) this.set(name, undefined);
      this.cache.wipe();
      this.pushes.wipe();
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
    database.exec(schema);
    database.pragma(`user_version = ${SCHEMA_NUMBER}`);
  })();
}
