import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  type InitiateAuthResponse,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { JwtRsaVerifier } from 'aws-jwt-verify';
import { createSecretHash } from 'cognito-srp-helper';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  addClient,
  addUser,
  type App,
  claimsOf,
  createApp,
  passwordAuth,
  PASSWORD,
  refused,
  signIn,
} from '../user-pools/setup.ts';

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench, {
    Schema: [{ Name: 'age', AttributeDataType: 'Number' }],
  });
});
afterAll(() => bench.stop());

function getUser(access: string): Promise<{ Username?: string | undefined }> {
  return app.idp.send(new GetUserCommand({ AccessToken: access }));
}

function refresh(
  { clientId }: Pick<App, 'clientId'>,
  token: string,
  more: { [name: string]: string } = {},
): Promise<InitiateAuthResponse> {
  return app.idp.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: token, ...more },
    }),
  );
}

const INVALID = refused('NotAuthorizedException', 'Invalid Access Token');
const EXPIRED = refused('NotAuthorizedException', 'Access Token has expired');
const REVOKED = refused('NotAuthorizedException', 'Access Token has been revoked');

describe('keys', () => {
  it('[TK-KEY-1] are two a pool, and other people’s libraries verify with them', async () => {
    await addUser(app, 'ann');
    const tokens = await signIn(app, 'ann');
    const keys = await bench.services.tokens.jwks(app.userPoolId);
    expect(keys!.keys.map((key) => Object.keys(key))).toEqual([
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ]);
    const [first, second] = keys!.keys;
    expect(first).toMatchObject({ alg: 'RS256', e: 'AQAB', kty: 'RSA', use: 'sig' });
    expect(first!.kid).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(first!.kid).not.toBe(second!.kid);
    expect(Buffer.from(first!.n!, 'base64url')).toHaveLength(256);
    const verifier = JwtRsaVerifier.create({
      issuer: `${bench.url}/${app.userPoolId}`,
      audience: app.clientId,
      jwksUri: `${bench.url}/${app.userPoolId}/.well-known/jwks.json`,
    });
    verifier.cacheJwks(keys as never);
    expect((await verifier.verify(tokens.id))['cognito:username']).toBe('ann');
    await expect(verifier.verify(`${tokens.id.slice(0, -6)}AAAAAA`)).rejects.toThrow();
    expect(await bench.services.tokens.jwks('us-east-1_Missing00')).toBeUndefined();
  });

  it('[TK-KEY-2] are made once, however many ask at once', async () => {
    const { signingKeys } = bench.services;
    const keys = await Promise.all([1, 2, 3].map(() => signingKeys.key('identity-pools', '000000000000')));
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
    expect(keys[0]!.alg).toBe('RS512');
  });
});

describe('claims', () => {
  it('[TK-CLAIM-1] of the ID token have their types, and only what the client may read', async () => {
    await addUser(app, 'bob', {
      email: 'bob@example.com',
      email_verified: 'true',
      address: '1 Road',
      updated_at: '17',
      'custom:age': '42',
    });
    const { id } = await signIn(app, 'bob');
    expect(claimsOf(id)).toMatchObject({
      aud: app.clientId,
      token_use: 'id',
      'cognito:username': 'bob',
      email: 'bob@example.com',
      email_verified: true,
      address: { formatted: '1 Road' },
      updated_at: 17,
      'custom:age': '42',
    });
    const narrow = { ...app, ...(await addClient(app.idp, app.userPoolId, { ReadAttributes: ['address'] })) };
    const less = claimsOf((await signIn(narrow, 'bob')).id);
    expect(less).toHaveProperty('address');
    expect(less).not.toHaveProperty('email');
    expect(less).not.toHaveProperty('custom:age');
  });

  it('[TK-CLAIM-2] of the access token name client, user and scope', async () => {
    await addUser(app, 'cid');
    const { access } = await signIn(app, 'cid');
    const claims = claimsOf(access);
    expect(claims).toMatchObject({
      client_id: app.clientId,
      username: 'cid',
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
    });
    expect(claims).not.toHaveProperty('aud');
    expect(JSON.parse(Buffer.from(access.split('.')[0]!, 'base64url').toString())).toEqual({
      kid: expect.stringMatching(/=$/) as unknown,
      alg: 'RS256',
    });
  });

  it('[TK-CLAIM-3] tie the tokens of a sign-in together', async () => {
    await addUser(app, 'dan');
    const tokens = await signIn(app, 'dan');
    const [access, id] = [claimsOf(tokens.access), claimsOf(tokens.id)];
    expect(access['origin_jti']).toBe(id['origin_jti']);
    expect(access['event_id']).toBe(id['event_id']);
    expect(access['jti']).not.toBe(id['jti']);
    const plain = { ...app, ...(await addClient(app.idp, app.userPoolId, { EnableTokenRevocation: false })) };
    expect(claimsOf((await signIn(plain, 'dan')).access)).not.toHaveProperty('origin_jti');
  });

  it('[TK-CLAIM-4] hold as long as the client says', async () => {
    await addUser(app, 'eve');
    const short = {
      ...app,
      ...(await addClient(app.idp, app.userPoolId, {
        AccessTokenValidity: 5,
        IdTokenValidity: 1200,
        TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'seconds' },
      })),
    };
    const { AuthenticationResult: result } = await app.idp.send(passwordAuth(short, 'eve'));
    const lifetime = (token: string): number => Number(claimsOf(token)['exp']) - Number(claimsOf(token)['iat']);
    expect(result!.ExpiresIn).toBe(300);
    expect(lifetime(result!.AccessToken!)).toBe(300);
    expect(lifetime(result!.IdToken!)).toBe(1200);
    expect(lifetime((await signIn(app, 'eve')).access)).toBe(3600);
  });

  it('[TK-CLAIM-5] name the bench as issuer, or AWS when asked', async () => {
    await addUser(app, 'fay');
    expect(claimsOf((await signIn(app, 'fay')).id)['iss']).toBe(`${bench.url}/${app.userPoolId}`);
    await using like = await startBench({ issuer: 'aws' });
    const there = await createApp(like);
    await addUser(there, 'fay');
    const { access } = await signIn(there, 'fay');
    expect(claimsOf(access)['iss']).toBe(`https://cognito-idp.us-east-1.amazonaws.com/${there.userPoolId}`);
    expect((await there.idp.send(new GetUserCommand({ AccessToken: access }))).Username).toBe('fay');
  });
});

describe('access tokens shown', () => {
  it('[TK-VERIFY-1] are refused when forged, bent, of the wrong use, or of nobody', async () => {
    await addUser(app, 'gil');
    const { access, id, refresh: refreshToken } = await signIn(app, 'gil');
    const [header, , signature] = access.split('.');
    const risen = Buffer.from(JSON.stringify({ ...claimsOf(access), username: 'root' })).toString('base64url');
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await new SignJWT(claimsOf(access)).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${access.split('.')[1]}.`;
    for (const token of [`${header}.${risen}.${signature}`, forged, unsigned, id, refreshToken, 'not.a.token', 'x']) {
      await expect(getUser(token)).rejects.toMatchObject(INVALID);
    }
    expect((await getUser(access)).Username).toBe('gil');
  });

  it('[TK-VERIFY-1] are refused when signed by another pool’s key', async () => {
    const other = await createApp(bench);
    await addUser(other, 'gil');
    const { access } = await signIn(other, 'gil');
    const key = await bench.services.signingKeys.key(`user-pool:${other.userPoolId}:access`, '000000000000');
    const crossed = await new SignJWT({ ...claimsOf(access), iss: `${bench.url}/${app.userPoolId}` })
      .setProtectedHeader({ alg: 'RS256', kid: key.kid })
      .sign(key.privateKey);
    await expect(getUser(crossed)).rejects.toMatchObject(INVALID);
    expect(await exportJWK(key.publicKey)).toHaveProperty('n');
  });

  it('[TK-VERIFY-2] expire on the bench’s clock, [TK-VERIFY-6] also when seen before', async () => {
    await addUser(app, 'hal');
    const { access } = await signIn(app, 'hal');
    await getUser(access);
    await bench.advance({ minutes: 59 });
    expect((await getUser(access)).Username).toBe('hal');
    await bench.advance({ minutes: 1 });
    await expect(getUser(access)).rejects.toMatchObject(EXPIRED);
  });

  it('[TK-VERIFY-3] need the scope of user administration', async () => {
    await addUser(app, 'ida');
    const { access } = await signIn(app, 'ida');
    const key = await bench.services.signingKeys.key(`user-pool:${app.userPoolId}:access`, '000000000000');
    const scoped = await new SignJWT({ ...claimsOf(access), scope: 'openid email' })
      .setProtectedHeader({ alg: 'RS256', kid: key.kid })
      .sign(key.privateKey);
    await expect(getUser(scoped)).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Access Token does not have required scopes'),
    );
  });

  it('[TK-VERIFY-4] of a deleted user say so', async () => {
    await addUser(app, 'jo');
    const { access } = await signIn(app, 'jo');
    await getUser(access);
    await app.idp.send(new AdminDeleteUserCommand({ UserPoolId: app.userPoolId, Username: 'jo' }));
    await expect(getUser(access)).rejects.toMatchObject(refused('UserNotFoundException', 'User does not exist.'));
  });

  it('[TK-VERIFY-5] of a user who signed out are revoked', async () => {
    await addUser(app, 'kim');
    const { access } = await signIn(app, 'kim');
    await getUser(access);
    await app.idp.send(new GlobalSignOutCommand({ AccessToken: access }));
    await expect(getUser(access)).rejects.toMatchObject(REVOKED);
    await expect(app.idp.send(new GlobalSignOutCommand({ AccessToken: access }))).rejects.toMatchObject(REVOKED);
  });
});

describe('ID tokens shown', () => {
  it('[TK-ID-1] are told apart by what is wrong with them', async () => {
    await addUser(app, 'lea');
    const { tokens, clock } = bench.services;
    const { id, access } = await signIn(app, 'lea');
    const verdict = await tokens.verifyIdToken(id, clock.now());
    expect(verdict).toMatchObject({ ok: true, userPoolId: app.userPoolId, clientId: app.clientId });
    if (!verdict.ok) throw new Error('unreachable');
    expect(tokens.isStillSignedIn(verdict)).toBe(true);
    const why = async (token: string): Promise<unknown> => {
      const judged = await tokens.verifyIdToken(token, clock.now());
      return judged.ok ? 'ok' : judged.why;
    };
    const [header, payload] = id.split('.');
    expect(await why('nonsense')).toBe('malformed');
    expect(await why(`${header}.${payload}.AAAA`)).toBe('signature');
    expect(await why(access)).toBe('not-an-id-token');
    const elsewhere = Buffer.from(JSON.stringify({ ...claimsOf(id), iss: 'https://x/us-east-1_Other0000' }));
    expect(await why(`${header}.${elsewhere.toString('base64url')}.AAAA`)).toBe('unknown-issuer');
    await app.idp.send(new AdminUserGlobalSignOutCommand({ UserPoolId: app.userPoolId, Username: 'lea' }));
    expect(tokens.isStillSignedIn(verdict)).toBe(false);
    await bench.advance({ hours: 1 });
    expect(await why(id)).toBe('expired');
  });
});

describe('refreshing', () => {
  it('[TK-REFRESH-5] keeps when and where the sign-in began, and reads attributes anew', async () => {
    await addUser(app, 'mia');
    const first = await signIn(app, 'mia');
    await bench.advance({ minutes: 30 });
    const user = bench.services.users.findByUsername(app.userPoolId, 'mia')!;
    bench.services.users.update(user, { attributes: { name: 'Mia' } }, bench.services.clock.now());
    const { AuthenticationResult: result, ChallengeParameters } = await refresh(app, first.refresh);
    expect(ChallengeParameters).toEqual({});
    expect(result).not.toHaveProperty('RefreshToken');
    const [before, after] = [claimsOf(first.id), claimsOf(result!.IdToken!)];
    expect(after).toMatchObject({ auth_time: before['auth_time'], origin_jti: before['origin_jti'], name: 'Mia' });
    expect(Number(after['iat']) - Number(before['iat'])).toBe(1800);
    expect((await getUser(result!.AccessToken!)).Username).toBe('mia');
  });

  it('[TK-REFRESH-1] refuses tokens of another client and of nobody', async () => {
    await addUser(app, 'ned');
    const { refresh: token } = await signIn(app, 'ned');
    const other = await addClient(app.idp, app.userPoolId);
    const invalid = refused('NotAuthorizedException', 'Invalid Refresh Token');
    await expect(refresh(other, token)).rejects.toMatchObject(invalid);
    await expect(refresh(app, `${token}x`)).rejects.toMatchObject(invalid);
    await app.idp.send(new AdminDeleteUserCommand({ UserPoolId: app.userPoolId, Username: 'ned' }));
    await expect(refresh(app, token)).rejects.toMatchObject(invalid);
  });

  it('[TK-REFRESH-2] refuses after a sign-out, and to a disabled user', async () => {
    await addUser(app, 'oda');
    const { access, refresh: token } = await signIn(app, 'oda');
    await app.idp.send(new GlobalSignOutCommand({ AccessToken: access }));
    await expect(refresh(app, token)).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Refresh Token has been revoked'),
    );
    await app.idp.send(new AdminDisableUserCommand({ UserPoolId: app.userPoolId, Username: 'oda' }));
    await expect(refresh(app, token)).rejects.toMatchObject(refused('NotAuthorizedException', 'User is disabled.'));
  });

  it('[TK-REFRESH-3] ends with the token’s validity, [TK-REFRESH-4] which use does not prolong', async () => {
    await addUser(app, 'pam');
    const brief = {
      ...app,
      ...(await addClient(app.idp, app.userPoolId, {
        RefreshTokenValidity: 90,
        TokenValidityUnits: { RefreshToken: 'minutes' },
      })),
    };
    const { refresh: token } = await signIn(brief, 'pam');
    await bench.advance({ minutes: 80 });
    await refresh(brief, token);
    await bench.advance({ minutes: 10 });
    await expect(refresh(brief, token)).rejects.toMatchObject(
      refused('NotAuthorizedException', 'Refresh Token has expired'),
    );
  });

  it('[UP-CLIENT-8] wants the hash over the canonical name', async () => {
    const aliased = await createApp(bench, { AliasAttributes: ['email'] }, { GenerateSecret: true });
    await addUser(aliased, 'quinn', { email: 'quinn@example.com', email_verified: 'true' });
    const hash = (name: string): { SECRET_HASH: string } => ({
      SECRET_HASH: createSecretHash(name, aliased.clientId, aliased.clientSecret!),
    });
    const byMail = passwordAuth(aliased, 'quinn@example.com', PASSWORD, hash('quinn@example.com'));
    const { AuthenticationResult: result } = await app.idp.send(byMail);
    await expect(refresh(aliased, result!.RefreshToken!, hash('quinn@example.com'))).rejects.toMatchObject(
      refused('NotAuthorizedException', `SecretHash does not match for the client: ${aliased.clientId}`),
    );
    const refreshed = await refresh(aliased, result!.RefreshToken!, hash('quinn'));
    expect(refreshed.AuthenticationResult).toBeDefined();
  });

  it('outlives a change of password', async () => {
    await addUser(app, 'rob');
    const { refresh: token } = await signIn(app, 'rob');
    await app.idp.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: app.userPoolId,
        Username: 'rob',
        Password: 'An0therOne!',
        Permanent: true,
      }),
    );
    expect((await refresh(app, token)).AuthenticationResult).toBeDefined();
  });
});

describe('ending a sign-in', () => {
  const revoke = (client: Pick<App, 'clientId'>, Token: string, ClientSecret?: string): Promise<unknown> =>
    app.idp.send(
      new RevokeTokenCommand({ ClientId: client.clientId, Token, ...(ClientSecret ? { ClientSecret } : {}) }),
    );

  it('[TK-REVOKE-1] everywhere leaves sign-ins that come after it alone', async () => {
    await addUser(app, 'sue');
    const first = await signIn(app, 'sue');
    const second = await signIn(app, 'sue');
    await app.idp.send(new GlobalSignOutCommand({ AccessToken: first.access }));
    await expect(getUser(second.access)).rejects.toMatchObject(REVOKED);
    // The frozen clock has not moved: the same second tells them apart all the same.
    const third = await signIn(app, 'sue');
    expect((await getUser(third.access)).Username).toBe('sue');
    await app.idp.send(new AdminUserGlobalSignOutCommand({ UserPoolId: app.userPoolId, Username: 'sue' }));
    await expect(getUser(third.access)).rejects.toMatchObject(REVOKED);
  });

  it('[TK-REVOKE-6] by its refresh token ends that one only, and [TK-REVOKE-5] doing it twice is fine', async () => {
    await addUser(app, 'tom');
    const [one, two] = [await signIn(app, 'tom'), await signIn(app, 'tom')];
    await revoke(app, one.refresh);
    await revoke(app, one.refresh);
    await expect(getUser(one.access)).rejects.toMatchObject(REVOKED);
    await expect(refresh(app, one.refresh)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
    expect((await getUser(two.access)).Username).toBe('tom');
    expect((await refresh(app, two.refresh)).AuthenticationResult).toBeDefined();
    await expect(revoke(app, 'unknown')).resolves.toBeDefined();
  });

  it('[TK-REVOKE-2] is refused to another client, and to one without its secret', async () => {
    await addUser(app, 'una');
    const { refresh: token, access } = await signIn(app, 'una');
    const secretive = await addClient(app.idp, app.userPoolId, { GenerateSecret: true });
    await expect(revoke(secretive, token)).rejects.toMatchObject({ name: 'UnauthorizedException' });
    await expect(revoke(secretive, token, secretive.clientSecret)).rejects.toMatchObject({
      name: 'UnauthorizedException',
    });
    expect((await getUser(access)).Username).toBe('una');
  });

  it('[TK-REVOKE-3] is refused to a client without revocation', async () => {
    const plain = await addClient(app.idp, app.userPoolId, { EnableTokenRevocation: false });
    await expect(revoke(plain, 'anything')).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });

  it('[TK-REVOKE-4] takes refresh tokens only', async () => {
    await addUser(app, 'vic');
    const { access } = await signIn(app, 'vic');
    await expect(revoke(app, access)).rejects.toMatchObject(
      refused('UnsupportedTokenTypeException', 'Unsupported token type'),
    );
  });
});
