import {
  AdminDeleteSoftwareTokenCommand,
  AdminGetUserAuthFactorsCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserSettingsCommand,
  AdminUpdateUserAttributesCommand,
  AdminCreateUserCommand,
  AssociateSoftwareTokenCommand,
  GetUserAuthFactorsCommand,
  GetUserCommand,
  GetUserPoolMfaConfigCommand,
  CreateUserPoolCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  SetUserSettingsCommand,
  UpdateUserPoolCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  addToken,
  ALL_FACTORS,
  answer,
  createMfaApp,
  EMAIL_MESSAGE,
  INVALID_SESSION,
  otherThan,
  prefer,
  SMS,
  start,
  totp,
  USED_SESSION,
  WRONG_CODE,
} from './factors.ts';
import {
  addClient,
  addUser,
  type App,
  attributeList,
  claimsOf,
  createApp,
  PASSWORD,
  refused,
  signIn,
} from './setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createMfaApp(bench, 'OPTIONAL');
});
afterAll(() => bench.stop());

const invalid = (message: string): { name: string; message: string } => refused('InvalidParameterException', message);

describe('how a pool is told to ask', () => {
  it('[UP-MFA-1] SetUserPoolMfaConfig is given back by GetUserPoolMfaConfig and DescribeUserPool', async () => {
    const { $metadata: _, ...kept } = await app.idp.send(
      new GetUserPoolMfaConfigCommand({ UserPoolId: app.userPoolId }),
    );
    expect(kept).toEqual({ ...ALL_FACTORS, MfaConfiguration: 'OPTIONAL' });
    const off = await createApp(bench);
    const { $metadata: __, ...plain } = await off.idp.send(
      new GetUserPoolMfaConfigCommand({ UserPoolId: off.userPoolId }),
    );
    expect(plain).toEqual({ MfaConfiguration: 'OFF', SoftwareTokenMfaConfiguration: { Enabled: false } });
  });

  it('[UP-MFA-1] keeps what a request without MfaConfiguration leaves out', async () => {
    const own = await createMfaApp(bench, 'OPTIONAL');
    const WebAuthnConfiguration = { RelyingPartyId: 'example.com', UserVerification: 'required' as const };
    const set = await own.idp.send(
      new SetUserPoolMfaConfigCommand({ UserPoolId: own.userPoolId, WebAuthnConfiguration }),
    );
    expect(set).toMatchObject({ ...ALL_FACTORS, MfaConfiguration: 'OPTIONAL', WebAuthnConfiguration });
    const narrowed = await own.idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: own.userPoolId,
        MfaConfiguration: 'ON',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    expect(narrowed).not.toHaveProperty('SmsMfaConfiguration');
    expect(narrowed).not.toHaveProperty('EmailMfaConfiguration');
    expect(narrowed).toMatchObject({ MfaConfiguration: 'ON', WebAuthnConfiguration });
  });

  it.each([
    [
      'a factor while it is off',
      { MfaConfiguration: 'OFF', SoftwareTokenMfaConfiguration: { Enabled: true } },
      "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    ],
    [
      'no factor while it is on',
      { MfaConfiguration: 'OPTIONAL' },
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    ],
    [
      'e-mail without a sender of its own',
      { MfaConfiguration: 'OPTIONAL', EmailMfaConfiguration: EMAIL_MESSAGE },
      'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT.',
    ],
    [
      'SMS without a way to send it',
      { MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: {} },
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    ],
  ] as const)('[UP-MFA-1] SetUserPoolMfaConfig refuses %s', async (_what, asked, message) => {
    const own = await createApp(bench);
    await expect(
      own.idp.send(new SetUserPoolMfaConfigCommand({ UserPoolId: own.userPoolId, ...asked })),
    ).rejects.toMatchObject(invalid(message));
    expect(await own.idp.send(new GetUserPoolMfaConfigCommand({ UserPoolId: own.userPoolId }))).toMatchObject({
      MfaConfiguration: 'OFF',
    });
  });

  it.each([
    [
      ['PASSWORD', 'EMAIL_OTP'],
      'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
    ],
    [
      ['PASSWORD', 'WEB_AUTHN'],
      'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
    ],
  ] as const)('[UP-MFA-1] does not require a factor that %j would lead past', async (factors, message) => {
    const own = await createApp(bench, { Policies: { SignInPolicy: { AllowedFirstAuthFactors: [...factors] } } });
    const token = { UserPoolId: own.userPoolId, SoftwareTokenMfaConfiguration: { Enabled: true } };
    await expect(
      own.idp.send(new SetUserPoolMfaConfigCommand({ ...token, MfaConfiguration: 'ON' })),
    ).rejects.toMatchObject(invalid(message));
    await own.idp.send(new SetUserPoolMfaConfigCommand({ ...token, MfaConfiguration: 'OPTIONAL' }));
  });

  it.each([
    [
      { MfaConfiguration: 'ON' },
      'InvalidParameterException',
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    ],
    [
      { UserPoolTier: 'LITE', Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the LITE pricing tier configured: Passwordless Sign-In',
    ],
    [
      { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } },
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the ESSENTIALS pricing tier configured: Threat Protection',
    ],
  ] as const)('[UP-MFA-2] CreateUserPool refuses %j', async (settings, name, message) => {
    await expect(
      app.idp.send(new CreateUserPoolCommand({ PoolName: 'p', ...structuredClone(settings) } as never)),
    ).rejects.toMatchObject({ name, message });
  });

  it('[UP-MFA-2] CreateUserPool with SMS asks by SMS, and UpdateUserPool turns it off', async () => {
    const own = await createApp(bench, { MfaConfiguration: 'ON', SmsConfiguration: SMS });
    await addUser(own, 'ann', { phone_number: '+15550100' });
    expect(await start(own, 'ann')).toMatchObject({ ChallengeName: 'SMS_MFA' });
    await own.idp.send(new UpdateUserPoolCommand({ UserPoolId: own.userPoolId }));
    expect((await start(own, 'ann')).AuthenticationResult?.AccessToken).toBeTruthy();
    await expect(
      own.idp.send(new UpdateUserPoolCommand({ UserPoolId: own.userPoolId, MfaConfiguration: 'ON' })),
    ).rejects.toMatchObject(invalid('Cannot turn MFA functionality ON, once the user pool has been created.'));
  });

  it('[UP-MFA-1] knows no foreign pool', async () => {
    const stranger = { UserPoolId: 'us-east-1_Nowhere12' };
    await expect(app.idp.send(new GetUserPoolMfaConfigCommand(stranger))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      app.idp.send(new SetUserPoolMfaConfigCommand({ ...stranger, MfaConfiguration: 'OFF' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('what users switch on', () => {
  it('[UP-MFA-3] needs a number, an address, or a proven token', async () => {
    await addUser(app, 'bare');
    for (const [member, factor] of [
      ['SMSMfaSettings', 'SMS_MFA'],
      ['SoftwareTokenMfaSettings', 'SOFTWARE_TOKEN_MFA'],
      ['EmailMfaSettings', 'EMAIL_OTP'],
      ['WebAuthnMfaSettings', 'WEB_AUTHN'],
    ]) {
      await expect(prefer(app, 'bare', { [member!]: { Enabled: true } })).rejects.toMatchObject(
        invalid(`User does not have delivery config set to turn on ${factor}`),
      );
    }
    expect(
      await app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'bare' })),
    ).not.toHaveProperty('UserMFASettingList');
  });

  it('[UP-MFA-3] shows what is set, to the user and to administrators', async () => {
    await addUser(app, 'shown', { phone_number: '+15550101', email: 'shown@example.com' });
    const { access: AccessToken } = await signIn(app, 'shown');
    await app.idp.send(
      new SetUserMFAPreferenceCommand({
        AccessToken,
        SMSMfaSettings: { Enabled: true },
        EmailMfaSettings: { Enabled: true, PreferredMfa: true },
      }),
    );
    const expected = { UserMFASettingList: ['SMS_MFA', 'EMAIL_OTP'], PreferredMfaSetting: 'EMAIL_OTP' };
    const admin = { UserPoolId: app.userPoolId, Username: 'shown' };
    expect(await app.idp.send(new GetUserCommand({ AccessToken }))).toMatchObject(expected);
    expect(await app.idp.send(new AdminGetUserCommand(admin))).toMatchObject(expected);
    expect(await app.idp.send(new GetUserAuthFactorsCommand({ AccessToken }))).toMatchObject({
      Username: 'shown',
      ...expected,
      ConfiguredUserAuthFactors: ['PASSWORD'],
    });
    expect(await app.idp.send(new AdminGetUserAuthFactorsCommand(admin))).toMatchObject(expected);

    await prefer(app, 'shown', { EmailMfaSettings: { Enabled: false } });
    const after = await app.idp.send(new AdminGetUserCommand(admin));
    expect(after.UserMFASettingList).toEqual(['SMS_MFA']);
    expect(after).not.toHaveProperty('PreferredMfaSetting');
  });

  it('[UP-MFA-3] prefers one factor at most, and only one that is switched on', async () => {
    await addUser(app, 'torn', { phone_number: '+15550102', email: 'torn@example.com' });
    const both = { Enabled: true, PreferredMfa: true };
    await expect(prefer(app, 'torn', { SMSMfaSettings: both, EmailMfaSettings: both })).rejects.toMatchObject(
      invalid('Only one MFA method can be preferred.'),
    );
    await expect(prefer(app, 'torn', { SMSMfaSettings: { PreferredMfa: true } })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('[UP-MFA-15] the older settings switch SMS on and off', async () => {
    await addUser(app, 'older', { phone_number: '+15550103' });
    const { access: AccessToken } = await signIn(app, 'older');
    const options = [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }];
    await app.idp.send(new SetUserSettingsCommand({ AccessToken, MFAOptions: options }));
    expect(await app.idp.send(new GetUserCommand({ AccessToken }))).toMatchObject({
      MFAOptions: options,
      UserMFASettingList: ['SMS_MFA'],
    });
    expect(await start(app, 'older')).toMatchObject({ ChallengeName: 'SMS_MFA' });
    const admin = { UserPoolId: app.userPoolId, Username: 'older' };
    await app.idp.send(new AdminSetUserSettingsCommand({ ...admin, MFAOptions: [] }));
    expect(await app.idp.send(new GetUserCommand({ AccessToken }))).not.toHaveProperty('MFAOptions');
    await expect(
      app.idp.send(
        new AdminSetUserSettingsCommand({
          ...admin,
          MFAOptions: [{ DeliveryMedium: 'EMAIL', AttributeName: 'email' }],
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await addUser(app, 'silent');
    await expect(
      app.idp.send(
        new AdminSetUserSettingsCommand({ UserPoolId: app.userPoolId, Username: 'silent', MFAOptions: options }),
      ),
    ).rejects.toMatchObject(invalid('User does not have delivery config set to turn on SMS_MFA'));
  });

  it('[UP-MFA-16] lists what the user may begin with', async () => {
    const choosy = await createApp(bench, {
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } },
    });
    await addUser(choosy, 'fay', { email: 'fay@example.com' });
    const factors = await choosy.idp.send(
      new AdminGetUserAuthFactorsCommand({ UserPoolId: choosy.userPoolId, Username: 'fay' }),
    );
    expect(factors.ConfiguredUserAuthFactors).toEqual(['PASSWORD', 'EMAIL_OTP']);
  });
});

describe('what follows the password', () => {
  it('[UP-MFA-4] nothing, where the pool does not ask or the user has switched nothing on', async () => {
    const off = await createApp(bench);
    await addUser(off, 'ann', { phone_number: '+15550104' });
    await prefer(off, 'ann', { SMSMfaSettings: { Enabled: true } });
    expect((await start(off, 'ann')).AuthenticationResult?.IdToken).toBeTruthy();
    await addUser(app, 'plain', { phone_number: '+15550104' });
    expect((await start(app, 'plain')).AuthenticationResult?.IdToken).toBeTruthy();
  });

  it('[UP-MFA-4] the one factor that is switched on, and the preferred one of several', async () => {
    await addUser(app, 'one', { phone_number: '+15550105', email: 'one@example.com' });
    await prefer(app, 'one', { SMSMfaSettings: { Enabled: true } });
    expect(await start(app, 'one')).toMatchObject({ ChallengeName: 'SMS_MFA' });
    await prefer(app, 'one', { EmailMfaSettings: { Enabled: true, PreferredMfa: true } });
    expect(await start(app, 'one')).toMatchObject({ ChallengeName: 'EMAIL_OTP' });
  });

  it('[UP-MFA-4] not a factor that the pool has switched off since', async () => {
    const own = await createMfaApp(bench, 'OPTIONAL');
    await addUser(own, 'ann', { phone_number: '+15550106' });
    await prefer(own, 'ann', { SMSMfaSettings: { Enabled: true } });
    await own.idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: own.userPoolId,
        MfaConfiguration: 'OPTIONAL',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    expect((await start(own, 'ann')).AuthenticationResult?.IdToken).toBeTruthy();
  });

  it('[UP-MFA-5] SELECT_MFA_TYPE where several are on and none is preferred, and [UP-MFA-11] the chosen one', async () => {
    await addUser(app, 'many', { phone_number: '+15550107', email: 'many@example.com' });
    await addToken(bench, app, 'many');
    const on = { Enabled: true };
    await prefer(app, 'many', { SMSMfaSettings: on, SoftwareTokenMfaSettings: on, EmailMfaSettings: on });
    const asked = await start(app, 'many');
    expect(asked).toMatchObject({
      ChallengeName: 'SELECT_MFA_TYPE',
      ChallengeParameters: {
        MFAS_CAN_CHOOSE: '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
        USER_ID_FOR_SRP: 'many',
      },
    });
    await expect(answer(app, asked, 'many', { ANSWER: 'CARRIER_PIGEON' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    const chosen = await answer(app, asked, 'many', { ANSWER: 'EMAIL_OTP' });
    expect(chosen).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: { CODE_DELIVERY_DESTINATION: 'm***@e***' },
    });
    const { code } = await bench.messageTo('many@example.com');
    const done = await answer(app, chosen, 'many', { EMAIL_OTP_CODE: code! });
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
    await expect(answer(app, asked, 'many', { ANSWER: 'SMS_MFA' })).rejects.toMatchObject(USED_SESSION);
  });

  it('[UP-MFA-11] refuses a chosen factor that was lost meanwhile', async () => {
    await addUser(app, 'loser', { phone_number: '+15550108', email: 'loser@example.com' });
    await prefer(app, 'loser', { SMSMfaSettings: { Enabled: true }, EmailMfaSettings: { Enabled: true } });
    const asked = await start(app, 'loser');
    await prefer(app, 'loser', { SMSMfaSettings: { Enabled: false } });
    await expect(answer(app, asked, 'loser', { ANSWER: 'SMS_MFA' })).rejects.toMatchObject({
      name: 'MFAMethodNotFoundException',
    });
  });

  it('[UP-MFA-6] SMS for whoever has a number where SMS is required, and the number is verified by it', async () => {
    const strict = await createMfaApp(bench, 'ON', { SmsMfaConfiguration: { SmsConfiguration: SMS } });
    await addUser(strict, 'ann', { phone_number: '+15550109' });
    const asked = await start(strict, 'ann');
    expect(asked).toMatchObject({
      ChallengeName: 'SMS_MFA',
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
        CODE_DELIVERY_DESTINATION: '+****0109',
        USER_ID_FOR_SRP: 'ann',
      },
    });
    const { code } = await bench.messageTo('+15550109');
    const { AuthenticationResult } = await answer(strict, asked, 'ann', { SMS_MFA_CODE: code! });
    expect(claimsOf(AuthenticationResult!.IdToken!)['phone_number_verified']).toBe(true);

    await addUser(strict, 'bob');
    await expect(start(strict, 'bob')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-MFA-6] MFA_SETUP for whoever has none', async () => {
    const strict = await createMfaApp(bench, 'ON');
    await addUser(strict, 'ann');
    expect(await start(strict, 'ann')).toMatchObject({
      ChallengeName: 'MFA_SETUP',
      ChallengeParameters: {
        MFAS_CAN_SETUP: '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
        USER_ID_FOR_SRP: 'ann',
      },
    });
  });

  it('[UP-MFA-4] a proven token that was switched off, where a factor is required', async () => {
    const own = await createMfaApp(bench, 'OPTIONAL');
    await addUser(own, 'ann');
    await addToken(bench, own, 'ann');
    await own.idp.send(
      new SetUserPoolMfaConfigCommand({ UserPoolId: own.userPoolId, MfaConfiguration: 'ON', ...ALL_FACTORS }),
    );
    expect(await start(own, 'ann')).toMatchObject({ ChallengeName: 'SOFTWARE_TOKEN_MFA' });
  });

  it('[UP-MFA-6] comes after a new password, which is stored by then', async () => {
    const strict = await createMfaApp(bench, 'ON', { SoftwareTokenMfaConfiguration: { Enabled: true } });
    await strict.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: strict.userPoolId,
        Username: 'new',
        TemporaryPassword: 'Temp0rary!',
        MessageAction: 'SUPPRESS',
      }),
    );
    const first = await strict.idp.send(
      new AdminInitiateAuthCommand({
        UserPoolId: strict.userPoolId,
        ClientId: strict.clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'new', PASSWORD: 'Temp0rary!' },
      }),
    );
    expect(first.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const second = await answer(strict, first, 'new', { NEW_PASSWORD: PASSWORD });
    expect(second.ChallengeName).toBe('MFA_SETUP');
    expect(second.AuthenticationResult).toBeUndefined();
    expect(await start(strict, 'new')).toMatchObject({ ChallengeName: 'MFA_SETUP' });
  });
});

describe('codes by SMS and e-mail', () => {
  it('[UP-MFA-7] use the pool’s texts, hold as long as the session, and [UP-MFA-8] survive a wrong answer', async () => {
    await addUser(app, 'ida', { phone_number: '+15550110', email: 'ida@example.com' });
    await prefer(app, 'ida', { SMSMfaSettings: { Enabled: true } });
    const asked = await start(app, 'ida');
    const sms = await bench.messageTo('+15550110');
    expect(sms).toMatchObject({ medium: 'SMS', body: `Type ${sms.code} to get in`, trigger: 'Authentication' });
    expect(sms.code).toMatch(/^\d{6}$/);
    await expect(answer(app, asked, 'ida', { SMS_MFA_CODE: otherThan(sms.code!) })).rejects.toMatchObject(WRONG_CODE);
    await expect(answer(app, asked, 'ida')).rejects.toMatchObject(invalid('Missing required parameter SMS_MFA_CODE'));
    const done = await answer(app, asked, 'ida', { SMS_MFA_CODE: sms.code! });
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
    expect(done.ChallengeParameters).toEqual({});

    await prefer(app, 'ida', { SMSMfaSettings: { Enabled: false }, EmailMfaSettings: { Enabled: true } });
    const late = await start(app, 'ida');
    const mail = await bench.messageTo('ida@example.com');
    expect(mail).toMatchObject({ subject: 'Sign in', body: `Sign in with ${mail.code}`, from: 'post@example.com' });
    expect(mail.code).toMatch(/^\d{8}$/);
    await bench.advance({ minutes: 4 });
    await expect(answer(app, late, 'ida', { EMAIL_OTP_CODE: mail.code! })).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Invalid session for the user, session is expired.'),
    );
  });

  it('[UP-MFA-8] a code opens the session that it was sent for, and no other', async () => {
    await addUser(app, 'jan', { phone_number: '+15550111' });
    await prefer(app, 'jan', { SMSMfaSettings: { Enabled: true } });
    const first = await start(app, 'jan');
    const { code } = await bench.messageTo('+15550111');
    const second = await start(app, 'jan');
    await expect(answer(app, second, 'jan', { SMS_MFA_CODE: code! })).rejects.toMatchObject(WRONG_CODE);
    expect((await answer(app, first, 'jan', { SMS_MFA_CODE: code! })).AuthenticationResult).toBeDefined();
    await expect(answer(app, first, 'jan', { SMS_MFA_CODE: code! })).rejects.toMatchObject(USED_SESSION);
  });

  it('[UP-SESSION-1] sessions are of one challenge, one client and one user', async () => {
    await addUser(app, 'kim', { phone_number: '+15550112' });
    await addUser(app, 'lou');
    await prefer(app, 'kim', { SMSMfaSettings: { Enabled: true } });
    const asked = await start(app, 'kim');
    const { code } = await bench.messageTo('+15550112');
    const right = { SMS_MFA_CODE: code! };
    await expect(
      answer(app, { ...asked, ChallengeName: 'SOFTWARE_TOKEN_MFA' }, 'kim', { SOFTWARE_TOKEN_MFA_CODE: code! }),
    ).rejects.toMatchObject(INVALID_SESSION);
    await expect(answer(app, asked, 'lou', right)).rejects.toMatchObject(INVALID_SESSION);
    const other = { ...app, ...(await addClient(app.idp, app.userPoolId)) };
    await expect(answer(other, asked, 'kim', right)).rejects.toMatchObject(INVALID_SESSION);
    await expect(answer(app, { ...asked, Session: `${asked.Session}x` }, 'kim', right)).rejects.toMatchObject(
      INVALID_SESSION,
    );
    await expect(answer(app, { ChallengeName: 'SMS_MFA' }, 'kim', right)).rejects.toMatchObject(
      invalid('Missing required parameter Session'),
    );
    expect((await answer(app, asked, 'kim', right)).AuthenticationResult).toBeDefined();
  });

  it('[UP-MFA-8] administrators answer in the same way', async () => {
    await addUser(app, 'mia', { phone_number: '+15550113' });
    await prefer(app, 'mia', { SMSMfaSettings: { Enabled: true } });
    const where = { UserPoolId: app.userPoolId, ClientId: app.clientId };
    const asked = await app.idp.send(
      new AdminInitiateAuthCommand({
        ...where,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'mia', PASSWORD },
      }),
    );
    const { code } = await bench.messageTo('+15550113');
    const respond = (SMS_MFA_CODE: string): AdminRespondToAuthChallengeCommand =>
      new AdminRespondToAuthChallengeCommand({
        ...where,
        ChallengeName: 'SMS_MFA',
        Session: asked.Session,
        ChallengeResponses: { USERNAME: 'mia', SMS_MFA_CODE },
      });
    await expect(app.idp.send(respond(otherThan(code!)))).rejects.toMatchObject(WRONG_CODE);
    expect((await app.idp.send(respond(code!))).AuthenticationResult?.AccessToken).toBeTruthy();
  });
});

describe('software tokens', () => {
  it('[UP-MFA-13] get a secret, [UP-MFA-14] are proven with a code, and [UP-MFA-9] are asked for', async () => {
    await addUser(app, 'nia');
    const { access: AccessToken } = await signIn(app, 'nia');
    const associated = await app.idp.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    expect(associated.SecretCode).toMatch(/^[A-Z2-7]{52}$/);
    expect(associated).not.toHaveProperty('Session');
    const code = await totp(bench, associated.SecretCode!);
    await expect(
      app.idp.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: otherThan(code) })),
    ).rejects.toMatchObject(
      refused('EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA'),
    );
    const token = { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } };
    await expect(prefer(app, 'nia', token)).rejects.toMatchObject(
      invalid('User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA'),
    );
    const verified = await app.idp.send(
      new VerifySoftwareTokenCommand({ AccessToken, UserCode: code, FriendlyDeviceName: 'my phone' }),
    );
    expect(verified).toMatchObject({ Status: 'SUCCESS' });
    await expect(app.idp.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: code }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await prefer(app, 'nia', token);

    const asked = await start(app, 'nia');
    expect(asked).toMatchObject({
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeParameters: { FRIENDLY_DEVICE_NAME: 'my phone', USER_ID_FOR_SRP: 'nia' },
    });
    const again = { SOFTWARE_TOKEN_MFA_CODE: code };
    await expect(answer(app, asked, 'nia', again)).rejects.toMatchObject(
      refused('ExpiredCodeException', 'Your software token has already been used once.'),
    );
    await bench.advance({ seconds: 60 });
    const next = await totp(bench, associated.SecretCode!);
    await expect(answer(app, asked, 'nia', { SOFTWARE_TOKEN_MFA_CODE: otherThan(next) })).rejects.toMatchObject(
      WRONG_CODE,
    );
    const done = await answer(app, asked, 'nia', { SOFTWARE_TOKEN_MFA_CODE: next });
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
  });

  it('[UP-MFA-9] a step before and after count, two do not; [UP-MFA-10] and each code once', async () => {
    await addUser(app, 'ole');
    const secret = await addToken(bench, app, 'ole');
    await prefer(app, 'ole', { SoftwareTokenMfaSettings: { Enabled: true } });
    const attempt = async (steps: number): Promise<unknown> =>
      answer(app, await start(app, 'ole'), 'ole', { SOFTWARE_TOKEN_MFA_CODE: await totp(bench, secret, steps) });
    await expect(attempt(-2)).rejects.toMatchObject(WRONG_CODE);
    await expect(attempt(2)).rejects.toMatchObject(WRONG_CODE);
    expect(await attempt(-1)).toHaveProperty('AuthenticationResult');
    expect(await attempt(1)).toHaveProperty('AuthenticationResult');
    const used = { name: 'ExpiredCodeException' };
    await expect(attempt(1)).rejects.toMatchObject(used);
    await expect(attempt(0)).rejects.toMatchObject(used);
    await bench.advance({ minutes: 2 });
    const code = { SOFTWARE_TOKEN_MFA_CODE: await totp(bench, secret) };
    const sessions = await Promise.all([start(app, 'ole'), start(app, 'ole')]);
    const both = await Promise.allSettled(sessions.map((asked) => answer(app, asked, 'ole', code)));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('[UP-MFA-13] a newer secret counts from its first code on', async () => {
    await addUser(app, 'pam');
    const old = await addToken(bench, app, 'pam');
    const { access: AccessToken } = await signIn(app, 'pam');
    await prefer(app, 'pam', { SoftwareTokenMfaSettings: { Enabled: true } });
    const { SecretCode } = await app.idp.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const attempt = async (secret: string): Promise<unknown> =>
      answer(app, await start(app, 'pam'), 'pam', { SOFTWARE_TOKEN_MFA_CODE: await totp(bench, secret) });
    expect(await attempt(old)).toHaveProperty('AuthenticationResult');
    await expect(attempt(SecretCode!)).rejects.toMatchObject(WRONG_CODE);
    await app.idp.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: await totp(bench, SecretCode!) }));
    await bench.advance({ minutes: 1 });
    await expect(attempt(old)).rejects.toMatchObject(WRONG_CODE);
    expect(await attempt(SecretCode!)).toHaveProperty('AuthenticationResult');
  });

  it('[UP-MFA-13] are refused where the pool has none', async () => {
    const plain = await createApp(bench);
    await addUser(plain, 'quo');
    const { access: AccessToken } = await signIn(plain, 'quo');
    const notEnabled = refused(
      'SoftwareTokenMFANotFoundException',
      'Software Token MFA has not been enabled by the userPool',
    );
    await expect(plain.idp.send(new AssociateSoftwareTokenCommand({ AccessToken }))).rejects.toMatchObject(notEnabled);
    await expect(
      plain.idp.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: '123456' })),
    ).rejects.toMatchObject(notEnabled);
  });

  it('[UP-MFA-17] are taken away by administrators, and [UP-MFA-9] open nothing any more', async () => {
    await addUser(app, 'ray');
    const secret = await addToken(bench, app, 'ray');
    await prefer(app, 'ray', { SoftwareTokenMfaSettings: { Enabled: true } });
    const asked = await start(app, 'ray');
    const admin = { UserPoolId: app.userPoolId, Username: 'ray' };
    await app.idp.send(new AdminDeleteSoftwareTokenCommand(admin));
    const gone = { name: 'SoftwareTokenMFANotFoundException' };
    await expect(
      answer(app, asked, 'ray', { SOFTWARE_TOKEN_MFA_CODE: await totp(bench, secret) }),
    ).rejects.toMatchObject(gone);
    await expect(app.idp.send(new AdminDeleteSoftwareTokenCommand(admin))).rejects.toMatchObject(gone);
    expect((await start(app, 'ray')).AuthenticationResult).toBeDefined();
  });
});

describe('setting a factor up on the way in', () => {
  let strict: App;
  beforeAll(async () => {
    strict = await createMfaApp(bench, 'ON');
  });

  it('[UP-MFA-12] a software token: associate, verify, answer, each with a session of its own', async () => {
    await addUser(strict, 'sam');
    const asked = await start(strict, 'sam');
    const associated = await strict.idp.send(new AssociateSoftwareTokenCommand({ Session: asked.Session }));
    expect(associated.Session).not.toBe(asked.Session);
    const code = await totp(bench, associated.SecretCode!);
    await expect(
      strict.idp.send(new VerifySoftwareTokenCommand({ Session: associated.Session, UserCode: otherThan(code) })),
    ).rejects.toMatchObject({ name: 'EnableSoftwareTokenMFAException' });
    // Not proven yet: no way in.
    await expect(
      answer(strict, { ChallengeName: 'MFA_SETUP', Session: associated.Session }, 'sam'),
    ).rejects.toMatchObject({ name: 'SoftwareTokenMFANotFoundException' });
    const verified = await strict.idp.send(
      new VerifySoftwareTokenCommand({ Session: associated.Session, UserCode: code }),
    );
    expect(verified.Status).toBe('SUCCESS');
    await expect(strict.idp.send(new AssociateSoftwareTokenCommand({ Session: asked.Session }))).rejects.toMatchObject(
      USED_SESSION,
    );
    const done = await answer(strict, { ChallengeName: 'MFA_SETUP', Session: verified.Session }, 'sam');
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
    expect(
      await strict.idp.send(new AdminGetUserCommand({ UserPoolId: strict.userPoolId, Username: 'sam' })),
    ).toMatchObject({ UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] });

    const next = await start(strict, 'sam');
    expect(next.ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    await expect(answer(strict, next, 'sam', { SOFTWARE_TOKEN_MFA_CODE: code })).rejects.toMatchObject({
      name: 'ExpiredCodeException',
    });
  });

  it('[UP-MFA-12] e-mail: an address, a code to it, and both are the user’s', async () => {
    await addUser(strict, 'tom');
    const asked = await start(strict, 'tom');
    await expect(answer(strict, asked, 'tom', { EMAIL: 'nowhere' })).rejects.toMatchObject(
      invalid('Invalid email address format.'),
    );
    const sent = await answer(strict, asked, 'tom', { EMAIL: 'tom@example.com' });
    expect(sent).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL', CODE_DELIVERY_DESTINATION: 't***@e***' },
    });
    const { code } = await bench.messageTo('tom@example.com');
    await expect(answer(strict, sent, 'tom', { EMAIL_OTP_CODE: otherThan(code!) })).rejects.toMatchObject(WRONG_CODE);
    const done = await answer(strict, sent, 'tom', { EMAIL_OTP_CODE: code! });
    expect(claimsOf(done.AuthenticationResult!.IdToken!)).toMatchObject({
      email: 'tom@example.com',
      email_verified: true,
    });
    expect(await start(strict, 'tom')).toMatchObject({ ChallengeName: 'EMAIL_OTP' });
  });

  it('[UP-MFA-12] an answer that sets nothing up leads nowhere', async () => {
    await addUser(strict, 'una');
    const asked = await start(strict, 'una');
    await expect(answer(strict, asked, 'una')).rejects.toMatchObject({ name: 'SoftwareTokenMFANotFoundException' });
  });

  it('[PR-CALLER-6] AssociateSoftwareToken and VerifySoftwareToken know a caller by token or session', async () => {
    await addUser(strict, 'vic', { phone_number: '+15550120' });
    const asked = await start(strict, 'vic');
    await expect(strict.idp.send(new AssociateSoftwareTokenCommand({ Session: asked.Session }))).rejects.toMatchObject(
      INVALID_SESSION,
    );
    await expect(
      strict.idp.send(new AssociateSoftwareTokenCommand({ Session: 'AYABe-nobody-opened-this' })),
    ).rejects.toMatchObject(INVALID_SESSION);
    await expect(strict.idp.send(new AssociateSoftwareTokenCommand({}))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(
      strict.idp.send(new VerifySoftwareTokenCommand({ AccessToken: 'a.b.c', UserCode: '123456' })),
    ).rejects.toMatchObject(refused('NotAuthorizedException', 'Invalid Access Token'));
    await expect(
      strict.idp.send(new VerifySoftwareTokenCommand({ Session: asked.Session, UserCode: 'abcdef' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

it('[UP-MFA-7] sends nothing to somebody whose number was taken away', async () => {
  await addUser(app, 'wim', { phone_number: '+15550121' });
  await prefer(app, 'wim', { SMSMfaSettings: { Enabled: true } });
  await app.idp.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId: app.userPoolId,
      Username: 'wim',
      UserAttributes: attributeList({ phone_number: '' }),
    }),
  );
  expect((await start(app, 'wim')).AuthenticationResult).toBeDefined();
});
