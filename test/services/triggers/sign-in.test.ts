import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  CreateGroupCommand,
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { SrpExchange } from '../user-pools/srp.ts';
import {
  addUser,
  type App,
  claimsOf,
  INCORRECT,
  PASSWORD,
  passwordAuth,
  refused,
  signIn,
} from '../user-pools/setup.ts';
import { addFunction, createTriggeredApp, envelope } from './setup.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const METADATA = { from: 'test' };
const SCOPE = 'aws.cognito.signin.user.admin';

/** A sign-in by password with metadata. */
function passwordSignIn({ clientId }: App, username: string, password = PASSWORD): InitiateAuthCommand {
  return new InitiateAuthCommand({
    ClientId: clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD: password },
    ClientMetadata: METADATA,
  });
}

async function subOf({ idp, userPoolId }: App, username: string): Promise<string> {
  const { UserAttributes } = await idp.send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }));
  return UserAttributes!.find(({ Name }) => Name === 'sub')!.Value!;
}

describe('PreAuthentication', () => {
  it('[FN-AUTH-1] is asked before the password is looked at, with the metadata as validation data', async () => {
    const pre = await addFunction(bench, 'if (event.request.validationData) throw new Error("not you");');
    const app = await createTriggeredApp(bench, { PreAuthentication: pre.arn });
    await addUser(app, 'ann', { email: 'ann@example.com' });
    await expect(app.idp.send(passwordSignIn(app, 'ann', 'Wr0ng-one!'))).rejects.toMatchObject(
      refused('UserLambdaValidationException', 'PreAuthentication failed with error not you.'),
    );
    expect(await pre.event()).toEqual({
      ...envelope(app, 'ann', 'PreAuthentication_Authentication'),
      request: {
        userAttributes: {
          sub: await subOf(app, 'ann'),
          'cognito:user_status': 'CONFIRMED',
          email: 'ann@example.com',
          email_verified: 'false',
        },
        validationData: METADATA,
      },
      response: {},
    });
    await signIn(app, 'ann');
    expect((await pre.asked())[1]!.payload).toMatchObject({ request: { validationData: null } });
  });

  it('[FN-AUTH-1] comes after what needs no proof: unknown, disabled and locked users', async () => {
    const pre = await addFunction(bench);
    const app = await createTriggeredApp(bench, { PreAuthentication: pre.arn });
    await expect(app.idp.send(passwordAuth(app, 'nobody'))).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await addUser(app, 'off');
    await app.idp.send(new AdminDisableUserCommand({ UserPoolId: app.userPoolId, Username: 'off' }));
    await expect(app.idp.send(passwordAuth(app, 'off'))).rejects.toMatchObject({ message: 'User is disabled.' });
    await addUser(app, 'locked');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(app.idp.send(passwordAuth(app, 'locked', 'Wr0ng-one!'))).rejects.toMatchObject(INCORRECT);
    }
    expect(await pre.asked()).toHaveLength(5);
    await expect(app.idp.send(passwordAuth(app, 'locked'))).rejects.toMatchObject({
      message: 'Password attempts exceeded',
    });
    expect(await pre.asked()).toHaveLength(5);
  });

  it('[FN-AUTH-2] is told of users who do not exist where the client hides that', async () => {
    const pre = await addFunction(bench);
    const app = await createTriggeredApp(
      bench,
      { PreAuthentication: pre.arn },
      {},
      { PreventUserExistenceErrors: 'ENABLED' },
    );
    await expect(app.idp.send(passwordAuth(app, 'nobody'))).rejects.toMatchObject(INCORRECT);
    expect(await pre.event()).toEqual({
      ...envelope(app, 'nobody', 'PreAuthentication_Authentication'),
      request: { userAttributes: {}, validationData: null, userNotFound: true },
      response: {},
    });
    await addUser(app, 'bob');
    await signIn(app, 'bob');
    expect((await pre.asked())[1]!.payload).toMatchObject({ request: { userNotFound: false } });
  });

  it('[FN-AUTH-1] is asked when SRP begins', async () => {
    const pre = await addFunction(bench, 'throw new Error("closed");');
    const app = await createTriggeredApp(bench, { PreAuthentication: pre.arn });
    await addUser(app, 'cid');
    await expect(new SrpExchange(app, 'cid').start()).rejects.toMatchObject(
      refused('UserLambdaValidationException', 'PreAuthentication failed with error closed.'),
    );
  });
});

describe('PostAuthentication', () => {
  it('[FN-AUTH-3] hears of a sign-in before there are tokens, and may still refuse it', async () => {
    const post = await addFunction(bench, 'if (event.userName === "dan") throw new Error("not today");');
    const app = await createTriggeredApp(bench, { PostAuthentication: post.arn });
    await addUser(app, 'ann');
    await app.idp.send(passwordSignIn(app, 'ann'));
    expect(await post.event()).toEqual({
      ...envelope(app, 'ann', 'PostAuthentication_Authentication'),
      request: {
        userAttributes: { sub: await subOf(app, 'ann'), 'cognito:user_status': 'CONFIRMED' },
        newDeviceUsed: false,
      },
      response: {},
    });
    await addUser(app, 'dan');
    await expect(app.idp.send(passwordAuth(app, 'dan'))).rejects.toMatchObject(
      refused('UserLambdaValidationException', 'PostAuthentication failed with error not today.'),
    );
    await expect(app.idp.send(passwordAuth(app, 'ann', 'Wr0ng-one!'))).rejects.toMatchObject(INCORRECT);
    expect(await post.asked()).toHaveLength(2);
  });

  it('[FN-AUTH-4] gets the metadata of the answer to the last challenge', async () => {
    const post = await addFunction(bench);
    const pre = await addFunction(bench);
    const app = await createTriggeredApp(bench, { PostAuthentication: post.arn, PreAuthentication: pre.arn });
    await addUser(app, 'eve');
    const exchange = new SrpExchange(app, 'eve');
    const started = await exchange.start();
    await app.idp.send(
      new RespondToAuthChallengeCommand({
        ClientId: app.clientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        Session: started.Session,
        ChallengeResponses: exchange.answer(),
        ClientMetadata: METADATA,
      }),
    );
    expect(await post.event()).toMatchObject({ request: { clientMetadata: METADATA } });
    expect(await pre.event()).toMatchObject({ request: { validationData: null } });
  });
});

describe('PreTokenGeneration', () => {
  const withGroups = async (app: App, username: string): Promise<void> => {
    const UserPoolId = app.userPoolId;
    const RoleArn = 'arn:aws:iam::000000000000:role/admins';
    await app.idp.send(new CreateGroupCommand({ UserPoolId, GroupName: 'admins', Precedence: 1, RoleArn }));
    await app.idp.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName: 'admins', Username: username }));
  };

  it('[FN-TOKEN-1] V1 adds and takes away claims of the ID token, and replaces groups in both', async () => {
    const fn = await addFunction(
      bench,
      `event.response.claimsOverrideDetails = {
        claimsToAddOrOverride: { tier: 'gold', email: 'other@example.com', sub: 'stolen', gone: 'x' },
        claimsToSuppress: ['given_name', 'gone', 'aud'],
        groupOverrideDetails: { groupsToOverride: ['a', 'b'], iamRolesToOverride: ['arn:role/a'], preferredRole: 'arn:role/a' },
      };`,
    );
    const app = await createTriggeredApp(bench, { PreTokenGeneration: fn.arn });
    await addUser(app, 'ann', { email: 'ann@example.com', given_name: 'Ann' });
    await withGroups(app, 'ann');
    const tokens = await signIn(app, 'ann');
    const sub = await subOf(app, 'ann');
    const event = await fn.event();
    expect(event).toEqual({
      ...envelope(app, 'ann', 'TokenGeneration_Authentication'),
      request: {
        userAttributes: {
          sub,
          'cognito:user_status': 'CONFIRMED',
          email: 'ann@example.com',
          email_verified: 'false',
          given_name: 'Ann',
        },
        groupConfiguration: {
          groupsToOverride: ['admins'],
          iamRolesToOverride: ['arn:aws:iam::000000000000:role/admins'],
          preferredRole: 'arn:aws:iam::000000000000:role/admins',
        },
      },
      response: { claimsOverrideDetails: null },
    });
    const id = claimsOf(tokens.id);
    // [FN-TOKEN-2] what names the user and the client stays
    expect(id).toMatchObject({
      sub,
      aud: app.clientId,
      tier: 'gold',
      email: 'other@example.com',
      'cognito:groups': ['a', 'b'],
      'cognito:roles': ['arn:role/a'],
      'cognito:preferred_role': 'arn:role/a',
    });
    expect(id).not.toHaveProperty('given_name');
    expect(id).not.toHaveProperty('gone');
    const access = claimsOf(tokens.access);
    expect(access).toMatchObject({ sub, 'cognito:groups': ['a', 'b'], scope: SCOPE });
    expect(access).not.toHaveProperty('tier');
    await app.idp.send(new GetUserCommand({ AccessToken: tokens.access }));
  });

  it('[FN-TOKEN-3] leaves groups alone without the key, and empties them with it', async () => {
    const fn = await addFunction(
      bench,
      `event.response.claimsOverrideDetails = event.userName === 'keeps'
        ? { claimsToAddOrOverride: { number: 7 } } : { groupOverrideDetails: null };`,
    );
    const app = await createTriggeredApp(bench, { PreTokenGeneration: fn.arn });
    await addUser(app, 'keeps');
    await addUser(app, 'loses');
    await withGroups(app, 'keeps');
    await app.idp.send(
      new AdminAddUserToGroupCommand({ UserPoolId: app.userPoolId, GroupName: 'admins', Username: 'loses' }),
    );
    const kept = claimsOf((await signIn(app, 'keeps')).id);
    expect(kept).toMatchObject({ number: '7', 'cognito:groups': ['admins'] });
    const lost = await signIn(app, 'loses');
    expect(claimsOf(lost.id)).not.toHaveProperty('cognito:groups');
    expect(claimsOf(lost.id)).not.toHaveProperty('cognito:roles');
    expect(claimsOf(lost.access)).not.toHaveProperty('cognito:groups');
  });

  it.each(['V2_0', 'V3_0'] as const)(
    '[FN-TOKEN-4] %s changes both tokens and the scopes, with values of any type',
    async (version) => {
      const fn = await addFunction(
        bench,
        `event.response.claimsAndScopeOverrideDetails = {
        idTokenGeneration: { claimsToAddOrOverride: { list: ['a', 1], email_verified: 'yes' }, claimsToSuppress: ['family_name'] },
        accessTokenGeneration: {
          claimsToAddOrOverride: { plan: { name: 'gold' }, count: 3, aud: 'https://api.example.com', client_id: 'stolen', scope: 'all' },
          scopesToAdd: ['orders.read', 'orders.write'],
          scopesToSuppress: ['orders.write', '${SCOPE}'],
        },
      };`,
      );
      const app = await createTriggeredApp(bench, {
        PreTokenGenerationConfig: { LambdaVersion: version, LambdaArn: fn.arn },
      });
      await addUser(app, 'bob', { family_name: 'Builder' });
      const tokens = await signIn(app, 'bob');
      expect(await fn.event()).toEqual({
        ...envelope(app, 'bob', 'TokenGeneration_Authentication', version.slice(1, 2)),
        request: {
          userAttributes: {
            sub: await subOf(app, 'bob'),
            'cognito:user_status': 'CONFIRMED',
            family_name: 'Builder',
          },
          groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
          scopes: [SCOPE],
        },
        response: { claimsAndScopeOverrideDetails: null },
      });
      expect(claimsOf(tokens.id)).toMatchObject({ list: ['a', 1], email_verified: 'yes' });
      expect(claimsOf(tokens.id)).not.toHaveProperty('family_name');
      expect(claimsOf(tokens.access)).toMatchObject({
        plan: { name: 'gold' },
        count: 3,
        aud: 'https://api.example.com',
        client_id: app.clientId,
        scope: 'orders.read',
      });
      // Without the scope of the user's own operations there is no calling them.
      await expect(app.idp.send(new GetUserCommand({ AccessToken: tokens.access }))).rejects.toMatchObject({
        name: 'NotAuthorizedException',
      });
    },
  );

  it('[FN-TOKEN-5] is asked for each way to tokens, by the name of the way', async () => {
    const fn = await addFunction(
      bench,
      `event.response.claimsOverrideDetails = { claimsToAddOrOverride: { source: event.triggerSource } };`,
    );
    const app = await createTriggeredApp(bench, { PreTokenGeneration: fn.arn });
    await app.idp.send(
      new AdminCreateUserCommand({
        UserPoolId: app.userPoolId,
        Username: 'new',
        TemporaryPassword: 'Temp-1-pass',
        MessageAction: 'SUPPRESS',
      }),
    );
    const { Session } = await app.idp.send(passwordAuth(app, 'new', 'Temp-1-pass'));
    const changed = await app.idp.send(
      new RespondToAuthChallengeCommand({
        ClientId: app.clientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session,
        ChallengeResponses: { USERNAME: 'new', NEW_PASSWORD: PASSWORD },
        ClientMetadata: METADATA,
      }),
    );
    const sourceIn = (token: string | undefined): unknown => claimsOf(token!)['source'];
    expect(sourceIn(changed.AuthenticationResult?.IdToken)).toBe('TokenGeneration_NewPasswordChallenge');
    const refreshed = await app.idp.send(
      new InitiateAuthCommand({
        ClientId: app.clientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: changed.AuthenticationResult!.RefreshToken! },
        ClientMetadata: METADATA,
      }),
    );
    expect(sourceIn(refreshed.AuthenticationResult?.IdToken)).toBe('TokenGeneration_RefreshTokens');
    const again = await app.idp.send(
      new GetTokensFromRefreshTokenCommand({
        ClientId: app.clientId,
        RefreshToken: changed.AuthenticationResult!.RefreshToken!,
        ClientMetadata: METADATA,
      }),
    );
    expect(sourceIn(again.AuthenticationResult?.IdToken)).toBe('TokenGeneration_RefreshTokens');
    const metadata = (await fn.asked()).map(
      ({ payload }) => (payload as { request: { clientMetadata?: unknown } }).request.clientMetadata,
    );
    // [FN-EVENT-2] InitiateAuth's metadata goes to the functions before the proof only
    expect(metadata).toEqual([METADATA, undefined, METADATA]);
  });

  it.each([
    ['V1 claims that are no text', 'V1_0', `{ claimsOverrideDetails: { claimsToAddOrOverride: { list: ['a'] } } }`],
    ['V1 details that are no object', 'V1_0', `{ claimsOverrideDetails: 'text' }`],
    [
      'V2 scopes that are no list',
      'V2_0',
      `{ claimsAndScopeOverrideDetails: { accessTokenGeneration: { scopesToAdd: 'a' } } }`,
    ],
    [
      'V2 an address that is an object',
      'V2_0',
      `{ claimsAndScopeOverrideDetails: { idTokenGeneration: { claimsToAddOrOverride: { address: {} } } } }`,
    ],
    [
      'too many changes',
      'V2_0',
      `{ claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToSuppress: Array(5001).fill('x') } } }`,
    ],
  ] as const)('[FN-TRIGGER-5] refuses %s', async (_what, version, response) => {
    const fn = await addFunction(bench, `event.response = ${response};`);
    const app = await createTriggeredApp(bench, {
      PreTokenGenerationConfig: { LambdaVersion: version, LambdaArn: fn.arn },
    });
    await addUser(app, 'cid');
    await expect(app.idp.send(passwordAuth(app, 'cid'))).rejects.toMatchObject(
      refused('InvalidLambdaResponseException', 'Unrecognizable lambda output'),
    );
  });
});

describe('UserMigration', () => {
  const knows = (response: string): string =>
    `if (event.userName !== 'old@example.com' && event.userName !== 'old') return event;
     if (event.request.password === 'Wr0ng-one!') throw new Error('wrong password');
     event.response = { ...event.response, ...${response} };`;

  it('[FN-MIGRATE-1] brings in whom it knows, confirmed and signed in with the password that was typed', async () => {
    const fn = await addFunction(
      bench,
      knows(
        `{ userAttributes: { email: 'old@example.com', email_verified: 'true' }, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' }`,
      ),
    );
    const app = await createTriggeredApp(bench, { UserMigration: fn.arn });
    await expect(app.idp.send(passwordSignIn(app, 'old', 'Wr0ng-one!'))).rejects.toMatchObject(
      refused('UserLambdaValidationException', 'UserMigration failed with error wrong password.'),
    );
    // Shorter than the pool's policy allows.
    const { AuthenticationResult } = await app.idp.send(passwordSignIn(app, 'old', 'short'));
    expect(claimsOf(AuthenticationResult!.IdToken!)).toMatchObject({
      'cognito:username': 'old',
      email: 'old@example.com',
      email_verified: true,
    });
    const asked = await fn.asked();
    expect(asked[1]!.payload).toEqual({
      ...envelope(app, 'old', 'UserMigration_Authentication'),
      request: { password: 'short', validationData: METADATA },
      response: {
        userAttributes: null,
        forceAliasCreation: null,
        enableSMSMFA: null,
        finalUserStatus: null,
        messageAction: null,
        desiredDeliveryMediums: null,
      },
    });
    expect(asked[1]!.secrets).toEqual(['request.password']);
    await app.idp.send(passwordAuth(app, 'old', 'short'));
    expect(await fn.asked()).toHaveLength(2);
    await expect(bench.messageTo('old@example.com')).rejects.toThrow('no message');
  });

  it('[FN-MIGRATE-1] names users by attribute where the pool does, for administrators as well', async () => {
    const fn = await addFunction(
      bench,
      knows(`{ userAttributes: { email_verified: 'true' }, finalUserStatus: 'CONFIRMED' }`),
    );
    const app = await createTriggeredApp(bench, { UserMigration: fn.arn }, { UsernameAttributes: ['email'] });
    const { AuthenticationResult } = await app.idp.send(
      new AdminInitiateAuthCommand({
        UserPoolId: app.userPoolId,
        ClientId: app.clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'old@example.com', PASSWORD },
      }),
    );
    const claims = claimsOf(AuthenticationResult!.IdToken!);
    expect(claims).toMatchObject({ email: 'old@example.com', 'cognito:username': claims['sub'] });
    // [FN-MIGRATE-5] and sends the message for new users unless it is suppressed
    expect((await bench.messageTo('old@example.com')).body).toContain('old@example.com');
  });

  it('[FN-MIGRATE-2] knows nobody where it leaves the event as it is', async () => {
    const fn = await addFunction(bench);
    const app = await createTriggeredApp(bench, { UserMigration: fn.arn });
    await expect(app.idp.send(passwordAuth(app, 'nobody'))).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await expect(new SrpExchange(app, 'nobody').start()).rejects.toMatchObject({ name: 'UserNotFoundException' });
    expect(await fn.asked()).toHaveLength(1);
  });

  it('[FN-MIGRATE-1] makes users choose a new password where it says no status', async () => {
    const fn = await addFunction(
      bench,
      knows(`{ userAttributes: { email: 'old@example.com', email_verified: 'true' }, messageAction: 'SUPPRESS' }`),
    );
    const app = await createTriggeredApp(bench, { UserMigration: fn.arn });
    await expect(app.idp.send(passwordAuth(app, 'old'))).rejects.toMatchObject({
      name: 'PasswordResetRequiredException',
    });
    const user = await app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'old' }));
    expect(user.UserStatus).toBe('RESET_REQUIRED');
  });

  it('[FN-MIGRATE-1] is asked about forgotten passwords, too', async () => {
    const fn = await addFunction(
      bench,
      knows(`{ userAttributes: { email: 'forgot@example.com', email_verified: 'true' }, messageAction: 'SUPPRESS' }`),
    );
    const app = await createTriggeredApp(bench, { UserMigration: fn.arn });
    await app.idp.send(
      new ForgotPasswordCommand({ ClientId: app.clientId, Username: 'old', ClientMetadata: METADATA }),
    );
    expect(await fn.event()).toMatchObject({
      ...envelope(app, 'old', 'UserMigration_ForgotPassword'),
      request: { validationData: null, clientMetadata: METADATA },
    });
    expect(await fn.event()).not.toHaveProperty('request.password');
    expect((await bench.messageTo('forgot@example.com')).trigger).toBe('ForgotPassword');
  });

  it.each([
    [
      '[FN-MIGRATE-3] attributes that the schema does not know',
      `{ userAttributes: { shoe: '42' } }`,
      'InvalidParameterException',
    ],
    [
      '[FN-TRIGGER-5] another status',
      `{ userAttributes: { email: 'a@example.com' }, finalUserStatus: 'ARCHIVED' }`,
      'InvalidLambdaResponseException',
    ],
    [
      '[FN-TRIGGER-5] another medium',
      `{ userAttributes: { email: 'a@example.com' }, desiredDeliveryMediums: ['PIGEON'] }`,
      'InvalidLambdaResponseException',
    ],
    [
      '[FN-TRIGGER-5] another action',
      `{ userAttributes: { email: 'a@example.com' }, messageAction: 'RESEND' }`,
      'InvalidLambdaResponseException',
    ],
    [
      '[FN-TRIGGER-5] attributes that are no texts',
      `{ userAttributes: { email: ['a'] } }`,
      'InvalidLambdaResponseException',
    ],
  ])('%s bring nobody in', async (_what, response, name) => {
    const fn = await addFunction(bench, knows(response));
    const app = await createTriggeredApp(bench, { UserMigration: fn.arn });
    await expect(app.idp.send(passwordAuth(app, 'old'))).rejects.toMatchObject({ name });
    await expect(
      app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'old' })),
    ).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('[FN-MIGRATE-4] takes no alias from somebody else unless the function forces it', async () => {
    const fn = await addFunction(
      bench,
      `if (event.userName.startsWith('old')) event.response = {
        userAttributes: { email: 'held@example.com', email_verified: 'true' }, finalUserStatus: 'CONFIRMED',
        messageAction: 'SUPPRESS', forceAliasCreation: event.userName === 'old-by-force' };`,
    );
    const app = await createTriggeredApp(bench, { UserMigration: fn.arn }, { AliasAttributes: ['email'] });
    await addUser(app, 'holder', { email: 'held@example.com', email_verified: 'true' });
    await expect(app.idp.send(passwordAuth(app, 'old'))).rejects.toMatchObject({
      name: 'UserLambdaValidationException',
    });
    await app.idp.send(passwordAuth(app, 'old-by-force'));
    const holder = await app.idp.send(
      new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'held@example.com' }),
    );
    expect(holder.Username).toBe('old-by-force');
  });
});
