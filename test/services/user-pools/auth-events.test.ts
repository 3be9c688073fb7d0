import {
  AdminListUserAuthEventsCommand,
  AdminUpdateAuthEventFeedbackCommand,
  type AuthEventType,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateAuthEventFeedbackCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { answer, createMfaApp, otherThan, prefer, SMS, start } from './factors.ts';
import {
  addUser,
  type App,
  attributeList,
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
  app = await createMfaApp(
    bench,
    'OPTIONAL',
    { SmsMfaConfiguration: { SmsConfiguration: SMS } },
    { UserPoolTier: 'PLUS', UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } },
  );
});
afterAll(() => bench.stop());

async function eventsOf(username: string): Promise<AuthEventType[]> {
  const { AuthEvents } = await app.idp.send(
    new AdminListUserAuthEventsCommand({ UserPoolId: app.userPoolId, Username: username }),
  );
  return AuthEvents!;
}

describe('what users did', () => {
  it('[UP-EVENT-1] is not written down without threat protection', async () => {
    const plain = await createApp(bench);
    await addUser(plain, 'ann');
    const notEnabled = { name: 'UserPoolAddOnNotEnabledException' };
    const who = { UserPoolId: plain.userPoolId, Username: 'ann' };
    await expect(plain.idp.send(new AdminListUserAuthEventsCommand(who))).rejects.toMatchObject(notEnabled);
    const feedback = { ...who, EventId: 'x', FeedbackValue: 'Valid' as const };
    await expect(plain.idp.send(new AdminUpdateAuthEventFeedbackCommand(feedback))).rejects.toMatchObject(notEnabled);
    await expect(
      plain.idp.send(new UpdateAuthEventFeedbackCommand({ ...feedback, FeedbackToken: 'x' })),
    ).rejects.toMatchObject(notEnabled);
  });

  it('[UP-EVENT-2] is listed newest first, with what was shown and from where', async () => {
    await addUser(app, 'bob', { phone_number: '+15550501' });
    await expect(app.idp.send(passwordAuth(app, 'bob', 'Wr0ngWr0ng!'))).rejects.toMatchObject(INCORRECT);
    const { access } = await signIn(app, 'bob');
    await prefer(app, 'bob', { SMSMfaSettings: { Enabled: true } });
    const asked = await start(app, 'bob');
    expect((await eventsOf('bob'))[0]).toMatchObject({
      EventType: 'SignIn',
      EventResponse: 'InProgress',
      ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Success' }],
    });
    const { code } = await bench.messageTo('+15550501');
    await expect(answer(app, asked, 'bob', { SMS_MFA_CODE: otherThan(code!) })).rejects.toMatchObject({
      name: 'CodeMismatchException',
    });
    expect((await eventsOf('bob'))[0]).toMatchObject({
      EventResponse: 'Fail',
      ChallengeResponses: [
        { ChallengeName: 'Password', ChallengeResponse: 'Success' },
        { ChallengeName: 'Mfa', ChallengeResponse: 'Failure' },
      ],
    });
    const done = await answer(app, asked, 'bob', { SMS_MFA_CODE: code! });
    const [newest, middle, oldest, ...rest] = await eventsOf('bob');
    expect(rest).toEqual([]);
    expect(newest).toMatchObject({
      EventId: claimsOf(done.AuthenticationResult!.IdToken!)['event_id'],
      EventType: 'SignIn',
      EventResponse: 'Pass',
      EventRisk: { RiskDecision: 'NoRisk' },
      ChallengeResponses: [
        { ChallengeName: 'Password', ChallengeResponse: 'Success' },
        { ChallengeName: 'Mfa', ChallengeResponse: 'Success' },
      ],
      EventContextData: { IpAddress: expect.any(String) as string, DeviceName: expect.any(String) as string },
    });
    expect(middle).toMatchObject({ EventResponse: 'Pass', EventId: claimsOf(access)['event_id'] });
    expect(oldest).toMatchObject({
      EventResponse: 'Fail',
      ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Failure' }],
    });
  });

  it('[UP-EVENT-2] holds sign-ups, codes and passwords, too, and comes in pages', async () => {
    await app.idp.send(
      new SignUpCommand({
        ClientId: app.clientId,
        Username: 'cid',
        Password: PASSWORD,
        UserAttributes: attributeList({ email: 'cid@example.com' }),
      }),
    );
    await app.idp.send(new ResendConfirmationCodeCommand({ ClientId: app.clientId, Username: 'cid' }));
    expect((await eventsOf('cid')).map(({ EventType }) => EventType)).toEqual(['ResendCode', 'SignUp']);

    await addUser(app, 'dan', { email: 'dan@example.com', email_verified: 'true' });
    await app.idp.send(new ForgotPasswordCommand({ ClientId: app.clientId, Username: 'dan' }));
    const { code } = await bench.messageTo('dan@example.com');
    await app.idp.send(
      new ConfirmForgotPasswordCommand({
        ClientId: app.clientId,
        Username: 'dan',
        ConfirmationCode: code!,
        Password: 'N3wPassw0rd!',
      }),
    );
    const { access: AccessToken } = await signIn(app, 'dan', 'N3wPassw0rd!');
    await app.idp.send(
      new ChangePasswordCommand({ AccessToken, PreviousPassword: 'N3wPassw0rd!', ProposedPassword: PASSWORD }),
    );
    const who = { UserPoolId: app.userPoolId, Username: 'dan' };
    const first = await app.idp.send(new AdminListUserAuthEventsCommand({ ...who, MaxResults: 2 }));
    const rest = await app.idp.send(new AdminListUserAuthEventsCommand({ ...who, NextToken: first.NextToken }));
    expect([...first.AuthEvents!, ...rest.AuthEvents!].map(({ EventType }) => EventType)).toEqual([
      'PasswordChange',
      'SignIn',
      'ForgotPassword',
    ]);
    await expect(
      app.idp.send(new AdminListUserAuthEventsCommand({ ...who, NextToken: 'nonsense' })),
    ).rejects.toMatchObject(refused('InvalidParameterException', 'Invalid pagination token given.'));
    await expect(app.idp.send(new AdminListUserAuthEventsCommand({ ...who, Username: 'ghost' }))).rejects.toMatchObject(
      { name: 'UserNotFoundException' },
    );
  });

  it('[UP-EVENT-3] is judged by administrators, and [UP-EVENT-4] by whoever has the token of a mail', async () => {
    await addUser(app, 'eve');
    await signIn(app, 'eve');
    const [event] = await eventsOf('eve');
    const where = { UserPoolId: app.userPoolId, Username: 'eve', EventId: event!.EventId! };
    await app.idp.send(new AdminUpdateAuthEventFeedbackCommand({ ...where, FeedbackValue: 'Invalid' }));
    expect((await eventsOf('eve'))[0]!.EventFeedback).toMatchObject({ FeedbackValue: 'Invalid', Provider: 'Admin' });
    await expect(
      app.idp.send(new AdminUpdateAuthEventFeedbackCommand({ ...where, EventId: 'none', FeedbackValue: 'Valid' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(
      app.idp.send(new UpdateAuthEventFeedbackCommand({ ...where, FeedbackToken: 'invented', FeedbackValue: 'Valid' })),
    ).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    expect((await eventsOf('eve'))[0]!.EventFeedback).toMatchObject({ FeedbackValue: 'Invalid' });
  });
});
