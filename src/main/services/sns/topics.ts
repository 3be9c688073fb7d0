import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  ListTopicsInput,
  ListTopicsResponse,
  SubscribeInput,
  SubscribeResponse,
  UnsubscribeInput,
} from '../../../shared/aws/sns.ts';
import { fault } from '../../kernel/fault.ts';
import type { TopicRecord } from '../../store/repositories/topics.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { invalid, missing, topicArn } from './arns.ts';
import { page } from './pages.ts';

type Needs = Pick<Services, 'ids' | 'platformEndpoints' | 'store' | 'topics'>;

const ofTopic = (input: { readonly TopicArn: string }): string[] => [input.TopicArn];

export const topics = family<'sns', Needs>('sns', 'topics', {
  CreateTopic: { resources: ({ Name }, call) => [topicArn(call.region, call.account, Name)], run: createTopic },
  DeleteTopic: { resources: ofTopic, run: deleteTopic },
  ListTopics: { run: listTopics },
  Subscribe: { resources: ofTopic, run: subscribe },
  Unsubscribe: { run: unsubscribe },
});

function createTopic(input: CreateTopicInput, call: Call, services: Needs): CreateTopicResponse {
  if (!/^[\w-]{1,256}$/.test(input.Name)) {
    throw invalid(
      call,
      'PS-TOPIC-1',
      'a name is 1 to 256 letters, digits, underscores and hyphens; FIFO topics are not built',
      'Topic Name',
    );
  }
  const arn = topicArn(call.region, call.account, input.Name);
  services.store.write(() => {
    if (services.topics.find(call.account, arn)) {
      call.why.choose('PS-TOPIC-2', 'the topic exists, and is the answer', { arn });
      return;
    }
    services.topics.create({
      account: call.account,
      arn,
      attributes: { ...input.Attributes },
      createdAt: call.now.getTime(),
    });
    call.why.choose('PS-TOPIC-2', 'a new topic', { arn });
  });
  return { TopicArn: arn };
}

function deleteTopic(input: DeleteTopicInput, call: Call, services: Needs): void {
  services.store.write(() => services.topics.remove(call.account, input.TopicArn));
  call.why.pass('PS-TOPIC-3', 'the topic and its subscriptions are gone, if they were there');
}

function listTopics(input: ListTopicsInput, call: Call, services: Needs): ListTopicsResponse {
  const { items, next } = page(call, 'ListTopics', input.NextToken, (after, limit) =>
    services.topics.list(call.account, after, limit),
  );
  return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...next };
}

function subscribe(input: SubscribeInput, call: Call, services: Needs): SubscribeResponse {
  const { Endpoint: endpointArn } = input;
  if (input.Protocol !== 'application') {
    throw call.why.refuse(
      'PS-TOPIC-4',
      'topics of the bench deliver to platform endpoints alone',
      fault('NotBuiltException', `Poolbench does not deliver topics by ${input.Protocol}: only application is built.`),
      { protocol: input.Protocol.slice(0, 50) },
    );
  }
  return services.store.write(() => {
    const topic = requireTopic(call, services, input.TopicArn);
    if (endpointArn == null || !services.platformEndpoints.endpoint(call.account, endpointArn)) {
      throw invalid(
        call,
        'PS-TOPIC-5',
        'there is no such platform endpoint',
        `Endpoint Reason: Endpoint does not exist for endpoint arn${endpointArn ?? ''}`,
      );
    }
    const known = services.topics.subscriptionOf(call.account, topic.arn, endpointArn);
    if (known) return { SubscriptionArn: known.arn };
    const arn = `${topic.arn}:${services.ids.uuid()}`;
    services.topics.subscribe({
      account: call.account,
      arn,
      topicArn: topic.arn,
      endpointArn,
      createdAt: call.now.getTime(),
    });
    call.why.pass('PS-TOPIC-5', 'the endpoint gets what is published to the topic', { endpoint: endpointArn });
    return { SubscriptionArn: arn };
  });
}

function unsubscribe({ SubscriptionArn: arn }: UnsubscribeInput, call: Call, services: Needs): void {
  const parts = arn.split(':').length;
  if (parts < 6) {
    throw invalid(
      call,
      'PS-TOPIC-6',
      'this is not the ARN of a subscription',
      `SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts}`,
    );
  }
  services.store.write(() => services.topics.unsubscribe(call.account, arn));
  call.why.pass('PS-TOPIC-6', 'the subscription ends, if there was one');
}

export function requireTopic(call: Call, services: Pick<Services, 'topics'>, arn: string): TopicRecord {
  const topic = services.topics.find(call.account, arn);
  if (!topic) throw missing(call, 'Topic', arn);
  return topic;
}
