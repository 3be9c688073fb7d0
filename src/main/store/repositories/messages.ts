import type { InboxMessage } from '../../../shared/bench-api.ts';
import type { Database } from '../database.ts';

export interface MessageFilter {
  readonly to?: string | undefined;
  readonly medium?: InboxMessage['medium'] | undefined;
  /** Only messages sent at this time or later. */
  readonly since?: Date | undefined;
  readonly limit?: number | undefined;
}

interface Row {
  id: string;
  user_pool_id: string;
  username: string;
  medium: string;
  to_address: string;
  from_address: string;
  subject: string | null;
  body: string;
  code: string | null;
  link: string | null;
  trigger_name: string;
  sent_at: number;
  reply_to: string | null;
}

function record(row: Row): InboxMessage {
  return {
    id: row.id,
    to: row.to_address,
    medium: row.medium as InboxMessage['medium'],
    from: row.from_address,
    subject: row.subject,
    body: row.body,
    code: row.code,
    link: row.link,
    trigger: row.trigger_name,
    userPoolId: row.user_pool_id,
    username: row.username,
    sentAt: new Date(row.sent_at).toISOString(),
    ...(row.reply_to === null ? {} : { replyTo: row.reply_to }),
  };
}

const DEFAULT_LIMIT = 1000;

/** The inbox: every e-mail and SMS that an account's pools sent. */
export class Messages {
  readonly #statements;

  constructor(database: Database) {
    const filters = `AND (@medium IS NULL OR medium = @medium) AND (@since IS NULL OR sent_at >= @since)
      ORDER BY number DESC LIMIT @limit`;
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO messages (id, account, user_pool_id, username, medium, to_address, from_address, subject, body,
           code, link, trigger_name, sent_at, reply_to)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      list: database.prepare<object, Row>(`SELECT * FROM messages WHERE account = @account ${filters}`),
      listTo: database.prepare<object, Row>(
        `SELECT * FROM messages WHERE account = @account AND to_address = @to ${filters}`,
      ),
      clear: database.prepare('DELETE FROM messages WHERE account = ?'),
    };
  }

  insert(account: string, message: InboxMessage): void {
    this.#statements.insert.run(
      message.id,
      account,
      message.userPoolId,
      message.username,
      message.medium,
      message.to,
      message.from,
      message.subject,
      message.body,
      message.code,
      message.link,
      message.trigger,
      Date.parse(message.sentAt),
      message.replyTo ?? null,
    );
  }

  /** Newest first. */
  list(account: string, filter: MessageFilter = {}): InboxMessage[] {
    const values = {
      account,
      medium: filter.medium ?? null,
      since: filter.since?.getTime() ?? null,
      limit: filter.limit ?? DEFAULT_LIMIT,
    };
    const rows =
      filter.to === undefined
        ? this.#statements.list.all(values)
        : this.#statements.listTo.all({ ...values, to: filter.to });
    return rows.map(record);
  }

  clear(account: string): void {
    this.#statements.clear.run(account);
  }
}
