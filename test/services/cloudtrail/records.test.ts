import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CognitoIdentityClient, CreateIdentityPoolCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity';
import {
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  CreateIdentityProviderCommand,
  ConfirmSignUpCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserPoolsCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoSyncClient, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateStreamCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreatePlatformApplicationCommand, CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { createPool, getCredentials, getId } from '../identity-pools/setup.ts';
import { kinesisClient } from '../streams/setup.ts';
import { addClient, addUser, createApp, PASSWORD } from '../user-pools/setup.ts';
import { exported, HIDDEN, newest, recorded } from './setup.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const names = async (of = bench): Promise<string[]> =>
  (JSON.parse(await exported(of)) as { Records: { eventName: string }[] }).Records.map(({ eventName }) => eventName);

describe('what is recorded', () => {
  it('[AU-WHICH-1] is what manages identity pools, and not that an app enters one', async () => {
    const pool = await createPool(bench);
    const id = await getId(bench, pool);
    await getCredentials(bench, id);
    const found = await names();
    expect(found).toEqual(expect.arrayContaining(['CreateIdentityPool', 'SetIdentityPoolRoles']));
    for (const name of ['GetId', 'GetCredentialsForIdentity', 'GetOpenIdToken']) expect(found).not.toContain(name);
    const refused = new GetIdCommand({ IdentityPoolId: 'us-east-1:00000000-0000-4000-8000-000000000000' });
    await expect(new CognitoIdentityClient(bench.sdk).send(refused)).rejects.toThrow();
    expect(await names()).not.toContain('GetId');
  });

  it('[AU-WHICH-1] [AU-HIDE-1] is all of Sync, without what users synchronise', async () => {
    const IdentityPoolId = await createPool(bench);
    const IdentityId = await getId(bench, IdentityPoolId);
    const { credentials } = await getCredentials(bench, IdentityId);
    const sync = new CognitoSyncClient({ ...bench.sdk, credentials });
    const place = { IdentityPoolId, IdentityId, DatasetName: 'notes' };
    const { SyncSessionToken } = await sync.send(new ListRecordsCommand(place));
    await sync.send(
      new UpdateRecordsCommand({
        ...place,
        SyncSessionToken,
        RecordPatches: [{ Op: 'replace', Key: 'diary', Value: 'dear-diary-7431', SyncCount: 0 }],
      }),
    );
    expect(await newest(bench, 'UpdateRecords')).toMatchObject({
      eventSource: 'cognito-sync.amazonaws.com',
      readOnly: false,
      requestParameters: {
        identityPoolId: IdentityPoolId,
        syncSessionToken: HIDDEN,
        recordPatches: [{ op: 'replace', key: 'diary', value: HIDDEN }],
      },
      responseElements: { records: [{ key: 'diary', value: HIDDEN }] },
    });
    expect(await newest(bench, 'ListRecords')).toMatchObject({ readOnly: true, responseElements: null });
    const file = await exported(bench);
    expect(file).not.toContain('dear-diary-7431');
    expect(file).not.toContain(SyncSessionToken);
  });

  it('[AU-WHICH-2] is a stream or a topic, and not what goes through', async () => {
    const kinesis = kinesisClient(bench);
    await kinesis.send(new CreateStreamCommand({ StreamName: 'audited', ShardCount: 1 }));
    await kinesis.send(new PutRecordCommand({ StreamName: 'audited', PartitionKey: 'a', Data: Buffer.from('data') }));
    const sns = new SNSClient(bench.sdk);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'audited' }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'news' }));
    const found = await names();
    expect(found).toEqual(expect.arrayContaining(['CreateStream', 'CreateTopic']));
    expect(found).not.toContain('PutRecord');
    expect(found).not.toContain('Publish');
  });

  it('[AU-FORM-5] names a function’s event with the date of its API', async () => {
    await new LambdaClient(bench.sdk).send(new ListFunctionsCommand({}));
    expect(await newest(bench, 'ListFunctions20150331')).toMatchObject({ eventSource: 'lambda.amazonaws.com' });
  });

  it('[AU-FORM-1] [AU-FORM-3] has the request and, where something changed, the answer', async () => {
    const app = await createApp(bench, { PoolName: 'audited-people' });
    expect(await newest(bench, 'CreateUserPool')).toMatchObject({
      eventVersion: '1.11',
      eventSource: 'cognito-idp.amazonaws.com',
      awsRegion: REGION,
      sourceIPAddress: '127.0.0.1',
      userAgent: expect.stringContaining('aws-sdk-js') as string,
      requestParameters: { poolName: 'audited-people', autoVerifiedAttributes: ['email'] },
      responseElements: { userPool: { id: app.userPoolId, name: 'audited-people' } },
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: 'Management',
    });
    const listed = await app.idp.send(new ListUserPoolsCommand({ MaxResults: 7 }));
    const record = await newest(bench, 'ListUserPools');
    expect(record).toMatchObject({ requestParameters: { maxResults: 7 }, responseElements: null, readOnly: true });
    expect(record.requestID).toBe(listed.$metadata.requestId);
  });

  it('[AU-FORM-4] leaves out a request that is too long, and cuts a long user agent', async () => {
    const sync = new CognitoIdentityClient({ ...bench.sdk, customUserAgent: 'x'.repeat(3000) });
    const long = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`provider-${index}.example`, 'k'.repeat(100)]),
    );
    await sync.send(
      new CreateIdentityPoolCommand({
        IdentityPoolName: 'long agent',
        AllowUnauthenticatedIdentities: true,
        SupportedLoginProviders: long,
      }),
    );
    const record = (await newest(bench, 'CreateIdentityPool')) as unknown as { userAgent: string };
    expect(record.userAgent).toHaveLength(1024);
    expect(record).toHaveProperty('requestParameters.identityPoolName', 'long agent');

    const app = await createApp(bench);
    const MetadataFile = `<EntityDescriptor>${'a'.repeat(110 * 1024)}</EntityDescriptor>`;
    await app.idp
      .send(
        new CreateIdentityProviderCommand({
          UserPoolId: app.userPoolId,
          ProviderName: 'too-long',
          ProviderType: 'SAML',
          ProviderDetails: { MetadataFile },
        }),
      )
      .catch(() => {});
    expect(await newest(bench, 'CreateIdentityProvider')).not.toHaveProperty('requestParameters');
  });

  it('[AU-POOL-3] has the link of a message as a service event', async () => {
    const app = await createApp(bench, {
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' },
    });
    const email = 'linda@audited.example';
    await app.idp.send(
      new SignUpCommand({
        ClientId: app.clientId,
        Username: 'linda',
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: email }],
      }),
    );
    const link = /https?:\/\/[^\s"'<]+/.exec((await bench.messageTo(email)).body)![0].replaceAll('&amp;', '&');
    expect((await fetch(link)).status).toBe(200);
    const record = await newest(bench, 'Confirm_With_Link_GET');
    expect(record).toMatchObject({
      eventType: 'AwsServiceEvent',
      userIdentity: { accountId: ACCOUNT },
      requestParameters: null,
      additionalEventData: {
        responseParameters: { status: 200 },
        requestParameters: { client_id: [app.clientId], user_name: [HIDDEN], confirmation_code: [HIDDEN] },
        userPoolId: app.userPoolId,
      },
    });
  });
});

describe('secrets', () => {
  it('[AU-HIDE-1] are nowhere in the whole export', { timeout: 60_000 }, async () => {
    const app = await createApp(bench);
    const secretive = await addClient(app.idp, app.userPoolId, { GenerateSecret: true });
    await addUser(app, 'keeper', { email: 'keeper@audited.example' });
    const planted: string[] = [PASSWORD, 'keeper@audited.example', secretive.clientSecret!];
    const plant = (...secrets: (string | undefined)[]): void => {
      for (const secret of secrets) planted.push(secret!);
    };

    const { AuthenticationResult: tokens } = await app.idp.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: app.clientId,
        AuthParameters: { USERNAME: 'keeper', PASSWORD },
      }),
    );
    plant(tokens!.AccessToken, tokens!.IdToken, tokens!.RefreshToken);
    const AccessToken = tokens!.AccessToken;
    await app.idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: app.userPoolId,
        SoftwareTokenMfaConfiguration: { Enabled: true },
        MfaConfiguration: 'OPTIONAL',
      }),
    );
    const { SecretCode } = await app.idp.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    plant(SecretCode);
    plant('N3w-planted-passw0rd!', 'Wr0ng-planted-passw0rd!', 'Adm1n-planted-passw0rd!');
    const change = (PreviousPassword: string, ProposedPassword: string) =>
      app.idp.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword })).catch(() => {});
    await change('Wr0ng-planted-passw0rd!', 'N3w-planted-passw0rd!');
    await change(PASSWORD, 'N3w-planted-passw0rd!');
    await app.idp.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: app.userPoolId,
        Username: 'keeper',
        Password: 'Adm1n-planted-passw0rd!',
        Permanent: true,
      }),
    );

    const email = 'code@audited.example';
    await app.idp.send(
      new SignUpCommand({
        ClientId: app.clientId,
        Username: 'coder',
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: email }],
      }),
    );
    const { code } = await bench.messageTo(email);
    plant(email, code!, '998877665544');
    const confirm = (ConfirmationCode: string) =>
      app.idp.send(new ConfirmSignUpCommand({ ClientId: app.clientId, Username: 'coder', ConfirmationCode }));
    await confirm('998877665544').catch(() => {});
    // Does not fit the model, whose message quotes what was sent.
    plant('planted code with spaces');
    await expect(confirm('planted code with spaces')).rejects.toThrow();
    await confirm(code!);

    plant('planted-oidc-secret');
    await app.idp.send(
      new CreateIdentityProviderCommand({
        UserPoolId: app.userPoolId,
        ProviderName: 'outside',
        ProviderType: 'OIDC',
        ProviderDetails: {
          client_id: 'outside-client',
          client_secret: 'planted-oidc-secret',
          attributes_request_method: 'GET',
          oidc_issuer: 'https://outside.example',
          authorize_scopes: 'openid',
          authorize_url: 'https://outside.example/authorize',
          token_url: 'https://outside.example/token',
          attributes_url: 'https://outside.example/userinfo',
          jwks_uri: 'https://outside.example/keys',
        },
      }),
    );
    const iam = new IAMClient(bench.sdk);
    await iam.send(new CreateUserCommand({ UserName: 'secretive' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'secretive' }));
    plant(AccessKey!.SecretAccessKey);
    const session = await new STSClient(bench.sdk).send(new GetSessionTokenCommand({}));
    plant(session.Credentials!.SecretAccessKey, session.Credentials!.SessionToken);
    plant('planted-platform-credential');
    await new SNSClient(bench.sdk).send(
      new CreatePlatformApplicationCommand({
        Name: 'app',
        Platform: 'GCM',
        Attributes: { PlatformCredential: 'planted-platform-credential' },
      }),
    );

    const file = await exported(bench);
    expect(planted.filter((secret) => file.includes(secret))).toEqual([]);
    const unquoted = JSON.parse(file) as { Records: unknown[] };
    expect(unquoted.Records.length).toBeGreaterThan(15);
    // What is no secret is there, so the search above could have found something.
    for (const open of [app.userPoolId, app.clientId, AccessKey!.AccessKeyId!, 'outside-client', HIDDEN]) {
      expect(file).toContain(open);
    }
    expect(await newest(bench, 'CreateAccessKey')).toMatchObject({
      responseElements: { accessKey: { accessKeyId: AccessKey!.AccessKeyId, userName: 'secretive', status: 'Active' } },
    });
    expect((await newest(bench, 'CreateAccessKey')).responseElements!['accessKey']).not.toHaveProperty(
      'secretAccessKey',
    );
    const wrong = (await recorded(bench, 'ConfirmSignUp')).find(({ errorMessage }) =>
      errorMessage?.includes('satisfy'),
    );
    expect(wrong!.errorMessage).toContain(HIDDEN);
  });
});

describe('keeping', () => {
  it('[AU-KEEP-1] [AU-OUT-1] has every call in the export at once, in order, and announces it within a second', async () => {
    await using own = await startBench();
    const told: number[] = [];
    const heard = new Promise<void>((resolve) => {
      own.follow((event) => {
        if (event.type !== 'audit.recorded') return;
        told.push(event.data.last);
        resolve();
      });
    });
    const identity = new CognitoIdentityClient(own.sdk);
    for (const IdentityPoolName of ['one', 'two', 'three']) {
      await identity.send(new CreateIdentityPoolCommand({ IdentityPoolName, AllowUnauthenticatedIdentities: true }));
    }
    const { Records } = JSON.parse(await exported(own)) as {
      Records: { requestParameters: { identityPoolName: string } }[];
    };
    expect(Records.map(({ requestParameters }) => requestParameters.identityPoolName)).toEqual(['one', 'two', 'three']);
    await heard;
    expect(told).toEqual([3]);
    // Nothing has read it: the second's own end writes it down.
    await identity.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'four', AllowUnauthenticatedIdentities: true }),
    );
    await expect.poll(() => told, { timeout: 5000 }).toEqual([3, 4]);
  });

  it('[AU-KEEP-2] forgets after 90 days of bench time', async () => {
    await using own = await startBench();
    const identity = new CognitoIdentityClient(own.sdk);
    const create = (IdentityPoolName: string) =>
      identity.send(new CreateIdentityPoolCommand({ IdentityPoolName, AllowUnauthenticatedIdentities: true }));
    await create('old');
    await own.advance({ days: 89 });
    await create('new');
    expect(await recorded(own, 'CreateIdentityPool')).toHaveLength(2);
    await own.advance({ days: 2 });
    const left = await recorded(own, 'CreateIdentityPool');
    expect(left.map(({ requestParameters }) => requestParameters!['identityPoolName'])).toEqual(['new']);
    expect(await exported(own)).not.toContain('"old"');
  });

  it('[AU-KEEP-3] keeps the newest 50,000 of an account', { timeout: 60_000 }, async () => {
    await using own = await startBench();
    const { store, auditEvents, clock } = own.services;
    store.write(() => {
      for (let index = 0; index < 50_000; index += 1) {
        auditEvents.insert({
          account: ACCOUNT,
          eventId: `event-${index}`,
          requestId: `request-${index}`,
          at: clock.now(),
          region: REGION,
          eventSource: 'sts.amazonaws.com',
          eventName: 'Filler',
          readOnly: true,
          sourceIp: '127.0.0.1',
          resources: [],
          record: '{}',
        });
      }
    });
    const identity = new CognitoIdentityClient(own.sdk);
    await identity.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'one', AllowUnauthenticatedIdentities: true }),
    );
    const page = await own.call<{ total: number; events: { eventName: string }[] }>('GET', '/audit?limit=1');
    expect(page.events[0]!.eventName).toBe('CreateIdentityPool');
    expect(page.total).toBe(50_000);
    await expect(own.call('GET', '/audit/event-0')).rejects.toThrow('404');
    await own.call('GET', '/audit/event-1');
  });

  it('[AU-KEEP-4] outlives a restart, and a reset empties it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'audit-'));
    try {
      const create = (of: TestBench, account?: string) =>
        new CognitoIdentityClient(account === undefined ? of.sdk : of.sdkFor(account)).send(
          new CreateIdentityPoolCommand({ IdentityPoolName: 'kept', AllowUnauthenticatedIdentities: true }),
        );
      const first = await startBench({ data: folder });
      await create(first);
      await create(first, '555555555555');
      // Not read before: stopping writes it down.
      await first.stop();

      await using second = await startBench({ data: folder });
      expect(await names(second)).toEqual(['CreateIdentityPool']);
      await create(second);
      await second.call('POST', '/reset', {});
      expect(await names(second)).toEqual([]);
      expect(await exported(second, '555555555555')).toContain('CreateIdentityPool');
      await create(second, '555555555555');
      await second.call('POST', '/reset', { all: true });
      expect(JSON.parse(await exported(second, '555555555555'))).toEqual({ Records: [] });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const hasCommandLine = spawnSync('aws', ['--version']).status === 0;

describe.skipIf(!hasCommandLine)('the AWS command line', () => {
  it('[AU-FIND-1] [AU-FIND-7] looks events up', { timeout: 60_000 }, async () => {
    const aws = async <Answer>(...words: readonly string[]): Promise<Answer> => {
      const { stdout } = await promisify(execFile)('aws', [...words, '--endpoint-url', bench.url, '--output', 'json'], {
        env: {
          ...process.env,
          AWS_ACCESS_KEY_ID: ACCOUNT,
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_DEFAULT_REGION: REGION,
          AWS_CONFIG_FILE: '/dev/null',
          AWS_MAX_ATTEMPTS: '1',
        },
      });
      return JSON.parse(stdout) as Answer;
    };
    await createPool(bench);
    const question = 'AttributeKey=EventName,AttributeValue=CreateIdentityPool';
    const { Events } = await aws<{ Events: { Username: string; CloudTrailEvent: string }[] }>(
      'cloudtrail',
      'lookup-events',
      '--lookup-attributes',
      question,
      '--max-items',
      '1',
    );
    expect(Events).toHaveLength(1);
    expect(Events[0]!.Username).toBe('root');
    expect(JSON.parse(Events[0]!.CloudTrailEvent)).toMatchObject({ eventName: 'CreateIdentityPool' });
    const backwards = ['--start-time', '2030-01-02T00:00:00Z', '--end-time', '2030-01-01T00:00:00Z'];
    await expect(aws('cloudtrail', 'lookup-events', ...backwards)).rejects.toThrow('InvalidTimeRangeException');
  });
});

it('[AU-POOL-2] leaves the sub out where no such user is known', async () => {
  const app = await createApp(bench);
  await app.idp.send(new GetUserCommand({ AccessToken: 'none.such.token' })).catch(() => {});
  const record = await newest(bench, 'GetUser');
  expect(record.errorCode).toBe('NotAuthorizedException');
  expect(record).not.toHaveProperty('additionalEventData');
});
