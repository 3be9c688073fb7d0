import type { AuthEventType, ChallengeResponseType } from '../../../shared/aws/cognito-idp.ts';
import type { Database } from '../database.ts';

/** One thing that a user did, or failed to do. */
export interface AuthEventRecord {
  readonly number: number;
  readonly id: string;
  readonly type: NonNullable<AuthEventType['EventType']>;
  readonly response: NonNullable<AuthEventType['EventResponse']>;
  readonly challenges: readonly ChallengeResponseType[];
  readonly ipAddress: string;
  readonly deviceName: string;
  readonly feedback?: { readonly value: 'Valid' | 'Invalid'; readonly provider: string; readonly at: Date };
  readonly createdAt: Date;
}

interface Row {
  number: number;
  id: string;
  type: string;
  response: string;
  challenges: string;
  ip_address: string;
  device_name: string;
  feedback: string | null;
  feedback_provider: string | null;
  feedback_at: number | null;
  created_at: number;
}

function record(row: Row): AuthEventRecord {
  return {
    number: row.number,
    id: row.id,
    type: row.type as AuthEventRecord['type'],
    response: row.response as AuthEventRecord['response'],
    challenges: JSON.parse(row.challenges) as ChallengeResponseType[],
    ipAddress: row.ip_address,
    deviceName: row.device_name,
    ...(row.feedback === null
      ? {}
      : {
          feedback: {
            value: row.feedback as 'Valid' | 'Invalid',
            provider: row.feedback_provider ?? '',
            at: new Date(row.feedback_at ?? row.created_at),
          },
        }),
    createdAt: new Date(row.created_at),
  };
}

/** What users of pools with threat protection did. */
export class AuthEvents {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      // An event that goes on is written again under its id, as the sign-in gets further.
      save: database.prepare(
        `INSERT INTO auth_events (id, account, user_number, type, response, challenges, ip_address, device_name,
           created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_number, id) DO UPDATE SET response = excluded.response, challenges = excluded.challenges`,
      ),
      find: database.prepare<[number, string], Row>('SELECT * FROM auth_events WHERE user_number = ? AND id = ?'),
      list: database.prepare<[number, number, number], Row>(
        'SELECT * FROM auth_events WHERE user_number = ? AND number < ? ORDER BY number DESC LIMIT ?',
      ),
      setFeedback: database.prepare(
        'UPDATE auth_events SET feedback = ?, feedback_provider = ?, feedback_at = ? WHERE number = ?',
      ),
    };
  }

  save(
    user: { readonly number: number; readonly account: string },
    event: Omit<AuthEventRecord, 'number' | 'feedback'>,
  ): void {
    this.#statements.save.run(
      event.id,
      user.account,
      user.number,
      event.type,
      event.response,
      JSON.stringify(event.challenges),
      event.ipAddress,
      event.deviceName,
      event.createdAt.getTime(),
    );
  }

  find(user: { readonly number: number }, id: string): AuthEventRecord | undefined {
    const row = this.#statements.find.get(user.number, id);
    return row && record(row);
  }

  /** Newest first, older than the number `before`. */
  list(user: { readonly number: number }, before: number, limit: number): AuthEventRecord[] {
    return this.#statements.list.all(user.number, before, limit).map(record);
  }

  setFeedback(event: AuthEventRecord, feedback: NonNullable<AuthEventRecord['feedback']>): void {
    this.#statements.setFeedback.run(feedback.value, feedback.provider, feedback.at.getTime(), event.number);
  }
}
