import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  CreateUserPoolCommand,
  ForgotPasswordCommand,
  type ForgotPasswordCommandOutput,
  GetUserCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSecretHash } from 'cognito-srp-helper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoveryDestination } from '../../../src/main/services/user-pools/policies/recovery.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  addClient,
  addUser,
  type App,
  attributeList,
  createApp,
  INCORRECT,
  passwordAuth,
  PASSWORD,
  refused,
  signIn,
} from './setup.ts';
import { SrpExchange } from './srp.ts';

let bench: TestBench;
let app: App;
let discreet: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
  discreet = { ...app, ...(await addClient(app.idp, app.userPoolId, { PreventUserExistenceErrors: 'ENABLED' })) };
});
afterAll(() => bench.stop());

const NEW = 'N3w-Password';

function verified(name: string): { [attribute: string]: string } {
  return { email: `${name}@example.com`, email_verified: 'true' };
}

function forget({ idp, clientId }: App, username: string): Promise<ForgotPasswordCommandOutput> {
  return idp.send(new ForgotPasswordCommand({ ClientId: clientId, Username: username }));
}

function confirm({ idp, clientId }: App, username: string, code: string, password = NEW): Promise<unknown> {
  return idp.send(
    new ConfirmForgotPasswordCommand({
      ClientId: clientId,
      Username: username,
      ConfirmationCode: code,
      Password: password,
    }),
  );
}

function reset({ idp, userPoolId }: App, username: string): Promise<unknown> {
  return idp.send(new AdminResetUserPasswordCommand({ UserPoolId: userPoolId, Username: username }));
}

function change({ idp }: App, access: string, previous: string | undefined, proposed: string): Promise<unknown> {
  return idp.send(
    new ChangePasswordCommand({ AccessToken: access, PreviousPassword: previous, ProposedPassword: proposed }),
  );
}

async function statusOf({ idp, userPoolId }: App, username: string): Promise<string | undefined> {
  return (await idp.send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }))).UserStatus;
}

async function codeTo(address: string): Promise<string> {
  return (await bench.messageTo(address)).code!;
}

const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const UNKNOWN = refused('UserNotFoundException', 'Username/client id combination not found.');
const UNREACHABLE = refused(
  'InvalidParameterException',
  'Cannot reset password for the user as there is no registered/verified email or phone_number',
);
const LIMIT = refused('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
const MISMATCH = refused('CodeMismatchException', 'Invalid verification code provided, please try again.');
const EXPIRED = refused('ExpiredCodeException', 'Invalid code provided, please request a code again.');
const STATE = refused('NotAuthorizedException', 'User password cannot be reset in the current state.');
const USED = refused('PasswordHistoryPolicyViolationException', 'Password has previously been used');

describe('a forgotten password', () => {
  it('[UP-FORGOT-1] is replaced by a code, [UP-FORGOT-6] which works once, and tokens stay good', async () => {
    await addUser(app, 'ann', verified('ann'));
    const { access } = await signIn(app, 'ann');
    const { CodeDeliveryDetails } = await forget(app, 'ann');
    expect(CodeDeliveryDetails).toEqual({ Destination: 'a***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' });
    expect(await statusOf(app, 'ann')).toBe('CONFIRMED');
    const message = await bench.messageTo('ann@example.com');
    expect(message).toMatchObject({ trigger: 'ForgotPassword', subject: 'Your verification code' });
    await signIn(app, 'ann');
    await expect(confirm(app, 'ann', wrong(message.code!))).rejects.toMatchObject(MISMATCH);
    await confirm(app, 'ann', message.code!);
    await expect(signIn(app, 'ann')).rejects.toMatchObject(INCORRECT);
    await signIn(app, 'ann', NEW);
    await app.idp.send(new GetUserCommand({ AccessToken: access }));
    await expect(confirm(app, 'ann', message.code!)).rejects.toMatchObject(EXPIRED);
  });

  it('[UP-FORGOT-6] ends a lock of signing in', async () => {
    await addUser(app, 'locked', verified('locked'));
    for (let count = 0; count < 6; count += 1) {
      await expect(signIn(app, 'locked', 'Wr0ng-Password')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
      await bench.advance({ seconds: count < 5 ? 0 : 1 });
    }
    await forget(app, 'locked');
    await confirm(app, 'locked', await codeTo('locked@example.com'));
    await signIn(app, 'locked', NEW);
  });

  it('[UP-CONFIRM-3] takes no code that is replaced, older than an hour, or was never sent', async () => {
    await addUser(app, 'ben', verified('ben'));
    await expect(confirm(app, 'ben', '123456')).rejects.toMatchObject(EXPIRED);
    await forget(app, 'ben');
    const first = await codeTo('ben@example.com');
    await forget(app, 'ben');
    const second = await codeTo('ben@example.com');
    if (first !== second) await expect(confirm(app, 'ben', first)).rejects.toMatchObject(EXPIRED);
    await bench.advance({ minutes: 60 });
    await expect(confirm(app, 'ben', second)).rejects.toMatchObject(EXPIRED);
  });

  it('[UP-PASSWORD-1] obeys the policy, and the code is not spent by one that does not', async () => {
    await addUser(app, 'cid', verified('cid'));
    await forget(app, 'cid');
    const code = await codeTo('cid@example.com');
    await expect(confirm(app, 'cid', code, 'short')).rejects.toMatchObject(
      refused(
        'InvalidParameterException',
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6",
      ),
    );
    await expect(confirm(app, 'cid', code, 'longenough')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await confirm(app, 'cid', code);
  });

  it('[UP-FORGOT-2] of nobody is told, or looks as if it were somebody’s where existence is hidden', async () => {
    await expect(forget(app, 'nobody')).rejects.toMatchObject(UNKNOWN);
    await expect(confirm(app, 'nobody', '123456')).rejects.toMatchObject(UNKNOWN);
    const simulated = await forget(discreet, 'nobody@example.com');
    expect(simulated.CodeDeliveryDetails).toEqual({
      Destination: 'n***@e***',
      DeliveryMedium: 'EMAIL',
      AttributeName: 'email',
    });
    expect((await forget(discreet, 'nobody@example.com')).CodeDeliveryDetails).toEqual(simulated.CodeDeliveryDetails);
    await expect(bench.messageTo('nobody@example.com')).rejects.toThrow('no message');
    // [UP-FORGOT-5]
    await expect(confirm(discreet, 'nobody', '123456')).rejects.toMatchObject(MISMATCH);
  });

  it('[UP-FORGOT-5] of a disabled user is not reset', async () => {
    await addUser(app, 'dan', verified('dan'));
    await forget(app, 'dan');
    const code = await codeTo('dan@example.com');
    const user = { UserPoolId: app.userPoolId, Username: 'dan' };
    await app.idp.send(new AdminDisableUserCommand(user));
    const disabled = refused('NotAuthorizedException', 'User is disabled.');
    await expect(forget(app, 'dan')).rejects.toMatchObject(disabled);
    await expect(confirm(app, 'dan', code)).rejects.toMatchObject(disabled);
    expect((await forget(discreet, 'dan')).CodeDeliveryDetails).toBeTruthy();
    expect(await codeTo('dan@example.com')).toBe(code);
    await expect(confirm(discreet, 'dan', code)).rejects.toMatchObject(MISMATCH);
    await app.idp.send(new AdminEnableUserCommand(user));
    await confirm(discreet, 'dan', code);
  });

  it('[UP-FORGOT-4] needs a verified address, which hidden existence does not tell', async () => {
    await addUser(app, 'eve', { email: 'eve@example.com' });
    await expect(forget(app, 'eve')).rejects.toMatchObject(UNREACHABLE);
    expect((await forget(discreet, 'eve')).CodeDeliveryDetails).toBeTruthy();
    await expect(bench.messageTo('eve@example.com')).rejects.toThrow('no message');
    await app.idp.send(
      new SignUpCommand({
        ClientId: app.clientId,
        Username: 'new',
        Password: PASSWORD,
        UserAttributes: attributeList({ email: 'new@example.com' }),
      }),
    );
    await expect(forget(app, 'new')).rejects.toMatchObject(UNREACHABLE);
    await app.idp.send(new AdminConfirmSignUpCommand({ UserPoolId: app.userPoolId, Username: 'new' }));
    await expect(forget(app, 'new')).rejects.toMatchObject(UNREACHABLE);
  });

  it('[UP-RESET-2] is not reset while it is temporary', async () => {
    await app.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: app.userPoolId,
        Username: 'fay',
        UserAttributes: attributeList(verified('fay')),
        MessageAction: 'SUPPRESS',
      }),
    );
    await expect(forget(app, 'fay')).rejects.toMatchObject(STATE);
    await expect(reset(app, 'fay')).rejects.toMatchObject(STATE);
  });

  it('[UP-FORGOT-3] is left to administrators where the pool says so', async () => {
    const closed = await createApp(bench, {
      AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'admin_only' }] },
    });
    await addUser(closed, 'gus', verified('gus'));
    await expect(forget(closed, 'gus')).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Contact administrator to reset password.'),
    );
    await reset(closed, 'gus');
    await confirm(closed, 'gus', await codeTo('gus@example.com'));
    await signIn(closed, 'gus', NEW);
  });

  it('[UP-LIMIT-1] is asked for and confirmed five times an hour', async () => {
    await addUser(app, 'hal', verified('hal'));
    for (let count = 0; count < 5; count += 1) await forget(app, 'hal');
    await expect(forget(app, 'hal')).rejects.toMatchObject(LIMIT);
    const code = await codeTo('hal@example.com');
    for (let count = 0; count < 5; count += 1) {
      await expect(confirm(app, 'hal', wrong(code))).rejects.toMatchObject(MISMATCH);
    }
    await expect(confirm(app, 'hal', code)).rejects.toMatchObject(LIMIT);
    await bench.advance({ minutes: 60 });
    await forget(app, 'hal');
    await confirm(app, 'hal', await codeTo('hal@example.com'));
  });

  it('[UP-CLIENT-8] asks a client with a secret for its hash', async () => {
    const secret = { ...app, ...(await addClient(app.idp, app.userPoolId, { GenerateSecret: true })) };
    await addUser(app, 'ida', verified('ida'));
    const missing = refused(
      'NotAuthorizedException',
      `Client ${secret.clientId} is configured for secret but secret was not received`,
    );
    await expect(forget(secret, 'ida')).rejects.toMatchObject(missing);
    await expect(confirm(secret, 'ida', '123456')).rejects.toMatchObject(missing);
    await app.idp.send(
      new ForgotPasswordCommand({
        ClientId: secret.clientId,
        Username: 'ida',
        SecretHash: createSecretHash('ida', secret.clientId, secret.clientSecret!),
      }),
    );
    await confirm(app, 'ida', await codeTo('ida@example.com'));
  });

  const both = { email: 'a@b', email_verified: 'True', phone_number: '+1', phone_number_verified: 'true' };
  const mechanisms = (...names: ('verified_email' | 'verified_phone_number' | 'admin_only')[]) => ({
    AccountRecoverySetting: { RecoveryMechanisms: names.map((Name, index) => ({ Name, Priority: index + 1 })) },
  });
  it.each([
    ['the first mechanism', mechanisms('verified_phone_number', 'verified_email'), both, [], 'phone_number'],
    [
      'the next one',
      mechanisms('verified_email', 'verified_phone_number'),
      { ...both, email_verified: 'false' },
      [],
      'phone_number',
    ],
    ['no other than asked for', mechanisms('verified_email'), { ...both, email_verified: 'false' }, [], undefined],
    ['not a second factor’s phone', mechanisms('verified_phone_number', 'verified_email'), both, ['SMS_MFA'], 'email'],
    ['not a second factor’s mailbox', mechanisms('verified_email'), both, ['EMAIL_OTP'], undefined],
    ['the phone in older pools', {}, both, ['SMS_MFA'], 'phone_number'],
    ['e-mail in older pools without a phone', {}, { ...both, phone_number: '' }, [], 'email'],
  ])('[UP-FORGOT-4] goes by %s', (_case, settings, attributes, factors, attribute) => {
    expect(recoveryDestination(settings, attributes, factors)?.attribute).toBe(attribute);
  });
});

describe('AdminResetUserPassword', () => {
  it('[UP-RESET-1] ends the password, sends a code, and sign-in says so', async () => {
    await addUser(app, 'jan', verified('jan'));
    await reset(app, 'jan');
    expect(await statusOf(app, 'jan')).toBe('RESET_REQUIRED');
    const first = await bench.messageTo('jan@example.com');
    expect(first.trigger).toBe('ForgotPassword');
    const required = refused('PasswordResetRequiredException', 'Password reset required for the user');
    await expect(signIn(app, 'jan')).rejects.toMatchObject(required);
    await expect(signIn(app, 'jan', 'Wr0ng-Password')).rejects.toMatchObject(INCORRECT);
    const srp = new SrpExchange(app, 'jan');
    await srp.start();
    await expect(srp.respond()).rejects.toMatchObject(required);
    await reset(app, 'jan');
    await forget(app, 'jan');
    await confirm(app, 'jan', await codeTo('jan@example.com'));
    expect(await statusOf(app, 'jan')).toBe('CONFIRMED');
    await signIn(app, 'jan', NEW);
  });

  it('[UP-RESET-2] is refused for disabled, unconfirmed, unreachable and unknown users', async () => {
    await addUser(app, 'kim', verified('kim'));
    await app.idp.send(new AdminDisableUserCommand({ UserPoolId: app.userPoolId, Username: 'kim' }));
    await expect(reset(app, 'kim')).rejects.toMatchObject(refused('NotAuthorizedException', 'User is disabled'));
    await app.idp.send(new SignUpCommand({ ClientId: app.clientId, Username: 'lea', Password: PASSWORD }));
    await expect(reset(app, 'lea')).rejects.toMatchObject(STATE);
    await addUser(app, 'max');
    await expect(reset(app, 'max')).rejects.toMatchObject(UNREACHABLE);
    expect(await statusOf(app, 'max')).toBe('CONFIRMED');
    await expect(reset(app, 'nobody')).rejects.toMatchObject(refused('UserNotFoundException', 'User does not exist.'));
  });

  it('[UP-RESET-3] sends somebody without any password to reset it, unless existence is hidden', async () => {
    await addUser(app, 'ned', verified('ned'));
    const { users, store, clock } = bench.services;
    const ned = users.findByUsername(app.userPoolId, 'ned')!;
    store.write(() => void users.update(ned, { status: 'RESET_REQUIRED', password: undefined }, clock.now()));
    const required = { name: 'PasswordResetRequiredException' };
    await expect(signIn(app, 'ned')).rejects.toMatchObject(required);
    await expect(new SrpExchange(app, 'ned').start()).rejects.toMatchObject(required);
    await expect(signIn(discreet, 'ned')).rejects.toMatchObject(INCORRECT);
    await forget(app, 'ned');
    await confirm(app, 'ned', await codeTo('ned@example.com'));
    await signIn(app, 'ned', NEW);
  });
});

describe('ChangePassword', () => {
  it('[UP-CHANGE-1] takes a new one, and tokens stay good, [UP-CHANGE-2] where the old one is shown', async () => {
    await addUser(app, 'oda');
    const { access } = await signIn(app, 'oda');
    await expect(change(app, access, 'Wr0ng-Password', NEW)).rejects.toMatchObject(INCORRECT);
    await expect(change(app, access, undefined, NEW)).rejects.toMatchObject(INCORRECT);
    await expect(change(app, access, PASSWORD, 'longenough')).rejects.toMatchObject({
      name: 'InvalidPasswordException',
    });
    await signIn(app, 'oda');
    await change(app, access, PASSWORD, NEW);
    await app.idp.send(new GetUserCommand({ AccessToken: access }));
    await signIn(app, 'oda', NEW);
    await expect(signIn(app, 'oda')).rejects.toMatchObject(INCORRECT);
  });

  it('[UP-LIMIT-1] is tried five times an hour', async () => {
    await addUser(app, 'pam');
    const { access } = await signIn(app, 'pam');
    for (let count = 0; count < 5; count += 1) {
      await expect(change(app, access, 'Wr0ng-Password', NEW)).rejects.toMatchObject(INCORRECT);
    }
    await expect(change(app, access, PASSWORD, NEW)).rejects.toMatchObject(LIMIT);
    await bench.advance({ minutes: 59, seconds: 59 });
    await expect(change(app, access, PASSWORD, NEW)).rejects.toMatchObject(LIMIT);
    await bench.advance({ seconds: 1 });
    await change(app, (await signIn(app, 'pam')).access, PASSWORD, NEW);
  });

  it('[UP-CHANGE-2] needs no old one where there is none', async () => {
    await addUser(app, 'quin');
    const { access } = await signIn(app, 'quin');
    const { users, store, clock } = bench.services;
    const quin = users.findByUsername(app.userPoolId, 'quin')!;
    store.write(() => void users.update(quin, { password: undefined }, clock.now()));
    await expect(change(app, access, PASSWORD, NEW)).rejects.toMatchObject(INCORRECT);
    await change(app, access, undefined, NEW);
    await signIn(app, 'quin', NEW);
  });

  it('[UP-AUTH-11] is refused to somebody who must reset the password', async () => {
    await addUser(app, 'rob', verified('rob'));
    const { access } = await signIn(app, 'rob');
    await reset(app, 'rob');
    await expect(change(app, access, PASSWORD, NEW)).rejects.toMatchObject({ name: 'PasswordResetRequiredException' });
  });
});

describe('a password history', () => {
  const policy = { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 3 } };
  const password = (index: number): string => `password-${index}`;

  it('[UP-PASSWORD-2] keeps the present password and those before it from being chosen again', async () => {
    const strict = await createApp(bench, { Policies: policy });
    await addUser(strict, 'sam', verified('sam'));
    const set = (value: string): Promise<unknown> =>
      strict.idp.send(
        new AdminSetUserPasswordCommand({
          UserPoolId: strict.userPoolId,
          Username: 'sam',
          Password: value,
          Permanent: true,
        }),
      );
    await set(password(1));
    await expect(set(password(1))).rejects.toMatchObject(USED);
    const { access } = await signIn(strict, 'sam', password(1));
    await change(strict, access, password(1), password(2));
    await expect(change(strict, access, password(2), password(1))).rejects.toMatchObject(USED);
    await forget(strict, 'sam');
    const code = await codeTo('sam@example.com');
    await expect(confirm(strict, 'sam', code, password(1))).rejects.toMatchObject(USED);
    await confirm(strict, 'sam', code, password(3));
    await expect(set(password(1))).rejects.toMatchObject(USED);
    await set(password(4));
    // Three are remembered: 4, 3 and 2.
    await expect(set(password(2))).rejects.toMatchObject(USED);
    await set(password(1));
    await signIn(strict, 'sam', password(1));
  });

  it('[UP-PASSWORD-2] holds at NEW_PASSWORD_REQUIRED too', async () => {
    const strict = await createApp(bench, { Policies: policy });
    await strict.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: strict.userPoolId,
        Username: 'tom',
        TemporaryPassword: password(1),
        MessageAction: 'SUPPRESS',
      }),
    );
    const { Session } = await strict.idp.send(passwordAuth(strict, 'tom', password(1)));
    const answer = (NEW_PASSWORD: string): Promise<unknown> =>
      strict.idp.send(
        new RespondToAuthChallengeCommand({
          ClientId: strict.clientId,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session,
          ChallengeResponses: { USERNAME: 'tom', NEW_PASSWORD },
        }),
      );
    await expect(answer(password(1))).rejects.toMatchObject(USED);
    await answer(password(2));
    const { access } = await signIn(strict, 'tom', password(2));
    await expect(change(strict, access, password(2), password(1))).rejects.toMatchObject(USED);
  });

  it('[UP-PASSWORD-2] is not kept where the pool asks for none', async () => {
    await addUser(app, 'una');
    const { access } = await signIn(app, 'una');
    await change(app, access, PASSWORD, PASSWORD);
    await change(app, access, PASSWORD, NEW);
    await change(app, access, NEW, PASSWORD);
  });

  it('[UP-POOL-3] is no feature of the LITE tier', async () => {
    await expect(
      app.idp.send(new CreateUserPoolCommand({ PoolName: 'p', UserPoolTier: 'LITE', Policies: policy })),
    ).rejects.toMatchObject({ name: 'FeatureUnavailableInTierException' });
  });
});
