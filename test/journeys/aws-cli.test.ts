import { createSrpSession, createDeviceVerifier, signSrpSession, signSrpSessionWithDevice } from 'cognito-srp-helper';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../harness/bench.ts';
import { missing, runProgram } from '../harness/program.ts';

const PASSWORD = 'Correct-Horse-9';
const reason = await missing('the AWS CLI', 'aws', ['--version']);

type Answer = { readonly [member: string]: never };
type Options = { readonly [option: string]: string | boolean | object };

/** `{ 'user-pool-id': 'x' }` as `--user-pool-id x`; objects as JSON. */
function commandLine(command: string, options: Options): string[] {
  const given = Object.entries(options).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return [`--${value ? '' : 'no-'}${name}`];
    return [`--${name}`, typeof value === 'string' ? value : JSON.stringify(value)];
  });
  return [...command.split(' '), ...given, '--output', 'json'];
}

describe.skipIf(reason)(`scripts with the AWS CLI${reason ? ` (${reason})` : ''}`, { timeout: 120_000 }, () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await startBench({ clock: 'real' });
  });
  afterAll(() => bench.stop());

  async function aws<Members = Answer>(
    command: string,
    options: Options = {},
    env: { readonly [name: string]: string } = {},
  ): Promise<Members> {
    const { code, stdout, stderr } = await runProgram('aws', commandLine(command, options), bench, env);
    if (code !== 0) throw new Error(stderr.trim());
    return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as Members;
  }

  const idp = <Members = Answer>(operation: string, options: Options = {}): Promise<Members> =>
    aws<Members>(`cognito-idp ${operation}`, options);

  function says(fault: string, message: string): RegExp {
    return new RegExp(`An error occurred \\(${fault}\\) when calling the \\w+ operation: ${message}`);
  }

  async function createApp(more: Options = {}): Promise<{ pool: string; client: string }> {
    const { UserPool } = await idp<{ UserPool: { Id: string } }>('create-user-pool', {
      'pool-name': 'scripted',
      'auto-verified-attributes': 'email',
      ...more,
    });
    const runs = await runProgram(
      'aws',
      [
        ...commandLine('cognito-idp create-user-pool-client', { 'user-pool-id': UserPool.Id, 'client-name': 'cli' }),
        '--explicit-auth-flows',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_USER_SRP_AUTH',
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
      bench,
    );
    const { UserPoolClient } = JSON.parse(runs.stdout) as { UserPoolClient: { ClientId: string } };
    return { pool: UserPool.Id, client: UserPoolClient.ClientId };
  }

  async function addUser(pool: string, username: string): Promise<void> {
    const user = { 'user-pool-id': pool, username };
    await idp('admin-create-user', { ...user, 'message-action': 'SUPPRESS' });
    await idp('admin-set-user-password', { ...user, password: PASSWORD, permanent: true });
  }

  interface Asked {
    readonly ChallengeName?: string;
    readonly Session?: string;
    readonly ChallengeParameters: { readonly [name: string]: string };
    readonly AuthenticationResult?: {
      readonly AccessToken: string;
      readonly IdToken: string;
      readonly RefreshToken: string;
      readonly NewDeviceMetadata?: { readonly DeviceKey: string; readonly DeviceGroupKey: string };
    };
  }

  const initiate = (client: string, flow: string, parameters: object): Promise<Asked> =>
    idp<Asked>('initiate-auth', { 'client-id': client, 'auth-flow': flow, 'auth-parameters': parameters });

  const byPassword = (client: string, USERNAME: string, secret = PASSWORD): Promise<Asked> =>
    initiate(client, 'USER_PASSWORD_AUTH', { USERNAME, PASSWORD: secret });

  const respond = (client: string, asked: Asked, responses: object): Promise<Asked> =>
    idp<Asked>('respond-to-auth-challenge', {
      'client-id': client,
      'challenge-name': asked.ChallengeName!,
      ...(asked.Session === undefined ? {} : { session: asked.Session }),
      'challenge-responses': responses,
    });

  async function bySrp(pool: string, client: string, username: string, more: object = {}, secret = PASSWORD) {
    const session = createSrpSession(username, secret, pool, false);
    const asked = await initiate(client, 'USER_SRP_AUTH', { USERNAME: username, SRP_A: session.largeA, ...more });
    expect(asked.ChallengeName).toBe('PASSWORD_VERIFIER');
    const signed = signSrpSession(session, asked);
    return respond(client, asked, {
      USERNAME: asked.ChallengeParameters['USER_ID_FOR_SRP'],
      PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
      PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
      TIMESTAMP: signed.timestamp,
      ...more,
    });
  }

  it('sign somebody up, confirm it, and change and reset the password', async () => {
    const { client } = await createApp();
    const user = { 'client-id': client, username: 'ann' };
    await expect(
      idp('sign-up', { ...user, password: PASSWORD, 'user-attributes': 'Name=email,Value=ann@example.test' }),
    ).resolves.toMatchObject({ UserConfirmed: false, CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' } });
    await expect(byPassword(client, 'ann')).rejects.toThrow(
      says('UserNotConfirmedException', 'User is not confirmed.'),
    );
    const { code } = await bench.messageTo('ann@example.test');
    await idp('confirm-sign-up', { ...user, 'confirmation-code': code! });
    await expect(byPassword(client, 'ann', 'Wrong-Horse-9')).rejects.toThrow(
      says('NotAuthorizedException', 'Incorrect username or password.'),
    );
    const { AuthenticationResult: tokens } = await byPassword(client, 'ann');
    await expect(idp('get-user', { 'access-token': tokens!.AccessToken })).resolves.toMatchObject({ Username: 'ann' });
    await idp('change-password', {
      'access-token': tokens!.AccessToken,
      'previous-password': PASSWORD,
      'proposed-password': 'Better-Horse-10',
    });
    await idp('forgot-password', user);
    const { code: reset } = await bench.messageTo('ann@example.test');
    await idp('confirm-forgot-password', { ...user, 'confirmation-code': reset!, password: PASSWORD });
    await idp('global-sign-out', { 'access-token': tokens!.AccessToken });
    await expect(initiate(client, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: tokens!.RefreshToken })).rejects.toThrow(
      says('NotAuthorizedException', 'Refresh Token has been revoked'),
    );
  });

  it('create users with a password to be replaced, list them and put them into groups', async () => {
    const { pool, client } = await createApp();
    const own = { 'user-pool-id': pool };
    await idp('admin-create-user', {
      ...own,
      username: 'bob',
      'temporary-password': 'Temporary-1',
      'user-attributes': 'Name=email,Value=bob@example.test',
    });
    const asked = await byPassword(client, 'bob', 'Temporary-1');
    expect(asked.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    await expect(respond(client, asked, { USERNAME: 'bob', NEW_PASSWORD: 'weak' })).rejects.toThrow(
      /InvalidPasswordException|InvalidParameterException/,
    );
    const again = await byPassword(client, 'bob', 'Temporary-1');
    expect(
      (await respond(client, again, { USERNAME: 'bob', NEW_PASSWORD: PASSWORD })).AuthenticationResult,
    ).toBeDefined();
    await addUser(pool, 'cid');

    const names = async (options: Options): Promise<string[]> => {
      const { Users } = await idp<{ Users: { Username: string }[] }>('list-users', { ...own, ...options });
      return Users.map(({ Username }) => Username).toSorted();
    };
    // The CLI pages through the answers by itself.
    expect(await names({ 'page-size': '1' })).toEqual(['bob', 'cid']);
    expect(await names({ filter: 'email = "bob@example.test"' })).toEqual(['bob']);
    expect(await names({ filter: 'username ^= "c"' })).toEqual(['cid']);
    await expect(names({ filter: 'email is bob' })).rejects.toThrow(/InvalidParameterException/);

    await idp('create-group', { ...own, 'group-name': 'staff', precedence: '1' });
    await idp('admin-add-user-to-group', { ...own, username: 'cid', 'group-name': 'staff' });
    await expect(idp('list-users-in-group', { ...own, 'group-name': 'staff' })).resolves.toMatchObject({
      Users: [{ Username: 'cid' }],
    });
    await expect(idp('admin-list-groups-for-user', { ...own, username: 'cid' })).resolves.toMatchObject({
      Groups: [{ GroupName: 'staff', Precedence: 1 }],
    });
    await expect(idp('admin-add-user-to-group', { ...own, username: 'nobody', 'group-name': 'staff' })).rejects.toThrow(
      says('UserNotFoundException', 'User does not exist.'),
    );
  });

  it('sign in by SRP with a one-time code, and without it on a remembered device', async () => {
    const { pool, client } = await createApp({
      'device-configuration': 'ChallengeRequiredOnNewDevice=true,DeviceOnlyRememberedOnUserPrompt=false',
    });
    await idp('set-user-pool-mfa-config', {
      'user-pool-id': pool,
      'mfa-configuration': 'OPTIONAL',
      'software-token-mfa-configuration': 'Enabled=true',
    });
    await addUser(pool, 'dan');
    await expect(bySrp(pool, client, 'dan', {}, 'Wrong-Horse-9')).rejects.toThrow(
      says('NotAuthorizedException', 'Incorrect username or password.'),
    );
    const { AuthenticationResult: first } = await bySrp(pool, client, 'dan');
    const access = { 'access-token': first!.AccessToken };
    const { DeviceKey, DeviceGroupKey } = first!.NewDeviceMetadata!;
    const device = createDeviceVerifier(DeviceKey, DeviceGroupKey);
    await idp('confirm-device', {
      ...access,
      'device-key': DeviceKey,
      'device-name': 'script',
      'device-secret-verifier-config': device.DeviceSecretVerifierConfig,
    });
    const { SecretCode } = await idp<{ SecretCode: string }>('associate-software-token', access);
    const totp = (steps = 0): string =>
      TOTP.generate({ secret: Secret.fromBase32(SecretCode), timestamp: Date.now() + steps * 30_000 });
    await idp('verify-software-token', { ...access, 'user-code': totp() });
    await idp('set-user-mfa-preference', {
      ...access,
      'software-token-mfa-settings': 'Enabled=true,PreferredMfa=true',
    });

    const asked = await bySrp(pool, client, 'dan');
    expect(asked.ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    const entered = await respond(client, asked, { USERNAME: 'dan', SOFTWARE_TOKEN_MFA_CODE: totp(1) });
    expect(entered.AuthenticationResult).toBeDefined();

    const challenge = await bySrp(pool, client, 'dan', { DEVICE_KEY: DeviceKey });
    expect(challenge.ChallengeName).toBe('DEVICE_SRP_AUTH');
    const session = createSrpSession('dan', device.DeviceRandomPassword, pool, false);
    const known = { USERNAME: 'dan', DEVICE_KEY: DeviceKey };
    const next = await respond(client, challenge, { ...known, SRP_A: session.largeA });
    const signed = signSrpSessionWithDevice(session, next, DeviceGroupKey, device.DeviceRandomPassword);
    const { AuthenticationResult: later } = await respond(client, next, {
      ...known,
      PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
      PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
      TIMESTAMP: signed.timestamp,
    });
    await expect(idp('list-devices', { 'access-token': later!.AccessToken })).resolves.toMatchObject({
      Devices: expect.arrayContaining([expect.objectContaining({ DeviceKey })]) as unknown,
    });
    await idp('admin-forget-device', { 'user-pool-id': pool, username: 'dan', 'device-key': DeviceKey });
    await expect(
      idp('admin-get-device', { 'user-pool-id': pool, username: 'dan', 'device-key': DeviceKey }),
    ).rejects.toThrow(/ResourceNotFoundException/);
  });

  it('get credentials for a user and keep records with them', async () => {
    const { pool, client } = await createApp();
    await addUser(pool, 'eve');
    const provider = `cognito-idp.us-east-1.amazonaws.com/${pool}`;
    const { IdentityPoolId } = await aws<{ IdentityPoolId: string }>('cognito-identity create-identity-pool', {
      'identity-pool-name': 'scripted',
      'allow-unauthenticated-identities': false,
      'cognito-identity-providers': `ProviderName=${provider},ClientId=${client}`,
    });
    await aws('cognito-identity set-identity-pool-roles', {
      'identity-pool-id': IdentityPoolId,
      roles: 'authenticated=arn:aws:iam::000000000000:role/user',
    });
    const logins = { [provider]: (await byPassword(client, 'eve')).AuthenticationResult!.IdToken };
    const { IdentityId } = await aws<{ IdentityId: string }>('cognito-identity get-id', {
      'identity-pool-id': IdentityPoolId,
      logins,
    });
    const { Credentials: given } = await aws<{
      Credentials: { AccessKeyId: string; SecretKey: string; SessionToken: string };
    }>('cognito-identity get-credentials-for-identity', { 'identity-id': IdentityId, logins });
    const env = {
      AWS_ACCESS_KEY_ID: given.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: given.SecretKey,
      AWS_SESSION_TOKEN: given.SessionToken,
    };
    const { Arn } = await aws<{ Arn: string }>('sts get-caller-identity', {}, env);
    expect(Arn).toMatch(/^arn:aws:sts::000000000000:assumed-role\/user\//);

    const place = { 'identity-pool-id': IdentityPoolId, 'identity-id': IdentityId, 'dataset-name': 'game' };
    const before = await aws<{ SyncSessionToken: string; Records: unknown[] }>('cognito-sync list-records', place, env);
    expect(before.Records).toEqual([]);
    const patch = {
      ...place,
      'sync-session-token': before.SyncSessionToken,
      'record-patches': 'Op=replace,Key=level,Value=7,SyncCount=0',
    };
    await aws('cognito-sync update-records', patch, env);
    await expect(aws('cognito-sync list-records', place, env)).resolves.toMatchObject({
      Records: [{ Key: 'level', Value: '7', SyncCount: 1 }],
      DatasetSyncCount: 1,
    });
    await expect(aws('cognito-sync update-records', patch, env)).rejects.toThrow(
      /ResourceConflictException|InvalidParameterException/,
    );
    await expect(
      aws('cognito-sync list-datasets', { 'identity-pool-id': IdentityPoolId, 'identity-id': IdentityId }, env),
    ).resolves.toMatchObject({ Datasets: [{ DatasetName: 'game', NumRecords: 1 }] });
  });
});
