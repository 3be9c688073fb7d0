import type { PublishInput, PublishResponse } from '../../../shared/aws/sns.ts';
import { fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import type { OutgoingPush, Services } from '../services.ts';
import { invalid, platformOf } from './arns.ts';
import { messageTexts } from './payloads.ts';
import { requireApplication } from './platform-applications.ts';
import { requireEndpoint } from './platform-endpoints.ts';
import { requireTopic } from './topics.ts';

type Needs = Pick<Services, 'ids' | 'platformEndpoints' | 'push' | 'topics'>;

export const publishing = family<'sns', Needs>('sns', 'publish', {
  Publish: { resources: ({ TargetArn, TopicArn }) => [TargetArn ?? TopicArn ?? '*'], run: publish },
});

const MESSAGE_BYTES = 262_144;

function publish(input: PublishInput, call: Call, services: Needs): PublishResponse {
  const texts = readMessage(input, call);
  const endpoints = [...targetsOf(input, call, services)];
  const pushes = endpoints.map((endpointArn): OutgoingPush => ({
    endpointArn,
    payload: texts.textFor(platformOf(endpointArn)),
  }));
  services.push.send(call.account, 'sns', pushes);
  call.why.pass('PS-PUBLISH-1', 'the message goes to the endpoints, each in its platform’s form', { endpoints });
  return { MessageId: services.ids.uuid() };
}

function readMessage(input: PublishInput, call: Call): { textFor(platform: string): string } {
  const structure = input.MessageStructure ?? undefined;
  if (structure !== undefined && structure !== 'json') {
    throw invalid(call, 'PS-PUBLISH-2', 'the only structure is json', 'Invalid message structure. Must be json');
  }
  if (input.Message === '') throw invalid(call, 'PS-PUBLISH-2', 'the message is empty', 'Empty message');
  if (Buffer.byteLength(input.Message) > MESSAGE_BYTES) {
    throw invalid(call, 'PS-PUBLISH-2', 'a message takes at most 256 KB', 'Message too long');
  }
  const texts = messageTexts(input.Message, structure);
  if (!texts.ok)
    throw invalid(call, 'PS-PUBLISH-3', 'the message is not of the structure that it names', texts.problem);
  return texts;
}

/** The endpoints that a message goes to. One that is named alone must be able to take it. */
function targetsOf(input: PublishInput, call: Call, services: Needs): readonly string[] {
  const named = [input.TopicArn, input.TargetArn, input.PhoneNumber].filter((target) => target != null);
  if (named.length !== 1) {
    throw invalid(
      call,
      'PS-PUBLISH-4',
      'a message has one target',
      named.length === 0
        ? 'TopicArn or TargetArn Reason: no value for required parameter'
        : 'TopicArn, TargetArn and PhoneNumber: only one may be given',
    );
  }
  if (input.PhoneNumber != null) {
    throw call.why.refuse(
      'PS-PUBLISH-4',
      'the bench sends text messages of user pools alone',
      fault('NotBuiltException', 'Poolbench does not publish to phone numbers yet.'),
    );
  }
  const target = named[0]!;
  if (!target.includes(':endpoint/')) {
    const topic = requireTopic(call, services, target);
    return services.topics.subscriptions(call.account, topic.arn).map(({ endpointArn }) => endpointArn);
  }
  const endpoint = requireEndpoint(call, services, target);
  const application = requireApplication(call, services, endpoint.applicationArn);
  if (application.attributes['Enabled'] === 'false') {
    throw call.why.refuse(
      'PS-PUBLISH-5',
      'the platform application is disabled',
      // text from memory
      fault('PlatformApplicationDisabledException', 'PlatformApplication is disabled'),
    );
  }
  if (!endpoint.isEnabled) {
    throw call.why.refuse(
      'PS-PUBLISH-5',
      'the endpoint is disabled',
      fault('EndpointDisabledException', 'Endpoint is disabled'),
    );
  }
  return [endpoint.arn];
}
