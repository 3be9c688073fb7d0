import type { PushRules } from '../../../shared/sync-views.ts';
import type { PushNotification } from '../../../shared/device.ts';
import type { Database } from '../database.ts';

export type PushStatus = 'waiting' | 'delivered' | 'dropped' | 'not-sent';

/** One push on its way to a device, as the push lane shows it; times are milliseconds since the epoch. */
export interface PushRecord {
  readonly number: number;
  readonly account: string;
  readonly origin: 'cognito-sync' | 'sns';
  readonly platform: string;
  readonly token: string;
  readonly endpointArn: string;
  /** What goes to the platform's push service. */
  readonly payload: string;
  /** What the bench's devices understand of it. */
  readonly notification: PushNotification | null;
  readonly status: PushStatus;
  readonly reason: string | null;
  /** How often it arrives. */
  readonly copies: number;
  /** How often it has arrived. */
  readonly deliveries: number;
  readonly sentAt: number;
  readonly dueAt: number;
  readonly deliveredAt: number | null;
}

export type NewPush = Omit<PushRecord, 'number' | 'deliveries' | 'deliveredAt'>;

type Row = Omit<PushRecord, 'notification'> & { readonly notification: string | null };

const PUSH = `number, account, origin, platform, token, endpoint_arn AS endpointArn, payload, notification, status, reason,
  copies, deliveries, sent_at AS sentAt, due_at AS dueAt, delivered_at AS deliveredAt`;

export class Pushes {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      insert: database.prepare<Omit<Row, 'number' | 'deliveries' | 'deliveredAt'>, Row>(
        `INSERT INTO pushes (account, origin, platform, token, endpoint_arn, payload, notification, status, reason, copies,
             sent_at, due_at)
           VALUES (@account, @origin, @platform, @token, @endpointArn, @payload, @notification, @status, @reason, @copies,
             @sentAt, @dueAt) RETURNING ${PUSH}`,
      ),
      find: database.prepare<[string, number], Row>(`SELECT ${PUSH} FROM pushes WHERE account = ? AND number = ?`),
      list: database.prepare<[string, number, string | null, number], Row>(
        `SELECT ${PUSH} FROM pushes
           WHERE account = ? AND number > ? AND token = coalesce(?, token) ORDER BY number DESC LIMIT ?`,
      ),
      waiting: database.prepare<[], { account: string; number: number; dueAt: number }>(
        `SELECT account, number, due_at AS dueAt FROM pushes WHERE status = 'waiting' ORDER BY number`,
      ),
      delivered: database.prepare<[number, number], Row>(
        `UPDATE pushes SET status = 'delivered', reason = NULL, deliveries = deliveries + copies, delivered_at = ?
           WHERE number = ? RETURNING ${PUSH}`,
      ),
      dropped: database.prepare<[string, number], Row>(
        `UPDATE pushes SET status = 'dropped', reason = ? WHERE number = ? RETURNING ${PUSH}`,
      ),
      trim: database.prepare<[string, string, number]>(
        `DELETE FROM pushes WHERE account = ? AND status <> 'waiting' AND number <=
           (SELECT number FROM pushes WHERE account = ? ORDER BY number DESC LIMIT 1 OFFSET ?)`,
      ),
      clear: database.prepare<[string]>('DELETE FROM pushes WHERE account = ?'),
      rules: database.prepare<[string], string>('SELECT rules FROM push_rules WHERE account = ?').pluck(),
      putRules: database.prepare<[string, string]>(
        `INSERT INTO push_rules (account, rules) VALUES (?, ?)
           ON CONFLICT (account) DO UPDATE SET rules = excluded.rules`,
      ),
    };
  }

  add(push: NewPush): PushRecord {
    const notification = push.notification && JSON.stringify(push.notification);
    return fromRow(this.#statements.insert.get({ ...push, notification })!);
  }

  find(account: string, number: number): PushRecord | undefined {
    const row = this.#statements.find.get(account, number);
    return row && fromRow(row);
  }

  /** Newest first. */
  list(account: string, { after = 0, token, limit }: { after?: number; token?: string; limit: number }): PushRecord[] {
    return this.#statements.list.all(account, after, token ?? null, limit).map(fromRow);
  }

  /** What is delayed, of every account. */
  waiting(): { readonly account: string; readonly number: number; readonly dueAt: number }[] {
    return this.#statements.waiting.all();
  }

  markDelivered(number: number, now: number): PushRecord {
    return fromRow(this.#statements.delivered.get(now, number)!);
  }

  markDropped(number: number, reason: string): PushRecord {
    return fromRow(this.#statements.dropped.get(reason, number)!);
  }

  /** Keeps the newest `keep` of an account, and those under way. */
  trim(account: string, keep: number): void {
    this.#statements.trim.run(account, account, keep);
  }

  clear(account: string): number {
    return this.#statements.clear.run(account).changes;
  }

  rules(account: string): PushRules {
    const rules = this.#statements.rules.get(account);
    return rules === undefined ? { drop: false, duplicate: false, delaySeconds: 0 } : (JSON.parse(rules) as PushRules);
  }

  putRules(account: string, rules: PushRules): void {
    this.#statements.putRules.run(account, JSON.stringify(rules));
  }
}

function fromRow(row: Row): PushRecord {
  return {
    ...row,
    notification: row.notification === null ? null : (JSON.parse(row.notification) as PushNotification),
  };
}
