import {
  AdminDisableUserCommand,
  DeleteUserCommand,
  GetTokensFromRefreshTokenCommand,
  type GetTokensFromRefreshTokenCommandOutput,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, addUser, type App, claimsOf, createApp, refused, signIn } from './setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench, {}, rotation(10));
});
afterAll(() => bench.stop());

function rotation(seconds?: number) {
  return {
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH' as const],
    RefreshTokenRotation: {
      Feature: 'ENABLED' as const,
      ...(seconds === undefined ? {} : { RetryGracePeriodSeconds: seconds }),
    },
  };
}

function exchange(
  { idp, clientId }: Pick<App, 'idp' | 'clientId'>,
  token: string,
  secret?: string,
): Promise<GetTokensFromRefreshTokenCommandOutput> {
  return idp.send(
    new GetTokensFromRefreshTokenCommand({
      ClientId: clientId,
      RefreshToken: token,
      ...(secret === undefined ? {} : { ClientSecret: secret }),
    }),
  );
}

const REUSED = { name: 'RefreshTokenReuseException' };
const REVOKED = refused('NotAuthorizedException', 'Refresh Token has been revoked');

describe('GetTokensFromRefreshToken', () => {
  it('[TK-ROTATE-2] gives a new refresh token that ends when the first one would have', async () => {
    await addUser(app, 'ann');
    const first = await signIn(app, 'ann');
    await bench.advance({ days: 20 });
    const { AuthenticationResult: second } = await exchange(app, first.refresh);
    expect(second!.RefreshToken).not.toBe(first.refresh);
    expect(second).toMatchObject({ TokenType: 'Bearer', ExpiresIn: 3600 });
    const [before, after] = [claimsOf(first.access), claimsOf(second!.AccessToken!)];
    expect(after).toMatchObject({ origin_jti: before['origin_jti'], auth_time: before['auth_time'] });
    expect(after['jti']).not.toBe(before['jti']);
    const { AuthenticationResult: third } = await exchange(app, second!.RefreshToken!);
    expect(third!.RefreshToken).not.toBe(second!.RefreshToken);
    await bench.advance({ days: 11 });
    await expect(exchange(app, third!.RefreshToken!)).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Refresh Token has expired'),
    );
  });

  it('[TK-ROTATE-2] lets the old token be tried again within the grace period, which a retry does not prolong', async () => {
    await addUser(app, 'ben');
    const { refresh } = await signIn(app, 'ben');
    const { AuthenticationResult: one } = await exchange(app, refresh);
    await bench.advance({ seconds: 6 });
    const { AuthenticationResult: other } = await exchange(app, refresh);
    expect(other!.RefreshToken).not.toBe(one!.RefreshToken);
    // Whichever answer arrived, its token works.
    await exchange(app, one!.RefreshToken!);
    await exchange(app, other!.RefreshToken!);
    await bench.advance({ seconds: 5 });
    await expect(exchange(app, refresh)).rejects.toMatchObject(REUSED);
  });

  it('[TK-ROTATE-3] ends the whole sign-in when a replaced token comes back', async () => {
    await addUser(app, 'cid');
    const { refresh } = await signIn(app, 'cid');
    const elsewhere = await signIn(app, 'cid');
    const { AuthenticationResult: next } = await exchange(app, refresh);
    await bench.advance({ seconds: 10 });
    await expect(exchange(app, refresh)).rejects.toMatchObject(REUSED);
    await expect(exchange(app, next!.RefreshToken!)).rejects.toMatchObject(REVOKED);
    await expect(exchange(app, refresh)).rejects.toMatchObject(REVOKED);
    await expect(app.idp.send(new GetUserCommand({ AccessToken: next!.AccessToken }))).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Access Token has been revoked'),
    );
    expect((await exchange(app, elsewhere.refresh)).AuthenticationResult!.AccessToken).toBeTruthy();
  });

  it('[TK-ROTATE-3] without a grace period lets one of two calls win that come at the same time', async () => {
    const strict = { ...app, ...(await addClient(app.idp, app.userPoolId, rotation())) };
    await addUser(app, 'dan');
    const { refresh } = await signIn(strict, 'dan');
    const results = await Promise.allSettled([exchange(strict, refresh), exchange(strict, refresh)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: REUSED });
  });

  it('[TK-ROTATE-1] is the only way for a client that rotates', async () => {
    await addUser(app, 'eve');
    const { refresh } = await signIn(app, 'eve');
    const unset = {
      ...app,
      ...(await addClient(app.idp, app.userPoolId, { ...rotation(), ExplicitAuthFlows: undefined })),
    };
    const old = (clientId: string) =>
      app.idp.send(
        new InitiateAuthCommand({
          ClientId: clientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: refresh },
        }),
      );
    await expect(old(app.clientId)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(old(unset.clientId)).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });

  it('[TK-REFRESH-5] leaves the refresh token of a client that does not rotate', async () => {
    const plain = { ...app, ...(await addClient(app.idp, app.userPoolId)) };
    await addUser(app, 'fay');
    const { refresh } = await signIn(plain, 'fay');
    const { AuthenticationResult: result } = await exchange(plain, refresh);
    expect(result).not.toHaveProperty('RefreshToken');
    expect((await exchange(plain, refresh)).AuthenticationResult!.IdToken).toBeTruthy();
    await expect(exchange(app, refresh)).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Invalid Refresh Token'),
    );
    await expect(exchange(plain, 'made.up')).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Invalid Refresh Token'),
    );
    await app.idp.send(new AdminDisableUserCommand({ UserPoolId: app.userPoolId, Username: 'fay' }));
    await expect(exchange(plain, refresh)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('[TK-ROTATE-3] ends a sign-in too where the client has stopped rotating since', async () => {
    const former = { ...app, ...(await addClient(app.idp, app.userPoolId, rotation())) };
    await addUser(app, 'gus');
    const { refresh } = await signIn(former, 'gus');
    const { AuthenticationResult: next } = await exchange(former, refresh);
    await app.idp.send(new UpdateUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientId: former.clientId }));
    await expect(exchange(former, refresh)).rejects.toMatchObject(REVOKED);
    await expect(exchange(former, next!.RefreshToken!)).rejects.toMatchObject(REVOKED);
  });

  it('[TK-ROTATE-4] asks a client for its plain secret', async () => {
    const secret = await createApp(bench, {}, { ...rotation(), GenerateSecret: true });
    await expect(exchange(secret, 'any')).rejects.toMatchObject({ message: 'Invalid Refresh Token' });
    await addUser(secret, 'ida');
    const { createSecretHash } = await import('cognito-srp-helper');
    const { AuthenticationResult } = await secret.idp.send(
      new InitiateAuthCommand({
        ClientId: secret.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: {
          USERNAME: 'ida',
          PASSWORD: 'Passw0rd!',
          SECRET_HASH: createSecretHash('ida', secret.clientId, secret.clientSecret!),
        },
      }),
    );
    const refresh = AuthenticationResult!.RefreshToken!;
    await expect(exchange(secret, refresh)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(exchange(secret, refresh, 'w'.repeat(30))).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    expect((await exchange(secret, refresh, secret.clientSecret)).AuthenticationResult!.RefreshToken).toBeTruthy();
  });
});

describe('RevokeToken', () => {
  it('[TK-REVOKE-6] ends a rotating sign-in by any of its tokens', async () => {
    await addUser(app, 'jan');
    const { refresh } = await signIn(app, 'jan');
    const { AuthenticationResult: next } = await exchange(app, refresh);
    await app.idp.send(new RevokeTokenCommand({ ClientId: app.clientId, Token: refresh }));
    await expect(exchange(app, next!.RefreshToken!)).rejects.toMatchObject(REVOKED);
  });

  it('[PR-CALLER-1] answers a fault that it declares for an unknown client', async () => {
    await expect(
      app.idp.send(new RevokeTokenCommand({ ClientId: 'nobody', Token: 'a.b.c.d.e' })),
    ).rejects.toMatchObject({ name: 'UnauthorizedException' });
  });
});

describe('DeleteUser', () => {
  it('[UP-USER-2] frees the name, [TK-VERIFY-4] ends the tokens, [TK-VERIFY-7] with a fault that each operation declares', async () => {
    await addUser(app, 'kim', { email: 'kim@example.com' });
    const { access, refresh } = await signIn(app, 'kim');
    await app.idp.send(new DeleteUserCommand({ AccessToken: access }));
    const gone = refused('UserNotFoundException', 'User does not exist.');
    await expect(app.idp.send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject(gone);
    await expect(app.idp.send(new DeleteUserCommand({ AccessToken: access }))).rejects.toMatchObject(gone);
    await expect(app.idp.send(new GlobalSignOutCommand({ AccessToken: access }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await expect(exchange(app, refresh)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await addUser(app, 'kim');
    await expect(app.idp.send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject(gone);
  });
});
