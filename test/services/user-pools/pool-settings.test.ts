import { X509Certificate } from 'node:crypto';
import {
  AdminInitiateAuthCommand,
  ChangePasswordCommand,
  CreateUserPoolReplicaCommand,
  DeleteUserPoolReplicaCommand,
  DescribeRiskConfigurationCommand,
  CognitoIdentityProviderClient,
  GetLogDeliveryConfigurationCommand,
  GetProvisionedLimitCommand,
  GetSigningCertificateCommand,
  GetUserPoolClientSessionConfigurationCommand,
  GetUserPoolSessionConfigurationCommand,
  ListUserPoolReplicasCommand,
  type LogConfigurationType,
  SetLogDeliveryConfigurationCommand,
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
  SetUserPoolClientSessionConfigurationCommand,
  SetUserPoolSessionConfigurationCommand,
  SignUpCommand,
  UpdateProvisionedLimitCommand,
  UpdateUserPoolReplicaCommand,
  type UserSessionTrackingType,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { addUser, type App, createApp, PASSWORD, passwordAuth, refused, signIn } from './setup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const PROTECTED = { UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' }, UserPoolTier: 'PLUS' } as const;
const WATCHED = { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' }, UserPoolTier: 'PLUS' } as const;
const HERE = { RiskExceptionConfiguration: { BlockedIPRangeList: ['10.0.0.0/8', '127.0.0.0/8'] } };
const KNOWN = { CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: 'BLOCK' as const } } };

function setRisk(app: App, risk: Partial<SetRiskConfigurationCommandInput>) {
  return app.idp.send(new SetRiskConfigurationCommand({ UserPoolId: app.userPoolId, ...risk }));
}

describe('risk settings', () => {
  it('[UP-RISK-1] need threat protection', async () => {
    const app = await createApp(bench);
    await expect(setRisk(app, HERE)).rejects.toMatchObject({ name: 'UserPoolAddOnNotEnabledException' });
    await expect(
      app.idp.send(new DescribeRiskConfigurationCommand({ UserPoolId: app.userPoolId })),
    ).rejects.toMatchObject({ name: 'UserPoolAddOnNotEnabledException' });
  });

  it('[UP-RISK-2] are kept for the pool and for each client', async () => {
    const app = await createApp(bench, PROTECTED);
    await setRisk(app, HERE);
    await setRisk(app, { ...KNOWN, ClientId: app.clientId });
    const describeRisk = async (ClientId?: string) => {
      const { RiskConfiguration } = await app.idp.send(
        new DescribeRiskConfigurationCommand({ UserPoolId: app.userPoolId, ClientId }),
      );
      return RiskConfiguration!;
    };
    expect(await describeRisk()).toMatchObject({ UserPoolId: app.userPoolId, ...HERE });
    expect(await describeRisk()).not.toHaveProperty('ClientId');
    expect(await describeRisk(app.clientId)).toMatchObject({ ClientId: app.clientId, ...KNOWN });
    expect((await describeRisk(app.clientId)).LastModifiedDate).toBeInstanceOf(Date);
  });

  it('[UP-RISK-3] refuse what is no range, and a notice without its text', async () => {
    const app = await createApp(bench, PROTECTED);
    for (const range of ['127.0.0.1', '10.0.0.0/40', 'home/8', '::1/129']) {
      await expect(setRisk(app, { RiskExceptionConfiguration: { SkippedIPRangeList: [range] } })).rejects.toMatchObject(
        { name: 'InvalidParameterException' },
      );
    }
    await expect(
      setRisk(app, {
        AccountTakeoverRiskConfiguration: { Actions: { HighAction: { Notify: true, EventAction: 'BLOCK' } } },
      }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-RISK-4] keep out whoever comes from a blocked range, and only note it where they watch', async () => {
    const blocked = refused('NotAuthorizedException', 'Unable to login because of security reasons.');
    const app = await createApp(bench, PROTECTED);
    await addUser(app, 'eva');
    await signIn(app, 'eva');
    await setRisk(app, HERE);
    await expect(app.idp.send(passwordAuth(app, 'eva'))).rejects.toMatchObject(blocked);
    await setRisk(app, { RiskExceptionConfiguration: { BlockedIPRangeList: ['192.0.2.0/24', '2001:db8::/32'] } });
    await signIn(app, 'eva');
    const from = (IpAddress: string): AdminInitiateAuthCommand =>
      new AdminInitiateAuthCommand({
        UserPoolId: app.userPoolId,
        ClientId: app.clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'eva', PASSWORD },
        ContextData: { IpAddress, ServerName: 's', ServerPath: '/', HttpHeaders: [] },
      });
    await expect(app.idp.send(from('192.0.2.7'))).rejects.toMatchObject(blocked);
    await expect(app.idp.send(from('2001:db8::1'))).rejects.toMatchObject(blocked);
    await expect(app.idp.send(from('198.51.100.1'))).resolves.toBeDefined();

    const watching = await createApp(bench, WATCHED);
    await addUser(watching, 'eva');
    await setRisk(watching, HERE);
    await signIn(watching, 'eva');
  });

  it('[UP-RISK-5] do not look at addresses that are to be skipped', async () => {
    const app = await createApp(bench, PROTECTED);
    await addUser(app, 'eva');
    await setRisk(app, { ...KNOWN, RiskExceptionConfiguration: { SkippedIPRangeList: ['127.0.0.1/32', '::1/128'] } });
    await signIn(app, 'eva');
  });

  it('[UP-RISK-6] refuse passwords that everybody knows, in the events that count', async () => {
    const app = await createApp(bench, PROTECTED);
    await addUser(app, 'eva');
    const { access } = await signIn(app, 'eva');
    const unsafe = refused('InvalidPasswordException', 'Provided password cannot be used for security reasons.');
    const signUp = (Password: string): SignUpCommand =>
      new SignUpCommand({ ClientId: app.clientId, Username: `tom-${Password.length}`, Password });

    await setRisk(app, {
      CompromisedCredentialsRiskConfiguration: { EventFilter: ['SIGN_UP'], Actions: { EventAction: 'BLOCK' } },
    });
    await expect(app.idp.send(signUp('Password123!'))).rejects.toMatchObject(unsafe);
    await app.idp.send(signUp('Of-nobody-else-7'));
    await signIn(app, 'eva');

    await setRisk(app, KNOWN);
    await expect(app.idp.send(passwordAuth(app, 'eva'))).rejects.toMatchObject(
      refused('PasswordResetRequiredException', 'Password reset required for user due to security reasons'),
    );
    const change = (ProposedPassword: string): ChangePasswordCommand =>
      new ChangePasswordCommand({ AccessToken: access, PreviousPassword: PASSWORD, ProposedPassword });
    await expect(app.idp.send(change('Welcome123!'))).rejects.toMatchObject(unsafe);
    await app.idp.send(change('Of-eva-alone-42'));
    await signIn(app, 'eva', 'Of-eva-alone-42');

    await setRisk(app, { CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: 'NO_ACTION' } } });
    await app.idp.send(signUp('Password1!'));
  });
});

describe('log delivery', () => {
  const GROUP = { LogGroupArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:eva` };
  const NOTICES: LogConfigurationType = {
    EventSource: 'userNotification',
    LogLevel: 'ERROR',
    CloudWatchLogsConfiguration: GROUP,
  };
  const EVENTS: LogConfigurationType = {
    EventSource: 'userAuthEvents',
    LogLevel: 'INFO',
    S3Configuration: { BucketArn: 'arn:aws:s3:::eva' },
  };
  const set = (app: App, LogConfigurations: LogConfigurationType[]) =>
    app.idp.send(new SetLogDeliveryConfigurationCommand({ UserPoolId: app.userPoolId, LogConfigurations }));

  it('[UP-LOG-2] is replaced as a whole and told as it was given', async () => {
    const app = await createApp(bench, { UserPoolTier: 'PLUS' });
    const get = async () => {
      const { LogDeliveryConfiguration } = await app.idp.send(
        new GetLogDeliveryConfigurationCommand({ UserPoolId: app.userPoolId }),
      );
      return LogDeliveryConfiguration!.LogConfigurations;
    };
    expect(await get()).toEqual([]);
    await set(app, [NOTICES, EVENTS]);
    expect(await get()).toEqual([NOTICES, EVENTS]);
    await set(app, []);
    expect(await get()).toEqual([]);
  });

  it('[UP-LOG-1] has a level and one place for each source', async () => {
    const app = await createApp(bench, { UserPoolTier: 'PLUS' });
    for (const wrong of [
      [NOTICES, NOTICES],
      [{ ...NOTICES, LogLevel: 'INFO' as const }],
      [{ ...EVENTS, LogLevel: 'ERROR' as const }],
      [{ ...EVENTS, CloudWatchLogsConfiguration: GROUP }],
      [{ EventSource: 'userAuthEvents' as const, LogLevel: 'INFO' as const }],
      [{ ...EVENTS, EventSource: 'userNotification' as const, LogLevel: 'ERROR' as const }],
      [{ ...NOTICES, CloudWatchLogsConfiguration: {} }],
    ]) {
      await expect(set(app, wrong)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    await expect(set(await createApp(bench), [EVENTS])).rejects.toMatchObject({
      name: 'FeatureUnavailableInTierException',
    });
  });
});

it('[UP-CERT-1] the signing certificate is real, signs itself, and stays the same', async () => {
  const { idp, userPoolId } = await createApp(bench);
  const get = async (): Promise<string> => {
    const { Certificate } = await idp.send(new GetSigningCertificateCommand({ UserPoolId: userPoolId }));
    return Certificate!;
  };
  const text = await get();
  const certificate = new X509Certificate(Buffer.from(text, 'base64'));
  expect(certificate.subject).toBe(`CN=${userPoolId}`);
  expect(certificate.issuer).toBe(certificate.subject);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.publicKey.asymmetricKeyType).toBe('rsa');
  expect(certificate.validToDate.getUTCFullYear() - certificate.validFromDate.getUTCFullYear()).toBe(10);
  expect(await get()).toBe(text);
});

describe('tracking of sessions', () => {
  const track = (app: App, UserSessionTracking: string, MaxPerUser: number) =>
    app.idp.send(
      new SetUserPoolSessionConfigurationCommand({
        UserPoolId: app.userPoolId,
        UserSessionTracking: UserSessionTracking as UserSessionTrackingType,
        TokenSession: { MaxPerUser },
      }),
    );

  it('[UP-SESSIONS-1] is off with twenty a user until it is set, within bounds', async () => {
    const app = await createApp(bench);
    const get = async () => app.idp.send(new GetUserPoolSessionConfigurationCommand({ UserPoolId: app.userPoolId }));
    expect(await get()).toMatchObject({ UserSessionTracking: 'DISABLED', TokenSession: { MaxPerUser: 20 } });
    await expect(track(app, 'ENABLED', 101)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(track(app, 'ENABLED', 0)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(track(app, 'SOMETIMES', 5)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await track(app, 'ENABLED', 5);
    expect(await get()).toMatchObject({ UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 5 } });
  });

  it('[UP-SESSIONS-2] comes before that of a client, and not in the cheapest tier', async () => {
    const app = await createApp(bench);
    const client = { UserPoolId: app.userPoolId, ClientId: app.clientId };
    const set = (MaxValidityMinutes: number) =>
      app.idp.send(new SetUserPoolClientSessionConfigurationCommand({ ...client, SSOSession: { MaxValidityMinutes } }));
    await expect(set(30)).rejects.toMatchObject({ name: 'OperationNotEnabledException' });
    await track(app, 'ENABLED', 5);
    await expect(set(129_601)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const get = async () => app.idp.send(new GetUserPoolClientSessionConfigurationCommand(client));
    expect(await get()).toMatchObject({ SSOSession: { MaxValidityMinutes: 60 } });
    await set(30);
    expect(await get()).toMatchObject({ ClientId: app.clientId, SSOSession: { MaxValidityMinutes: 30 } });
    await expect(track(await createApp(bench, { UserPoolTier: 'LITE' }), 'ENABLED', 5)).rejects.toMatchObject({
      name: 'FeatureUnavailableInTierException',
    });
  });
});

describe('provisioned limits', () => {
  const definition = (Category: string) => ({ LimitClass: 'API_CATEGORY' as const, Attributes: { Category } });

  it('[UP-RATE-1] are of the categories that there are, between the free rate and ten times it', async () => {
    const idp = new CognitoIdentityProviderClient(bench.sdk);
    await expect(
      idp.send(new GetProvisionedLimitCommand({ LimitDefinition: definition('UserTeleportation') })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const update = (RequestedLimitValue: number) =>
      idp.send(new UpdateProvisionedLimitCommand({ LimitDefinition: definition('UserList'), RequestedLimitValue }));
    await expect(update(29)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(update(301)).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
  });

  it('[UP-RATE-2] are kept for the account', async () => {
    const idp = new CognitoIdentityProviderClient(bench.sdkFor('777788889999'));
    const LimitDefinition = definition('UserAuthentication');
    const get = async (client: CognitoIdentityProviderClient) =>
      (await client.send(new GetProvisionedLimitCommand({ LimitDefinition }))).Limit!;
    expect(await get(idp)).toMatchObject({ ProvisionedLimitValue: 120, FreeLimitValue: 120 });
    await idp.send(new UpdateProvisionedLimitCommand({ LimitDefinition, RequestedLimitValue: 300 }));
    expect(await get(idp)).toMatchObject({ ProvisionedLimitValue: 300, FreeLimitValue: 120, LimitDefinition });
    expect(await get(new CognitoIdentityProviderClient(bench.sdk))).toMatchObject({ ProvisionedLimitValue: 120 });
  });
});

describe('replicas', () => {
  const REGION = 'eu-central-1';
  const create = (app: App, RegionName = REGION) =>
    app.idp.send(new CreateUserPoolReplicaCommand({ UserPoolId: app.userPoolId, RegionName }));

  it('[UP-REPLICA-1] are in other regions, one in each, and not in the cheapest tier', async () => {
    const app = await createApp(bench);
    await create(app);
    for (const region of [REGION, 'us-east-1', 'the moon']) {
      await expect(create(app, region)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    await expect(create(await createApp(bench, { UserPoolTier: 'LITE' }))).rejects.toMatchObject({
      name: 'FeatureUnavailableInTierException',
    });
  });

  it('[UP-REPLICA-2] are switched on and off, and listed after the pool itself', async () => {
    const app = await createApp(bench);
    expect((await create(app)).UserPoolReplica).toEqual({
      RegionName: REGION,
      Role: 'SECONDARY',
      Status: 'CREATING',
      UserPoolArn: `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${app.userPoolId}`,
    });
    const list = async () =>
      (await app.idp.send(new ListUserPoolReplicasCommand({ UserPoolId: app.userPoolId }))).UserPoolReplicas!.map(
        ({ Role, Status }) => [Role, Status],
      );
    expect(await list()).toEqual([
      ['PRIMARY', 'ACTIVE'],
      ['SECONDARY', 'INACTIVE'],
    ]);
    const update = (Status: 'ACTIVE' | 'INACTIVE', RegionName = REGION) =>
      app.idp.send(new UpdateUserPoolReplicaCommand({ UserPoolId: app.userPoolId, RegionName, Status }));
    await update('ACTIVE');
    expect((await list())[1]).toEqual(['SECONDARY', 'ACTIVE']);
    await expect(update('ON' as 'ACTIVE')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(update('ACTIVE', 'eu-west-1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('[UP-REPLICA-3] are deleted when they are off', async () => {
    const app = await createApp(bench);
    const replica = { UserPoolId: app.userPoolId, RegionName: REGION };
    await create(app);
    await app.idp.send(new UpdateUserPoolReplicaCommand({ ...replica, Status: 'ACTIVE' }));
    await expect(app.idp.send(new DeleteUserPoolReplicaCommand(replica))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await app.idp.send(new UpdateUserPoolReplicaCommand({ ...replica, Status: 'INACTIVE' }));
    const { UserPoolReplica } = await app.idp.send(new DeleteUserPoolReplicaCommand(replica));
    expect(UserPoolReplica!.Status).toBe('DELETING');
  });

  it('[UP-REPLICA-4] [UP-REPLICA-5] are made and deleted from the pool’s own region', async () => {
    const app = await createApp(bench);
    const away = new CognitoIdentityProviderClient({ ...bench.sdk, region: REGION });
    await expect(create({ ...app, idp: away })).rejects.toMatchObject({ name: 'OperationNotEnabledException' });
    await expect(
      app.idp.send(new DeleteUserPoolReplicaCommand({ UserPoolId: app.userPoolId, RegionName: REGION })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
