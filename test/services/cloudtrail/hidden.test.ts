import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminLinkProviderForUserCommand,
  CompleteWebAuthnRegistrationCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  UpdateIdentityProviderCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetIdCommand,
  MergeDeveloperIdentitiesCommand,
} from '@aws-sdk/client-cognito-identity';
import { CognitoSyncClient, RegisterDeviceCommand, SubscribeToDatasetCommand } from '@aws-sdk/client-cognito-sync';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  SetEndpointAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  AssumeRoleCommand,
  AssumeRoleWithSAMLCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { masked } from '../../../src/renderer/format/masking.ts';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { createPool } from '../identity-pools/setup.ts';
import { addUser, createApp, PASSWORD, type App } from '../user-pools/setup.ts';
import { exported, HIDDEN, newest } from './setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
  await addUser(app, 'keeper');
});
afterAll(() => bench.stop());

/** Refusals are recorded as well, and their texts may quote what was sent. */
async function tried(...calls: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(calls);
}

describe('what records hide', () => {
  it('[AU-HIDE-1] is whatever secret a call of a user pool carries, also one that is refused', async () => {
    const { idp, clientId: ClientId, userPoolId: UserPoolId } = app;
    const contextual = {
      IpAddress: '10.1.2.3',
      ServerName: 'app',
      ServerPath: '/',
      HttpHeaders: [{ headerName: 'Cookie', headerValue: 'planted-cookie-of-a-person' }],
    };
    const AuthParameters = { USERNAME: 'keeper', SECRET_HASH: 'planted-hash', SRP_A: 'planted5A' };
    const jwt = ['eyJhbGciOiJub25lIn0', Buffer.from('{"sub":"planted-subject"}').toString('base64url'), 'sig'].join(
      '.',
    );
    await tried(
      idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters })),
      idp.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'keeper', PASSWORD },
          ContextData: contextual,
        }),
      ),
      idp.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: 'SOFTWARE_TOKEN_MFA',
          Session: 'planted-session-of-twenty-letters',
          ChallengeResponses: { USERNAME: 'keeper', SOFTWARE_TOKEN_MFA_CODE: '918273' },
        }),
      ),
      idp.send(new VerifySoftwareTokenCommand({ AccessToken: jwt, UserCode: '564738' })),
      idp.send(new RevokeTokenCommand({ ClientId, Token: 'planted-refresh-token', ClientSecret: 'planted0secret' })),
      idp.send(
        new CompleteWebAuthnRegistrationCommand({ AccessToken: jwt, Credential: { id: 'planted-passkey', a: [1] } }),
      ),
      idp.send(
        new UpdateIdentityProviderCommand({
          UserPoolId,
          ProviderName: 'none',
          ProviderDetails: { client_secret: 'planted-oauth-secret', private_key: 'planted-apple-key' },
        }),
      ),
    );
    const file = await exported(bench);
    for (const secret of [
      'planted-cookie',
      'planted-hash',
      'planted5A',
      '918273',
      '564738',
      'planted-session',
      'planted-refresh',
      'planted0secret',
      'planted-passkey',
      'planted-oauth',
      'planted-apple',
      'planted-subject',
      jwt,
      PASSWORD,
    ]) {
      expect([secret, file.includes(secret)]).toEqual([secret, false]);
    }
    expect(file.includes('10.1.2.3')).toBe(true);
  });

  it('[AU-POOL-1] is the name of a person wherever one is asked for', async () => {
    const { idp, clientId: ClientId, userPoolId: UserPoolId } = app;
    const Username = 'planted-person';
    await addUser(app, Username, { email: 'planted-person@people.example' });
    await tried(
      idp.send(new ListUsersCommand({ UserPoolId, Filter: 'email = "planted-person@people.example"' })),
      idp.send(new ListUsersCommand({ UserPoolId, Filter: `username ~~ "${Username}"` })),
      idp.send(new AdminGetUserCommand({ UserPoolId, Username: `${Username}-who-is-not-there` })),
      idp.send(new AdminCreateUserCommand({ UserPoolId, Username })),
      idp.send(new ForgotPasswordCommand({ ClientId, Username })),
      idp.send(
        new AdminLinkProviderForUserCommand({
          UserPoolId,
          DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: Username },
          SourceUser: {
            ProviderName: 'none',
            ProviderAttributeName: 'Cognito_Subject',
            ProviderAttributeValue: `${Username}-outside`,
          },
        }),
      ),
    );
    expect((await exported(bench)).includes(Username)).toBe(false);
    expect((await newest(bench, 'ListUsers')).requestParameters).toMatchObject({ filter: HIDDEN });
  });

  it('[AU-HIDE-1] is what an error quotes, also where one secret begins another', async () => {
    const { idp, clientId: ClientId } = app;
    // No code looks like this, which the model's own message quotes.
    const ConfirmationCode = 'anna and her tail';
    await tried(idp.send(new ConfirmSignUpCommand({ ClientId, Username: 'anna', ConfirmationCode })));
    const { errorMessage } = await newest(bench, 'ConfirmSignUp');
    expect(errorMessage).toContain(`'${HIDDEN}'`);
    expect(errorMessage).not.toContain('tail');
  });

  it('[AU-HIDE-1] is every token and credential of identity pools, STS, Sync, SNS and Lambda', async () => {
    const IdentityPoolId = await createPool(bench);
    const identity = new CognitoIdentityClient(bench.sdk);
    const sync = new CognitoSyncClient(bench.sdk);
    const sns = new SNSClient(bench.sdk);
    const sts = new STSClient(bench.sdk);
    const RoleArn = 'arn:aws:iam::000000000000:role/none';
    const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId }));
    const SupportedLoginProviders = {
      'api.twitter.com': 'open-key;planted-consumer-secret',
      'www.digits.com': 'open-key;planted-digits-secret',
    };
    await identity.send(
      new CreateIdentityPoolCommand({
        IdentityPoolName: 'birds',
        AllowUnauthenticatedIdentities: true,
        SupportedLoginProviders,
      }),
    );
    const { PlatformApplicationArn } = await sns.send(
      new CreatePlatformApplicationCommand({
        Name: 'planted',
        Platform: 'APNS',
        Attributes: { PlatformCredential: 'planted-apns-key', PlatformPrincipal: 'planted-apns-cert' },
      }),
    );
    const { EndpointArn } = await sns.send(
      new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'planted-push-token-1' }),
    );
    await tried(
      sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Token: 'planted-push-token-2' } })),
      sync.send(
        new RegisterDeviceCommand({ IdentityPoolId, IdentityId, Platform: 'GCM', Token: 'planted-push-token-3' }),
      ),
      sync.send(new SubscribeToDatasetCommand({ IdentityPoolId, IdentityId, DatasetName: 'notes', DeviceId: 'd' })),
      identity.send(
        new MergeDeveloperIdentitiesCommand({
          IdentityPoolId,
          SourceUserIdentifier: 'one',
          DestinationUserIdentifier: 'two',
          DeveloperProviderName: 'none',
        }),
      ),
      sts.send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 's', WebIdentityToken: 'planted.jwt.x' }),
      ),
      sts.send(
        new AssumeRoleWithSAMLCommand({
          RoleArn,
          PrincipalArn: 'arn:aws:iam::000000000000:saml-provider/none',
          SAMLAssertion: Buffer.from('<planted-assertion/>').toString('base64'),
        }),
      ),
      sts.send(
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName: 's',
          TokenCode: '192837',
          SerialNumber: 'arn:aws:iam::000000000000:mfa/x',
          ProvidedContexts: [
            { ProviderArn: 'arn:aws:iam::aws:contextProvider/x', ContextAssertion: 'planted-context' },
          ],
        }),
      ),
      new LambdaClient(bench.sdk).send(
        new CreateFunctionCommand({
          FunctionName: 'planted',
          Role: RoleArn,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: Buffer.from('planted function source') },
          Environment: { Variables: { API_KEY: 'planted-variable' } },
        }),
      ),
    );
    const file = await exported(bench);
    const encoded = (text: string): string => Buffer.from(text).toString('base64').slice(0, -4);
    for (const secret of [
      'planted-apns',
      'planted-push-token',
      'planted.jwt.x',
      encoded('<planted-assertion/>'),
      '192837',
      'planted-consumer',
      'planted-digits',
      'planted-context',
      'planted function',
      encoded('planted function source'),
      'planted-variable',
    ]) {
      expect([secret, file.includes(secret)]).toEqual([secret, false]);
    }
    for (const open of ['SetEndpointAttributes', 'AssumeRoleWithSAML', 'CreateFunction20150331']) {
      expect([open, file.includes(open)]).toEqual([open, true]);
    }
  });
});

it('what the inspector masks is every secret of a request and its answer', async () => {
  const SupportedLoginProviders = { 'api.twitter.com': 'open-key;planted-consumer-secret' };
  await new CognitoIdentityClient(bench.sdk).send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'birds',
      AllowUnauthenticatedIdentities: true,
      SupportedLoginProviders,
    }),
  );
  await new SNSClient(bench.sdk).send(
    new CreatePlatformApplicationCommand({
      Name: 'masked',
      Platform: 'GCM',
      Attributes: { PlatformCredential: 'planted-fcm-key' },
    }),
  );
  const { records } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace');
  for (const { request, response } of records) {
    for (const { body, secrets } of [request, response]) {
      expect(JSON.stringify(masked(body, secrets)).includes('planted-fcm')).toBe(false);
      expect(JSON.stringify(masked(body, secrets)).includes('planted-consumer')).toBe(false);
    }
  }
});

it('[AU-POOL-2] is no other user’s sub where a name is given anew', async () => {
  const { idp, userPoolId: UserPoolId } = app;
  const Username = 'phoenix';
  const sub = async (): Promise<string | undefined> => {
    const { User } = await idp.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
    return User!.Attributes!.find(({ Name }) => Name === 'sub')!.Value;
  };
  const first = await sub();
  await idp.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
  const second = await sub();
  const about = (await newest(bench, 'AdminDeleteUser')).additionalEventData?.['sub'];
  expect(about).not.toBe(second);
  expect([undefined, first]).toContain(about);
});
