import {
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  type ChallengeNameType,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  type InitiateAuthResponse,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeResponse,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Secret, TOTP } from 'otpauth';
import type { ClockState } from '../../../src/shared/bench-api.ts';
import type { TestBench } from '../../harness/bench.ts';
import { ALL_FLOWS, type App, createApp, passwordAuth, refused, signIn } from './setup.ts';

export const SMS = { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms', ExternalId: 'x' };
export const SES = {
  EmailSendingAccount: 'DEVELOPER' as const,
  SourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/post@example.com',
};
export const EMAIL_MESSAGE = { Message: 'Sign in with {####}', Subject: 'Sign in' };
export const WRONG_CODE = refused('CodeMismatchException', 'Invalid code or auth state for the user.');
export const INVALID_SESSION = refused('NotAuthorizedException', 'Invalid session for the user.');
export const USED_SESSION = refused(
  'NotAuthorizedException',
  'Invalid session for the user, session can only be used once.',
);

type Factors = Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>;

/** Every factor that a pool can have. */
export const ALL_FACTORS: Factors = {
  SmsMfaConfiguration: { SmsConfiguration: SMS, SmsAuthenticationMessage: 'Type {####} to get in' },
  SoftwareTokenMfaConfiguration: { Enabled: true },
  EmailMfaConfiguration: EMAIL_MESSAGE,
};

/** A pool of the test's own that asks for second factors. */
export async function createMfaApp(
  bench: TestBench,
  mode: 'ON' | 'OPTIONAL',
  factors: Factors = ALL_FACTORS,
  pool: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<App> {
  const app = await createApp(
    bench,
    { EmailConfiguration: SES, ...pool },
    { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH'], ...client },
  );
  await app.idp.send(
    new SetUserPoolMfaConfigCommand({ UserPoolId: app.userPoolId, MfaConfiguration: mode, ...factors }),
  );
  return app;
}

/** What an authenticator app shows, `steps` half minutes from the bench's present. */
export async function totp(bench: TestBench, secret: string, steps = 0): Promise<string> {
  const { now } = await bench.call<ClockState>('GET', '/clock');
  const timestamp = Date.parse(now) + steps * 30_000;
  return TOTP.generate({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30, timestamp });
}

/** A code that no software token shows now. */
export function otherThan(code: string): string {
  return code.replace(/./g, (digit) => String((Number(digit) + 5) % 10));
}

export function choose(
  { idp, clientId }: Pick<App, 'idp' | 'clientId'>,
  username: string,
  parameters: { [name: string]: string } = {},
  Session?: string,
): Promise<InitiateAuthResponse> {
  return idp.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: username, ...parameters },
      Session,
    }),
  );
}

export function answer(
  { idp, clientId }: Pick<App, 'idp' | 'clientId'>,
  asked: { ChallengeName?: ChallengeNameType | undefined; Session?: string | undefined },
  username: string,
  responses: { [name: string]: string } = {},
): Promise<RespondToAuthChallengeResponse> {
  return idp.send(
    new RespondToAuthChallengeCommand({
      ClientId: clientId,
      ChallengeName: asked.ChallengeName!,
      Session: asked.Session,
      ChallengeResponses: { USERNAME: username, ...responses },
    }),
  );
}

export function start(
  app: Pick<App, 'idp' | 'clientId'>,
  username: string,
  more: { [name: string]: string } = {},
): Promise<InitiateAuthResponse> {
  return app.idp.send(passwordAuth(app, username, undefined, more));
}

type Preference = Omit<AdminSetUserMFAPreferenceCommand['input'], 'UserPoolId' | 'Username'>;

export async function prefer(app: App, username: string, preference: Preference): Promise<void> {
  await app.idp.send(
    new AdminSetUserMFAPreferenceCommand({ UserPoolId: app.userPoolId, Username: username, ...preference }),
  );
}

/** Sets up a software token for somebody who can still sign in without. Moves the clock, as a code counts once. */
export async function addToken(bench: TestBench, app: App, username: string): Promise<string> {
  const { access } = await signIn(app, username);
  const { SecretCode: secret } = await app.idp.send(new AssociateSoftwareTokenCommand({ AccessToken: access }));
  await app.idp.send(
    new VerifySoftwareTokenCommand({
      AccessToken: access,
      UserCode: await totp(bench, secret!),
      FriendlyDeviceName: 'my phone',
    }),
  );
  await bench.advance({ seconds: 60 });
  return secret!;
}
