import {
  CognitoIdentityClient,
  GetOpenIdTokenCommand,
  ListIdentityPoolsCommand,
} from '@aws-sdk/client-cognito-identity';
import {
  AdminGetUserCommand,
  GetUserCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
  type Credentials,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser, policy, ROOT, trusting, unique } from '../iam/setup.ts';
import { createPool, getCredentials, getId } from '../identity-pools/setup.ts';
import { addUser, createApp, PASSWORD } from '../user-pools/setup.ts';
import { HIDDEN, lookUp, newest, recorded, trail } from './setup.ts';

const OTHER = '444444444444';

let bench: TestBench;
let iam: IAMClient;
let sts: STSClient;

beforeAll(async () => {
  bench = await startBench();
  iam = new IAMClient(bench.sdk);
  sts = new STSClient(bench.sdk);
});
afterAll(() => bench.stop());

interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

const keysOf = (credentials: Credentials | undefined): Keys => ({
  accessKeyId: credentials!.AccessKeyId!,
  secretAccessKey: credentials!.SecretAccessKey!,
  sessionToken: credentials!.SessionToken!,
});

/** Who made the newest ListIdentityPools, which these keys just tried. */
async function identityOf(keys: Keys): Promise<{ readonly [member: string]: unknown }> {
  const client = new CognitoIdentityClient({ ...bench.sdk, credentials: keys });
  await client.send(new ListIdentityPoolsCommand({ MaxResults: 1 })).catch(() => {});
  return (await newest(bench, 'ListIdentityPools')).userIdentity;
}

async function createRole(...statements: object[]): Promise<{ arn: string; name: string; id: string }> {
  const RoleName = unique('Audited');
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, Path: '/app/', AssumeRolePolicyDocument: trusting([ROOT, OTHER]) }),
  );
  const PolicyDocument = policy(allow('cognito-identity:ListIdentityPools'), ...statements);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  return { arn: Role!.Arn!, name: RoleName, id: Role!.RoleId! };
}

const now = (): string => `${new Date(bench.services.clock.millis()).toISOString().slice(0, 19)}Z`;
const made = () => ({ creationDate: now(), mfaAuthenticated: 'false' });

describe('who made a call', () => {
  it('[AU-WHO-1] is the root for the developer, and a user by name for an IAM user', async () => {
    expect(await identityOf(bench.credentials)).toEqual({
      type: 'Root',
      principalId: ACCOUNT,
      arn: ROOT,
      accountId: ACCOUNT,
      accessKeyId: ACCOUNT,
    });
    const user = await createUser(bench, allow('cognito-identity:*'));
    expect(await identityOf(user.credentials)).toEqual({
      type: 'IAMUser',
      principalId: user.id,
      arn: user.arn,
      accountId: ACCOUNT,
      accessKeyId: user.credentials.accessKeyId,
      userName: user.name,
    });
  });

  it('[AU-WHO-2] [AU-FORM-2] is a session with its role as the issuer', async () => {
    const role = await createRole();
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'night-shift' }),
    );
    expect(await identityOf(keysOf(Credentials))).toEqual({
      type: 'AssumedRole',
      principalId: `${role.id}:night-shift`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/night-shift`,
      accountId: ACCOUNT,
      accessKeyId: Credentials!.AccessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: role.id,
          arn: role.arn,
          accountId: ACCOUNT,
          userName: role.name,
        },
        webIdFederationData: {},
        attributes: made(),
      },
    });
    const record = await newest(bench, 'AssumeRole');
    expect(record).toMatchObject({
      readOnly: true,
      requestParameters: { roleArn: role.arn, roleSessionName: 'night-shift' },
      responseElements: { credentials: { accessKeyId: Credentials!.AccessKeyId, sessionToken: HIDDEN } },
      resources: [{ ARN: role.arn, accountId: ACCOUNT, type: 'AWS::IAM::Role' }],
    });
    expect((record.responseElements!['credentials'] as { expiration: string }).expiration).toMatch(
      /^[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d{2}:\d{2} [AP]M$/,
    );
  });

  it('[AU-WHO-2] tells the identity of an identity pool’s session', async () => {
    const pool = await createPool(bench);
    const id = await getId(bench, pool);
    const { credentials } = await getCredentials(bench, id);
    const identity = await identityOf(credentials);
    expect(identity).toMatchObject({
      type: 'AssumedRole',
      sessionContext: {
        webIdFederationData: {
          federatedProvider: 'cognito-identity.amazonaws.com',
          attributes: {
            'cognito-identity.amazonaws.com:amr': '["unauthenticated"]',
            'cognito-identity.amazonaws.com:aud': pool,
            'cognito-identity.amazonaws.com:sub': id,
          },
        },
      },
    });
  });

  it('[AU-WHO-3] is a federated user with its issuer, or the user behind a session token', async () => {
    const user = await createUser(bench, allow('*'));
    const own = new STSClient({ ...bench.sdk, credentials: user.credentials });
    const Policy = policy(allow('cognito-identity:*'));
    const federated = await own.send(new GetFederationTokenCommand({ Name: 'visitor', Policy }));
    const issuer = { type: 'IAMUser', principalId: user.id, arn: user.arn, accountId: ACCOUNT, userName: user.name };
    expect(await identityOf(keysOf(federated.Credentials))).toEqual({
      type: 'FederatedUser',
      principalId: `${ACCOUNT}:visitor`,
      arn: `arn:aws:sts::${ACCOUNT}:federated-user/visitor`,
      accountId: ACCOUNT,
      accessKeyId: federated.Credentials!.AccessKeyId,
      sessionContext: { sessionIssuer: issuer, webIdFederationData: {}, attributes: made() },
    });
    const session = await own.send(new GetSessionTokenCommand({}));
    expect(await identityOf(keysOf(session.Credentials))).toEqual({
      ...issuer,
      accessKeyId: session.Credentials!.AccessKeyId,
      sessionContext: { attributes: made() },
    });
    const ofRoot = await sts.send(new GetFederationTokenCommand({ Name: 'guest', Policy }));
    expect(await identityOf(keysOf(ofRoot.Credentials))).toMatchObject({
      type: 'FederatedUser',
      sessionContext: { sessionIssuer: { type: 'Root', principalId: ACCOUNT, arn: ROOT } },
    });
  });

  it('[AU-WHO-4] [AU-POOL-1] [AU-POOL-2] [AU-ABOUT-1] is nobody for the apps of a user pool, with the sub of who it was about', async () => {
    const app = await createApp(bench);
    await addUser(app, 'audited-ada');
    const { UserAttributes } = await app.idp.send(
      new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'audited-ada' }),
    );
    const sub = UserAttributes!.find(({ Name }) => Name === 'sub')!.Value;
    const { AuthenticationResult } = await app.idp.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: app.clientId,
        AuthParameters: { USERNAME: 'audited-ada', PASSWORD },
      }),
    );
    const anonymous = { type: 'Unknown', principalId: 'Anonymous' };
    expect(await newest(bench, 'InitiateAuth')).toMatchObject({
      userIdentity: anonymous,
      requestParameters: { authFlow: 'USER_PASSWORD_AUTH', authParameters: HIDDEN, clientId: app.clientId },
      additionalEventData: { sub },
      readOnly: false,
    });
    await app.idp.send(new GetUserCommand({ AccessToken: AuthenticationResult!.AccessToken }));
    const ofPool = await lookUp(trail(bench), {
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: app.userPoolId }],
    });
    expect(ofPool.events.map(({ EventName }) => EventName)).toEqual(
      expect.arrayContaining(['CreateUserPool', 'InitiateAuth', 'GetUser']),
    );
    expect(await newest(bench, 'GetUser')).toMatchObject({
      userIdentity: anonymous,
      requestParameters: { accessToken: HIDDEN },
      responseElements: null,
      additionalEventData: { sub },
      readOnly: true,
    });
    const wrong = { USERNAME: 'audited-ada', PASSWORD: 'Wr0ng-passw0rd!' };
    await app.idp
      .send(new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: app.clientId, AuthParameters: wrong }))
      .catch(() => {});
    expect(await newest(bench, 'InitiateAuth')).toMatchObject({
      errorCode: 'NotAuthorizedException',
      errorMessage: 'Incorrect username or password.',
      additionalEventData: { sub },
      responseElements: null,
    });
    const { UserSub } = await app.idp.send(
      new SignUpCommand({
        ClientId: app.clientId,
        Username: 'audited-eve',
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: 'eve@audited.example' }],
      }),
    );
    expect(await newest(bench, 'SignUp')).toMatchObject({
      requestParameters: { username: HIDDEN, userAttributes: [{ name: 'email', value: HIDDEN }] },
      responseElements: { userSub: UserSub },
      additionalEventData: { sub: UserSub },
    });
  });

  it('[AU-WHO-5] is a user of the provider for a web identity, also where the token is refused', async () => {
    const pool = await createPool(bench);
    const id = await getId(bench, pool);
    const { Token } = await new CognitoIdentityClient(bench.sdk).send(new GetOpenIdTokenCommand({ IdentityId: id }));
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/Guest`;
    const assume = (WebIdentityToken: string) =>
      new STSClient({ ...bench.sdk }).send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'web', WebIdentityToken }),
      );
    await assume(Token!);
    const provider = 'cognito-identity.amazonaws.com';
    expect(await newest(bench, 'AssumeRoleWithWebIdentity')).toMatchObject({
      userIdentity: {
        type: 'WebIdentityUser',
        principalId: `${provider}:${pool}:${id}`,
        userName: id,
        identityProvider: provider,
      },
      requestParameters: { webIdentityToken: HIDDEN, roleArn: RoleArn },
    });
    const [head, body] = Token!.split('.') as [string, string];
    await expect(assume(`${head}.${body}.AAAA`)).rejects.toThrow();
    expect(await newest(bench, 'AssumeRoleWithWebIdentity')).toMatchObject({
      errorCode: expect.any(String) as string,
      userIdentity: { type: 'WebIdentityUser', userName: id },
      responseElements: null,
    });
    await expect(assume('no.token.here')).rejects.toThrow();
    expect((await newest(bench, 'AssumeRoleWithWebIdentity')).userIdentity).toEqual({ type: 'WebIdentityUser' });
  });

  it('[AU-WHO-7] is another account for the owner of the role that somebody became, and only then', async () => {
    const role = await createRole();
    const elsewhere = new IAMClient(bench.sdkFor(OTHER));
    const { User } = await elsewhere.send(new CreateUserCommand({ UserName: 'far' }));
    const PolicyDocument = policy(allow('sts:AssumeRole'));
    await elsewhere.send(new PutUserPolicyCommand({ UserName: 'far', PolicyName: 'own', PolicyDocument }));
    const { AccessKey } = await elsewhere.send(new CreateAccessKeyCommand({ UserName: 'far' }));
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const far = new STSClient({ ...bench.sdk, credentials });
    await far.send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'over' }));

    const [callers, owners] = [await newest(bench, 'AssumeRole', OTHER), await newest(bench, 'AssumeRole')];
    expect(callers).toMatchObject({ userIdentity: { type: 'IAMUser', userName: 'far' }, recipientAccountId: OTHER });
    expect(owners).toMatchObject({
      userIdentity: { type: 'AWSAccount', principalId: User!.UserId, accountId: OTHER },
      recipientAccountId: ACCOUNT,
    });
    expect(owners.sharedEventID).toBe(callers.sharedEventID);
    expect(owners.eventID).not.toBe(callers.eventID);

    const count = (await recorded(bench, 'AssumeRole')).length;
    const closed = await iam.send(
      new CreateRoleCommand({ RoleName: unique('Closed'), AssumeRolePolicyDocument: trusting(ROOT) }),
    );
    const denied = far.send(new AssumeRoleCommand({ RoleArn: closed.Role!.Arn!, RoleSessionName: 'over' }));
    await expect(denied).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await recorded(bench, 'AssumeRole')).toHaveLength(count);
    expect(await newest(bench, 'AssumeRole', OTHER)).toMatchObject({ errorCode: 'AccessDenied' });
    expect(await newest(bench, 'AssumeRole', OTHER)).not.toHaveProperty('sharedEventID');
  });

  it('[AU-WHICH-3] records a refusal by policy, and nothing of a signature that was not believed', async () => {
    const user = await createUser(bench);
    const whoAmI = new STSClient({ ...bench.sdk, credentials: user.credentials });
    await whoAmI.send(new GetCallerIdentityCommand({}));
    expect(await newest(bench, 'GetCallerIdentity')).toMatchObject({ requestParameters: null, readOnly: true });

    await identityOf(user.credentials);
    expect(await newest(bench, 'ListIdentityPools')).toMatchObject({
      errorCode: 'AccessDeniedException',
      errorMessage: expect.stringContaining('is not authorized to perform') as string,
      userIdentity: { userName: user.name },
    });

    const count = (await recorded(bench, 'GetCallerIdentity')).length;
    const forged = new STSClient({
      ...bench.sdk,
      credentials: { ...user.credentials, secretAccessKey: 'not-the-secret' },
    });
    await expect(forged.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
    expect(await recorded(bench, 'GetCallerIdentity')).toHaveLength(count);
  });
});
