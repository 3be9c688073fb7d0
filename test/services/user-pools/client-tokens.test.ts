import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  DeleteResourceServerCommand,
  type ExplicitAuthFlowsType,
  GetClientTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoIdentityClient, CreateIdentityPoolCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addFunction, envelope } from '../triggers/setup.ts';
import { addClient, addUser, type App, claimsOf, createApp, passwordAuth, refused } from './setup.ts';

// The SDK's documentation names the flow, its list of values does not.
const CLIENT_TOKENS = ['ALLOW_CLIENT_TOKEN_AUTH' as ExplicitAuthFlowsType];

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
  await addServer('stars');
  const machine = await addClient(app.idp, app.userPoolId, {
    GenerateSecret: true,
    ExplicitAuthFlows: CLIENT_TOKENS,
    AllowedOAuthScopes: ['stars/read', 'stars/name', 'openid'],
  });
  app = { ...app, ...machine };
});
afterAll(() => bench.stop());

async function addServer(Identifier: string): Promise<void> {
  await app.idp.send(
    new CreateResourceServerCommand({
      UserPoolId: app.userPoolId,
      Identifier,
      Name: Identifier,
      Scopes: ['read', 'name', 'move'].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName })),
    }),
  );
}

async function token(Scopes?: string[], { clientId, clientSecret, idp } = app): Promise<string> {
  const { ClientAuthenticationResult: result } = await idp.send(
    new GetClientTokenCommand({ ClientId: clientId, Secret: clientSecret, ...(Scopes ? { Scopes } : {}) }),
  );
  expect(result).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
  return result!.AccessToken!;
}

describe('GetClientToken', () => {
  it('[TK-CLIENT-4] gives a client a token for itself that the pool’s keys verify', async () => {
    const access = await token();
    const claims = claimsOf(access);
    expect(claims).toMatchObject({
      sub: app.clientId,
      client_id: app.clientId,
      token_use: 'access',
      scope: 'stars/read stars/name',
      version: 2,
    });
    expect(claims).not.toHaveProperty('username');
    const issuer = `${bench.url}/${app.userPoolId}`;
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const currentDate = new Date(Number(claims['iat']) * 1000);
    await expect(jwtVerify(access, keys, { issuer, currentDate })).resolves.toBeDefined();
  });

  it('[TK-CLIENT-4] [TK-VERIFY-3] gives none that is worth something to a user’s operation', async () => {
    const AccessToken = await token();
    const SCOPELESS = refused('NotAuthorizedException', 'Access Token does not have required scopes');
    await expect(app.idp.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject(SCOPELESS);
    await expect(app.idp.send(new GlobalSignOutCommand({ AccessToken }))).rejects.toMatchObject(SCOPELESS);
    const identity = new CognitoIdentityClient(bench.sdk);
    const provider = `cognito-idp.us-east-1.amazonaws.com/${app.userPoolId}`;
    const { IdentityPoolId } = await identity.send(
      new CreateIdentityPoolCommand({
        IdentityPoolName: 'machines',
        AllowUnauthenticatedIdentities: false,
        CognitoIdentityProviders: [{ ProviderName: provider, ClientId: app.clientId }],
      }),
    );
    await expect(
      identity.send(new GetIdCommand({ IdentityPoolId, Logins: { [provider]: AccessToken } })),
    ).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('[TK-CLIENT-3] gives the scopes that are asked for, of those that the client has', async () => {
    expect(claimsOf(await token(['stars/name']))['scope']).toBe('stars/name');
    for (const scope of ['stars/move', 'stars/none', 'openid', '']) {
      await expect(token(['stars/read', scope])).rejects.toMatchObject(
        refused('InvalidParameterException', `Invalid scope requested: ${scope}`),
      );
    }
  });

  it('[TK-CLIENT-3] forgets a scope with its resource server', async () => {
    await addServer('moons');
    const lunar = await addClient(app.idp, app.userPoolId, {
      GenerateSecret: true,
      ExplicitAuthFlows: CLIENT_TOKENS,
      AllowedOAuthScopes: ['moons/read'],
    });
    expect(claimsOf(await token(undefined, { ...app, ...lunar }))['scope']).toBe('moons/read');
    await app.idp.send(new DeleteResourceServerCommand({ UserPoolId: app.userPoolId, Identifier: 'moons' }));
    await expect(token(undefined, { ...app, ...lunar })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[TK-CLIENT-2] asks for a secret of the client', async () => {
    const wrong = new GetClientTokenCommand({ ClientId: app.clientId, Secret: 'x'.repeat(30) });
    await expect(app.idp.send(wrong)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    const nobody = new GetClientTokenCommand({ ClientId: 'nobody', Secret: app.clientSecret });
    await expect(app.idp.send(nobody)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const without = new GetClientTokenCommand({ ClientId: app.clientId, Secret: undefined });
    await expect(app.idp.send(without)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[TK-CLIENT-1] is for clients that enable it', async () => {
    const users = await addClient(app.idp, app.userPoolId, { GenerateSecret: true });
    await expect(token(undefined, { ...app, ...users })).rejects.toMatchObject(
      refused('InvalidParameterException', 'Auth flow not enabled for this client'),
    );
  });

  it.each([
    ['V3_0' as const, 1],
    ['V2_0' as const, 0],
  ])('[TK-CLIENT-5] asks a pre token generation function %s as often as %d times', async (LambdaVersion, times) => {
    const fn = await addFunction(
      bench,
      `event.response = { claimsAndScopeOverrideDetails: { accessTokenGeneration: {
         claimsToAddOrOverride: { ship: 'Argo', sub: 'somebody' }, scopesToSuppress: ['sun/read'] } } };`,
    );
    const asking = await createApp(bench, {
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: fn.arn } },
    });
    await asking.idp.send(
      new CreateResourceServerCommand({
        UserPoolId: asking.userPoolId,
        Identifier: 'sun',
        Name: 'sun',
        Scopes: ['read', 'name'].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName })),
      }),
    );
    const { clientId, clientSecret } = await addClient(asking.idp, asking.userPoolId, {
      GenerateSecret: true,
      ExplicitAuthFlows: CLIENT_TOKENS,
      AllowedOAuthScopes: ['sun/read', 'sun/name'],
    });
    const { ClientAuthenticationResult: result } = await asking.idp.send(
      new GetClientTokenCommand({ ClientId: clientId, Secret: clientSecret, ClientMetadata: { port: 'Iolcus' } }),
    );
    const claims = claimsOf(result!.AccessToken!);
    expect(claims['sub']).toBe(clientId);
    expect(await fn.asked()).toHaveLength(times);
    if (times === 0) {
      expect(claims['scope']).toBe('sun/read sun/name');
      return;
    }
    expect(claims).toMatchObject({ scope: 'sun/name', ship: 'Argo' });
    expect(await fn.event()).toEqual({
      ...envelope(
        { userPoolId: asking.userPoolId, clientId },
        'ClientCredentials',
        'TokenGeneration_ClientCredentials',
        '3',
      ),
      request: {
        userAttributes: {},
        groupConfiguration: null,
        scopes: ['sun/read', 'sun/name'],
        clientMetadata: { port: 'Iolcus' },
      },
      response: { claimsAndScopeOverrideDetails: null },
    });
  });

  it('[TK-VERIFY-2] and its tokens expire as the client says', async () => {
    const brief = await addClient(app.idp, app.userPoolId, {
      GenerateSecret: true,
      ExplicitAuthFlows: CLIENT_TOKENS,
      AllowedOAuthScopes: ['stars/read'],
      AccessTokenValidity: 5,
      TokenValidityUnits: { AccessToken: 'minutes' },
    });
    const answer = await app.idp.send(
      new GetClientTokenCommand({ ClientId: brief.clientId, Secret: brief.clientSecret }),
    );
    const { AccessToken, ExpiresIn } = answer.ClientAuthenticationResult!;
    expect(ExpiresIn).toBe(300);
    await bench.advance({ minutes: 5 });
    await expect(app.idp.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Access Token has expired'),
    );
  });
});

describe('a client that gets tokens for itself', () => {
  it('[UP-CLIENT-11] has a secret and no other flow', async () => {
    const create = (ExplicitAuthFlows: ExplicitAuthFlowsType[], GenerateSecret: boolean) =>
      app.idp.send(
        new CreateUserPoolClientCommand({
          UserPoolId: app.userPoolId,
          ClientName: 'machine',
          ExplicitAuthFlows,
          GenerateSecret,
        }),
      );
    const REFUSED = { name: 'InvalidParameterException' };
    await expect(create(CLIENT_TOKENS, false)).rejects.toMatchObject(REFUSED);
    await expect(create([...CLIENT_TOKENS, 'ALLOW_USER_SRP_AUTH'], true)).rejects.toMatchObject(REFUSED);
    const { UserPoolClient: made } = await create(CLIENT_TOKENS, true);
    expect(made!.ExplicitAuthFlows).toEqual(CLIENT_TOKENS);
    await expect(
      app.idp.send(
        new UpdateUserPoolClientCommand({
          UserPoolId: app.userPoolId,
          ClientId: made!.ClientId,
          ExplicitAuthFlows: [...CLIENT_TOKENS, 'ALLOW_REFRESH_TOKEN_AUTH'],
        }),
      ),
    ).rejects.toMatchObject(REFUSED);
  });

  it('[UP-CLIENT-11] signs nobody in', async () => {
    await addUser(app, 'ann');
    await expect(app.idp.send(passwordAuth(app, 'ann'))).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
