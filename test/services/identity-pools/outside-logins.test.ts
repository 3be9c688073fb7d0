import {
  type CognitoIdentityClient,
  DescribeIdentityCommand,
  GetOpenIdTokenCommand,
  SetIdentityPoolRolesCommand,
  SetPrincipalTagAttributeMapCommand,
  UnlinkIdentityCommand,
  type RoleMapping,
} from '@aws-sdk/client-cognito-identity';
import { DeleteOpenIDConnectProviderCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StandInView } from '../../../src/shared/stand-ins.ts';
import type { Reason } from '../../../src/shared/trace.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../../harness/bench.ts';
import {
  FOREIGN_CLIENT,
  OTHER_FOREIGN_CLIENT,
  startForeignProvider,
  type ForeignProvider,
} from '../../harness/foreign-provider.ts';
import { identitiesOf, oidcArn, poolWith, register, roleFor, standInToken } from '../federation/setup.ts';
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
} from './setup.ts';

let bench: TestBench;
let identity: CognitoIdentityClient;
let foreign: ForeignProvider;
let arn: string;

beforeAll(async () => {
  bench = await startBench();
  identity = identityClient(bench);
  foreign = await startForeignProvider('/tenants/one');
  arn = await register(bench, foreign.issuer, [FOREIGN_CLIENT]);
});
afterAll(async () => {
  await foreign.stop();
  await bench.stop();
});

const UNSUPPORTED = refusal('NotAuthorizedException', 'Token is not from a supported provider of this identity pool.');

const loginsOf = async (person: string): Promise<{ [provider: string]: string }> => ({
  [foreign.name]: await foreign.idToken(person),
});

async function amrOf(IdentityId: string, Logins: { [provider: string]: string }): Promise<unknown> {
  const { Token } = await identity.send(new GetOpenIdTokenCommand({ IdentityId, Logins }));
  return decodeJwt(Token!)['amr'];
}

async function providersOf(IdentityId: string): Promise<string[]> {
  const { Logins } = await identity.send(new DescribeIdentityCommand({ IdentityId }));
  return [...Logins!].sort();
}

const setRoles = (IdentityPoolId: string, RoleMappings: { [provider: string]: RoleMapping } = {}) =>
  identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId,
      Roles: { authenticated: USER_ROLE, unauthenticated: GUEST_ROLE },
      RoleMappings,
    }),
  );

describe('a foreign OpenID Connect provider', () => {
  let poolId: string;
  beforeEach(async () => {
    poolId = await createPool(bench, [], { OpenIdConnectProviderARNs: [arn] });
  });

  it('[IP-OIDC-1] lets its people in, each as one identity, through the SDK’s own provider', async () => {
    const logins = await loginsOf('alice');
    const credentials = await fromCognitoIdentityPool({
      identityPoolId: poolId,
      logins,
      clientConfig: { endpoint: bench.url, region: REGION },
    })();
    expect(credentials.identityId).toBe(await getId(bench, poolId, await loginsOf('alice')));
    expect(await getId(bench, poolId, await loginsOf('bob'))).not.toBe(credentials.identityId);
    const { Arn } = await new STSClient({ ...bench.sdk, credentials }).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/User/CognitoIdentityCredentials`);
    expect(await providersOf(credentials.identityId)).toEqual([foreign.name]);
    expect(await amrOf(credentials.identityId, logins)).toEqual([
      'authenticated',
      foreign.name,
      `${foreign.name}:OIDC:alice`,
    ]);
  });

  it('[IP-LOGIN-3] [IP-LOGIN-10] lets in nobody with a token for a client that is not registered', async () => {
    const token = await foreign.idToken('alice', OTHER_FOREIGN_CLIENT);
    await expect(getId(bench, poolId, { [foreign.name]: token })).rejects.toMatchObject(UNSUPPORTED);
    const people = await createUserPool(bench);
    const both = await createPool(bench, [people], { OpenIdConnectProviderARNs: [arn] });
    const { idToken } = await signIn(bench, people, 'alice');
    await expect(getId(bench, both, { [people.provider]: idToken, [foreign.name]: token })).rejects.toMatchObject(
      UNSUPPORTED,
    );
    expect(await identitiesOf(bench, poolId)).toBe(0);
    expect(await identitiesOf(bench, both)).toBe(0);
  });

  it('[IP-LOGIN-3] [IP-OIDC-2] is of no use to a pool that does not list it, or of another account, or once IAM forgot it', async () => {
    const logins = await loginsOf('alice');
    for (const arns of [[], [oidcArn(foreign.name, '111111111111')], [`${arn}/more`]]) {
      const other = await poolWith(bench, ...arns);
      await expect(getId(bench, other, logins)).rejects.toMatchObject(UNSUPPORTED);
      expect(await identitiesOf(bench, other)).toBe(0);
    }
    const own = await startForeignProvider();
    const ownArn = await register(bench, own.issuer, [FOREIGN_CLIENT]);
    const pool = await poolWith(bench, ownArn);
    const token = { [own.name]: await own.idToken('alice') };
    await getId(bench, pool, token);
    await new IAMClient(bench.sdk).send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: ownArn }));
    await expect(getId(bench, pool, token)).rejects.toMatchObject(UNSUPPORTED);
    await own.stop();
  });

  it('[IP-LOGIN-9] knows the same person by another identity in another pool', async () => {
    const logins = await loginsOf('alice');
    expect(await getId(bench, await poolWith(bench, arn), logins)).not.toBe(await getId(bench, poolId, logins));
  });

  it('[IP-LINK-2] [IP-LINK-3] makes a guest a user, and hands a guest over to the user it knows', async () => {
    const guest = await getId(bench, poolId);
    const alice = await loginsOf('alice');
    expect((await getCredentials(bench, guest, alice)).identityId).toBe(guest);
    const second = await getId(bench, poolId);
    expect((await getCredentials(bench, second, alice)).identityId).toBe(guest);
  });

  it('[IP-LINK-1] [IP-LINK-4] [IP-LINK-5] is linked beside others, and merged, and holds one user of an identity', async () => {
    const people = await createUserPool(bench);
    const pool = await createPool(bench, [people], { OpenIdConnectProviderARNs: [arn] });
    const { idToken } = await signIn(bench, people, 'alice');
    const ofPool = { [people.provider]: idToken };
    const alice = await loginsOf('alice');
    const [first, second] = [await getId(bench, pool, ofPool), await getId(bench, pool, alice)];
    expect(first).not.toBe(second);
    const { identityId } = await getCredentials(bench, second, { ...ofPool, ...alice });
    expect(identityId).toBe(second);
    expect(await getId(bench, pool, ofPool)).toBe(second);
    expect(await providersOf(second)).toEqual([foreign.name, people.provider].sort());
    await expect(getCredentials(bench, second, { ...ofPool, ...(await loginsOf('bob')) })).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
  });

  it('[IP-UNLINK-2] [IP-OIDC-1] is unlinked by its name, with or without a slash', async () => {
    const alice = await loginsOf('alice');
    const id = await getId(bench, poolId, alice);
    await identity.send(
      new UnlinkIdentityCommand({ IdentityId: id, Logins: alice, LoginsToRemove: [`${foreign.name}/`] }),
    );
    expect(await getId(bench, poolId, alice)).not.toBe(id);
  });

  it('[IP-MAP-3] [IP-MAP-8] [IP-SOCIAL-4] gets roles by rules on any claim, for the enhanced flow', async () => {
    const engineers = `arn:aws:iam::${ACCOUNT}:role/Engineers`;
    await setRoles(poolId, {
      [arn]: {
        Type: 'Rules',
        AmbiguousRoleResolution: 'Deny',
        RulesConfiguration: {
          Rules: [{ Claim: 'department', MatchType: 'Equals', Value: 'Engineering', RoleARN: engineers }],
        },
      },
    });
    const logins = await loginsOf('engineer');
    const id = await getId(bench, poolId, logins);
    const { credentials } = await getCredentials(bench, id, logins);
    const { Arn } = await new STSClient({ ...bench.sdk, credentials }).send(new GetCallerIdentityCommand({}));
    expect(Arn).toContain(':assumed-role/Engineers/');
    const sales = await loginsOf('seller');
    await expect(getCredentials(bench, await getId(bench, poolId, sales), sales)).rejects.toMatchObject({
      message: 'The ambiguous role mapping rules denied this request',
    });
    await expect(identity.send(new GetOpenIdTokenCommand({ IdentityId: id, Logins: logins }))).rejects.toMatchObject({
      message: expect.stringContaining('not supported with RoleMappings') as string,
    });
  });

  it.each([
    [{ UseDefaults: true }, { client: FOREIGN_CLIENT, username: 'engineer' }],
    [{ UseDefaults: false, PrincipalTags: { dep: 'department', none: 'missing' } }, { dep: 'Engineering' }],
  ])('[IP-ABAC-1] tags sessions with its claims: %o', async (map, tags) => {
    await identity.send(
      new SetPrincipalTagAttributeMapCommand({ IdentityPoolId: poolId, IdentityProviderName: arn, ...map }),
    );
    const COGNITO = 'cognito-identity.amazonaws.com';
    const role = await roleFor(
      bench,
      COGNITO,
      { StringEquals: { [`${COGNITO}:aud`]: poolId } },
      { actions: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] },
    );
    await identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles: { authenticated: role } }));
    const logins = await loginsOf('engineer');
    const { credentials } = await getCredentials(bench, await getId(bench, poolId, logins), logins);
    expect(bench.services.temporaryCredentials.find(credentials.accessKeyId)!.tags).toEqual(tags);
  });
});

describe('stand-ins', () => {
  interface Vendor {
    readonly name: string;
    readonly key: string;
    /** The app as the pool names it. */
    readonly app: string;
    /** The app as amr and claims name it. */
    readonly appId: string;
    readonly people: readonly string[];
  }

  const NAMES = ['google', 'apple', 'facebook', 'amazon', 'twitter', 'digits'];
  const OPAQUE = NAMES.slice(2);

  async function vendor(name: string, on = bench): Promise<Vendor> {
    const { provider, clients, people } = await on.call<StandInView>('GET', `/stand-ins/${name}`);
    const { id, secret } = clients[0]!;
    const isPair = name === 'twitter' || name === 'digits';
    return {
      name,
      key: provider,
      app: isPair ? `${id};${secret}` : id,
      appId: id,
      people: people.map(({ subject }) => subject),
    };
  }

  const poolFor = ({ key, app }: Vendor, on = bench): Promise<string> =>
    createPool(on, [], { SupportedLoginProviders: { [key]: app } });

  const loginOf = async ({ name, key }: Vendor, person: string, spoil?: string, on = bench) => ({
    [key]: (await standInToken(on, name, { person, ...(spoil && { spoil }) })).token,
  });

  it.each(NAMES)(
    '[IP-SOCIAL-1] [FED-KEYS-5] [FED-OAUTH-1] of %s let their people in, each as one identity',
    async (name) => {
      const one = await vendor(name);
      const pool = await poolFor(one);
      const [alice, bob] = one.people as [string, string];
      const logins = await loginOf(one, alice);
      const id = await getId(bench, pool, logins);
      expect(await getId(bench, pool, await loginOf(one, alice))).toBe(id);
      expect(await getId(bench, pool, await loginOf(one, bob))).not.toBe(id);
      expect(await providersOf(id)).toEqual([one.key]);
      expect(await amrOf(id, logins)).toEqual(['authenticated', one.key, `${one.key}:${one.appId}:${alice}`]);
      expect((await getCredentials(bench, id, logins)).identityId).toBe(id);
    },
  );

  it.each(NAMES)(
    '[IP-LOGIN-3] of %s are of no use for another app, in a pool without them, or to another account',
    async (name) => {
      const one = await vendor(name);
      const [alice] = one.people as [string];
      const pool = await poolFor(one);
      const wrong = await loginOf(one, alice, 'wrong-audience');
      await expect(getId(bench, pool, wrong)).rejects.toMatchObject(UNSUPPORTED);
      const logins = await loginOf(one, alice);
      for (const providers of [{}, { [one.key]: `${one.app}x` }]) {
        const other = await createPool(bench, [], { SupportedLoginProviders: providers });
        await expect(getId(bench, other, logins)).rejects.toMatchObject(UNSUPPORTED);
      }
      expect(await identitiesOf(bench, pool)).toBe(0);
    },
  );

  it.each(OPAQUE)('[IP-SOCIAL-3] [IP-LOGIN-7] [FED-OAUTH-1] of %s do not vouch for spoiled tokens', async (name) => {
    const one = await vendor(name);
    const [alice] = one.people as [string];
    const pool = await poolFor(one);
    const enter = async (spoil: string) => getId(bench, pool, await loginOf(one, alice, spoil));
    for (const spoil of ['unknown', 'revoked']) {
      await expect(enter(spoil)).rejects.toMatchObject(refusal('NotAuthorizedException', 'Invalid login token.'));
    }
    await expect(enter('expired')).rejects.toMatchObject({
      message: expect.stringMatching(/^Invalid login token\. Token expired: \d+ >= \d+$/) as string,
    });
    await expect(getId(bench, pool, { [one.key]: 'half' })).rejects.toMatchObject({ message: 'Invalid login token.' });
    const good = await standInToken(bench, name, { person: alice });
    const id = await getId(bench, pool, { [one.key]: good.token });
    await bench.call('POST', `/stand-ins/${name}/revoke`, { token: good.token });
    await expect(getCredentials(bench, id, { [one.key]: good.token })).rejects.toMatchObject({
      message: 'Invalid login token.',
    });
    expect(await identitiesOf(bench, pool)).toBe(1);
  });

  it.each(['google', 'apple'])(
    '[IP-LOGIN-5] [IP-LOGIN-7] [IP-OIDC-3] of %s do not vouch for spoiled tokens',
    async (name) => {
      const one = await vendor(name);
      const [alice] = one.people as [string];
      const pool = await poolFor(one);
      const expected: { [spoil: string]: RegExp } = {
        expired: /^Invalid login token\. Token expired: /,
        'not-yet-valid': /^Invalid login token\. Token is not yet valid: /,
        'wrong-issuer': /Issuer doesn't match providerName$/,
        'wrong-key': /Couldn't verify signed token\.$/,
        'alg-none': /Couldn't verify signed token\.$/,
      };
      for (const [spoil, message] of Object.entries(expected)) {
        await expect(getId(bench, pool, await loginOf(one, alice, spoil))).rejects.toMatchObject({
          name: 'NotAuthorizedException',
          message: expect.stringMatching(message) as string,
        });
      }
      expect(await identitiesOf(bench, pool)).toBe(0);
    },
  );

  it('[FED-KEYS-5] of one account are nobody to another', async () => {
    const one = await vendor('facebook');
    const [alice] = one.people as [string];
    const theirs = new Headers({ 'x-poolbench-account': '222222222222', 'content-type': 'application/json' });
    const response = await fetch(`${bench.url}/_bench/stand-ins/facebook/tokens`, {
      method: 'POST',
      headers: theirs,
      body: JSON.stringify({ person: alice }),
    });
    const { token } = (await response.json()) as { token: string };
    await expect(getId(bench, await poolFor(one), { [one.key]: token })).rejects.toMatchObject({
      message: 'Invalid login token.',
    });
  });

  it('[IP-SOCIAL-1] of Twitter ask for the app’s secret, too', async () => {
    const one = await vendor('twitter');
    const pool = await createPool(bench, [], { SupportedLoginProviders: { [one.key]: `${one.appId};wrong` } });
    await expect(getId(bench, pool, await loginOf(one, one.people[0]!))).rejects.toMatchObject(UNSUPPORTED);
    const { token } = await standInToken(bench, 'twitter', { person: one.people[0]! });
    const [key] = token.split(';') as [string];
    await expect(getId(bench, await poolFor(one), { [one.key]: `${key};wrong` })).rejects.toMatchObject({
      message: 'Invalid login token.',
    });
  });

  it('[IP-SOCIAL-2] of Google take several clients by IAM, for one and the same user', async () => {
    await using own = await startBench();
    const google = await vendor('google', own);
    const [alice] = google.people as [string];
    const googleArn = await register(own, 'https://accounts.google.com', ['ios', 'android']);
    const both = await createPool(own, [], {
      SupportedLoginProviders: { [google.key]: google.app },
      OpenIdConnectProviderARNs: [googleArn],
    });
    const tokens = await Promise.all(
      [google.app, 'ios', 'android'].map((audience) => standInToken(own, 'google', { person: alice, audience })),
    );
    const ids = await Promise.all(tokens.map(({ token }) => getId(own, both, { [google.key]: token })));
    expect(new Set(ids).size).toBe(1);
    const byArn = await poolWith(own, googleArn);
    await getId(own, byArn, { [google.key]: tokens[1]!.token });
    await expect(getId(own, byArn, { [google.key]: tokens[0]!.token })).rejects.toMatchObject(UNSUPPORTED);
  });

  it.each([
    ['facebook', { client: true, username: true }],
    ['twitter', { client: true, username: true }],
    ['google', { client: true, username: true }],
    ['amazon', { username: true }],
  ])(
    '[IP-SOCIAL-4] [IP-ABAC-1] of %s give the default tags',
    async (name, wanted: { client?: boolean; username?: boolean }) => {
      const one = await vendor(name);
      const [alice] = one.people as [string];
      const pool = await poolFor(one);
      await identity.send(
        new SetPrincipalTagAttributeMapCommand({
          IdentityPoolId: pool,
          IdentityProviderName: one.key,
          UseDefaults: true,
        }),
      );
      const logins = await loginOf(one, alice);
      const { Token } = await identity.send(
        new GetOpenIdTokenCommand({ IdentityId: await getId(bench, pool, logins), Logins: logins }),
      );
      const { principal_tags: tags } = decodeJwt(Token!)['https://aws.amazon.com/tags'] as { principal_tags: object };
      expect(tags).toEqual({
        ...(wanted.client && { client: [one.appId] }),
        ...(wanted.username && { username: [alice] }),
      });
    },
  );

  it('[IP-SOCIAL-4] of Facebook show rules the app and the user, and no more', async () => {
    const one = await vendor('facebook');
    const [alice, bob] = one.people as [string, string];
    const pool = await poolFor(one);
    const friend = `arn:aws:iam::${ACCOUNT}:role/Friend`;
    const ruled = (Claim: string, Value: string): RoleMapping => ({
      Type: 'Rules',
      AmbiguousRoleResolution: 'AuthenticatedRole',
      RulesConfiguration: { Rules: [{ Claim, MatchType: 'Equals', Value, RoleARN: friend }] },
    });
    const roleOf = async (person: string): Promise<string> => {
      const logins = await loginOf(one, person);
      const { credentials } = await getCredentials(bench, await getId(bench, pool, logins), logins);
      return bench.services.temporaryCredentials.find(credentials.accessKeyId)!.roleName;
    };
    await setRoles(pool, { [one.key]: ruled('sub', alice) });
    expect([await roleOf(alice), await roleOf(bob)]).toEqual(['Friend', 'User']);
    await setRoles(pool, { [one.key]: ruled('name', 'Alice Moreau') });
    expect(await roleOf(alice)).toBe('User');
  });

  it('[IP-LOGIN-3] of a provider that no vendor is are of no use', async () => {
    const pool = await createPool(bench, [], { SupportedLoginProviders: { 'login.example.test': 'app' } });
    await expect(getId(bench, pool, { 'login.example.test': 'x' })).rejects.toMatchObject(UNSUPPORTED);
  });

  it('[FED-KEYS-5] issue as an OpenID Connect provider of the bench’s own, which is not fetched', async () => {
    const { issuer, provider, people, clients } = await bench.call<StandInView>('GET', '/stand-ins/oidc');
    const own = await register(bench, issuer, [clients[0]!.id]);
    const pool = await poolWith(bench, own);
    const [alice] = people;
    const { token } = await standInToken(bench, 'oidc', { person: alice!.subject });
    const id = await getId(bench, pool, { [provider]: token });
    expect(await providersOf(id)).toEqual([provider]);
    await bench.call('POST', '/stand-ins/oidc/keys', { withdraw: true });
    await expect(getId(bench, pool, { [provider]: token })).rejects.toMatchObject({
      message: `Invalid login token. Couldn't verify signed token.`,
    });
    const next = await standInToken(bench, 'oidc', { person: alice!.subject });
    expect(await getId(bench, pool, { [provider]: next.token })).toBe(id);
  });
});

it('[IP-LOGIN-1] [FED-OAUTH-1] [FED-KEYS-1] notes on the trace what was checked, without tokens and secrets', async () => {
  const { clients, people, provider } = await bench.call<StandInView>('GET', '/stand-ins/twitter');
  const { id, secret } = clients[0]!;
  const pool = await createPool(bench, [], {
    SupportedLoginProviders: { [provider]: `${id};${secret}` },
    OpenIdConnectProviderARNs: [arn],
  });
  const { token } = await standInToken(bench, 'twitter', { person: people[0]!.subject });
  const idToken = await foreign.idToken('alice');
  const reasons: Reason[] = [];
  let closed = 0;
  const stop = bench.follow((event) => {
    if (event.type !== 'trace.closed' || event.data.record.operation !== 'GetId') return;
    reasons.push(...event.data.record.reasons);
    closed += 1;
  });
  await getId(bench, pool, { [provider]: token, [foreign.name]: idToken });
  await expect(getId(bench, pool, { [provider]: `${token}x` })).rejects.toThrow('Invalid login token.');
  await vi.waitFor(() => expect(closed).toBe(2));
  stop();
  expect(reasons.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['FED-OAUTH-1', 'IP-SOCIAL-1', 'FED-KEYS-1', 'IP-OIDC-1', 'IP-SOCIAL-3']),
  );
  const seen = JSON.stringify(reasons);
  for (const hidden of [...token.split(';'), ...idToken.split('.'), secret!]) expect(seen).not.toContain(hidden);
});
