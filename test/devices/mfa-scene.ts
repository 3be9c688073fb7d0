import {
  type CreateUserPoolCommandInput,
  CognitoIdentityProvider,
  type SetUserPoolMfaConfigCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { DeviceApp, DeviceState, SignInState } from '../../src/shared/device.ts';
import { REGION, type TestBench } from '../harness/bench.ts';
import { PASSWORD, type TestDevice } from './scene.ts';

export interface SecureApp {
  /** For its devices. */
  readonly pointedAt: DeviceApp;
  readonly userPoolId: string;
  readonly userPools: CognitoIdentityProvider;
}

type Mfa = Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>;

export const TOTP: Mfa = { MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true } };
export const SMS: Mfa['SmsMfaConfiguration'] = {
  SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms', ExternalId: 'x' },
};

/** A pool with second factors, and a client for every flow. */
export async function makeSecureApp(
  bench: TestBench,
  mfa: Mfa = TOTP,
  pool: Partial<CreateUserPoolCommandInput> = {},
): Promise<SecureApp> {
  const userPools = new CognitoIdentityProvider(bench.sdk);
  const { UserPool } = await userPools.createUserPool({
    PoolName: 'secure',
    AutoVerifiedAttributes: ['email'],
    ...pool,
  });
  const userPoolId = UserPool!.Id!;
  await userPools.setUserPoolMfaConfig({ UserPoolId: userPoolId, ...mfa });
  const { UserPoolClient } = await userPools.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'app',
    ExplicitAuthFlows: [
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_CUSTOM_AUTH',
      'ALLOW_USER_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ],
  });
  const pointedAt = { region: REGION, userPoolId, clientId: UserPoolClient!.ClientId! };
  return { pointedAt, userPoolId, userPools };
}

export async function addPerson(
  app: SecureApp,
  username: string,
  attributes: { readonly [name: string]: string } = {},
): Promise<void> {
  const user = { UserPoolId: app.userPoolId, Username: username };
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  await app.userPools.adminCreateUser({ ...user, UserAttributes, MessageAction: 'SUPPRESS' });
  await app.userPools.adminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true });
}

/** Signs in and sets the authenticator up; the next code is good. */
export async function setUpAuthenticator(bench: TestBench, device: TestDevice, username: string): Promise<void> {
  await device.act({ do: 'sign-in', username, password: PASSWORD });
  await device.act({ do: 'set-up-totp' });
  await device.act({ do: 'verify-totp' });
  await device.act({ do: 'set-mfa-preference', softwareToken: 'preferred' });
  await bench.advance({ seconds: 60 });
}

export function challengeOf({ signIn }: DeviceState): SignInState & { status: 'challenged' } {
  if (signIn.status === 'challenged') return signIn;
  throw new Error(`no challenge, but ${signIn.status}`);
}
