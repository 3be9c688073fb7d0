import {
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandOutput,
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, type App, createApp, passwordAuth, refused } from './setup.ts';

let bench: TestBench;
let app: App;
let idp: CognitoIdentityProviderClient;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench, { Schema: [{ Name: 'email', Required: true }] });
  ({ idp } = app);
});
afterAll(() => bench.stop());

function create(settings: object): Promise<CreateUserPoolClientCommandOutput> {
  return idp.send(new CreateUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientName: 'c', ...settings }));
}

describe('app clients', () => {
  it('[UP-CLIENT-1] take defaults, and have a secret only when asked', async () => {
    const plain = await idp.send(new CreateUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientName: 'plain' }));
    expect(plain.UserPoolClient).toMatchObject({
      ClientName: 'plain',
      RefreshTokenValidity: 30,
      AuthSessionValidity: 3,
      EnableTokenRevocation: true,
      AllowedOAuthFlowsUserPoolClient: false,
    });
    expect(plain.UserPoolClient!.ClientId).toMatch(/^[0-9a-z]{26}$/);
    expect(plain.UserPoolClient).not.toHaveProperty('ClientSecret');
    expect(plain.UserPoolClient).not.toHaveProperty('ExplicitAuthFlows');
    const { clientSecret } = await addClient(idp, app.userPoolId, { GenerateSecret: true });
    expect(clientSecret).toMatch(/^[0-9a-z]{51}$/);
  });

  it.each([
    [{ AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: 'minutes' } }, 'Invalid range for token validity.'],
    [{ IdTokenValidity: 25 }, 'Invalid range for token validity.'],
    [{ RefreshTokenValidity: 3651 }, 'Invalid range for token validity.'],
    [
      { AccessTokenValidity: 5, RefreshTokenValidity: 2, TokenValidityUnits: { RefreshToken: 'hours' } },
      'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
    ],
  ])('[UP-CLIENT-2] refuse validities out of range: %j', async (settings, message) => {
    await expect(create(settings)).rejects.toMatchObject(refused('InvalidParameterException', message));
  });

  it('[UP-CLIENT-3] do not mix old and new names of flows', async () => {
    await expect(create({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] })).rejects.toMatchObject(
      refused(
        'InvalidParameterException',
        "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
      ),
    );
  });

  it.each([
    [{ ReadAttributes: ['custom:none'] }, 'Invalid read attributes specified while creating a client'],
    [{ WriteAttributes: ['email', 'email_verified'] }, 'Invalid write attributes specified while creating a client'],
    [{ WriteAttributes: ['name'] }, 'Invalid write attributes specified while creating a client'],
  ])('[UP-CLIENT-4] refuse attribute lists that the schema does not allow: %j', async (settings, message) => {
    await expect(create(settings)).rejects.toMatchObject(refused('InvalidParameterException', message));
  });

  it.each([
    [
      { AllowedOAuthFlowsUserPoolClient: true },
      'InvalidParameterException',
      'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
    ],
    [
      { AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['openid'] },
      'InvalidOAuthFlowException',
      'CallbackUrls can not be empty when code flow or implicit flow is selected',
    ],
    [
      { AllowedOAuthFlows: ['client_credentials'] },
      'InvalidOAuthFlowException',
      'client_credentials flow can not be selected if client does not have a client secret.',
    ],
    [{ AllowedOAuthScopes: ['shop/buy'] }, 'ScopeDoesNotExistException', 'Invalid scope requested: shop/buy'],
    [
      { CallbackURLs: ['http://example.com/'] },
      'InvalidParameterException',
      'http://example.com/ cannot use the HTTP protocol.',
    ],
  ])('[UP-CLIENT-5] refuse OAuth settings that do not fit: %j', async (settings, name, message) => {
    await expect(create(settings)).rejects.toMatchObject(refused(name, message));
  });

  it('[UP-CLIENT-10] do not rotate refresh tokens and refresh in the older way at once', async () => {
    await expect(
      create({ RefreshTokenRotation: { Feature: 'ENABLED' }, ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const rotating = await create({
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 30 },
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
    });
    expect(rotating.UserPoolClient!.RefreshTokenRotation).toEqual({ Feature: 'ENABLED', RetryGracePeriodSeconds: 30 });
  });

  it('[UP-CLIENT-6] that nobody made do not exist', async () => {
    const missing = refused('ResourceNotFoundException', 'User pool client nobody does not exist.');
    await expect(idp.send(passwordAuth({ clientId: 'nobody' }, 'ann'))).rejects.toMatchObject(missing);
    await expect(
      idp.send(new DescribeUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientId: 'nobody' })),
    ).rejects.toMatchObject(missing);
  });

  it('[UP-CLIENT-6] of another pool do not exist in this one', async () => {
    const other = await createApp(bench);
    await expect(
      idp.send(new DescribeUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientId: other.clientId })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('[UP-CLIENT-7] lose on update what the update leaves out, and keep the secret', async () => {
    const { clientId, clientSecret } = await addClient(idp, app.userPoolId, {
      GenerateSecret: true,
      RefreshTokenValidity: 5,
    });
    await idp.send(
      new UpdateUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientId: clientId, AccessTokenValidity: 2 }),
    );
    const { UserPoolClient: client } = await idp.send(
      new DescribeUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientId: clientId }),
    );
    expect(client).toMatchObject({
      ClientName: 'app',
      ClientSecret: clientSecret,
      RefreshTokenValidity: 30,
      AccessTokenValidity: 2,
    });
    expect(client).not.toHaveProperty('ExplicitAuthFlows');
  });

  it('[UP-LIST-1] are listed in pages and gone once deleted', async () => {
    const { userPoolId, clientId } = await createApp(bench);
    const { clientId: second } = await addClient(idp, userPoolId);
    const page = await idp.send(new ListUserPoolClientsCommand({ UserPoolId: userPoolId, MaxResults: 1 }));
    expect(page.UserPoolClients).toHaveLength(1);
    const rest = await idp.send(
      new ListUserPoolClientsCommand({ UserPoolId: userPoolId, MaxResults: 1, NextToken: page.NextToken }),
    );
    expect([...page.UserPoolClients!, ...rest.UserPoolClients!].map((client) => client.ClientId)).toEqual(
      [clientId, second].sort(),
    );
    await idp.send(new DeleteUserPoolClientCommand({ UserPoolId: userPoolId, ClientId: second }));
    const after = await idp.send(new ListUserPoolClientsCommand({ UserPoolId: userPoolId, MaxResults: 60 }));
    expect(after.UserPoolClients!.map((client) => client.ClientId)).toEqual([clientId]);
  });

  it('[UP-CLIENT-9] are 25 a pool under the seed limits', async () => {
    const { userPoolId } = await createApp(bench);
    for (let made = 1; made < 25; made += 1) await addClient(idp, userPoolId);
    await expect(addClient(idp, userPoolId)).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});
