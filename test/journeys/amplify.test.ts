import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity';
import {
  AdminCreateUserCommand,
  AdminForgetDeviceCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Amplify } from 'aws-amplify';
import {
  autoSignIn,
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  confirmUserAttribute,
  deleteUser,
  fetchAuthSession,
  fetchDevices,
  fetchMFAPreference,
  fetchUserAttributes,
  forgetDevice,
  getCurrentUser,
  rememberDevice,
  resendSignUpCode,
  resetPassword,
  setUpTOTP,
  signIn,
  signOut,
  signUp,
  updateMFAPreference,
  updatePassword,
  updateUserAttributes,
  verifyTOTPSetup,
} from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { ConsoleLogger, type KeyValueStorageInterface } from 'aws-amplify/utils';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClockState } from '../../src/shared/bench-api.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

// It warns of every custom endpoint.
ConsoleLogger.LOG_LEVEL = 'ERROR';

const PASSWORD = 'Correct-Horse-9';

/** One phone's storage. The library is one global thing, so a test uses one phone at a time. */
class Phone implements KeyValueStorageInterface {
  readonly kept = new Map<string, string>();
  setItem(key: string, value: string): Promise<void> {
    this.kept.set(key, value);
    return Promise.resolve();
  }
  getItem(key: string): Promise<string | null> {
    return Promise.resolve(this.kept.get(key) ?? null);
  }
  removeItem(key: string): Promise<void> {
    this.kept.delete(key);
    return Promise.resolve();
  }
  clear(): Promise<void> {
    this.kept.clear();
    return Promise.resolve();
  }
  /** Takes the phone in hand. */
  use(): this {
    cognitoUserPoolsTokenProvider.setKeyValueStorage(this);
    return this;
  }
}

describe('an app with aws-amplify', () => {
  let bench: TestBench;
  let idp: CognitoIdentityProviderClient;
  let userPoolId: string;
  let userPoolClientId: string;
  let identityPoolId: string;

  beforeAll(async () => {
    // The library compares tokens with the machine's clock.
    bench = await startBench({ clock: 'real' });
    idp = new CognitoIdentityProviderClient(bench.sdk);
    ({ userPoolId, userPoolClientId } = await createPool('OPTIONAL'));
    const identity = new CognitoIdentityClient(bench.sdk);
    const pool = await identity.send(
      new CreateIdentityPoolCommand({
        IdentityPoolName: 'amplify',
        AllowUnauthenticatedIdentities: true,
        CognitoIdentityProviders: [
          { ProviderName: `cognito-idp.us-east-1.amazonaws.com/${userPoolId}`, ClientId: userPoolClientId },
        ],
      }),
    );
    identityPoolId = pool.IdentityPoolId!;
    await identity.send(
      new SetIdentityPoolRolesCommand({
        IdentityPoolId: identityPoolId,
        Roles: {
          authenticated: 'arn:aws:iam::000000000000:role/user',
          unauthenticated: 'arn:aws:iam::000000000000:role/guest',
        },
      }),
    );
  });
  beforeEach(async () => {
    configure(userPoolId, userPoolClientId);
    new Phone().use();
    await signOut();
  });
  afterAll(() => bench.stop());

  async function createPool(mode: 'ON' | 'OPTIONAL') {
    const { UserPool } = await idp.send(
      new CreateUserPoolCommand({
        PoolName: 'journey',
        AutoVerifiedAttributes: ['email'],
        DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
        // A pool that always asks for a second factor has no codes as the first.
        ...(mode === 'OPTIONAL'
          ? { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } }
          : {}),
      }),
    );
    const UserPoolId = UserPool!.Id!;
    await idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId,
        MfaConfiguration: mode,
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    const { UserPoolClient } = await idp.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'web',
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_AUTH'],
      }),
    );
    return { userPoolId: UserPoolId, userPoolClientId: UserPoolClient!.ClientId! };
  }

  function configure(pool: string, client: string): void {
    Amplify.configure({
      Auth: {
        Cognito: {
          userPoolId: pool,
          userPoolClientId: client,
          userPoolEndpoint: bench.url,
          identityPoolId,
          identityPoolEndpoint: bench.url,
          allowGuestAccess: true,
        },
      },
    });
  }

  async function codeTo(username: string): Promise<string> {
    return (await bench.messageTo(`${username}@example.test`)).code!;
  }

  async function register(username: string): Promise<void> {
    const userAttributes = { email: `${username}@example.test` };
    await signUp({ username, password: PASSWORD, options: { userAttributes } });
    await confirmSignUp({ username, confirmationCode: await codeTo(username) });
  }

  async function totp(secret: string, steps = 0): Promise<string> {
    const { now } = await bench.call<ClockState>('GET', '/clock');
    return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.parse(now) + steps * 30_000 });
  }

  it('signs up, confirms with a code that was sent again, and signs in by itself', async () => {
    const { nextStep, userId } = await signUp({
      username: 'ann',
      password: PASSWORD,
      options: { userAttributes: { email: 'ann@example.test' }, autoSignIn: true },
    });
    expect(nextStep).toMatchObject({
      signUpStep: 'CONFIRM_SIGN_UP',
      codeDeliveryDetails: { deliveryMedium: 'EMAIL', attributeName: 'email', destination: 'a***@e***' },
    });
    await resendSignUpCode({ username: 'ann' });
    const code = await codeTo('ann');
    await expect(
      confirmSignUp({ username: 'ann', confirmationCode: code === '000000' ? '000001' : '000000' }),
    ).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await expect(confirmSignUp({ username: 'ann', confirmationCode: code })).resolves.toMatchObject({
      isSignUpComplete: true,
      nextStep: { signUpStep: 'COMPLETE_AUTO_SIGN_IN' },
    });
    await expect(autoSignIn()).resolves.toMatchObject({ isSignedIn: true });
    await expect(getCurrentUser()).resolves.toMatchObject({ username: 'ann', userId });
    await expect(
      signUp({ username: 'ann', password: PASSWORD, options: { userAttributes: { email: 'x@example.test' } } }),
    ).rejects.toMatchObject({ name: 'UsernameExistsException' });
  });

  it('is led to confirm a sign-up that was left half way', async () => {
    const userAttributes = { email: 'abe@example.test' };
    await signUp({ username: 'abe', password: PASSWORD, options: { userAttributes } });
    await expect(signIn({ username: 'abe', password: PASSWORD })).resolves.toMatchObject({
      nextStep: { signInStep: 'CONFIRM_SIGN_UP' },
    });
  });

  it('signs in by SRP, and is refused with a wrong password or an unknown name', async () => {
    await register('bob');
    await expect(signIn({ username: 'bob', password: 'Wrong-Horse-9' })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
    await expect(signIn({ username: 'nobody', password: PASSWORD })).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    await expect(signIn({ username: 'bob', password: PASSWORD })).resolves.toMatchObject({ isSignedIn: true });
    await expect(fetchUserAttributes()).resolves.toMatchObject({ email: 'bob@example.test', email_verified: 'true' });
    await expect(signIn({ username: 'bob', password: PASSWORD })).rejects.toMatchObject({
      name: 'UserAlreadyAuthenticatedException',
    });
    const { tokens } = await fetchAuthSession();
    const refreshed = await fetchAuthSession({ forceRefresh: true });
    expect(refreshed.tokens!.accessToken.payload['jti']).not.toBe(tokens!.accessToken.payload['jti']);
    expect(refreshed.tokens!.accessToken.payload['origin_jti']).toBe(tokens!.accessToken.payload['origin_jti']);
  });

  it('sets up a software token and is asked for its code from then on', async () => {
    await register('cid');
    await signIn({ username: 'cid', password: PASSWORD });
    const { sharedSecret, getSetupUri } = await setUpTOTP();
    expect(getSetupUri('bench', 'cid').toString()).toContain(sharedSecret);
    const code = await totp(sharedSecret);
    await expect(verifyTOTPSetup({ code: code === '000000' ? '000001' : '000000' })).rejects.toMatchObject({
      name: 'EnableSoftwareTokenMFAException',
    });
    await verifyTOTPSetup({ code });
    await updateMFAPreference({ totp: 'PREFERRED' });
    await expect(fetchMFAPreference()).resolves.toEqual({ enabled: ['TOTP'], preferred: 'TOTP' });
    await signOut();

    const { nextStep } = await signIn({ username: 'cid', password: PASSWORD });
    expect(nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_TOTP_CODE');
    const wrong = (await totp(sharedSecret, 1)) === '000000' ? '000001' : '000000';
    await expect(confirmSignIn({ challengeResponse: wrong })).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await expect(confirmSignIn({ challengeResponse: await totp(sharedSecret, 1) })).resolves.toMatchObject({
      isSignedIn: true,
    });
  });

  it('sets up a software token on the way in, where the pool requires a factor', async () => {
    const strict = await createPool('ON');
    configure(strict.userPoolId, strict.userPoolClientId);
    await register('dan');
    const { nextStep } = await signIn({ username: 'dan', password: PASSWORD });
    if (nextStep.signInStep !== 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP') throw new Error(nextStep.signInStep);
    const secret = nextStep.totpSetupDetails.sharedSecret;
    await expect(confirmSignIn({ challengeResponse: await totp(secret) })).resolves.toMatchObject({ isSignedIn: true });
    await signOut();
    await expect(signIn({ username: 'dan', password: PASSWORD })).resolves.toMatchObject({
      nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' },
    });
  });

  it('is remembered with its device, and shows it instead of a code until the device is forgotten', async () => {
    await register('eve');
    const phone = new Phone().use();
    await signIn({ username: 'eve', password: PASSWORD });
    const { sharedSecret } = await setUpTOTP();
    await verifyTOTPSetup({ code: await totp(sharedSecret) });
    await updateMFAPreference({ totp: 'PREFERRED' });
    await rememberDevice();
    const [device, ...others] = await fetchDevices();
    expect(others).toEqual([]);
    expect([...phone.kept.values()]).toContain(device!.id);
    await signOut();

    await expect(signIn({ username: 'eve', password: PASSWORD })).resolves.toMatchObject({ isSignedIn: true });
    const { tokens } = await fetchAuthSession();
    expect(tokens!.accessToken.payload['device_key']).toBe(device!.id);
    const refreshed = await fetchAuthSession({ forceRefresh: true });
    expect(refreshed.tokens!.accessToken.payload['device_key']).toBe(device!.id);

    // Another phone has nothing to show for itself.
    new Phone().use();
    await expect(signIn({ username: 'eve', password: PASSWORD })).resolves.toMatchObject({
      nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' },
    });

    phone.use();
    await forgetDevice();
    await expect(fetchDevices()).resolves.toEqual([]);
    await signOut();
    await expect(signIn({ username: 'eve', password: PASSWORD })).resolves.toMatchObject({
      nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' },
    });
  });

  it('signs in again when an administrator has forgotten its device', async () => {
    await register('fay');
    await signIn({ username: 'fay', password: PASSWORD });
    await rememberDevice();
    const [device] = await fetchDevices();
    await signOut();
    await idp.send(new AdminForgetDeviceCommand({ UserPoolId: userPoolId, Username: 'fay', DeviceKey: device!.id }));
    await expect(signIn({ username: 'fay', password: PASSWORD })).resolves.toMatchObject({ isSignedIn: true });
    const [another] = await fetchDevices();
    expect(another!.id).not.toBe(device!.id);
  });

  it('gets credentials as a guest, and others as a user', async () => {
    const arn = async (): Promise<string> => {
      const { credentials } = await fetchAuthSession();
      const { Arn } = await new STSClient({ ...bench.sdk, credentials: credentials! }).send(
        new GetCallerIdentityCommand({}),
      );
      return Arn!;
    };
    const guest = await fetchAuthSession();
    expect(guest.tokens).toBeUndefined();
    expect(guest.identityId).toMatch(/^us-east-1:/);
    await expect(arn()).resolves.toContain(':assumed-role/guest/');

    await register('gil');
    await signIn({ username: 'gil', password: PASSWORD });
    const user = await fetchAuthSession();
    expect(user.userSub).toBe((await getCurrentUser()).userId);
    await expect(arn()).resolves.toContain(':assumed-role/user/');
    await signOut();
    await signIn({ username: 'gil', password: PASSWORD });
    expect((await fetchAuthSession()).identityId).toBe(user.identityId);
  });

  it('changes its password, and refuses a wrong old one and a weak new one', async () => {
    await register('hal');
    await signIn({ username: 'hal', password: PASSWORD });
    await expect(
      updatePassword({ oldPassword: 'Wrong-Horse-9', newPassword: 'Better-Horse-10' }),
    ).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(updatePassword({ oldPassword: PASSWORD, newPassword: 'weak' })).rejects.toMatchObject({
      name: expect.stringMatching(/InvalidPasswordException|InvalidParameterException/) as string,
    });
    await updatePassword({ oldPassword: PASSWORD, newPassword: 'Better-Horse-10' });
    await signOut();
    await expect(signIn({ username: 'hal', password: PASSWORD })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await expect(signIn({ username: 'hal', password: 'Better-Horse-10' })).resolves.toMatchObject({ isSignedIn: true });
  });

  it('chooses a new password with a code', async () => {
    await register('ida');
    await expect(resetPassword({ username: 'ida' })).resolves.toMatchObject({
      nextStep: { resetPasswordStep: 'CONFIRM_RESET_PASSWORD_WITH_CODE' },
    });
    const code = await codeTo('ida');
    const reset = (confirmationCode: string): Promise<void> =>
      confirmResetPassword({ username: 'ida', confirmationCode, newPassword: 'Better-Horse-10' });
    await expect(reset(code === '000000' ? '000001' : '000000')).rejects.toMatchObject({
      name: 'CodeMismatchException',
    });
    await reset(code);
    await expect(signIn({ username: 'ida', password: 'Better-Horse-10' })).resolves.toMatchObject({ isSignedIn: true });
  });

  it('changes its attributes and proves a new address', async () => {
    await register('jan');
    await signIn({ username: 'jan', password: PASSWORD });
    const answer = await updateUserAttributes({
      userAttributes: { email: 'jane@example.test', given_name: 'Jan' },
    });
    expect(answer.given_name).toMatchObject({ isUpdated: true, nextStep: { updateAttributeStep: 'DONE' } });
    expect(answer.email).toMatchObject({
      isUpdated: false,
      nextStep: { updateAttributeStep: 'CONFIRM_ATTRIBUTE_WITH_CODE' },
    });
    await expect(fetchUserAttributes()).resolves.toMatchObject({ given_name: 'Jan', email_verified: 'false' });
    await confirmUserAttribute({ userAttributeKey: 'email', confirmationCode: await codeTo('jane') });
    await expect(fetchUserAttributes()).resolves.toMatchObject({ email: 'jane@example.test', email_verified: 'true' });
  });

  it('signs out everywhere', async () => {
    await register('kim');
    const phone = new Phone().use();
    await signIn({ username: 'kim', password: PASSWORD });
    const laptop = new Phone().use();
    await signIn({ username: 'kim', password: PASSWORD });
    await signOut({ global: true });
    expect([...laptop.kept.keys()].filter((key) => key.endsWith('Token'))).toEqual([]);
    phone.use();
    await expect(fetchUserAttributes()).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    // The library drops the refused tokens, and then asks for a guest's credentials in the user's identity.
    await expect(fetchAuthSession({ forceRefresh: true })).rejects.toThrow(/^Access to Identity '.*' is forbidden\.$/);
    expect([...phone.kept.keys()].filter((key) => key.endsWith('Token'))).toEqual([]);
  });

  it('revokes its tokens when it signs out here', async () => {
    await register('lea');
    await signIn({ username: 'lea', password: PASSWORD });
    const access = (await fetchAuthSession()).tokens!.accessToken.toString();
    await signOut();
    const response = await fetch(bench.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser',
      },
      body: JSON.stringify({ AccessToken: access }),
    });
    await expect(response.json()).resolves.toMatchObject({ message: 'Access Token has been revoked' });
  });

  it('replaces the password that an administrator gave', async () => {
    await idp.send(
      new AdminCreateUserCommand({
        UserPoolId: userPoolId,
        Username: 'max',
        TemporaryPassword: 'Temporary-1',
        MessageAction: 'SUPPRESS',
      }),
    );
    const { nextStep } = await signIn({ username: 'max', password: 'Temporary-1' });
    expect(nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
    await expect(
      confirmSignIn({
        challengeResponse: PASSWORD,
        options: { userAttributes: { email: 'max@example.test' } },
      }),
    ).resolves.toMatchObject({ isSignedIn: true });
    await expect(fetchUserAttributes()).resolves.toMatchObject({ email: 'max@example.test' });
  });

  it('signs in with a code by e-mail, and deletes itself', async () => {
    await register('nia');
    const { nextStep } = await signIn({
      username: 'nia',
      options: { authFlowType: 'USER_AUTH', preferredChallenge: 'EMAIL_OTP' },
    });
    expect(nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_EMAIL_CODE');
    await expect(confirmSignIn({ challengeResponse: await codeTo('nia') })).resolves.toMatchObject({
      isSignedIn: true,
    });
    await deleteUser();
    await expect(signIn({ username: 'nia', password: PASSWORD })).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
  });
});
