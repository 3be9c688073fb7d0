import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  DeleteIdentityPoolCommand,
  ListIdentityPoolsCommand,
} from '@aws-sdk/client-cognito-identity';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { createUser, ROOT, trusting, unique } from '../iam/setup.ts';
import { lookUp, newest, trail, type Recorded } from './setup.ts';

const OTHER = '333333333333';

let bench: TestBench;
let identity: CognitoIdentityClient;

beforeAll(async () => {
  bench = await startBench();
  identity = new CognitoIdentityClient(bench.sdk);
});
afterAll(() => bench.stop());

const create = async (client = identity): Promise<string> =>
  (
    await client.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: unique('audited'), AllowUnauthenticatedIdentities: true }),
    )
  ).IdentityPoolId!;

const by = (
  AttributeKey: NonNullable<LookupEventsCommandInput['LookupAttributes']>[number]['AttributeKey'],
  AttributeValue: string,
  more: LookupEventsCommandInput = {},
): LookupEventsCommandInput => ({ LookupAttributes: [{ AttributeKey, AttributeValue }], ...more });

const refused = (input: LookupEventsCommandInput) => expect(trail(bench).send(new LookupEventsCommand(input))).rejects;

describe('LookupEvents', () => {
  it('[AU-FIND-1] [AU-ABOUT-1] [AU-WHO-6] finds a call by each attribute', async () => {
    const pool = await create();
    const record = await newest(bench, 'CreateIdentityPool');
    expect(record.responseElements).toMatchObject({ identityPoolId: pool });
    const key = await createUser(bench);
    const attributes = {
      EventId: record.eventID,
      EventName: 'CreateIdentityPool',
      ReadOnly: 'false',
      Username: 'root',
      ResourceType: 'AWS::Cognito::IdentityPool',
      ResourceName: pool,
      EventSource: 'cognito-identity.amazonaws.com',
      AccessKeyId: ACCOUNT,
    } as const;
    for (const [name, value] of Object.entries(attributes)) {
      const { events } = await lookUp(trail(bench), by(name as keyof typeof attributes, value));
      const found = events.find(({ EventId }) => EventId === record.eventID);
      expect(found, name).toMatchObject({
        EventName: 'CreateIdentityPool',
        ReadOnly: 'false',
        Username: 'root',
        AccessKeyId: ACCOUNT,
        EventSource: 'cognito-identity.amazonaws.com',
        Resources: [{ ResourceType: 'AWS::Cognito::IdentityPool', ResourceName: pool }],
      });
    }
    const ofNobody = {
      ...attributes,
      EventId: key.id,
      Username: 'nobody',
      ResourceName: 'x',
      AccessKeyId: 'AKIANOBODY',
    };
    for (const name of ['EventId', 'Username', 'ResourceName', 'AccessKeyId'] as const) {
      expect((await lookUp(trail(bench), by(name, ofNobody[name]))).events, name).toEqual([]);
    }
    const { events: reads } = await lookUp(trail(bench), by('ReadOnly', 'true'));
    expect(reads.every(({ ReadOnly }) => ReadOnly === 'true') && reads.length > 0).toBe(true);
  });

  it('[AU-FIND-1] [AU-FIND-5] goes through pages, newest first, and takes a token with its own look-up only', async () => {
    await using own = await startBench();
    const client = new CognitoIdentityClient(own.sdk);
    const pools: string[] = [];
    for (let index = 0; index < 7; index += 1) pools.push(await create(client));
    const question = by('EventName', 'CreateIdentityPool', { MaxResults: 3 });
    const seen: string[] = [];
    let token: string | undefined;
    const sizes: number[] = [];
    do {
      const { events, next } = await lookUp(trail(own), { ...question, NextToken: token });
      seen.push(...events.map(({ Resources }) => Resources![0]!.ResourceName!));
      sizes.push(events.length);
      if (token === undefined && next !== undefined) {
        const strange = by('EventName', 'DeleteIdentityPool', { MaxResults: 3, NextToken: next });
        await expect(lookUp(trail(own), strange)).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
      }
      token = next;
    } while (token !== undefined);
    expect(sizes).toEqual([3, 3, 1]);
    expect(seen).toEqual(pools.toReversed());
    await expect(lookUp(trail(own), { NextToken: 'bm9uZQ' })).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    });
  });

  it('[AU-FIND-2] refuses two attributes, an unknown one, and ReadOnly that is neither', async () => {
    const one = { AttributeKey: 'EventName', AttributeValue: 'x' } as const;
    await refused({ LookupAttributes: [one, one] }).toMatchObject({ name: 'InvalidLookupAttributesException' });
    await refused(by('Colour' as 'EventName', 'red')).toMatchObject({ name: 'InvalidLookupAttributesException' });
    await refused(by('ReadOnly', 'perhaps')).toMatchObject({ name: 'InvalidLookupAttributesException' });
    expect(await newest(bench, 'LookupEvents')).toBeDefined();
  });

  it('[AU-FIND-3] refuses 0 and 51 results, and takes 50', async () => {
    await refused({ MaxResults: 51 }).toMatchObject({ name: 'InvalidMaxResultsException' });
    await refused({ MaxResults: 0 }).toMatchObject({ name: 'InvalidMaxResultsException' });
    await lookUp(trail(bench), { MaxResults: 50 });
  });

  it('[AU-FIND-4] [AU-FORM-3] keeps to a range of bench time, both its ends included', async () => {
    await bench.advance({ days: 3 });
    const pool = await create();
    const at = new Date(Math.floor(bench.services.clock.millis() / 1000) * 1000);
    await bench.advance({ days: 1 });
    expect((await newest(bench, 'CreateIdentityPool')).eventTime).toBe(`${at.toISOString().slice(0, 19)}Z`);
    const find = async (StartTime: Date, EndTime: Date) =>
      (await lookUp(trail(bench), by('ResourceName', pool, { StartTime, EndTime }))).events.map(
        ({ EventTime }) => EventTime,
      );
    const second = (offset: number): Date => new Date(at.getTime() + offset * 1000);
    expect(await find(at, at)).toEqual([at]);
    expect(await find(second(1), second(60))).toEqual([]);
    expect(await find(second(-60), second(-1))).toEqual([]);
    await refused({ StartTime: second(1), EndTime: at }).toMatchObject({ name: 'InvalidTimeRangeException' });
  });

  it('[AU-FIND-6] finds no insight events, and refuses another category', async () => {
    expect((await lookUp(trail(bench), { EventCategory: 'insight' })).events).toEqual([]);
    await refused({ EventCategory: 'data' as 'insight' }).toMatchObject({ name: 'InvalidEventCategoryException' });
  });

  it('[AU-WHICH-4] is recorded itself, as a read without its answer', async () => {
    await lookUp(trail(bench), by('EventName', 'Nothing'));
    expect(await newest(bench, 'LookupEvents')).toMatchObject({
      eventSource: 'cloudtrail.amazonaws.com',
      readOnly: true,
      requestParameters: { lookupAttributes: [{ attributeKey: 'EventName', attributeValue: 'Nothing' }] },
      responseElements: null,
    });
  });

  it('[AU-WHICH-5] tells an account nothing of another one, and a region nothing of another one', async () => {
    const pool = await create();
    const strange = await create(new CognitoIdentityClient(bench.sdkFor(OTHER)));
    const seen = async (client: ReturnType<typeof trail>, name: string) =>
      (await lookUp(client, by('ResourceName', name))).events.length;
    expect(await seen(trail(bench), pool)).toBe(1);
    expect(await seen(trail(bench, OTHER), pool)).toBe(0);
    expect(await seen(trail(bench, OTHER), strange)).toBe(1);

    const west = { ...bench.sdk, region: 'eu-west-1' };
    expect(await seen(new CloudTrailClient(west), pool)).toBe(0);
    await new CognitoIdentityClient(west).send(new DeleteIdentityPoolCommand({ IdentityPoolId: pool })).catch(() => {});
    const iam = new IAMClient(west);
    const RoleName = unique('Global');
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(ROOT) }));
    expect(await seen(new CloudTrailClient(west), RoleName)).toBe(0);
    expect(await seen(trail(bench), RoleName)).toBe(1);
    expect(await newest(bench, 'CreateRole')).toMatchObject({ awsRegion: 'us-east-1' });
  });

  it('[AU-FIND-7] understands the long target of botocore and the short one of the SDKs', async () => {
    const targets: string[] = [];
    const client = trail(bench);
    client.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: { [name: string]: string } };
        targets.push(headers['x-amz-target']!);
        headers['x-amz-target'] =
          `com.amazonaws.cloudtrail.v20131101.${headers['x-amz-target']!.split('.').slice(-2).join('.')}`;
        return next(args);
      },
      { step: 'build', priority: 'low' },
    );
    await create();
    expect((await lookUp(client)).events.length).toBeGreaterThan(0);
    expect(targets).toEqual(['CloudTrail_20131101.LookupEvents']);
  });
});

describe('the bench’s own calls', () => {
  interface Page {
    readonly events: { number: number; eventName: string; eventId: string; readOnly: boolean; errorCode?: string }[];
    readonly next?: string;
    readonly total: number;
  }

  it('[AU-OUT-2] list the trail in pages, by what is asked, and hand out a record', async () => {
    await using own = await startBench();
    const client = new CognitoIdentityClient(own.sdk);
    for (let index = 0; index < 5; index += 1) await create(client);
    await client.send(new ListIdentityPoolsCommand({ MaxResults: 5 }));
    await client
      .send(new DeleteIdentityPoolCommand({ IdentityPoolId: 'us-east-1:00000000-0000-4000-8000-000000000000' }))
      .catch(() => {});

    const first = await own.call<Page>('GET', '/audit?limit=4');
    expect(first.events.map(({ eventName }) => eventName)).toEqual([
      'DeleteIdentityPool',
      'ListIdentityPools',
      'CreateIdentityPool',
      'CreateIdentityPool',
    ]);
    expect(first.total).toBe(7);
    const second = await own.call<Page>('GET', `/audit?limit=4&before=${first.next}`);
    expect(second.events).toHaveLength(3);
    expect(second.next).toBeUndefined();

    const names = async (query: string) =>
      (await own.call<Page>('GET', `/audit?${query}`)).events.map(({ eventName }) => eventName);
    expect(await names('errors=true')).toEqual(['DeleteIdentityPool']);
    expect(await names('reads=false&limit=2')).toEqual(['DeleteIdentityPool', 'CreateIdentityPool']);
    expect(await names('name=ListIdentityPools')).toEqual(['ListIdentityPools']);
    expect(await names('text=RESOURCENOTFOUND')).toEqual(['DeleteIdentityPool']);
    expect(await names('user=somebody')).toEqual([]);
    expect(await names('source=iam.amazonaws.com')).toEqual([]);
    const since = await own.call<Page>('GET', `/audit?since=${first.events[1]!.number - 1}`);
    expect(since.events.map(({ eventName }) => eventName)).toEqual(['ListIdentityPools', 'DeleteIdentityPool']);

    const record = await own.call<Recorded>('GET', `/audit/${first.events[0]!.eventId}`);
    expect(record).toMatchObject({ eventName: 'DeleteIdentityPool', errorCode: 'ResourceNotFoundException' });
    await expect(own.call('GET', '/audit/none')).rejects.toThrow('404');
    await expect(own.call('GET', '/audit?before=none')).rejects.toThrow('400');
  });
});
