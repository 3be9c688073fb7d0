import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ListUserPoolsCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addUser, createApp, refused, signIn } from './setup.ts';

let bench: TestBench;
let idp: CognitoIdentityProviderClient;

beforeAll(async () => {
  bench = await startBench();
  idp = new CognitoIdentityProviderClient(bench.sdk);
});
afterAll(() => bench.stop());

describe('user pools', () => {
  it('[UP-POOL-1] take defaults for what the request leaves out', async () => {
    const { UserPool: made } = await idp.send(new CreateUserPoolCommand({ PoolName: 'plain' }));
    const { UserPool: pool } = await idp.send(new DescribeUserPoolCommand({ UserPoolId: made!.Id! }));
    expect(pool).toMatchObject({
      Name: 'plain',
      Arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${made!.Id}`,
      MfaConfiguration: 'OFF',
      DeletionProtection: 'INACTIVE',
      EstimatedNumberOfUsers: 0,
      UserPoolTier: 'ESSENTIALS',
      UserPoolTags: {},
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
      Policies: { PasswordPolicy: { MinimumLength: 8, RequireSymbols: true, TemporaryPasswordValidityDays: 7 } },
    });
    expect(pool!.SchemaAttributes).toHaveLength(20);
    expect(pool!.CreationDate).toEqual(pool!.LastModifiedDate);
    expect(made!.Id).toMatch(/^us-east-1_[0-9A-Za-z]{9}$/);
  });

  it('[UP-POOL-1] show message texts in both of their places', async () => {
    const { UserPool: pool } = await idp.send(
      new CreateUserPoolCommand({ PoolName: 'texts', EmailVerificationMessage: 'Type {####} please' }),
    );
    expect(pool).toMatchObject({
      EmailVerificationMessage: 'Type {####} please',
      VerificationMessageTemplate: { EmailMessage: 'Type {####} please' },
    });
  });

  it.each([
    [
      'LambdaConfig.InboundFederation',
      {
        LambdaConfig: {
          InboundFederation: {
            LambdaVersion: 'V1_0' as const,
            LambdaArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
          },
        },
      },
    ],
  ])('[UP-POOL-2] refuse %s by name', async (setting, settings) => {
    await expect(idp.send(new CreateUserPoolCommand({ PoolName: 'p', ...settings }))).rejects.toMatchObject(
      refused('NotBuiltException', `${setting} is not built in Poolbench yet.`),
    );
  });

  it.each([
    [
      'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.',
      { AliasAttributes: ['email' as const], UsernameAttributes: ['email' as const] },
    ],
    [
      'Password should be configured as one of the allowed first auth factors.',
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['EMAIL_OTP' as const] } } },
    ],
    [
      'Source ARN is required to use DEVELOPER email sending owner',
      { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' as const } },
    ],
    [
      'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
      { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email' as const] } },
    ],
    [
      'Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.',
      {
        AccountRecoverySetting: {
          RecoveryMechanisms: [
            { Priority: 1, Name: 'admin_only' as const },
            { Priority: 2, Name: 'verified_email' as const },
          ],
        },
      },
    ],
  ])('[UP-POOL-3] refuse settings that contradict each other: %s', async (message, settings) => {
    await expect(idp.send(new CreateUserPoolCommand({ PoolName: 'p', ...settings }))).rejects.toMatchObject(
      refused('InvalidParameterException', message),
    );
  });

  it('[UP-POOL-4] keep custom attributes under their prefix, mutable unless they say otherwise', async () => {
    const { UserPool: pool } = await idp.send(
      new CreateUserPoolCommand({
        PoolName: 'custom',
        Schema: [
          { Name: 'team', AttributeDataType: 'String' },
          { Name: 'email', Required: true },
          { Name: 'secret', AttributeDataType: 'Number', DeveloperOnlyAttribute: true, Mutable: false },
        ],
      }),
    );
    const named = (name: string): unknown => pool!.SchemaAttributes!.find(({ Name }) => Name === name);
    expect(named('custom:team')).toMatchObject({ Mutable: true, Required: false, StringAttributeConstraints: {} });
    expect(named('dev:custom:secret')).toMatchObject({ Mutable: false, AttributeDataType: 'Number' });
    expect(named('email')).toMatchObject({ Required: true, AttributeDataType: 'String' });
  });

  it('[UP-POOL-5] lose on update what the update leaves out, but for what stays for good', async () => {
    const { userPoolId } = await createApp(bench, {
      AliasAttributes: ['email'],
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
      UserPoolTags: { stage: 'test' },
      UsernameConfiguration: { CaseSensitive: false },
    });
    await idp.send(new UpdateUserPoolCommand({ UserPoolId: userPoolId, PoolName: 'renamed' }));
    const { UserPool: pool } = await idp.send(new DescribeUserPoolCommand({ UserPoolId: userPoolId }));
    expect(pool).toMatchObject({
      Name: 'renamed',
      AliasAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      UserPoolTags: {},
      Policies: { PasswordPolicy: { MinimumLength: 8 } },
    });
    expect(pool!.AutoVerifiedAttributes).toBeUndefined();
  });

  it('[UP-POOL-6] of one account do not exist for another', async () => {
    const { userPoolId } = await createApp(bench);
    const stranger = new CognitoIdentityProviderClient(bench.sdkFor('111111111111'));
    const missing = refused('ResourceNotFoundException', `User pool ${userPoolId} does not exist.`);
    await expect(stranger.send(new DescribeUserPoolCommand({ UserPoolId: userPoolId }))).rejects.toMatchObject(missing);
    await expect(stranger.send(new DeleteUserPoolCommand({ UserPoolId: userPoolId }))).rejects.toMatchObject(missing);
    const { UserPools } = await stranger.send(new ListUserPoolsCommand({ MaxResults: 60 }));
    expect(UserPools).toEqual([]);
    const { UserPool } = await idp.send(new DescribeUserPoolCommand({ UserPoolId: userPoolId }));
    expect(UserPool!.Id).toBe(userPoolId);
  });

  it('[UP-POOL-7] with deletion protection are not deleted until it is lifted', async () => {
    const { userPoolId } = await createApp(bench, { DeletionProtection: 'ACTIVE' });
    const remove = (): Promise<unknown> => idp.send(new DeleteUserPoolCommand({ UserPoolId: userPoolId }));
    await expect(remove()).rejects.toMatchObject(
      refused(
        'InvalidParameterException',
        'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
      ),
    );
    await idp.send(new UpdateUserPoolCommand({ UserPoolId: userPoolId, DeletionProtection: 'INACTIVE' }));
    await expect(remove()).resolves.toBeDefined();
  });

  it('[UP-POOL-8] take clients, users and tokens with them', async () => {
    const app = await createApp(bench);
    await addUser(app, 'ann', { email: 'ann@example.com' });
    const { access } = await signIn(app, 'ann');
    await idp.send(new DeleteUserPoolCommand({ UserPoolId: app.userPoolId }));
    await expect(
      idp.send(new DescribeUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientId: app.clientId })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(signIn(app, 'ann')).rejects.toMatchObject(
      refused('ResourceNotFoundException', `User pool client ${app.clientId} does not exist.`),
    );
    const { services } = bench;
    expect(services.signingKeyRecords.find(`user-pool:${app.userPoolId}:access`)).toBeUndefined();
    expect(services.users.findByUsername(app.userPoolId, 'ann')).toBeUndefined();
    expect(access).toBeTruthy();
  });

  it('[UP-POOL-9] are at most a thousand in a region', async () => {
    const { store, userPools, clock } = bench.services;
    const [account, region] = ['333333333333', 'us-east-1'];
    store.write(() => {
      for (let made = 1; made < 1000; made += 1) {
        const id = `us-east-1_quota${String(made).padStart(4, '0')}`;
        const now = clock.now();
        userPools.insert({
          id,
          account,
          region,
          name: id,
          settings: {},
          simulationSecret: Buffer.alloc(32),
          createdAt: now,
          modifiedAt: now,
        });
      }
    });
    const owner = new CognitoIdentityProviderClient(bench.sdkFor(account));
    await owner.send(new CreateUserPoolCommand({ PoolName: 'the last' }));
    await expect(owner.send(new CreateUserPoolCommand({ PoolName: 'one more' }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  });

  it('[UP-LIST-1] are listed in pages whose tokens fit no other listing', async () => {
    const lister = new CognitoIdentityProviderClient(bench.sdkFor('222222222222'));
    const ids = [];
    for (const name of ['a', 'b', 'c']) {
      const { UserPool } = await lister.send(new CreateUserPoolCommand({ PoolName: name }));
      ids.push(UserPool!.Id!);
    }
    const first = await lister.send(new ListUserPoolsCommand({ MaxResults: 2 }));
    const second = await lister.send(new ListUserPoolsCommand({ MaxResults: 2, NextToken: first.NextToken }));
    expect([...first.UserPools!, ...second.UserPools!].map(({ Id }) => Id)).toEqual(ids.sort());
    expect(second.NextToken).toBeUndefined();
    await expect(
      idp.send(new ListUserPoolsCommand({ MaxResults: 2, NextToken: first.NextToken })),
    ).rejects.toMatchObject(refused('InvalidParameterException', 'Invalid pagination token given.'));
  });

  it('counts users as they come and go', async () => {
    const app = await createApp(bench);
    await addUser(app, 'one');
    await addUser(app, 'two');
    const { UserPool } = await idp.send(new DescribeUserPoolCommand({ UserPoolId: app.userPoolId }));
    expect(UserPool!.EstimatedNumberOfUsers).toBe(2);
  });

  it('[UP-POOL-6] refuse clients for a pool that is not there', async () => {
    await expect(
      idp.send(new CreateUserPoolClientCommand({ UserPoolId: 'us-east-1_Missing00', ClientName: 'c' })),
    ).rejects.toMatchObject(refused('ResourceNotFoundException', 'User pool us-east-1_Missing00 does not exist.'));
  });
});
