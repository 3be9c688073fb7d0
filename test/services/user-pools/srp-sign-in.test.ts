import { AdminDisableUserCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import { createSecretHash } from 'cognito-srp-helper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SRP_MODULUS } from '../../../src/main/kernel/powers.ts';
import { formatTimestamp } from '../../../src/main/services/user-pools/policies/srp-math.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, addUser, type App, claimsOf, createApp, INCORRECT, PASSWORD, refused } from './setup.ts';
import { SrpExchange } from './srp.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
  for (const name of ['ann', 'bob', 'dan', 'eve', 'gil']) await addUser(app, name);
});
afterAll(() => bench.stop());

const INVALID_SESSION = refused('NotAuthorizedException', 'Invalid session for the user.');

describe('USER_SRP_AUTH', () => {
  it('[UP-AUTH-16] asks for the proof, and [UP-AUTH-8] gives tokens for it', async () => {
    const exchange = new SrpExchange(app, 'ann');
    const started = await exchange.start();
    expect(started).toMatchObject({
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeParameters: { USERNAME: 'ann', USER_ID_FOR_SRP: 'ann' },
    });
    expect(started.Session).toMatch(/^AYABe/);
    expect(started).not.toHaveProperty('AuthenticationResult');
    const { AuthenticationResult } = await exchange.respond();
    expect(claimsOf(AuthenticationResult!.AccessToken!)['username']).toBe('ann');
  });

  it('[UP-AUTH-8] works with amazon-cognito-identity-js', async () => {
    const pool = new CognitoUserPool({ UserPoolId: app.userPoolId, ClientId: app.clientId, endpoint: bench.url });
    const user = new CognitoUser({ Username: 'bob', Pool: pool });
    const signIn = (Password: string): Promise<CognitoUserSession> =>
      new Promise((onSuccess, onFailure) => {
        user.authenticateUser(new AuthenticationDetails({ Username: 'bob', Password }), { onSuccess, onFailure });
      });
    await expect(signIn('Wr0ngWr0ng!')).rejects.toMatchObject({ code: INCORRECT.name, message: INCORRECT.message });
    const session = await signIn(PASSWORD);
    expect(session.getIdToken().payload['cognito:username']).toBe('bob');
  });

  it('[UP-AUTH-16] names the sub where people are named by attribute', async () => {
    const byMail = await createApp(bench, { UsernameAttributes: ['email'] });
    const username = await addUser(byMail, 'cid@example.com');
    const exchange = new SrpExchange(byMail, 'cid@example.com');
    const started = await exchange.start();
    expect(started.ChallengeParameters!['USER_ID_FOR_SRP']).toBe(username);
    expect((await exchange.respond()).AuthenticationResult?.IdToken).toBeTruthy();
  });

  it('[UP-AUTH-8] refuses a wrong password and a tampered proof', async () => {
    const wrong = new SrpExchange(app, 'dan', 'Wr0ngWr0ng!');
    await wrong.start();
    await expect(wrong.respond()).rejects.toMatchObject(INCORRECT);

    const bent = new SrpExchange(app, 'dan');
    await bent.start();
    const signature = Buffer.from(bent.answer()['PASSWORD_CLAIM_SIGNATURE']!, 'base64');
    signature[0]! ^= 1;
    await expect(bent.respond({ PASSWORD_CLAIM_SIGNATURE: signature.toString('base64') })).rejects.toMatchObject(
      INCORRECT,
    );
    await expect(bent.respond({ PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).rejects.toMatchObject(INCORRECT);
    await expect(bent.respond({ PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' })).rejects.toMatchObject(INCORRECT);
  });

  it('[UP-SESSION-4] takes the right proof after a wrong one', async () => {
    const exchange = new SrpExchange(app, 'eve');
    await exchange.start();
    await expect(exchange.respond({ PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).rejects.toMatchObject(INCORRECT);
    expect((await exchange.respond()).AuthenticationResult).toBeDefined();
  });

  it('[UP-AUTH-9] refuses a timestamp that is badly written, signed for another time, or far away', async () => {
    const exchange = new SrpExchange(app, 'ann');
    await exchange.start();
    for (const TIMESTAMP of ['Tue Sep 01 01:02:03 UTC 2026', 'yesterday', formatTimestamp(new Date(0))]) {
      await expect(exchange.respond({ TIMESTAMP })).rejects.toMatchObject(INCORRECT);
    }
    const nearby = new Date(bench.services.clock.millis() + 60_000);
    await expect(exchange.respond({ TIMESTAMP: formatTimestamp(nearby) })).rejects.toMatchObject(INCORRECT);
  });

  it('[UP-AUTH-9] accepts real time on a bench whose clock was moved', async () => {
    await using moved = await startBench();
    const there = await createApp(moved);
    await addUser(there, 'ann');
    await moved.advance({ days: 3 });
    const exchange = new SrpExchange(there, 'ann');
    await exchange.start();
    expect((await exchange.respond()).AuthenticationResult).toBeDefined();
  });

  it.each([['0'], [SRP_MODULUS.toString(16)], [(SRP_MODULUS * 2n).toString(16)], ['not a number']])(
    '[UP-AUTH-7] refuses %s as SRP_A',
    async (SRP_A) => {
      await expect(new SrpExchange(app, 'ann').start({ SRP_A })).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    },
  );

  it('[UP-AUTH-5] counts failed proofs, and locks', async () => {
    await addUser(app, 'fay');
    const exchange = new SrpExchange(app, 'fay');
    await exchange.start();
    for (let failure = 0; failure < 5; failure += 1) {
      await expect(exchange.respond({ PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).rejects.toMatchObject(INCORRECT);
    }
    await expect(exchange.respond()).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Password attempts exceeded'),
    );
  });

  it('[UP-AUTH-3] says that a user is unknown, or [UP-AUTH-10] plays the same exchange each time', async () => {
    await expect(new SrpExchange(app, 'ghost').start()).rejects.toMatchObject(
      refused('UserNotFoundException', 'User does not exist.'),
    );
    const discreet = {
      ...app,
      ...(await addClient(app.idp, app.userPoolId, { PreventUserExistenceErrors: 'ENABLED' })),
    };
    const first = new SrpExchange(discreet, 'ghost');
    const second = new SrpExchange(discreet, 'ghost');
    const [one, two] = [await first.start(), await second.start()];
    const { SALT, USER_ID_FOR_SRP, SRP_B } = one.ChallengeParameters!;
    expect(two.ChallengeParameters).toMatchObject({ SALT, USER_ID_FOR_SRP });
    expect(two.ChallengeParameters!['SRP_B']).not.toBe(SRP_B);
    expect(USER_ID_FOR_SRP).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await expect(first.respond()).rejects.toMatchObject(INCORRECT);
    const other = await new SrpExchange(discreet, 'spirit').start();
    expect(other.ChallengeParameters!['SALT']).not.toBe(SALT);
  });

  it('[UP-AUTH-4] tells a disabled user so after the proof', async () => {
    await app.idp.send(new AdminDisableUserCommand({ UserPoolId: app.userPoolId, Username: 'gil' }));
    const exchange = new SrpExchange(app, 'gil');
    await exchange.start();
    await expect(exchange.respond({ PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).rejects.toMatchObject(INCORRECT);
    await expect(exchange.respond()).rejects.toMatchObject(refused('NotAuthorizedException', 'User is disabled.'));
  });

  it('[UP-AUTH-11] tells an unconfirmed user so after the proof', async () => {
    await app.idp.send(new SignUpCommand({ ClientId: app.clientId, Username: 'hal', Password: PASSWORD }));
    const exchange = new SrpExchange(app, 'hal');
    await exchange.start();
    await expect(exchange.respond({ PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).rejects.toMatchObject(INCORRECT);
    await expect(exchange.respond()).rejects.toMatchObject(
      refused('UserNotConfirmedException', 'User is not confirmed.'),
    );
  });

  it('[UP-CLIENT-8] wants the hash of the client’s secret with the answer too', async () => {
    const { clientId, clientSecret } = await addClient(app.idp, app.userPoolId, { GenerateSecret: true });
    const exchange = new SrpExchange({ ...app, clientId }, 'ann');
    const SECRET_HASH = createSecretHash('ann', clientId, clientSecret!);
    await exchange.start({ SECRET_HASH });
    await expect(exchange.respond({ SECRET_HASH: 'bm9wZQ==' })).rejects.toMatchObject(
      refused('NotAuthorizedException', `SecretHash does not match for the client: ${clientId}`),
    );
    expect((await exchange.respond({ SECRET_HASH })).AuthenticationResult).toBeDefined();
  });
});

describe('sessions', () => {
  it('[UP-SESSION-3] lead to one next step', async () => {
    const exchange = new SrpExchange(app, 'ann');
    await exchange.start();
    await exchange.respond();
    await expect(exchange.respond()).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Invalid session for the user, session can only be used once.'),
    );
  });

  it('[UP-SESSION-3] lead to one next step also where two answers come at once', async () => {
    const exchange = new SrpExchange(app, 'ann');
    await exchange.start();
    const answers = await Promise.allSettled([exchange.respond(), exchange.respond()]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('[UP-SESSION-1] are worth nothing to another client, for another challenge, user, or made up', async () => {
    const other = await addClient(app.idp, app.userPoolId);
    const exchange = new SrpExchange(app, 'ann');
    await exchange.start();
    await expect(exchange.respond({}, { ClientId: other.clientId })).rejects.toMatchObject(INVALID_SESSION);
    await expect(
      exchange.respond({ NEW_PASSWORD: PASSWORD }, { ChallengeName: 'NEW_PASSWORD_REQUIRED' }),
    ).rejects.toMatchObject(INVALID_SESSION);
    await expect(exchange.respond({ USERNAME: 'bob' })).rejects.toMatchObject(INVALID_SESSION);
    await expect(exchange.respond({}, { Session: 'AYABe-made-up-by-a-test' })).rejects.toMatchObject(INVALID_SESSION);
    expect((await exchange.respond()).AuthenticationResult).toBeDefined();
  });

  it('[UP-SESSION-1] are found by the secret block where none is sent', async () => {
    const exchange = new SrpExchange(app, 'ann');
    await exchange.start();
    expect((await exchange.respond({}, { Session: undefined })).AuthenticationResult).toBeDefined();
    await expect(exchange.respond({}, { Session: undefined })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
  });

  it('[UP-SESSION-2] end with the client’s AuthSessionValidity', async () => {
    const patient = { ...app, ...(await addClient(app.idp, app.userPoolId, { AuthSessionValidity: 5 })) };
    const [short, long] = [new SrpExchange(app, 'ann'), new SrpExchange(patient, 'ann')];
    await short.start();
    await long.start();
    await bench.advance({ minutes: 3 });
    await expect(short.respond()).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Invalid session for the user, session is expired.'),
    );
    expect((await long.respond()).AuthenticationResult).toBeDefined();
  });
});
