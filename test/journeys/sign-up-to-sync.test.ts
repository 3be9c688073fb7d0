import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity';
import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  CognitoSyncClient,
  ListDatasetsCommand,
  ListRecordsCommand,
  UpdateRecordsCommand,
} from '@aws-sdk/client-cognito-sync';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import { CognitoJwtVerifier, JwtRsaVerifier } from 'aws-jwt-verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, startBench, type TestBench } from '../harness/bench.ts';

const run = promisify(execFile);
const PASSWORD = 'Correct-Horse-9';

/** One pool of each kind, wired to each other, made by an outside SDK client. */
async function setUp(bench: TestBench) {
  const idp = new CognitoIdentityProviderClient(bench.sdk);
  const identity = new CognitoIdentityClient(bench.sdk);
  const { UserPool } = await idp.send(
    new CreateUserPoolCommand({ PoolName: 'journey', AutoVerifiedAttributes: ['email'] }),
  );
  const userPoolId = UserPool!.Id!;
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: 'web',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  const clientId = UserPoolClient!.ClientId!;
  const provider = `cognito-idp.${REGION}.amazonaws.com/${userPoolId}`;
  const { IdentityPoolId: identityPoolId } = await identity.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'journey',
      AllowUnauthenticatedIdentities: true,
      CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId }],
    }),
  );
  const authenticatedRole = `arn:aws:iam::${ACCOUNT}:role/JourneyUser`;
  await identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId: identityPoolId,
      Roles: { authenticated: authenticatedRole, unauthenticated: `arn:aws:iam::${ACCOUNT}:role/JourneyGuest` },
    }),
  );
  return { idp, identity, userPoolId, clientId, provider, identityPoolId: identityPoolId!, authenticatedRole };
}

type World = Awaited<ReturnType<typeof setUp>>;

async function signUp(bench: TestBench, world: World, username: string): Promise<void> {
  const email = `${username}@example.test`;
  await world.idp.send(
    new SignUpCommand({
      ClientId: world.clientId,
      Username: username,
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  );
  const { code } = await bench.messageTo(email);
  await world.idp.send(
    new ConfirmSignUpCommand({ ClientId: world.clientId, Username: username, ConfirmationCode: code! }),
  );
}

/** Signs in with amazon-cognito-identity-js, which does SRP by itself. */
function signInBySrp(bench: TestBench, world: World, username: string, password: string): Promise<CognitoUserSession> {
  const pool = new CognitoUserPool({ UserPoolId: world.userPoolId, ClientId: world.clientId, endpoint: bench.url });
  const user = new CognitoUser({ Username: username, Pool: pool });
  return new Promise((onSuccess, onFailure) => {
    user.authenticateUser(new AuthenticationDetails({ Username: username, Password: password }), {
      onSuccess,
      onFailure,
    });
  });
}

describe('from sign-up to sync, with real clients', () => {
  let bench: TestBench;
  let world: World;

  beforeAll(async () => {
    // Real time: a verifier outside the bench judges expiry by the machine's clock.
    bench = await startBench({ clock: 'real' });
    world = await setUp(bench);
    await signUp(bench, world, 'alice');
  });
  afterAll(() => bench.stop());

  it('signs in by SRP with amazon-cognito-identity-js, and a wrong password is refused', async () => {
    const session = await signInBySrp(bench, world, 'alice', PASSWORD);
    const user = await world.idp.send(new GetUserCommand({ AccessToken: session.getAccessToken().getJwtToken() }));
    expect(user.Username).toBe('alice');
    expect(user.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' });

    await expect(signInBySrp(bench, world, 'alice', 'Wrong-Horse-9')).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
  });

  it('issues tokens that aws-jwt-verify accepts, and a forged one that it does not', async () => {
    const session = await signInBySrp(bench, world, 'alice', PASSWORD);
    const issuer = `${bench.url}/${world.userPoolId}`;
    const jwks = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as { keys: never[] };
    const verifier = JwtRsaVerifier.create({
      issuer,
      audience: world.clientId,
      jwksUri: `${issuer}/.well-known/jwks.json`,
    });
    verifier.cacheJwks(jwks);

    const idToken = session.getIdToken().getJwtToken();
    await expect(verifier.verify(idToken)).resolves.toMatchObject({ 'cognito:username': 'alice', token_use: 'id' });

    const [header, , signature] = idToken.split('.');
    const payload = { ...session.getIdToken().decodePayload(), 'cognito:username': 'mallory' };
    const forged = [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.');
    await expect(verifier.verify(forged)).rejects.toThrow(/signature/i);
  });

  it("lets an outside app become a user, get credentials and write its own data, and nobody else's", async () => {
    const session = await signInBySrp(bench, world, 'alice', PASSWORD);
    const Logins = { [world.provider]: session.getIdToken().getJwtToken() };

    const guest = await world.identity.send(new GetIdCommand({ IdentityPoolId: world.identityPoolId }));
    const { IdentityId, Credentials } = await world.identity.send(
      new GetCredentialsForIdentityCommand({ IdentityId: guest.IdentityId!, Logins }),
    );
    expect(IdentityId).toBe(guest.IdentityId);

    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    const sts = new STSClient({ ...bench.sdk, credentials });
    const caller = await sts.send(new GetCallerIdentityCommand({}));
    expect(caller.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/JourneyUser/CognitoIdentityCredentials`);

    const sync = new CognitoSyncClient({ ...bench.sdk, credentials });
    const dataset = { IdentityPoolId: world.identityPoolId, IdentityId: IdentityId!, DatasetName: 'prefs' };
    const { SyncSessionToken, DatasetSyncCount } = await sync.send(new ListRecordsCommand(dataset));
    expect(DatasetSyncCount).toBe(0);
    const { Records } = await sync.send(
      new UpdateRecordsCommand({
        ...dataset,
        SyncSessionToken,
        RecordPatches: [{ Op: 'replace', Key: 'volume', Value: '11', SyncCount: 0 }],
      }),
    );
    expect(Records).toMatchObject([{ Key: 'volume', Value: '11', SyncCount: 1 }]);

    const stranger = await world.identity.send(new GetIdCommand({ IdentityPoolId: world.identityPoolId }));
    await expect(
      sync.send(new ListRecordsCommand({ ...dataset, IdentityId: stranger.IdentityId! })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });

    const developer = new CognitoSyncClient(bench.sdk);
    const listed = await developer.send(
      new ListDatasetsCommand({ IdentityPoolId: world.identityPoolId, IdentityId: IdentityId! }),
    );
    expect(listed.Datasets).toMatchObject([{ DatasetName: 'prefs', NumRecords: 1 }]);
  });

  it('walks the basic flow: an OpenID token that STS verifies', async () => {
    const session = await signInBySrp(bench, world, 'alice', PASSWORD);
    const Logins = { [world.provider]: session.getIdToken().getJwtToken() };
    const { IdentityId } = await world.identity.send(
      new GetIdCommand({ IdentityPoolId: world.identityPoolId, Logins }),
    );
    const { Token } = await world.identity.send(new GetOpenIdTokenCommand({ IdentityId: IdentityId!, Logins }));
    const sts = new STSClient(bench.sdk);
    const assumed = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: world.authenticatedRole,
        RoleSessionName: 'journey',
        WebIdentityToken: Token!,
      }),
    );
    expect(assumed.SubjectFromWebIdentityToken).toBe(IdentityId);

    await expect(
      sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: world.authenticatedRole,
          RoleSessionName: 'journey',
          WebIdentityToken: `${Token!.slice(0, -4)}AAAA`,
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
  });

  it('stops a signed-out access token everywhere', async () => {
    const session = await signInBySrp(bench, world, 'alice', PASSWORD);
    const AccessToken = session.getAccessToken().getJwtToken();
    await world.idp.send(new GlobalSignOutCommand({ AccessToken }));
    await expect(world.idp.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    });
  });

  it('shows an outside app as its own lane by AWS_SDK_UA_APP_ID', async () => {
    const app = new CognitoIdentityProviderClient({ ...bench.sdk, userAgentAppId: 'shop-web' });
    await expect(
      app.send(new ConfirmSignUpCommand({ ClientId: world.clientId, Username: 'nobody', ConfirmationCode: '1' })),
    ).rejects.toThrow();
    const { records } = await bench.call<{ records: { lane: { kind: string; id: string }; operation: string }[] }>(
      'GET',
      '/trace?limit=5000',
    );
    expect(records.filter(({ lane }) => lane.id === 'shop-web')).toMatchObject([
      { operation: 'ConfirmSignUp', lane: { kind: 'app' } },
    ]);
  });

  it('answers the AWS CLI', async ({ skip }) => {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: REGION,
      AWS_PAGER: '',
    };
    const aws = async (...parameters: string[]): Promise<unknown> => {
      const { stdout } = await run('aws', ['--endpoint-url', bench.url, '--output', 'json', ...parameters], { env });
      return JSON.parse(stdout);
    };
    const installed = await run('aws', ['--version'], { env }).then(
      () => true,
      () => false,
    );
    if (!installed) skip('the AWS CLI is not installed');

    expect(
      await aws('cognito-idp', 'admin-get-user', '--user-pool-id', world.userPoolId, '--username', 'alice'),
    ).toMatchObject({
      Username: 'alice',
      UserStatus: 'CONFIRMED',
    });
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: ACCOUNT });
    expect(await aws('cognito-identity', 'list-identity-pools', '--max-results', '10')).toMatchObject({
      IdentityPools: [{ IdentityPoolName: 'journey' }],
    });
    await expect(
      aws('cognito-idp', 'admin-get-user', '--user-pool-id', world.userPoolId, '--username', 'nobody'),
    ).rejects.toThrow('UserNotFoundException');
  }, 60_000);
});

describe('with the issuer that AWS would write', () => {
  it('issues tokens that an unmodified CognitoJwtVerifier accepts', async () => {
    await using bench = await startBench({ clock: 'real', issuer: 'aws' });
    const world = await setUp(bench);
    await signUp(bench, world, 'alice');
    const session = await signInBySrp(bench, world, 'alice', PASSWORD);
    const verifier = CognitoJwtVerifier.create({
      userPoolId: world.userPoolId,
      clientId: world.clientId,
      tokenUse: 'access',
    });
    const jwks = await (await fetch(`${bench.url}/${world.userPoolId}/.well-known/jwks.json`)).json();
    verifier.cacheJwks(jwks as { keys: never[] });
    await expect(verifier.verify(session.getAccessToken().getJwtToken())).resolves.toMatchObject({ username: 'alice' });
  });
});
