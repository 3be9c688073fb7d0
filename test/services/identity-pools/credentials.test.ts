import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  CreateIdentityPoolCommand,
  ListIdentityPoolsCommand,
  UnlinkIdentityCommand,
} from '@aws-sdk/client-cognito-identity';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Reasons } from '../../../src/main/kernel/reasons.ts';
import type { TemporaryCredentials } from '../../../src/main/services/services.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import {
  createPool,
  createUserPool,
  getCredentials,
  getId,
  GUEST_ROLE,
  identityClient,
  refusal,
  signIn,
  USER_ROLE,
  type UserPool,
} from './setup.ts';

let bench: TestBench;
let identity: CognitoIdentityClient;
let people: UserPool;
let poolId: string;

beforeAll(async () => {
  bench = await startBench();
  identity = identityClient(bench);
  people = await createUserPool(bench);
});
afterAll(() => bench.stop());
beforeEach(async () => {
  poolId = await createPool(bench, [people]);
});

const COGNITO = 'cognito-identity.amazonaws.com';
const BAD_CONFIGURATION = refusal(
  'InvalidIdentityPoolConfigurationException',
  'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
);

async function openIdToken(IdentityId: string, Logins?: { [provider: string]: string }): Promise<string> {
  const { Token } = await identity.send(new GetOpenIdTokenCommand({ IdentityId, ...(Logins && { Logins }) }));
  return Token!;
}

describe('credentials of the enhanced flow', () => {
  it('[IP-CREDS-1] [IP-CREDS-5] are those of the role for the identity’s state, for an hour', async () => {
    const guest = await getId(bench, poolId);
    const asGuest = await getCredentials(bench, guest);
    expect(asGuest.credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(asGuest.credentials.secretAccessKey).toHaveLength(40);
    expect(asGuest.expiration.getTime()).toBe(bench.services.clock.millis() + 3_600_000);
    const sts = new STSClient({ ...bench.sdk, credentials: asGuest.credentials });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Guest/CognitoIdentityCredentials`,
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:CognitoIdentityCredentials$/) as string,
    });

    const { idToken } = await signIn(bench, people, 'user');
    const asUser = await getCredentials(bench, guest, { [people.provider]: idToken });
    const user = new STSClient({ ...bench.sdk, credentials: asUser.credentials });
    expect((await user.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${ACCOUNT}:assumed-role/User/CognitoIdentityCredentials`,
    );
  });

  it('[IP-GUEST-3] are had by a guest for its id alone, by an unsigned call', async () => {
    const guest = await getId(bench, poolId);
    const response = await fetch(bench.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityService.GetCredentialsForIdentity',
      },
      body: JSON.stringify({ IdentityId: guest }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      IdentityId: guest,
      Credentials: { SecretKey: expect.any(String) as string },
    });
  });

  it('[IP-CREDS-1] need a role for the state', async () => {
    const { IdentityPoolId } = await identity.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'bare', AllowUnauthenticatedIdentities: true }),
    );
    const guest = await getId(bench, IdentityPoolId!);
    await expect(getCredentials(bench, guest)).rejects.toMatchObject(BAD_CONFIGURATION);
  });

  it('[IP-CREDS-2] come from the pool’s own role and no other', async () => {
    const guest = await getId(bench, poolId);
    const ask = (CustomRoleArn: string) =>
      identity.send(new GetCredentialsForIdentityCommand({ IdentityId: guest, CustomRoleArn }));
    expect((await ask(GUEST_ROLE)).IdentityId).toBe(guest);
    await expect(ask(USER_ROLE)).rejects.toMatchObject(
      refusal('NotAuthorizedException', `Access to Role '${USER_ROLE}' is forbidden.`),
    );
  });

  it('[IP-CREDS-3] need the role’s trust', async () => {
    const guest = await getId(bench, poolId);
    bench.services.iamRoles.setTrustPolicy(
      ACCOUNT,
      'Guest',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Federated: 'accounts.google.com' }, Action: 'sts:AssumeRoleWithWebIdentity' },
        ],
      }),
    );
    await expect(getCredentials(bench, guest)).rejects.toMatchObject(BAD_CONFIGURATION);
    bench.services.iamRoles.remove(ACCOUNT, 'Guest');
  });

  it('[IP-CREDS-4] leave a guest what the session policies leave, whatever the role allows', async () => {
    const guest = await getId(bench, poolId);
    const { credentials } = await getCredentials(bench, guest);
    const everything = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    });
    bench.services.iamRoles.putPolicy(ACCOUNT, 'Guest', { name: 'everything', document: everything });
    const asGuest = new CognitoIdentityClient({ ...bench.sdk, credentials });
    const { IdentityPools } = await asGuest.send(new ListIdentityPoolsCommand({ MaxResults: 1 }));
    expect(IdentityPools).toHaveLength(1);
    const session = bench.services.vendor.find(credentials.accessKeyId)!;
    expect(() =>
      bench.services.access.authorize({
        caller: { kind: 'session', credentials: session as TemporaryCredentials },
        account: ACCOUNT,
        action: 'kinesis:PutRecord',
        resources: ['*'],
        context: {},
        why: new Reasons(),
      }),
    ).toThrow(/because no session policy allows the kinesis:PutRecord action$/);
    bench.services.iamRoles.remove(ACCOUNT, 'Guest');
  });

  it('[AC-EVAL-3] do what the role’s policies allow, and nothing else', async () => {
    const guest = await getId(bench, poolId);
    const { credentials } = await getCredentials(bench, guest);
    const asGuest = new CognitoIdentityClient({ ...bench.sdk, credentials });
    await expect(asGuest.send(new ListIdentityPoolsCommand({ MaxResults: 1 }))).rejects.toMatchObject(
      refusal(
        'AccessDeniedException',
        `User: arn:aws:sts::${ACCOUNT}:assumed-role/Guest/CognitoIdentityCredentials is not authorized to perform: cognito-identity:ListIdentityPools on resource: * because no identity-based policy allows the cognito-identity:ListIdentityPools action`,
      ),
    );
  });
});

describe('OpenID tokens', () => {
  it('[IP-TOKEN-1] [IP-TOKEN-3] are what discovery leads to the keys of', async () => {
    const guest = await getId(bench, poolId);
    const { idToken } = await signIn(bench, people, 'bearer');
    const token = await openIdToken(guest, { [people.provider]: idToken });
    const discovery = (await (await fetch(`${bench.url}/.well-known/openid-configuration`)).json()) as {
      issuer: string;
      jwks_uri: string;
    };
    const { payload, protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(discovery.jwks_uri)), {
      issuer: discovery.issuer,
      audience: poolId,
      currentDate: bench.services.clock.now(),
    });
    expect(discovery.issuer).toBe(bench.url);
    expect(protectedHeader).toMatchObject({ alg: 'RS512', typ: 'JWS' });
    const { sub } = JSON.parse(Buffer.from(idToken.split('.')[1]!, 'base64url').toString()) as { sub: string };
    expect(Object.keys(payload)).toEqual([
      'sub',
      'aud',
      'amr',
      'iss',
      'https://cognito-identity.amazonaws.com/identity-pool-arn',
      'exp',
      'iat',
    ]);
    expect(payload).toMatchObject({
      sub: guest,
      amr: ['authenticated', people.provider, `${people.provider}:CognitoSignIn:${sub}`],
      'https://cognito-identity.amazonaws.com/identity-pool-arn': `arn:aws:cognito-identity:us-east-1:${ACCOUNT}:identitypool/${poolId}`,
    });
    expect(payload.exp! - payload.iat!).toBe(600);
  });

  it('[IP-TOKEN-3] carry the issuer of AWS where that was asked for', async () => {
    await using aws = await startBench({ issuer: 'aws' });
    const pool = await createPool(aws);
    const { Token } = await identityClient(aws).send(new GetOpenIdTokenCommand({ IdentityId: await getId(aws, pool) }));
    const claims = JSON.parse(Buffer.from(Token!.split('.')[1]!, 'base64url').toString()) as object;
    expect(claims).toMatchObject({ iss: 'https://cognito-identity.amazonaws.com', amr: ['unauthenticated'] });
    expect(await aws.services.openIdTokens.verify(Token!, aws.services.clock.now())).toMatchObject({ ok: true });
  });

  it('[IP-TOKEN-2] are refused where the classic flow was switched off, and given where it was never set', async () => {
    const enhancedOnly = await createPool(bench, [], { AllowClassicFlow: false });
    await expect(openIdToken(await getId(bench, enhancedOnly))).rejects.toMatchObject(
      refusal('InvalidParameterException', 'Basic (classic) flow is not enabled, please use enhanced flow.'),
    );
    expect(decodeProtectedHeader(await openIdToken(await getId(bench, poolId))).alg).toBe('RS512');
  });

  it('[IP-LOGIN-13] buy credentials for the identity and state that they were issued for', async () => {
    const { idToken } = await signIn(bench, people, 'holder');
    const logins = { [people.provider]: idToken };
    const user = await getId(bench, poolId, logins);
    const token = await openIdToken(user, logins);
    expect((await getCredentials(bench, user, { [COGNITO]: token })).identityId).toBe(user);

    const guest = await getId(bench, poolId);
    const guestToken = await openIdToken(guest);
    expect((await getCredentials(bench, guest, { [COGNITO]: guestToken })).identityId).toBe(guest);
    const noMatch = refusal(
      'NotAuthorizedException',
      `Logins don't match. Please include at least one valid login for this identity or identity pool.`,
    );
    await expect(getCredentials(bench, guest, { [COGNITO]: token })).rejects.toMatchObject(noMatch);
    await expect(getCredentials(bench, user, { [COGNITO]: guestToken })).rejects.toMatchObject(noMatch);
    const other = (await signIn(bench, people, 'other')).idToken;
    await getCredentials(bench, guest, { [people.provider]: other });
    await expect(getCredentials(bench, guest, { [COGNITO]: guestToken })).rejects.toMatchObject(noMatch);
  });

  it('[IP-LOGIN-13] are refused when foreign or forged, and [IP-LOGIN-7] when expired', async () => {
    const guest = await getId(bench, poolId);
    const { idToken } = await signIn(bench, people, 'foreigner');
    const foreign = refusal('NotAuthorizedException', 'Invalid login token. Not a Cognito token.');
    await expect(getCredentials(bench, guest, { [COGNITO]: idToken })).rejects.toMatchObject(foreign);
    await expect(getCredentials(bench, guest, { [COGNITO]: 'nonsense' })).rejects.toMatchObject(foreign);
    const forged = await new SignJWT({ sub: guest, aud: poolId, amr: ['unauthenticated'], iss: bench.url, exp: 9e9 })
      .setProtectedHeader({ alg: 'HS512' })
      .sign(new Uint8Array(64));
    await expect(getCredentials(bench, guest, { [COGNITO]: forged })).rejects.toMatchObject(
      refusal('NotAuthorizedException', `Invalid login token. Couldn't verify signed token.`),
    );

    await using moved = await startBench();
    const late = await getId(moved, await createPool(moved));
    const { Token } = await identityClient(moved).send(new GetOpenIdTokenCommand({ IdentityId: late }));
    await moved.advance({ seconds: 600 });
    await expect(getCredentials(moved, late, { [COGNITO]: Token! })).rejects.toMatchObject({
      message: expect.stringMatching(/^Invalid login token\. Token expired: \d+ >= \d+$/) as string,
    });
  });

  it('[IP-LOGIN-11] buy nothing but credentials', async () => {
    const guest = await getId(bench, poolId);
    const Logins = { [COGNITO]: await openIdToken(guest) };
    const expected = refusal('NotAuthorizedException', `Invalid login token. Can't pass in a Cognito token.`);
    await expect(identity.send(new GetIdCommand({ IdentityPoolId: poolId, Logins }))).rejects.toMatchObject(expected);
    await expect(openIdToken(guest, Logins)).rejects.toMatchObject(expected);
    await expect(
      identity.send(new UnlinkIdentityCommand({ IdentityId: guest, Logins, LoginsToRemove: ['x'] })),
    ).rejects.toMatchObject(expected);
  });
});
