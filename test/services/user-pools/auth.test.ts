import {
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  type AuthFlowType,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSecretHash } from 'cognito-srp-helper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  addClient,
  addUser,
  type App,
  claimsOf,
  createApp,
  INCORRECT,
  passwordAuth,
  PASSWORD,
  refused,
  signIn,
} from './setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
});
afterAll(() => bench.stop());

function initiate(
  { clientId }: Pick<App, 'clientId'>,
  AuthFlow: AuthFlowType,
  AuthParameters: { [name: string]: string },
): InitiateAuthCommand {
  return new InitiateAuthCommand({ ClientId: clientId, AuthFlow, AuthParameters });
}

describe('InitiateAuth', () => {
  it('[UP-AUTH-14] gives three tokens for the right password', async () => {
    await addUser(app, 'ann');
    const answer = await app.idp.send(passwordAuth(app, 'ann'));
    expect(answer.ChallengeParameters).toEqual({});
    expect(answer).not.toHaveProperty('ChallengeName');
    const result = answer.AuthenticationResult!;
    expect(result).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
    expect(result.AccessToken!.startsWith('eyJraWQi')).toBe(true);
    expect(claimsOf(result.IdToken!)).toMatchObject({ token_use: 'id', 'cognito:username': 'ann' });
    expect(result.RefreshToken!.split('.')).toHaveLength(5);
  });

  it('[UP-AUTH-6] refuses a wrong password', async () => {
    await addUser(app, 'bob');
    await expect(app.idp.send(passwordAuth(app, 'bob', 'Wr0ngWr0ng!'))).rejects.toMatchObject(INCORRECT);
  });

  it.each([
    ['USER_PASSWORD_AUTH', { USERNAME: 'ann', PASSWORD }, 'USER_PASSWORD_AUTH flow not enabled for this client'],
    ['USER_SRP_AUTH', { USERNAME: 'ann', SRP_A: 'abc' }, 'USER_SRP_AUTH is not enabled for the client.'],
    ['REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: 'x' }, 'Auth flow not enabled for this client'],
    ['ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'ann', PASSWORD }, 'Initiate Auth method not supported.'],
  ] as const)('[UP-AUTH-1] refuses %s where the client does not enable it', async (flow, parameters, message) => {
    const narrow = await addClient(app.idp, app.userPoolId, { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] });
    await expect(app.idp.send(initiate(narrow, flow, parameters))).rejects.toMatchObject(
      refused('InvalidParameterException', message),
    );
  });

  it.each([
    ['USER_PASSWORD_AUTH', { PASSWORD }, 'USERNAME'],
    ['USER_PASSWORD_AUTH', { USERNAME: 'ann' }, 'PASSWORD'],
    ['USER_SRP_AUTH', { USERNAME: 'ann' }, 'SRP_A'],
    ['REFRESH_TOKEN_AUTH', {}, 'REFRESH_TOKEN'],
  ] as const)('[UP-AUTH-2] %s with %j asks for %s', async (flow, parameters, name) => {
    await expect(app.idp.send(initiate(app, flow, parameters))).rejects.toMatchObject(
      refused('InvalidParameterException', `Missing required parameter ${name}`),
    );
  });

  it('[UP-AUTH-3] answers about unknown users as the client asks', async () => {
    const discreet = await addClient(app.idp, app.userPoolId, { PreventUserExistenceErrors: 'ENABLED' });
    await expect(app.idp.send(passwordAuth(app, 'ghost'))).rejects.toMatchObject(
      refused('UserNotFoundException', 'User does not exist.'),
    );
    await expect(app.idp.send(passwordAuth(discreet, 'ghost'))).rejects.toMatchObject(INCORRECT);
  });

  it('[UP-AUTH-3] knows users by alias once it is verified, and by sub', async () => {
    const aliased = await createApp(bench, { AliasAttributes: ['email'] });
    await addUser(aliased, 'cid', { email: 'cid@example.com', email_verified: 'true' });
    await addUser(aliased, 'dan', { email: 'dan@example.com' });
    const { id } = await signIn(aliased, 'cid@example.com');
    expect(claimsOf(id)['cognito:username']).toBe('cid');
    expect((await signIn(aliased, String(claimsOf(id)['sub']))).access).toBeTruthy();
    await expect(signIn(aliased, 'dan@example.com')).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('[UP-AUTH-4] refuses a disabled user', async () => {
    await addUser(app, 'eve');
    await app.idp.send(new AdminDisableUserCommand({ UserPoolId: app.userPoolId, Username: 'eve' }));
    await expect(app.idp.send(passwordAuth(app, 'eve'))).rejects.toMatchObject(
      refused('NotAuthorizedException', 'User is disabled.'),
    );
  });

  it('[UP-AUTH-11] refuses an unconfirmed user, whatever the password', async () => {
    await app.idp.send(new SignUpCommand({ ClientId: app.clientId, Username: 'fay', Password: PASSWORD }));
    const unconfirmed = refused('UserNotConfirmedException', 'User is not confirmed.');
    await expect(app.idp.send(passwordAuth(app, 'fay'))).rejects.toMatchObject(unconfirmed);
    await expect(app.idp.send(passwordAuth(app, 'fay', 'Wr0ngWr0ng!'))).rejects.toMatchObject(unconfirmed);
  });

  it('[UP-AUTH-5] locks after five failures, for longer each time, and forgives after success', async () => {
    await addUser(app, 'gil');
    const attempt = (password: string): Promise<unknown> => app.idp.send(passwordAuth(app, 'gil', password));
    const locked = refused('NotAuthorizedException', 'Password attempts exceeded');
    for (let failure = 0; failure < 5; failure += 1) {
      await expect(attempt('Wr0ngWr0ng!')).rejects.toMatchObject(INCORRECT);
    }
    await expect(attempt(PASSWORD)).rejects.toMatchObject(locked);
    await bench.advance({ seconds: 1 });
    await expect(attempt('Wr0ngWr0ng!')).rejects.toMatchObject(INCORRECT);
    await bench.advance({ seconds: 1 });
    await expect(attempt(PASSWORD)).rejects.toMatchObject(locked);
    await bench.advance({ seconds: 1 });
    await expect(attempt(PASSWORD)).resolves.toBeDefined();
    await expect(attempt('Wr0ngWr0ng!')).rejects.toMatchObject(INCORRECT);
    await expect(attempt(PASSWORD)).resolves.toBeDefined();
  });

  it('[UP-AUTH-5] lets no guess past the lock that another one caused at the same time', async () => {
    await addUser(app, 'hal');
    const guesses = await Promise.allSettled(
      Array.from({ length: 12 }, (_, guess) => app.idp.send(passwordAuth(app, 'hal', `Guess${guess}!aaa`))),
    );
    const texts = guesses.map((guess) => (guess.status === 'rejected' ? (guess.reason as Error).message : 'let in'));
    expect(texts.filter((text) => text === INCORRECT.message)).toHaveLength(5);
    expect(texts.filter((text) => text === 'Password attempts exceeded')).toHaveLength(7);
  });

  it('[UP-CLIENT-8] wants the hash of the client’s secret, over the name as typed', async () => {
    const secretive = await addClient(app.idp, app.userPoolId, { GenerateSecret: true });
    const { clientId, clientSecret } = secretive;
    await addUser(app, 'ida');
    const attempt = (more: { [name: string]: string }): Promise<unknown> =>
      app.idp.send(passwordAuth(secretive, 'ida', PASSWORD, more));
    await expect(attempt({})).rejects.toMatchObject(
      refused(
        'NotAuthorizedException',
        `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
      ),
    );
    await expect(attempt({ SECRET_HASH: 'bm9wZQ==' })).rejects.toMatchObject(
      refused('NotAuthorizedException', `Unable to verify secret hash for client ${clientId}`),
    );
    const hash = createSecretHash('ida', clientId, clientSecret!);
    await expect(attempt({ SECRET_HASH: hash })).resolves.toBeDefined();
    await expect(app.idp.send(passwordAuth(app, 'ida', PASSWORD, { SECRET_HASH: 'ignored' }))).resolves.toBeDefined();
  });
});

describe('AdminInitiateAuth', () => {
  const initiateAs = (flow: AuthFlowType, clientId: string): AdminInitiateAuthCommand =>
    new AdminInitiateAuthCommand({
      UserPoolId: app.userPoolId,
      ClientId: clientId,
      AuthFlow: flow,
      AuthParameters: { USERNAME: 'jo', PASSWORD },
    });

  it('[UP-AUTH-1] signs a user in by password where the client enables it', async () => {
    await addUser(app, 'jo');
    const { AuthenticationResult } = await app.idp.send(initiateAs('ADMIN_USER_PASSWORD_AUTH', app.clientId));
    expect(claimsOf(AuthenticationResult!.AccessToken!)['username']).toBe('jo');
    await expect(app.idp.send(initiateAs('USER_PASSWORD_AUTH', app.clientId))).rejects.toMatchObject(
      refused('InvalidParameterException', 'Initiate Auth method not supported.'),
    );
    const narrow = await addClient(app.idp, app.userPoolId, { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
    await expect(app.idp.send(initiateAs('ADMIN_NO_SRP_AUTH', narrow.clientId))).rejects.toMatchObject(
      refused('InvalidParameterException', 'Auth flow not enabled for this client'),
    );
  });
});
