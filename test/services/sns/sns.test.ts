import { CognitoIdentityClient, GetCredentialsForIdentityCommand } from '@aws-sdk/client-cognito-identity';
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  CreateTopicCommand,
  DeleteEndpointCommand,
  DeletePlatformApplicationCommand,
  DeleteTopicCommand,
  GetEndpointAttributesCommand,
  GetPlatformApplicationAttributesCommand,
  ListEndpointsByPlatformApplicationCommand,
  ListPlatformApplicationsCommand,
  ListTopicsCommand,
  PublishCommand,
  SetEndpointAttributesCommand,
  SetPlatformApplicationAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
  type PublishCommandInput,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PushView } from '../../../src/shared/sync-views.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { createGuest, createPool } from '../sync/setup.ts';

const INVALID = { name: 'InvalidParameterException', $metadata: { httpStatusCode: 400 } };
const NOT_FOUND = { name: 'NotFoundException', $metadata: { httpStatusCode: 404 } };

let bench: TestBench;
let sns: SNSClient;
let application: string;
let applications = 0;

beforeAll(async () => {
  bench = await startBench();
  sns = new SNSClient(bench.sdk);
});
afterAll(() => bench.stop());

beforeEach(async () => {
  applications += 1;
  application = await createApplication('GCM', `notes-${applications}`);
  await bench.call('DELETE', '/pushes');
  await bench.call('POST', '/pushes/faults', {});
});

async function createApplication(Platform: string, Name: string, Attributes = {}, client = sns): Promise<string> {
  const answer = await client.send(
    new CreatePlatformApplicationCommand({
      Platform,
      Name,
      Attributes: { PlatformCredential: 'secret', ...Attributes },
    }),
  );
  return answer.PlatformApplicationArn!;
}

async function createEndpoint(Token: string, input: object = {}): Promise<string> {
  const answer = await sns.send(
    new CreatePlatformEndpointCommand({ PlatformApplicationArn: application, Token, ...input }),
  );
  return answer.EndpointArn!;
}

const attributesOf = async (EndpointArn: string) =>
  (await sns.send(new GetEndpointAttributesCommand({ EndpointArn }))).Attributes;
const publish = (input: Partial<PublishCommandInput>) => sns.send(new PublishCommand({ Message: 'hello', ...input }));
const lane = () => bench.call<PushView[]>('GET', '/pushes');

describe('platform applications', () => {
  it('[PS-APP-3] [PS-APP-4] are made once, keep attributes and no credentials', async () => {
    const arn = await createApplication('APNS_SANDBOX', 'app', { PlatformPrincipal: 'certificate' });
    expect(arn).toBe('arn:aws:sns:us-east-1:000000000000:app/APNS_SANDBOX/app');
    expect(await createApplication('APNS_SANDBOX', 'app', { SuccessFeedbackSampleRate: '50' })).toBe(arn);
    const attributes = async () =>
      (await sns.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn: arn }))).Attributes;
    expect(await attributes()).toEqual({ Enabled: 'true', SuccessFeedbackSampleRate: '50' });
    await sns.send(
      new SetPlatformApplicationAttributesCommand({ PlatformApplicationArn: arn, Attributes: { Enabled: 'FALSE' } }),
    );
    expect(await attributes()).toEqual({ Enabled: 'false', SuccessFeedbackSampleRate: '50' });
  });

  it('[PS-APP-1] [PS-APP-2] [PS-APP-4] need a name, a platform and attributes that are known', async () => {
    await expect(createApplication('GCM', 'a b')).rejects.toMatchObject(INVALID);
    await expect(createApplication('GCM', '')).rejects.toMatchObject(INVALID);
    await expect(createApplication('WNS', 'x')).rejects.toMatchObject({
      ...INVALID,
      message: 'Invalid parameter: Platform Reason: WNS is not supported',
    });
    await expect(createApplication('GCM', 'x', { Colour: 'red' })).rejects.toMatchObject(INVALID);
    await expect(createApplication('GCM', 'x', { Enabled: 'perhaps' })).rejects.toMatchObject(INVALID);
  });

  it('[PS-APP-5] [PS-FIND-1] go with their endpoints, and are no error when gone', async () => {
    const endpoint = await createEndpoint('token');
    const remove = () => sns.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn: application }));
    await remove();
    await remove();
    await expect(attributesOf(endpoint)).rejects.toMatchObject({ ...NOT_FOUND, message: 'Endpoint does not exist' });
    await expect(createEndpoint('token')).rejects.toMatchObject({
      ...NOT_FOUND,
      message: 'PlatformApplication does not exist',
    });
  });

  it('[PS-PAGE-1] are listed a hundred at a time, each account its own', async () => {
    const own = new SNSClient(bench.sdkFor('444444444444'));
    for (let index = 0; index < 101; index += 1) await createApplication('ADM', `app-${index}`, {}, own);
    const first = await own.send(new ListPlatformApplicationsCommand({}));
    expect(first.PlatformApplications).toHaveLength(100);
    const second = await own.send(new ListPlatformApplicationsCommand({ NextToken: first.NextToken }));
    expect(second.PlatformApplications).toHaveLength(1);
    expect(second.NextToken).toBeUndefined();
    await expect(own.send(new ListTopicsCommand({ NextToken: first.NextToken }))).rejects.toMatchObject(INVALID);
  });
});

describe('endpoints', () => {
  it('[PS-ENDPOINT-1] [PS-ENDPOINT-2] are one for a token', async () => {
    const arn = await createEndpoint('token', { CustomUserData: 'ada' });
    expect(arn).toMatch(new RegExp(`^${application.replace(':app/', ':endpoint/')}/[0-9a-f-]{36}$`));
    expect(await createEndpoint('token', { CustomUserData: 'ada' })).toBe(arn);
    const taken = {
      ...INVALID,
      message: `Invalid parameter: Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`,
    };
    await expect(createEndpoint('token', { CustomUserData: 'bob' })).rejects.toMatchObject(taken);
    await expect(createEndpoint('token')).rejects.toMatchObject(taken);
    const other = await createEndpoint('other');
    await expect(
      sns.send(new SetEndpointAttributesCommand({ EndpointArn: other, Attributes: { Token: 'token' } })),
    ).rejects.toMatchObject(taken);
  });

  it('[PS-ENDPOINT-3] keep Enabled, Token and CustomUserData, and nothing else', async () => {
    const arn = await createEndpoint('token', { Attributes: { Enabled: 'false' } });
    expect(await attributesOf(arn)).toEqual({ Enabled: 'false', Token: 'token' });
    const set = (Attributes: Record<string, string>) =>
      sns.send(new SetEndpointAttributesCommand({ EndpointArn: arn, Attributes }));
    await set({ Enabled: 'true', Token: 'next', CustomUserData: 'x'.repeat(2048) });
    expect(await attributesOf(arn)).toEqual({ Enabled: 'true', Token: 'next', CustomUserData: 'x'.repeat(2048) });
    await expect(set({ CustomUserData: 'x'.repeat(2049) })).rejects.toMatchObject(INVALID);
    await expect(set({ Colour: 'red' })).rejects.toMatchObject(INVALID);
    await expect(set({ Enabled: '1' })).rejects.toMatchObject(INVALID);
    await expect(set({ Token: '' })).rejects.toMatchObject(INVALID);
    await expect(createEndpoint('x'.repeat(8193))).rejects.toMatchObject(INVALID);
  });

  it('[PS-ENDPOINT-4] are listed, deleted, and no error when gone', async () => {
    const arns = [await createEndpoint('a'), await createEndpoint('b')];
    const list = async () =>
      (await sns.send(new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: application })))
        .Endpoints ?? [];
    expect((await list()).map(({ EndpointArn }) => EndpointArn)).toEqual(arns.toSorted());
    await sns.send(new DeleteEndpointCommand({ EndpointArn: arns[0] }));
    await sns.send(new DeleteEndpointCommand({ EndpointArn: arns[0] }));
    expect(await list()).toMatchObject([{ EndpointArn: arns[1], Attributes: { Token: 'b', Enabled: 'true' } }]);
  });
});

describe('publishing', () => {
  it('[PS-PUBLISH-1] [PS-PUBLISH-3] [PS-LANE-1] wraps a text, or takes the platform’s own', async () => {
    const TargetArn = await createEndpoint('token');
    const { MessageId } = await publish({
      TargetArn,
      MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
    });
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    const own = JSON.stringify({ data: { title: 'own' } });
    await publish({
      TargetArn,
      MessageStructure: 'json',
      Message: JSON.stringify({ default: 'd', GCM: own, APNS: '{}' }),
    });
    await publish({
      TargetArn,
      MessageStructure: 'json',
      Message: JSON.stringify({ default: 'd', APNS: '{}', GCM: 7 }),
    });
    expect((await lane()).map(({ payload, status, token }) => [payload, status, token])).toEqual([
      [{ data: { default: 'd' } }, 'delivered', 'token'],
      [{ data: { title: 'own' } }, 'delivered', 'token'],
      [{ data: { default: 'hello' } }, 'delivered', 'token'],
    ]);
  });

  it('[PS-PUBLISH-2] [PS-PUBLISH-3] [PS-PUBLISH-4] refuses what is no message and no target', async () => {
    const TargetArn = await createEndpoint('token');
    const refused: [Partial<PublishCommandInput>, string][] = [
      [{ TargetArn, Message: 'x'.repeat(262_145) }, 'Invalid parameter: Message too long'],
      [{ TargetArn, Message: '' }, 'Invalid parameter: Empty message'],
      [{ TargetArn, MessageStructure: 'xml' }, 'Invalid parameter: Invalid message structure. Must be json'],
      [
        { TargetArn, MessageStructure: 'json', Message: '{' },
        'Invalid parameter: Message Structure - JSON message body failed to parse',
      ],
      [
        { TargetArn, MessageStructure: 'json', Message: '{"GCM":"x"}' },
        'Invalid parameter: Message Structure - No default entry in JSON message body',
      ],
      [{}, 'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter'],
      [
        { TargetArn, TopicArn: TargetArn },
        'Invalid parameter: TopicArn, TargetArn and PhoneNumber: only one may be given',
      ],
    ];
    for (const [input, message] of refused) await expect(publish(input)).rejects.toMatchObject({ ...INVALID, message });
    await expect(publish({ PhoneNumber: '+15550100' })).rejects.toMatchObject({ name: 'NotBuiltException' });
    await expect(publish({ TargetArn: `${TargetArn}0` })).rejects.toMatchObject(NOT_FOUND);
    expect(await lane()).toEqual([]);
  });

  it('[PS-PUBLISH-5] refuses a disabled endpoint and a disabled application', async () => {
    const TargetArn = await createEndpoint('token', { Attributes: { Enabled: 'false' } });
    await expect(publish({ TargetArn })).rejects.toMatchObject({
      name: 'EndpointDisabledException',
      message: 'Endpoint is disabled',
      $metadata: { httpStatusCode: 400 },
    });
    await sns.send(
      new SetPlatformApplicationAttributesCommand({
        PlatformApplicationArn: application,
        Attributes: { Enabled: 'false' },
      }),
    );
    await expect(publish({ TargetArn })).rejects.toMatchObject({ name: 'PlatformApplicationDisabledException' });
  });
});

describe('topics', () => {
  it('[PS-TOPIC-2] [PS-TOPIC-5] [PS-PUBLISH-5] deliver to their endpoints, and pass over the disabled', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
    expect(TopicArn).toBe('arn:aws:sns:us-east-1:000000000000:news');
    expect((await sns.send(new CreateTopicCommand({ Name: 'news' }))).TopicArn).toBe(TopicArn);
    const subscribe = async (Endpoint: string) =>
      (await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'application', Endpoint }))).SubscriptionArn!;
    const a = await createEndpoint('a');
    const subscription = await subscribe(a);
    expect(await subscribe(a)).toBe(subscription);
    await subscribe(await createEndpoint('b', { Attributes: { Enabled: 'false' } }));
    await publish({ TopicArn });
    expect((await lane()).map(({ token, status, reason }) => [token, status, reason])).toEqual([
      ['b', 'not-sent', 'the endpoint is disabled'],
      ['a', 'delivered', null],
    ]);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }));
    await publish({ TopicArn });
    expect(await lane()).toHaveLength(3);
    await expect(subscribe(`${a}0`)).rejects.toMatchObject(INVALID);
  });

  it('[PS-TOPIC-1] [PS-TOPIC-3] [PS-TOPIC-4] [PS-TOPIC-6] refuse what they cannot do', async () => {
    await expect(sns.send(new CreateTopicCommand({ Name: 'a b' }))).rejects.toMatchObject(INVALID);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'short-lived' }));
    await expect(sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: 'x' }))).rejects.toMatchObject({
      name: 'NotBuiltException',
    });
    await expect(sns.send(new UnsubscribeCommand({ SubscriptionArn: 'x' }))).rejects.toMatchObject(INVALID);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: `${TopicArn}:none` }));
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await expect(publish({ TopicArn })).rejects.toMatchObject({ ...NOT_FOUND, message: 'Topic does not exist' });
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    expect(Topics.map((topic) => topic.TopicArn)).not.toContain(TopicArn);
  });
});

it('[AC-DENY-1] an identity whose role does not allow it is told so in SNS’s own words', async () => {
  const place = await createGuest(bench, await createPool(bench));
  const { Credentials } = await new CognitoIdentityClient(bench.sdk).send(
    new GetCredentialsForIdentityCommand({ IdentityId: place.IdentityId }),
  );
  const guest = new SNSClient({
    ...bench.sdk,
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  });
  const TargetArn = await createEndpoint('token');
  await expect(guest.send(new PublishCommand({ TargetArn, Message: 'x' }))).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining(`is not authorized to perform: sns:Publish on resource: ${TargetArn}`) as string,
    $metadata: { httpStatusCode: 403 },
  });
});
