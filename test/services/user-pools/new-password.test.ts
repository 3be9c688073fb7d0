import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  addClient,
  type App,
  attributeList,
  claimsOf,
  createApp,
  passwordAuth,
  PASSWORD,
  refused,
  signIn,
} from './setup.ts';
import { SrpExchange } from './srp.ts';

const TEMPORARY = 'Temp0rary!';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench, { Schema: [{ Name: 'name', Required: true }] });
});
afterAll(() => bench.stop());

async function invite(username: string): Promise<void> {
  await app.idp.send(
    new AdminCreateUserCommand({
      UserPoolId: app.userPoolId,
      Username: username,
      TemporaryPassword: TEMPORARY,
      MessageAction: 'SUPPRESS',
      UserAttributes: attributeList({ email: `${username}@example.com` }),
    }),
  );
}

function choose(
  session: string | undefined,
  responses: { [name: string]: string },
): Promise<RespondToAuthChallengeResponse> {
  return app.idp.send(
    new RespondToAuthChallengeCommand({
      ClientId: app.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: session,
      ChallengeResponses: responses,
    }),
  );
}

describe('NEW_PASSWORD_REQUIRED', () => {
  it('[UP-AUTH-13] follows a temporary password, and leads to tokens and CONFIRMED', async () => {
    await invite('ann');
    const { ChallengeName, ChallengeParameters, Session } = await app.idp.send(passwordAuth(app, 'ann', TEMPORARY));
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    expect(JSON.parse(ChallengeParameters!['userAttributes']!)).toEqual({ email: 'ann@example.com' });
    expect(JSON.parse(ChallengeParameters!['requiredAttributes']!)).toEqual(['userAttributes.name']);
    const answer = { USERNAME: 'ann', NEW_PASSWORD: PASSWORD, 'userAttributes.name': 'Ann' };
    const { AuthenticationResult } = await choose(Session, answer);
    expect(claimsOf(AuthenticationResult!.IdToken!)).toMatchObject({ name: 'Ann', email: 'ann@example.com' });
    const user = await app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'ann' }));
    expect(user.UserStatus).toBe('CONFIRMED');
    expect((await signIn(app, 'ann')).access).toBeTruthy();
    await expect(choose(Session, answer)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('[UP-AUTH-13] follows SRP too', async () => {
    await invite('bob');
    const exchange = new SrpExchange(app, 'bob', TEMPORARY);
    await exchange.start();
    const { ChallengeName, Session } = await exchange.respond();
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const done = await choose(Session, { USERNAME: 'bob', NEW_PASSWORD: PASSWORD, 'userAttributes.name': 'Bob' });
    expect(done.AuthenticationResult).toBeDefined();
  });

  it('[UP-AUTH-15] refuses attributes that have a value, are missing, or may not be written', async () => {
    await invite('cid');
    const { Session } = await app.idp.send(passwordAuth(app, 'cid', TEMPORARY));
    const answer = { USERNAME: 'cid', NEW_PASSWORD: PASSWORD };
    await expect(choose(Session, { ...answer, 'userAttributes.email': 'new@example.com' })).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Cannot modify an already provided email'),
    );
    await expect(choose(Session, answer)).rejects.toMatchObject(
      refused('InvalidParameterException', 'Invalid attributes given, name is missing'),
    );
    await expect(
      choose(Session, { ...answer, 'userAttributes.name': 'Cid', 'userAttributes.email_verified': 'true' }),
    ).rejects.toMatchObject(refused('NotAuthorizedException', 'A client attempted to write unauthorized attribute'));
    await expect(choose(Session, { ...answer, 'userAttributes.name': 'Cid' })).resolves.toHaveProperty(
      'AuthenticationResult',
    );
  });

  it('[UP-PASSWORD-1] keeps the session after a password that breaks the policy', async () => {
    await invite('dan');
    const { Session } = await app.idp.send(passwordAuth(app, 'dan', TEMPORARY));
    const answer = { USERNAME: 'dan', 'userAttributes.name': 'Dan' };
    await expect(choose(Session, { ...answer, NEW_PASSWORD: 'short' })).rejects.toMatchObject(
      refused('InvalidPasswordException', 'Password did not conform with policy: Password not long enough'),
    );
    await expect(choose(Session, { ...answer, NEW_PASSWORD: PASSWORD })).resolves.toHaveProperty(
      'AuthenticationResult',
    );
  });

  it('[UP-AUTH-12] does not follow a temporary password that is too old', async () => {
    await invite('eve');
    await bench.advance({ days: 7 });
    await expect(app.idp.send(passwordAuth(app, 'eve', TEMPORARY))).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Temporary password has expired and must be reset by an administrator.'),
    );
  });

  it('[UP-AUTH-13] is answered by administrators in the same way', async () => {
    await invite('gil');
    const who = { UserPoolId: app.userPoolId, ClientId: app.clientId };
    const { Session } = await app.idp.send(
      new AdminInitiateAuthCommand({
        ...who,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'gil', PASSWORD: TEMPORARY },
      }),
    );
    const { AuthenticationResult } = await app.idp.send(
      new AdminRespondToAuthChallengeCommand({
        ...who,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session,
        ChallengeResponses: { USERNAME: 'gil', NEW_PASSWORD: PASSWORD, 'userAttributes.name': 'Gil' },
      }),
    );
    expect(claimsOf(AuthenticationResult!.IdToken!)).toMatchObject({ name: 'Gil' });
  });

  it('[UP-SESSION-1] is worth nothing to another client', async () => {
    await invite('fay');
    const other = await addClient(app.idp, app.userPoolId);
    const { Session } = await app.idp.send(passwordAuth(other, 'fay', TEMPORARY));
    await expect(
      choose(Session, { USERNAME: 'fay', NEW_PASSWORD: PASSWORD, 'userAttributes.name': 'Fay' }),
    ).rejects.toMatchObject(refused('NotAuthorizedException', 'Invalid session for the user.'));
  });
});
