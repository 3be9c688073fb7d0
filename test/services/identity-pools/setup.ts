import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
  type CreateIdentityPoolCommandInput,
} from '@aws-sdk/client-cognito-identity';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { ACCOUNT, REGION, type TestBench } from '../../harness/bench.ts';

const PASSWORD = 'Correct-Horse-9';

export const GUEST_ROLE = `arn:aws:iam::${ACCOUNT}:role/Guest`;
export const USER_ROLE = `arn:aws:iam::${ACCOUNT}:role/service/User`;

/** A user pool with one app client that signs in by password. */
export interface UserPool {
  readonly id: string;
  readonly clientId: string;
  readonly provider: string;
}

export function identityClient(bench: TestBench): CognitoIdentityClient {
  return new CognitoIdentityClient(bench.sdk);
}

export async function createUserPool(bench: TestBench): Promise<UserPool> {
  const idp = new CognitoIdentityProviderClient(bench.sdk);
  const { UserPool: pool } = await idp.send(new CreateUserPoolCommand({ PoolName: 'people' }));
  const id = pool!.Id!;
  return { id, clientId: await createAppClient(bench, id), provider: `cognito-idp.${REGION}.amazonaws.com/${id}` };
}

export async function createAppClient(bench: TestBench, UserPoolId: string): Promise<string> {
  const idp = new CognitoIdentityProviderClient(bench.sdk);
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  return UserPoolClient!.ClientId!;
}

/** Makes the user where there is none, and signs in. */
export async function signIn(
  bench: TestBench,
  { id, clientId }: Pick<UserPool, 'id' | 'clientId'>,
  Username: string,
): Promise<{ idToken: string; accessToken: string }> {
  const idp = new CognitoIdentityProviderClient(bench.sdk);
  try {
    await idp.send(new AdminCreateUserCommand({ UserPoolId: id, Username, MessageAction: 'SUPPRESS' }));
    await idp.send(new AdminSetUserPasswordCommand({ UserPoolId: id, Username, Password: PASSWORD, Permanent: true }));
  } catch (error) {
    if ((error as Error).name !== 'UsernameExistsException') throw error;
  }
  const { AuthenticationResult: result } = await idp.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD },
    }),
  );
  return { idToken: result!.IdToken!, accessToken: result!.AccessToken! };
}

/** An identity pool with guests, roles, and these user pools as providers. */
export async function createPool(
  bench: TestBench,
  userPools: readonly UserPool[] = [],
  changes: Partial<CreateIdentityPoolCommandInput> = {},
): Promise<string> {
  const identity = identityClient(bench);
  const { IdentityPoolId } = await identity.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'pool',
      AllowUnauthenticatedIdentities: true,
      CognitoIdentityProviders: userPools.map(({ provider, clientId }) => ({
        ProviderName: provider,
        ClientId: clientId,
      })),
      ...changes,
    }),
  );
  await identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId,
      Roles: { authenticated: USER_ROLE, unauthenticated: GUEST_ROLE },
    }),
  );
  return IdentityPoolId!;
}

export async function getId(
  bench: TestBench,
  IdentityPoolId: string,
  Logins?: { [provider: string]: string },
): Promise<string> {
  const { IdentityId } = await identityClient(bench).send(
    new GetIdCommand({ IdentityPoolId, ...(Logins && { Logins }) }),
  );
  return IdentityId!;
}

export async function getCredentials(bench: TestBench, IdentityId: string, Logins?: { [provider: string]: string }) {
  const { Credentials, IdentityId: id } = await identityClient(bench).send(
    new GetCredentialsForIdentityCommand({ IdentityId, ...(Logins && { Logins }) }),
  );
  return {
    identityId: id!,
    expiration: Credentials!.Expiration!,
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  };
}

/** What a refused call must have been refused with. */
export function refusal(name: string, message: string): { name: string; message: string } {
  return { name, message };
}
