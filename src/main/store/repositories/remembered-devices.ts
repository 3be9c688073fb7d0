import type { Database } from '../database.ts';
import type { PasswordVerifier } from './users.ts';

/** A device that Cognito knows of a user; the bench's simulated phones are another thing. */
export interface RememberedDeviceRecord {
  readonly deviceKey: string;
  readonly account: string;
  readonly userNumber: number;
  readonly deviceGroupKey: string;
  readonly name: string | undefined;
  /** What is kept of the device's own password; absent until the device is confirmed. */
  readonly secret: PasswordVerifier | undefined;
  readonly remembered: boolean;
  readonly lastIp: string;
  readonly sdk: string;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly authenticatedAt: Date;
}

export type DeviceChanges = Partial<
  Pick<RememberedDeviceRecord, 'name' | 'secret' | 'remembered' | 'lastIp' | 'sdk' | 'authenticatedAt' | 'modifiedAt'>
>;

interface Row {
  device_key: string;
  account: string;
  user_number: number;
  device_group_key: string;
  name: string | null;
  salt: string | null;
  verifier: string | null;
  remembered: number;
  last_ip: string;
  sdk: string;
  created_at: number;
  modified_at: number;
  authenticated_at: number;
}

// A device is confirmed with an access token of its own sign-in, and none lives longer than a day.
const KEPT_UNCONFIRMED = 24 * 60 * 60 * 1000;

function record(row: Row): RememberedDeviceRecord {
  return {
    deviceKey: row.device_key,
    account: row.account,
    userNumber: row.user_number,
    deviceGroupKey: row.device_group_key,
    name: row.name ?? undefined,
    secret: row.salt !== null && row.verifier !== null ? { salt: row.salt, verifier: row.verifier } : undefined,
    remembered: row.remembered === 1,
    lastIp: row.last_ip,
    sdk: row.sdk,
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
    authenticatedAt: new Date(row.authenticated_at),
  };
}

export class RememberedDevices {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      sweep: database.prepare(
        'DELETE FROM remembered_devices WHERE user_number = ? AND verifier IS NULL AND created_at < ?',
      ),
      insert: database.prepare(
        `INSERT INTO remembered_devices (device_key, account, user_number, device_group_key, name, salt, verifier,
           remembered, last_ip, sdk, created_at, modified_at, authenticated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: database.prepare(
        `UPDATE remembered_devices SET name = ?, salt = ?, verifier = ?, remembered = ?, last_ip = ?, sdk = ?,
           modified_at = ?, authenticated_at = ? WHERE device_key = ?`,
      ),
      delete: database.prepare('DELETE FROM remembered_devices WHERE device_key = ?'),
      find: database.prepare<[number, string], Row>(
        'SELECT * FROM remembered_devices WHERE user_number = ? AND device_key = ?',
      ),
      list: database.prepare<[number, string, number], Row>(
        `SELECT * FROM remembered_devices WHERE user_number = ? AND device_key > ? AND verifier IS NOT NULL
         ORDER BY device_key LIMIT ?`,
      ),
    };
  }

  insert(device: Omit<RememberedDeviceRecord, 'modifiedAt' | 'authenticatedAt'>): void {
    const created = device.createdAt.getTime();
    this.#statements.sweep.run(device.userNumber, created - KEPT_UNCONFIRMED);
    this.#statements.insert.run(
      device.deviceKey,
      device.account,
      device.userNumber,
      device.deviceGroupKey,
      device.name ?? null,
      device.secret?.salt ?? null,
      device.secret?.verifier ?? null,
      device.remembered ? 1 : 0,
      device.lastIp,
      device.sdk,
      created,
      created,
      created,
    );
  }

  update(device: RememberedDeviceRecord, changes: DeviceChanges): void {
    const next = { ...device, ...changes };
    this.#statements.update.run(
      next.name ?? null,
      next.secret?.salt ?? null,
      next.secret?.verifier ?? null,
      next.remembered ? 1 : 0,
      next.lastIp,
      next.sdk,
      next.modifiedAt.getTime(),
      next.authenticatedAt.getTime(),
      device.deviceKey,
    );
  }

  delete(device: Pick<RememberedDeviceRecord, 'deviceKey'>): void {
    this.#statements.delete.run(device.deviceKey);
  }

  /** Another user's device is not found. */
  find(user: { readonly number: number }, deviceKey: string): RememberedDeviceRecord | undefined {
    const row = this.#statements.find.get(user.number, deviceKey);
    return row && record(row);
  }

  /** Confirmed devices after the key `after`, in the order of their keys. */
  list(user: { readonly number: number }, after: string, limit: number): RememberedDeviceRecord[] {
    return this.#statements.list.all(user.number, after, limit).map(record);
  }
}
