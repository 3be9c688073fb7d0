import type { Database } from '../database.ts';

export interface TopicRecord {
  readonly account: string;
  /** `arn:aws:sns:REGION:ACCOUNT:NAME` */
  readonly arn: string;
  readonly attributes: { readonly [name: string]: string };
  readonly createdAt: number;
}

/** A platform endpoint that gets what is published to a topic. */
export interface TopicSubscriptionRecord {
  readonly account: string;
  readonly arn: string;
  readonly topicArn: string;
  readonly endpointArn: string;
  readonly createdAt: number;
}

type TopicRow = Omit<TopicRecord, 'attributes'> & { readonly attributes: string };

const TOPIC = 'account, arn, attributes, created_at AS createdAt';
const SUBSCRIPTION = 'account, arn, topic_arn AS topicArn, endpoint_arn AS endpointArn, created_at AS createdAt';

export class Topics {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      topic: database.prepare<[string, string], TopicRow>(`SELECT ${TOPIC} FROM topics WHERE account = ? AND arn = ?`),
      topics: database.prepare<[string, string, number], TopicRow>(
        `SELECT ${TOPIC} FROM topics WHERE account = ? AND arn > ? ORDER BY arn LIMIT ?`,
      ),
      putTopic: database.prepare<TopicRow>(
        'INSERT INTO topics (account, arn, attributes, created_at) VALUES (@account, @arn, @attributes, @createdAt)',
      ),
      removeTopic: database.prepare<[string, string]>('DELETE FROM topics WHERE account = ? AND arn = ?'),
      subscriptionOf: database.prepare<[string, string, string], TopicSubscriptionRecord>(
        `SELECT ${SUBSCRIPTION} FROM topic_subscriptions WHERE account = ? AND topic_arn = ? AND endpoint_arn = ?`,
      ),
      subscriptions: database.prepare<[string, string], TopicSubscriptionRecord>(
        `SELECT ${SUBSCRIPTION} FROM topic_subscriptions WHERE account = ? AND topic_arn = ? ORDER BY rowid`,
      ),
      subscribe: database.prepare<TopicSubscriptionRecord>(
        `INSERT INTO topic_subscriptions (account, arn, topic_arn, endpoint_arn, created_at)
           VALUES (@account, @arn, @topicArn, @endpointArn, @createdAt)`,
      ),
      unsubscribe: database.prepare<[string, string]>('DELETE FROM topic_subscriptions WHERE account = ? AND arn = ?'),
    };
  }

  find(account: string, arn: string): TopicRecord | undefined {
    const row = this.#statements.topic.get(account, arn);
    return row && fromRow(row);
  }

  /** By ARN, after `after`. */
  list(account: string, after: string, limit: number): TopicRecord[] {
    return this.#statements.topics.all(account, after, limit).map(fromRow);
  }

  create(topic: TopicRecord): void {
    this.#statements.putTopic.run({ ...topic, attributes: JSON.stringify(topic.attributes) });
  }

  /** Its subscriptions go with it. */
  remove(account: string, arn: string): void {
    this.#statements.removeTopic.run(account, arn);
  }

  subscriptionOf(account: string, topicArn: string, endpointArn: string): TopicSubscriptionRecord | undefined {
    return this.#statements.subscriptionOf.get(account, topicArn, endpointArn);
  }

  subscriptions(account: string, topicArn: string): TopicSubscriptionRecord[] {
    return this.#statements.subscriptions.all(account, topicArn);
  }

  subscribe(subscription: TopicSubscriptionRecord): void {
    this.#statements.subscribe.run(subscription);
  }

  unsubscribe(account: string, arn: string): void {
    this.#statements.unsubscribe.run(account, arn);
  }
}

function fromRow(row: TopicRow): TopicRecord {
  return { ...row, attributes: JSON.parse(row.attributes) as { [name: string]: string } };
}
