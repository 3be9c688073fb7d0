import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSrpSession, signSrpSession, wrapAuthChallenge } from 'cognito-srp-helper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addUser, type App, claimsOf, INCORRECT, PASSWORD, refused } from '../user-pools/setup.ts';
import { addFunction, createTriggeredApp, envelope, type TestFunction } from './setup.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const METADATA = { from: 'test' };

interface Functions {
  readonly define: TestFunction;
  readonly create: TestFunction;
  readonly verify: TestFunction;
}

/** Three answers at most; a captcha, whose right answer is five. */
const DEFINE = `
  const rounds = event.request.session;
  const last = rounds.at(-1);
  if (last?.challengeName === 'SRP_A') event.response.challengeName = 'PASSWORD_VERIFIER';
  else if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) event.response.issueTokens = true;
  else if (rounds.filter(({ challengeName }) => challengeName === 'CUSTOM_CHALLENGE').length >= 3) event.response.failAuthentication = true;
  else event.response.challengeName = 'CUSTOM_CHALLENGE';`;
const CREATE = `
  event.response.publicChallengeParameters = { question: '2 + 3', round: event.request.session.length };
  event.response.privateChallengeParameters = { answer: '5' };
  event.response.challengeMetadata = 'CAPTCHA';`;
const VERIFY = `event.response.answerCorrect = event.request.challengeAnswer === event.request.privateChallengeParameters.answer;`;

async function createCustomApp(
  bodies: { define?: string; create?: string; verify?: string } = {},
  client: Parameters<typeof createTriggeredApp>[3] = {},
): Promise<App & Functions> {
  const define = await addFunction(bench, bodies.define ?? DEFINE);
  const create = await addFunction(bench, bodies.create ?? CREATE);
  const verify = await addFunction(bench, bodies.verify ?? VERIFY);
  const app = await createTriggeredApp(
    bench,
    { DefineAuthChallenge: define.arn, CreateAuthChallenge: create.arn, VerifyAuthChallengeResponse: verify.arn },
    {},
    client,
  );
  return { ...app, define, create, verify };
}

function start({ clientId }: App, username: string, more: { [name: string]: string } = {}): InitiateAuthCommand {
  return new InitiateAuthCommand({
    ClientId: clientId,
    AuthFlow: 'CUSTOM_AUTH',
    AuthParameters: { USERNAME: username, ...more },
    ClientMetadata: METADATA,
  });
}

function answer(
  { clientId }: App,
  { Session }: InitiateAuthCommandOutput,
  username: string,
  ANSWER: string,
): RespondToAuthChallengeCommand {
  return new RespondToAuthChallengeCommand({
    ClientId: clientId,
    ChallengeName: 'CUSTOM_CHALLENGE',
    Session,
    ChallengeResponses: { USERNAME: username, ANSWER },
    ClientMetadata: METADATA,
  });
}

const payloads = async (fn: TestFunction): Promise<unknown[]> => (await fn.asked()).map(({ payload }) => payload);

describe('custom authentication', () => {
  it('[FN-CUSTOM-2] asks what the functions define, [FN-CUSTOM-4] create and [FN-CUSTOM-5] judge, until they issue tokens', async () => {
    const app = await createCustomApp();
    await addUser(app, 'ann');
    const first = await app.idp.send(start(app, 'ann'));
    expect(first).toMatchObject({ ChallengeName: 'CUSTOM_CHALLENGE' });
    expect(first.ChallengeParameters).toEqual({ question: '2 + 3', round: '0', USERNAME: 'ann' });
    const second = await app.idp.send(answer(app, first, 'ann', '4'));
    expect(second.ChallengeParameters).toEqual({ question: '2 + 3', round: '1', USERNAME: 'ann' });
    expect(second.Session).not.toBe(first.Session);
    const { AuthenticationResult } = await app.idp.send(answer(app, second, 'ann', '5'));
    const claims = claimsOf(AuthenticationResult!.IdToken!);
    expect(claims).toMatchObject({ 'cognito:username': 'ann' });

    const userAttributes = { sub: claims['sub'], 'cognito:user_status': 'CONFIRMED' };
    const round = (challengeResult: boolean): object => ({
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult,
      challengeMetadata: 'CAPTCHA',
    });
    const define = (session: object[], more: object = {}): object => ({
      ...envelope(app, 'ann', 'DefineAuthChallenge_Authentication'),
      request: { userAttributes, session, ...more },
      response: { challengeName: null, issueTokens: null, failAuthentication: null },
    });
    const clientMetadata = METADATA;
    // [FN-EVENT-2] what InitiateAuth sends goes to none of the three
    expect(await payloads(app.define)).toEqual([
      define([]),
      define([round(false)], { clientMetadata }),
      define([round(false), round(true)], { clientMetadata }),
    ]);
    expect(await payloads(app.create)).toEqual(
      [[], [round(false)]].map((session, index) => ({
        ...envelope(app, 'ann', 'CreateAuthChallenge_Authentication'),
        request: {
          userAttributes,
          challengeName: 'CUSTOM_CHALLENGE',
          session,
          ...(index === 0 ? {} : { clientMetadata }),
        },
        response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
      })),
    );
    expect((await payloads(app.verify))[0]).toEqual({
      ...envelope(app, 'ann', 'VerifyAuthChallengeResponse_Authentication'),
      request: {
        userAttributes,
        privateChallengeParameters: { answer: '5' },
        challengeAnswer: '4',
        clientMetadata,
      },
      response: { answerCorrect: null },
    });
  });

  it('[FN-CUSTOM-3] ends where the functions say so, and the last session is spent', async () => {
    const app = await createCustomApp();
    await addUser(app, 'bob');
    let last = await app.idp.send(start(app, 'bob'));
    last = await app.idp.send(answer(app, last, 'bob', '1'));
    last = await app.idp.send(answer(app, last, 'bob', '2'));
    await expect(app.idp.send(answer(app, last, 'bob', '3'))).rejects.toMatchObject(INCORRECT);
    await expect(app.idp.send(answer(app, last, 'bob', '5'))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Invalid session for the user, session can only be used once.',
    });
  });

  it('[FN-CUSTOM-6] may begin with SRP: the password first, then the functions', async () => {
    const app = await createCustomApp();
    await addUser(app, 'cid');
    const exchange = async (password: string): Promise<RespondToAuthChallengeCommand> => {
      const session = createSrpSession('cid', password, app.userPoolId, false);
      const started = await app.idp.send(start(app, 'cid', { CHALLENGE_NAME: 'SRP_A', SRP_A: session.largeA }));
      expect(started.ChallengeName).toBe('PASSWORD_VERIFIER');
      const signed = signSrpSession(session, started);
      const wrapped = wrapAuthChallenge(signed, {
        ClientId: app.clientId,
        ChallengeName: 'PASSWORD_VERIFIER' as const,
        ChallengeResponses: { USERNAME: 'cid' },
      });
      return new RespondToAuthChallengeCommand({ ...wrapped, Session: started.Session });
    };
    await expect(app.idp.send(await exchange('Wr0ng-one!'))).rejects.toMatchObject(INCORRECT);
    const after = await app.idp.send(await exchange(PASSWORD));
    expect(after).toMatchObject({ ChallengeName: 'CUSTOM_CHALLENGE' });
    const { AuthenticationResult } = await app.idp.send(answer(app, after, 'cid', '5'));
    expect(AuthenticationResult).toMatchObject({ TokenType: 'Bearer' });
    const sessions = (await payloads(app.define)).map(
      (payload) => (payload as { request: { session: unknown } }).request.session,
    );
    const srp = { challengeName: 'SRP_A', challengeResult: true };
    const proven = { challengeName: 'PASSWORD_VERIFIER', challengeResult: true };
    expect(sessions).toEqual([
      [srp],
      [srp],
      [srp, proven],
      [srp, proven, { challengeName: 'CUSTOM_CHALLENGE', challengeResult: true, challengeMetadata: 'CAPTCHA' }],
    ]);
  });

  it('[FN-CUSTOM-2] works for administrators, and for users who never chose a password', async () => {
    const app = await createCustomApp();
    const UserPoolId = app.userPoolId;
    await app.idp.send(new AdminCreateUserCommand({ UserPoolId, Username: 'dan', MessageAction: 'SUPPRESS' }));
    const first = await app.idp.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId: app.clientId,
        AuthFlow: 'CUSTOM_AUTH',
        AuthParameters: { USERNAME: 'dan' },
      }),
    );
    const { AuthenticationResult } = await app.idp.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId,
        ClientId: app.clientId,
        ChallengeName: 'CUSTOM_CHALLENGE',
        Session: first.Session,
        ChallengeResponses: { USERNAME: 'dan', ANSWER: '5' },
      }),
    );
    expect(AuthenticationResult).toMatchObject({ TokenType: 'Bearer' });
  });

  it('[UP-AUTH-11] gives no tokens to somebody who is not confirmed', async () => {
    const app = await createCustomApp({ define: 'event.response.issueTokens = true;' });
    await app.idp.send(new SignUpCommand({ ClientId: app.clientId, Username: 'eve', Password: PASSWORD }));
    await expect(app.idp.send(start(app, 'eve'))).rejects.toMatchObject({ name: 'UserNotConfirmedException' });
  });

  it('[FN-AUTH-2] goes on for users who do not exist where the client hides that, and never gives them tokens', async () => {
    const app = await createCustomApp({}, { PreventUserExistenceErrors: 'ENABLED' });
    const first = await app.idp.send(start(app, 'nobody'));
    expect(first.ChallengeParameters).toEqual({ question: '2 + 3', round: '0', USERNAME: 'nobody' });
    expect((await payloads(app.define))[0]).toMatchObject({
      userName: 'nobody',
      request: { userAttributes: {}, session: [], userNotFound: true },
    });
    await expect(app.idp.send(answer(app, first, 'nobody', '5'))).rejects.toMatchObject(INCORRECT);
    expect((await payloads(app.verify))[0]).toMatchObject({ request: { userNotFound: true } });
    const open = await createCustomApp();
    await expect(open.idp.send(start(open, 'nobody'))).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('[FN-CUSTOM-1] needs the functions', async () => {
    const message = refused(
      'InvalidParameterException',
      'Custom auth lambda trigger is not configured for the user pool.',
    );
    const none = await createTriggeredApp(bench, {});
    await addUser(none, 'fay');
    await expect(none.idp.send(start(none, 'fay'))).rejects.toMatchObject(message);
    const define = await addFunction(bench, DEFINE);
    const half = await createTriggeredApp(bench, { DefineAuthChallenge: define.arn });
    await addUser(half, 'fay');
    await expect(half.idp.send(start(half, 'fay'))).rejects.toMatchObject(message);
  });

  it.each([
    ['no challenge at all', ''],
    ['a challenge that cannot come next', `event.response.challengeName = 'PASSWORD_VERIFIER';`],
    ['a flag that is none', `event.response.issueTokens = 'perhaps';`],
  ])('[FN-CUSTOM-3] refuses %s', async (_what, define) => {
    const app = await createCustomApp({ define });
    await addUser(app, 'gil');
    await expect(app.idp.send(start(app, 'gil'))).rejects.toMatchObject(
      refused('InvalidLambdaResponseException', 'Unrecognizable lambda output'),
    );
  });

  it('[FN-TRIGGER-3] tells whose function failed', async () => {
    const create = await createCustomApp({ create: 'throw new Error("nothing to ask");' });
    await addUser(create, 'hal');
    await expect(create.idp.send(start(create, 'hal'))).rejects.toMatchObject(
      refused('UserLambdaValidationException', 'CreateAuthChallenge failed with error nothing to ask.'),
    );
    const verify = await createCustomApp({ verify: 'throw new Error("cannot judge");' });
    await addUser(verify, 'hal');
    const first = await verify.idp.send(start(verify, 'hal'));
    await expect(verify.idp.send(answer(verify, first, 'hal', '5'))).rejects.toMatchObject(
      refused('UserLambdaValidationException', 'VerifyAuthChallengeResponse failed with error cannot judge.'),
    );
  });
});
