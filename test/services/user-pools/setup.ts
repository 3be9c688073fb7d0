import {
  type AttributeType,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  type ExplicitAuthFlowsType,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { TestBench } from '../../harness/bench.ts';

export const PASSWORD = 'Passw0rd!';
export const ALL_FLOWS: ExplicitAuthFlowsType[] = [
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
];

export interface App {
  readonly idp: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

/** A pool of the test's own with one client that may use every built flow. */
export async function createApp(
  bench: TestBench,
  pool: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<App> {
  const idp = new CognitoIdentityProviderClient(bench.sdk);
  const { UserPool } = await idp.send(
    new CreateUserPoolCommand({ PoolName: 'people', AutoVerifiedAttributes: ['email'], ...pool }),
  );
  const userPoolId = UserPool!.Id!;
  return { idp, userPoolId, ...(await addClient(idp, userPoolId, client)) };
}

export async function addClient(
  idp: CognitoIdentityProviderClient,
  userPoolId: string,
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<{ clientId: string; clientSecret: string | undefined }> {
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ALL_FLOWS,
      ...client,
    }),
  );
  return { clientId: UserPoolClient!.ClientId!, clientSecret: UserPoolClient!.ClientSecret };
}

/** A confirmed user with a password, made by an administrator. */
export async function addUser(
  { idp, userPoolId }: Pick<App, 'idp' | 'userPoolId'>,
  username: string,
  attributes: { [name: string]: string } = {},
): Promise<string> {
  const { User } = await idp.send(
    new AdminCreateUserCommand({
      UserPoolId: userPoolId,
      Username: username,
      UserAttributes: attributeList(attributes),
      MessageAction: 'SUPPRESS',
    }),
  );
  await idp.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: userPoolId,
      Username: username,
      Password: PASSWORD,
      Permanent: true,
    }),
  );
  return User!.Username!;
}

export function attributeList(attributes: { [name: string]: string }): AttributeType[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}

export interface Tokens {
  readonly access: string;
  readonly id: string;
  readonly refresh: string;
}

export async function signIn(
  app: Pick<App, 'idp' | 'clientId'>,
  username: string,
  password = PASSWORD,
): Promise<Tokens> {
  const { AuthenticationResult: result } = await app.idp.send(passwordAuth(app, username, password));
  return { access: result!.AccessToken!, id: result!.IdToken!, refresh: result!.RefreshToken! };
}

export function passwordAuth(
  { clientId }: Pick<App, 'clientId'>,
  username: string,
  password = PASSWORD,
  more: { [name: string]: string } = {},
): InitiateAuthCommand {
  return new InitiateAuthCommand({
    ClientId: clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD: password, ...more },
  });
}

export function claimsOf(token: string): { [claim: string]: unknown } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { [claim: string]: unknown };
}

/** What an SDK client throws, as tests compare it. */
export function refused(name: string, message: string): { name: string; message: string } {
  return { name, message };
}

export const INCORRECT = refused('NotAuthorizedException', 'Incorrect username or password.');
