import type { PushNotification, ReceivedPush } from '../../shared/device.ts';
import type { Database } from '../store/database.ts';

interface PushRow {
  readonly id: number;
  readonly received_at: number;
  readonly notification: string;
  readonly is_handled: number;
}

/** The pushes that a device keeps are the last ones; what they announced is in the store anyway. */
const KEPT = 50;

/** The silent pushes in a device's file. */
export class PushLog {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<[number, string, number]>(
        'INSERT INTO pushes (received_at, notification, is_delivered) VALUES (?, ?, ?)',
      ),
      trim: database.prepare<[number]>(
        'DELETE FROM pushes WHERE id <= (SELECT max(id) FROM pushes) - ? AND is_delivered = 1',
      ),
      delivered: database.prepare<[number], PushRow>(
        'SELECT * FROM pushes WHERE is_delivered = 1 ORDER BY id DESC LIMIT ?',
      ),
      waiting: database.prepare<[], PushRow>('SELECT * FROM pushes WHERE is_delivered = 0 ORDER BY id'),
      deliver: database.prepare<[number]>('UPDATE pushes SET is_delivered = 1, received_at = ? WHERE is_delivered = 0'),
      unhandled: database.prepare<[], PushRow>('SELECT * FROM pushes WHERE is_delivered = 1 AND is_handled = 0'),
      markHandled: database.prepare<[number]>('UPDATE pushes SET is_handled = 1 WHERE id = ?'),
      wipe: database.prepare('DELETE FROM pushes'),
      wipeIdentity: database.prepare<[string]>("DELETE FROM pushes WHERE notification ->> 'identityId' = ?"),
    };
  }

  add(notification: PushNotification, at: number, isDelivered: boolean): void {
    this.#statements.insert.run(at, JSON.stringify(notification), isDelivered ? 1 : 0);
    this.#statements.trim.run(KEPT);
  }

  /** Hands over what waited with the push service while the device was offline. */
  deliverWaiting(at: number): PushNotification[] {
    const waiting = this.#statements.waiting.all().map(readNotification);
    if (waiting.length > 0) this.#statements.deliver.run(at);
    return waiting;
  }

  /** Newest first. */
  list(): ReceivedPush[] {
    return this.#statements.delivered.all(KEPT).map((row) => ({
      at: new Date(row.received_at).toISOString(),
      notification: readNotification(row),
      handled: row.is_handled === 1,
    }));
  }

  /** A synchronise that came as far as `syncCount` has fetched what these pushes announced. */
  markHandled(identityId: string, datasetName: string, syncCount: number): void {
    for (const row of this.#statements.unhandled.all()) {
      const push = readNotification(row);
      if (push.identityId !== identityId || push.datasetName !== datasetName || push.syncCount > syncCount) continue;
      this.#statements.markHandled.run(row.id);
    }
  }

  /** All of them, or one identity's. */
  wipe(identityId?: string): void {
    if (identityId === undefined) this.#statements.wipe.run();
    else this.#statements.wipeIdentity.run(identityId);
  }
}

function readNotification(row: PushRow): PushNotification {
  return JSON.parse(row.notification) as PushNotification;
}
