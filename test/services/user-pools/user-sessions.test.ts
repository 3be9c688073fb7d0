import {
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  type CognitoIdentityProviderClientConfig,
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserSessionsCommand,
  RevokeUserSessionCommand,
  type SessionDescriptionType,
  SetUserPoolSessionConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceType } from '../../../src/main/services/user-pools/policies/device-type.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, addUser, type App, createApp, PASSWORD, refused, signIn } from './setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench);
  await track(app, 20);
});
afterAll(() => bench.stop());

async function track({ idp, userPoolId }: App, MaxPerUser: number): Promise<void> {
  await idp.send(
    new SetUserPoolSessionConfigurationCommand({
      UserPoolId: userPoolId,
      UserSessionTracking: 'ENABLED',
      TokenSession: { MaxPerUser },
    }),
  );
}

async function own(AccessToken: string): Promise<SessionDescriptionType[]> {
  return (await app.idp.send(new ListUserSessionsCommand({ AccessToken }))).Sessions!;
}

async function all(Username: string, { idp, userPoolId } = app): Promise<SessionDescriptionType[]> {
  return (await idp.send(new AdminListUserSessionsCommand({ UserPoolId: userPoolId, Username }))).Sessions!;
}

function adminRevoke(Username: string, SessionId: string, linked?: 'NONE' | 'LINKED') {
  return app.idp.send(
    new AdminRevokeUserSessionCommand({
      UserPoolId: app.userPoolId,
      Username,
      SessionId,
      ...(linked ? { RevokeAssociatedSessions: linked } : {}),
    }),
  );
}

const GONE = refused('ResourceNotFoundException', 'Session does not exist.');
const REVOKED = refused('NotAuthorizedException', 'Access Token has been revoked');
const NOT_TRACKED = { name: 'OperationNotEnabledException' };

describe('ListUserSessions and AdminListUserSessions', () => {
  it('[UP-SESSIONS-4] list every sign-in of a user, newest first, and mark the one that asks', async () => {
    await addUser(app, 'ann');
    await addUser(app, 'anne');
    await signIn(app, 'anne');
    const first = await signIn(app, 'ann');
    await bench.advance({ minutes: 1 });
    const other = { ...app, ...(await addClient(app.idp, app.userPoolId)) };
    const second = await signIn(other, 'ann');

    const mine = await own(first.access);
    expect(mine).toMatchObject([
      { SessionType: 'TOKEN', ClientId: other.clientId, IsCurrentSession: false, LastIPAddress: '127.0.0.1' },
      { SessionType: 'TOKEN', ClientId: app.clientId, IsCurrentSession: true },
    ]);
    for (const { SessionId } of mine) expect(SessionId).toMatch(/^tkn[a-z0-9]{25}$/);
    expect(mine[0]!.CreateDate!.getTime() - mine[1]!.CreateDate!.getTime()).toBe(60_000);
    expect((await own(second.access)).map((session) => session.IsCurrentSession)).toEqual([true, false]);
    // To an administrator none is the current one.
    expect(await all('ann')).toEqual(mine.map((session) => ({ ...session, IsCurrentSession: false })));
  });

  it('[UP-SESSIONS-4] leave out sign-ins that ended or expired', async () => {
    const short = await createApp(bench, {}, { RefreshTokenValidity: 1 });
    await track(short, 20);
    await addUser(short, 'bob');
    await signIn(short, 'bob');
    await bench.advance({ hours: 12 });
    await signIn(short, 'bob');
    expect(await all('bob', short)).toHaveLength(2);
    await bench.advance({ hours: 12 });
    expect(await all('bob', short)).toHaveLength(1);
  });

  it('[UP-SESSIONS-4] page, once there are more than 125', async () => {
    const busy = await createApp(bench);
    await addUser(busy, 'cid');
    for (let count = 0; count < 130; count += 1) await signIn(busy, 'cid');
    await track(busy, 100);
    const ask = (NextToken?: string) =>
      busy.idp.send(
        new AdminListUserSessionsCommand({
          UserPoolId: busy.userPoolId,
          Username: 'cid',
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
    const one = await ask();
    expect(one.Sessions).toHaveLength(125);
    const two = await ask(one.NextToken);
    expect(two.NextToken).toBeUndefined();
    expect(new Set([...one.Sessions!, ...two.Sessions!].map(({ SessionId }) => SessionId)).size).toBe(130);
    await expect(ask('bm9uc2Vuc2U')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await addUser(busy, 'cyd');
    const foreign = new AdminListUserSessionsCommand({
      UserPoolId: busy.userPoolId,
      Username: 'cyd',
      NextToken: one.NextToken,
    });
    await expect(busy.idp.send(foreign)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-SESSIONS-5] tell when a session was last used, and with what', async () => {
    await addUser(app, 'dan');
    const agent = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36';
    const { refresh } = await signIn(app, 'dan');
    const [before] = await all('dan');
    expect(before!.DeviceType).toMatch(/^aws-sdk-js 3\./);
    expect(before!.LastActiveDate).toEqual(before!.CreateDate);
    await bench.advance({ hours: 2 });
    const response = await fetch(bench.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
        'user-agent': agent,
      },
      body: JSON.stringify({
        ClientId: app.clientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: refresh },
      }),
    });
    expect(response.status).toBe(200);
    const [after] = await all('dan');
    expect(after).toMatchObject({
      SessionId: before!.SessionId,
      CreateDate: before!.CreateDate,
      DeviceType: 'Chrome 125 / macOS 15.0',
      LastLocation: { City: 'unknown', Country: 'unknown' },
    });
    expect(after!.LastActiveDate!.getTime() - before!.CreateDate!.getTime()).toBe(2 * 3_600_000);
  });

  it('[UP-SESSIONS-5] take a rotation for use', async () => {
    const rotating = await addClient(app.idp, app.userPoolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    });
    await addUser(app, 'eve');
    const { refresh } = await signIn({ ...app, ...rotating }, 'eve');
    await bench.advance({ hours: 1 });
    await app.idp.send(new GetTokensFromRefreshTokenCommand({ ClientId: rotating.clientId, RefreshToken: refresh }));
    const [session, ...others] = await all('eve');
    expect(others).toEqual([]);
    expect(session!.LastActiveDate!.getTime() - session!.CreateDate!.getTime()).toBe(3_600_000);
  });

  it('[UP-SESSIONS-3] are for pools that track sessions', async () => {
    const plain = await createApp(bench);
    await addUser(plain, 'fay');
    const { access } = await signIn(plain, 'fay');
    await expect(all('fay', plain)).rejects.toMatchObject(NOT_TRACKED);
    await expect(own(access)).rejects.toMatchObject(NOT_TRACKED);
    const SessionId = 'tkn0000000000000000000000000';
    await expect(app.idp.send(new RevokeUserSessionCommand({ AccessToken: access, SessionId }))).rejects.toMatchObject(
      NOT_TRACKED,
    );
    await expect(
      app.idp.send(new AdminRevokeUserSessionCommand({ UserPoolId: plain.userPoolId, Username: 'fay', SessionId })),
    ).rejects.toMatchObject(NOT_TRACKED);
  });

  it('[UP-POOL-6] [UP-ADMIN-5] [TK-VERIFY-1] refuse what they do not know', async () => {
    await expect(all('nobody')).rejects.toMatchObject(refused('UserNotFoundException', 'User does not exist.'));
    await expect(all('ann', { ...app, userPoolId: 'us-east-1_Nowhere00' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const stranger = new CognitoIdentityProviderClient(
      bench.sdkFor('111111111111') satisfies CognitoIdentityProviderClientConfig,
    );
    await expect(all('ann', { ...app, idp: stranger })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(own('a.b.c')).rejects.toMatchObject(refused('NotAuthorizedException', 'Invalid Access Token'));
  });
});

describe('RevokeUserSession and AdminRevokeUserSession', () => {
  it('[UP-SESSIONS-6] end one sign-in with all of its tokens, and no other', async () => {
    await addUser(app, 'gil');
    const first = await signIn(app, 'gil');
    const second = await signIn(app, 'gil');
    const doomed = (await own(first.access)).find((session) => !session.IsCurrentSession)!.SessionId!;
    await app.idp.send(new RevokeUserSessionCommand({ AccessToken: first.access, SessionId: doomed }));
    await expect(app.idp.send(new GetUserCommand({ AccessToken: second.access }))).rejects.toMatchObject(REVOKED);
    await expect(
      app.idp.send(
        new InitiateAuthCommand({
          ClientId: app.clientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: second.refresh },
        }),
      ),
    ).rejects.toMatchObject(refused('NotAuthorizedException', 'Refresh Token has been revoked'));
    expect(await own(first.access)).toMatchObject([{ IsCurrentSession: true }]);
    await expect(
      app.idp.send(new RevokeUserSessionCommand({ AccessToken: first.access, SessionId: doomed })),
    ).rejects.toMatchObject(GONE);
  });

  it('[UP-SESSIONS-7] leave the session that asks to an administrator', async () => {
    await addUser(app, 'hal');
    const { access } = await signIn(app, 'hal');
    const [{ SessionId }] = (await own(access)) as [SessionDescriptionType];
    await expect(app.idp.send(new RevokeUserSessionCommand({ AccessToken: access, SessionId }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(await own(access)).toHaveLength(1);
    await adminRevoke('hal', SessionId!, 'LINKED');
    await expect(own(access)).rejects.toMatchObject(REVOKED);
    expect(await all('hal')).toEqual([]);
  });

  it('[UP-SESSIONS-6] do not touch the sessions of somebody else', async () => {
    await addUser(app, 'ida');
    await addUser(app, 'ike');
    const ida = await signIn(app, 'ida');
    const ike = await signIn(app, 'ike');
    const [{ SessionId }] = (await own(ida.access)) as [SessionDescriptionType];
    await expect(adminRevoke('ike', SessionId!)).rejects.toMatchObject(GONE);
    await expect(
      app.idp.send(new RevokeUserSessionCommand({ AccessToken: ike.access, SessionId })),
    ).rejects.toMatchObject(GONE);
    await expect(adminRevoke('ida', '')).rejects.toMatchObject(GONE);
    expect(await own(ida.access)).toHaveLength(1);
  });

  it('refuse a word for associated sessions that there is not', async () => {
    await expect(adminRevoke('ida', 'tkn0', 'ALL' as never)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('signing in', () => {
  it('[UP-SESSIONS-8] ends the session that was used longest ago once the user has too many', async () => {
    const narrow = await createApp(bench);
    await track(narrow, 2);
    await addUser(narrow, 'jan');
    const oldest = await signIn(narrow, 'jan');
    await bench.advance({ minutes: 1 });
    const idle = await signIn(narrow, 'jan');
    await bench.advance({ minutes: 1 });
    await narrow.idp.send(
      new InitiateAuthCommand({
        ClientId: narrow.clientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: oldest.refresh },
      }),
    );
    await signIn(narrow, 'jan', PASSWORD);
    expect(await all('jan', narrow)).toHaveLength(2);
    await expect(narrow.idp.send(new GetUserCommand({ AccessToken: idle.access }))).rejects.toMatchObject(REVOKED);
    await narrow.idp.send(new GetUserCommand({ AccessToken: oldest.access }));
  });
});

describe('the device of a session', () => {
  const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15';
  it.each([
    [`${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`, 'Safari 17 / iOS 17.5'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/125.0 Safari/537.36 Edg/125.0', 'Edge 125 / Windows 10.0'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0', 'Firefox 126 / Linux'],
    ['Mozilla/5.0 (Linux; Android 14; Pixel) Chrome/125.0 Mobile Safari/537.36', 'Chrome 125 / Android 14'],
    ['aws-sdk-js/3.1169.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#24', 'aws-sdk-js 3.1169.0 / Linux'],
    ['curl/8.5.0', 'curl 8.5.0'],
    ['', 'unknown'],
    ['nonsense', 'unknown'],
  ])('[UP-SESSIONS-5] is read from %j', (userAgent, expected) => {
    expect(deviceType(userAgent)).toBe(expected);
  });
});
