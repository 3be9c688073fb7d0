import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceApp, DeviceState } from '../../src/shared/device.ts';
import type { StandInView } from '../../src/shared/stand-ins.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { ACCOUNT, startBench, type TestBench } from '../harness/bench.ts';
import { addDevice, addSignedIn, addUser, makePools, PASSWORD, prefs, valuesOf, type TestDevice } from './scene.ts';

const GOOGLE = 'accounts.google.com';
const DEVELOPER = 'login.my-app';

let bench: TestBench;
let identities: CognitoIdentity;
beforeAll(async () => {
  bench = await startBench();
  identities = new CognitoIdentity(bench.sdk);
});
afterAll(() => bench.stop());

const standIn = (name: string): Promise<StandInView> => bench.call('GET', `/stand-ins/${name}`);

/** Every kind of provider, listed in a pool of its own as a developer does it. */
async function makeApp(on: TestBench = bench): Promise<DeviceApp & { identityPoolId: string }> {
  const app = await makePools(on);
  const pools = new CognitoIdentity(on.sdk);
  const view = (name: string): Promise<StandInView> => on.call('GET', `/stand-ins/${name}`);
  const iam = new IAM(on.sdk);
  const [google, facebook, twitter, oidc] = await Promise.all(['google', 'facebook', 'twitter', 'oidc'].map(view));
  const { metadata } = await on.call<{ metadata: string }>('GET', '/stand-ins/saml/metadata');
  await iam.createSAMLProvider({ Name: 'saml', SAMLMetadataDocument: metadata }).catch(() => undefined);
  await iam
    .createOpenIDConnectProvider({ Url: oidc!.issuer, ClientIDList: [oidc!.clients[0]!.id] })
    .catch(() => undefined);
  const pool = await pools.describeIdentityPool({ IdentityPoolId: app.identityPoolId });
  const [key] = twitter!.clients;
  await pools.updateIdentityPool({
    IdentityPoolId: app.identityPoolId,
    IdentityPoolName: 'app',
    AllowUnauthenticatedIdentities: true,
    CognitoIdentityProviders: pool.CognitoIdentityProviders,
    DeveloperProviderName: DEVELOPER,
    SupportedLoginProviders: {
      [GOOGLE]: google!.clients[0]!.id,
      'graph.facebook.com': facebook!.clients[0]!.id,
      'api.twitter.com': `${key!.id};${key!.secret}`,
    },
    OpenIdConnectProviderARNs: [`arn:aws:iam::${ACCOUNT}:oidc-provider/${oidc!.provider}`],
    SamlProviderARNs: [`arn:aws:iam::${ACCOUNT}:saml-provider/saml`],
  });
  return app;
}

/** Somebody new, so that no test finds the identity of another. */
let count = 0;
async function newPerson(provider: string, on: TestBench = bench): Promise<string> {
  count += 1;
  const subject = `person-${count}`;
  await on.call('POST', `/stand-ins/${provider}/people`, { person: { subject, name: `Person ${count}` } });
  return subject;
}

async function link(device: TestDevice, provider: string, person?: string): Promise<DeviceState> {
  return device.act({ do: 'link-login', provider, person: person ?? (await newPerson(provider)) });
}

async function recorded<Answer>(work: () => Promise<Answer>): Promise<{ answer: Answer; records: TraceRecord[] }> {
  const records: TraceRecord[] = [];
  const stop = bench.follow(({ type, data }) => {
    if (type === 'trace.closed') records.push(data.record);
  });
  const answer = await work();
  stop();
  return { answer, records };
}

const loginsShown = ({ request }: TraceRecord): string[] =>
  Object.keys((request.body as { Logins?: object }).Logins ?? {}).sort();

const linked = async (state: DeviceState): Promise<string[]> =>
  (await identities.describeIdentity({ IdentityId: state.identity!.identityId })).Logins!.toSorted();

describe('logins of outside providers', () => {
  it.each(['google', 'facebook', 'twitter', 'oidc', 'saml'])(
    '[DV-LOGIN-1] by %s make a person of nobody',
    async (name) => {
      const phone = await addDevice(bench, 'Phone', await makeApp());
      const person = await newPerson(name);
      const { answer, records } = await recorded(() => link(phone, name, person));
      const { provider, kind } = await standIn(name);
      expect(answer.logins).toMatchObject([
        { provider, kind, subject: person, standIn: name, person: `Person ${count}` },
      ]);
      expect(answer.identity).toMatchObject({ guest: false });
      expect(records.map(({ operation }) => operation)).toEqual(['GetId', 'GetCredentialsForIdentity']);
      expect(records.map(loginsShown)).toEqual([[provider], [provider]]);
      expect(await linked(answer)).toEqual([provider]);
      expect(JSON.stringify(answer)).not.toContain('"token"');
    },
  );

  it('[DV-LOGIN-1] [DV-IDENT-2] by a new one, a guest stays the same identity with the same data', async () => {
    const phone = await addDevice(bench, 'Phone', await makeApp());
    await phone.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '3' });
    const guest = await phone.act({ do: 'synchronize', dataset: 'prefs' });
    const google = await link(phone, 'google');
    expect(google.identity).toMatchObject({ identityId: guest.identity!.identityId, guest: false });
    expect(valuesOf(await phone.act({ do: 'synchronize', dataset: 'prefs' }))).toEqual({ volume: '3' });
    expect(prefs(await phone.state()).mergedDatasetNames).toEqual([]);
  });

  it('[DV-LOGIN-1] [DV-IDENT-6] by a known one, a guest becomes its owner and the data follow', async () => {
    const app = await makeApp();
    const [first, second] = [await addDevice(bench, 'First', app), await addDevice(bench, 'Second', app)];
    const person = await newPerson('google');
    const owner = await link(first, 'google', person);
    await first.act({ do: 'put', dataset: 'prefs', key: 'theme', value: 'dark' });
    await first.act({ do: 'synchronize', dataset: 'prefs' });

    await second.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '7' });
    const guest = (await second.act({ do: 'synchronize', dataset: 'prefs' })).identity!.identityId;
    const merged = await link(second, 'google', person);
    expect(merged.identity).toMatchObject({ identityId: owner.identity!.identityId, mergedFrom: guest });
    expect((await second.act({ do: 'get-credentials' })).identity!.mergedFrom).toBe(guest);
    expect(valuesOf(await second.act({ do: 'synchronize', dataset: 'prefs' }))).toEqual({ theme: 'dark', volume: '7' });
    expect(prefs(await second.state()).mergedDatasetNames).toEqual([`prefs.${guest}`]);
    expect(valuesOf(await first.act({ do: 'synchronize', dataset: 'prefs' }))).toEqual({ theme: 'dark', volume: '7' });
  });

  it('[DV-LOGIN-2] are all shown at once, the user pool’s among them, and join one identity', async () => {
    const app = await makeApp();
    await addUser(bench, app, 'many');
    const phone = await addSignedIn(bench, 'Phone', app, 'many');
    const userPool = `cognito-idp.us-east-1.amazonaws.com/${app.userPoolId}`;
    const before = await phone.act({ do: 'get-credentials' });
    await link(phone, 'google');
    const { answer, records } = await recorded(() => link(phone, 'facebook'));
    const all = [GOOGLE, 'graph.facebook.com', userPool].sort();
    expect(records.map(({ operation }) => operation)).toEqual(['GetCredentialsForIdentity']);
    expect(records.map(loginsShown)).toEqual([all]);
    expect(answer.identity!.identityId).toBe(before.identity!.identityId);
    expect(answer.logins.map(({ provider }) => provider)).toEqual([GOOGLE, 'graph.facebook.com']);
    expect(await linked(answer)).toEqual(all);
    expect(answer.profiles.find(({ current }) => current)!.owners).toHaveLength(3);
  });

  it.each([
    ['expired', 'Token expired'],
    ['wrong-key', "Couldn't verify signed token"],
    ['wrong-audience', 'Token is not from a supported provider'],
    ['alg-none', 'Invalid login token'],
  ])('[DV-LOGIN-3] with a token that is spoiled (%s) are refused, and change nothing', async (what, message) => {
    const app = await makeApp();
    const phone = await addDevice(bench, 'Phone', app);
    await phone.act({ do: 'get-credentials' });
    const before = await link(phone, 'google');
    await bench.call('POST', '/stand-ins/oidc/spoil', { what, once: true });
    await expect(link(phone, 'oidc')).rejects.toThrow(message);
    const { lastError, ...after } = await phone.state();
    expect(after).toEqual(before);
    expect(lastError).toMatchObject({ action: 'link-login', code: 'NotAuthorizedException' });
    expect(await linked(before)).toEqual([GOOGLE]);
    // The spoil is used up.
    expect((await link(phone, 'oidc')).logins).toHaveLength(2);
  });

  it('[DV-LOGIN-3] of another person, refused, leave the former one where they were', async () => {
    const app = await makeApp();
    await addUser(bench, app, 'stays');
    const phone = await addSignedIn(bench, 'Phone', app, 'stays');
    const before = await link(phone, 'google');
    await bench.call('POST', '/stand-ins/google/spoil', { what: 'expired', once: true });
    await expect(link(phone, 'google')).rejects.toThrow('Token expired');
    const { lastError: _refused, ...after } = await phone.state();
    expect(after).toEqual(before);
  });

  it('[DV-LOGIN-3] refused take nothing back that the user pool renewed meanwhile, nor a session that ended', async () => {
    await using own = await startBench();
    const app = await makeApp(own);
    const users = new CognitoIdentityProvider(own.sdk);
    await addUser(own, app, 'turns');
    // Signed in, and no identity asked for yet.
    const phone = await addSignedIn(own, 'Phone', app, 'turns');
    const refuse = async (): Promise<void> => {
      await own.advance({ hours: 2 });
      await own.call('POST', '/stand-ins/google/spoil', { what: 'expired', once: true });
      await expect(link(phone, 'google', await newPerson('google', own))).rejects.toThrow();
    };
    const before = await phone.state();
    await refuse();
    const { signIn } = await phone.state();
    expect(signIn.status).toBe('signed-in');
    expect(signIn).not.toEqual(before.signIn);

    await users.adminUserGlobalSignOut({ UserPoolId: app.userPoolId!, Username: 'turns' });
    await refuse();
    expect((await phone.state()).signIn.status).toBe('signed-out');
  });

  it('[DV-LOGIN-3] are kept when no answer came, and taken by the next call', async () => {
    const phone = await addDevice(bench, 'Phone', await makeApp());
    const guest = await phone.act({ do: 'get-credentials' });
    await phone.act({ do: 'network', loseNextAnswers: 1, faultsOn: 'GetCredentialsForIdentity' });
    await expect(link(phone, 'google')).rejects.toThrow('NetworkError');
    expect((await phone.state()).logins).toHaveLength(1);
    const { identity } = await phone.act({ do: 'get-credentials' });
    expect(identity).toMatchObject({ identityId: guest.identity!.identityId, guest: false });

    await phone.act({ do: 'network', online: false });
    await expect(link(phone, 'oidc')).rejects.toThrow('offline');
    expect((await phone.state()).logins).toHaveLength(1);
  });

  it('[DV-IDENT-4] of somebody else with the same provider begin anew', async () => {
    const app = await makeApp();
    await addUser(bench, app, 'leaves');
    const phone = await addSignedIn(bench, 'Phone', app, 'leaves');
    const former = await link(phone, 'google');
    await phone.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '3' });
    const state = await link(phone, 'google');
    expect(state.identity!.identityId).not.toBe(former.identity!.identityId);
    expect(state).toMatchObject({ signIn: { status: 'signed-out' }, datasets: [] });
    expect(state.logins).toHaveLength(1);

    // Nor does the user pool's: the identity is known to be another user's.
    for (const username of ['new', 'comes']) await addUser(bench, app, username);
    await phone.act({ do: 'sign-in', username: 'new', password: PASSWORD });
    await phone.act({ do: 'get-credentials' });
    await phone.act({ do: 'sign-out' });
    expect((await phone.state()).logins).toHaveLength(1);
    await phone.act({ do: 'sign-in', username: 'comes', password: PASSWORD });
    expect((await phone.state()).logins).toEqual([]);
  });

  it('[DV-LOGIN-5] are forgotten one by one, and the identity with the last', async () => {
    const app = await makeApp();
    await addUser(bench, app, 'outs');
    const phone = await addSignedIn(bench, 'Phone', app, 'outs');
    const person = await newPerson('google');
    const all = await link(phone, 'google', person);
    await phone.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '3' });
    const out = await phone.act({ do: 'sign-out' });
    expect(out).toMatchObject({ signIn: { status: 'signed-out' }, identity: { identityId: all.identity!.identityId } });
    expect(out.identity!.accessKeyId).toBeUndefined();
    const { records } = await recorded(() => phone.act({ do: 'synchronize', dataset: 'prefs' }));
    expect(loginsShown(records[0]!)).toEqual([GOOGLE]);

    const gone = await phone.act({ do: 'sign-out', provider: 'google' });
    expect(gone).toMatchObject({ logins: [], datasets: [] });
    expect(gone.identity).toBeUndefined();
    await expect(phone.act({ do: 'sign-out', provider: 'google' })).rejects.toThrow('NotSignedIn');
    // The service knows the login still.
    const back = await link(phone, 'google', person);
    expect(back.identity!.identityId).toBe(all.identity!.identityId);
    expect(valuesOf(back)).toEqual({ volume: '3' });
    await phone.act({ do: 'sign-in', username: 'outs', password: PASSWORD });
    expect(await phone.act({ do: 'sign-out', all: true })).toMatchObject({
      signIn: { status: 'signed-out' },
      logins: [],
    });
  });

  it('[DV-LOGIN-6] are unlinked by the others, and lead to somebody new from then on', async () => {
    const phone = await addDevice(bench, 'Phone', await makeApp());
    const person = await newPerson('google');
    const both = [await link(phone, 'google', person), await link(phone, 'oidc')][1]!;
    const { answer, records } = await recorded(() => phone.act({ do: 'unlink-login', provider: 'google' }));
    expect(records).toMatchObject([
      { operation: 'UnlinkIdentity', request: { body: { LoginsToRemove: [GOOGLE] } }, response: { status: 200 } },
    ]);
    expect(loginsShown(records[0]!)).toHaveLength(2);
    expect(answer.logins.map(({ kind }) => kind)).toEqual(['oidc']);
    expect(answer.identity!.identityId).toBe(both.identity!.identityId);
    expect(await linked(answer)).toEqual([(await standIn('oidc')).provider]);

    const other = await addDevice(bench, 'Other', (await phone.state()).app);
    expect((await link(other, 'google', person)).identity!.identityId).not.toBe(both.identity!.identityId);
    await expect(phone.act({ do: 'unlink-login', provider: 'google' })).rejects.toThrow('NotLinked');
    // Unlinked, it is nobody's: the identity may have another one.
    expect((await link(phone, 'google')).identity!.identityId).toBe(both.identity!.identityId);
  });

  it('[DV-LOGIN-6] leave nothing behind with the last, which AWS disables', async () => {
    const phone = await addDevice(bench, 'Phone', await makeApp());
    const before = await link(phone, 'google');
    const after = await phone.act({ do: 'unlink-login', provider: GOOGLE });
    expect(after.identity).toBeUndefined();
    const guest = await phone.act({ do: 'get-credentials' });
    expect(guest.identity).toMatchObject({ guest: true });
    expect(guest.identity!.identityId).not.toBe(before.identity!.identityId);
  });

  it('[DV-LOGIN-7] of a provider that the pool does not list are refused with a hint', async () => {
    const phone = await addDevice(bench, 'Phone', await makePools(bench));
    await expect(link(phone, 'google')).rejects.toThrow('Token is not from a supported provider');
    expect(await phone.state()).toMatchObject({
      logins: [],
      lastError: { code: 'NotAuthorizedException', hint: expect.stringContaining('does not list') as string },
    });
    await expect(link(phone, 'google', 'nobody')).rejects.toThrow('google knows no person nobody');
    await expect(phone.act({ do: 'link-login', provider: 'no-such-provider', person: 'alice' })).rejects.toThrow(
      'no identity provider named',
    );
    const bare = await addDevice(bench, 'Bare', { region: 'us-east-1' });
    await expect(link(bare, 'google')).rejects.toThrow('NotConfigured');
  });

  it('[DV-LOGIN-4] are renewed by the provider when they are over, and show as expired where it will not', async () => {
    await using own = await startBench();
    const phone = await addDevice(own, 'Phone', await makeApp(own));
    const person = await newPerson('google', own);
    const before = await link(phone, 'google', person);
    await own.advance({ hours: 3 });
    const renewed = await phone.act({ do: 'get-credentials' });
    expect(renewed.identity!.identityId).toBe(before.identity!.identityId);
    expect(Date.parse(renewed.logins[0]!.expiresAt!) - Date.parse(before.logins[0]!.expiresAt!)).toBe(3 * 3_600_000);

    // A spoiled one is not kept: the next call asks for another.
    await own.advance({ hours: 3 });
    await own.call('POST', '/stand-ins/google/spoil', { what: 'wrong-key', once: true });
    await expect(phone.act({ do: 'get-credentials' })).rejects.toThrow("Couldn't verify signed token");
    expect((await phone.state()).logins).toEqual(renewed.logins);
    expect((await phone.act({ do: 'get-credentials' })).logins).not.toEqual(renewed.logins);

    await own.advance({ hours: 3 });
    await own.call('DELETE', `/stand-ins/google/people/${person}`);
    await expect(phone.act({ do: 'get-credentials' })).rejects.toThrow('knows no person');
    expect((await phone.state()).logins).toHaveLength(1);
  });

  it('[DV-FILE-1] [DV-FILE-3] stay on the device, and go with a wipe', async () => {
    const phone = await addDevice(bench, 'Phone', await makeApp());
    const { identity } = await link(phone, 'google');
    const wiped = await phone.act({ do: 'wipe', identityId: identity!.identityId });
    expect(wiped.logins).toEqual([]);
    expect(wiped.profiles).toMatchObject([{ identityId: 'unknown', owners: [] }]);
    await link(phone, 'google');
    expect((await phone.act({ do: 'wipe' })).logins).toEqual([]);
  });
});

describe('developer logins', () => {
  it('[DV-LOGIN-8] of a new user leave a guest the same identity; the backend asks, and the device shows its token', async () => {
    const phone = await addDevice(bench, 'Phone', await makeApp());
    const guest = await phone.act({ do: 'get-credentials' });
    const { answer, records } = await recorded(() => phone.act({ do: 'developer-login', user: 'dev-1' }));
    expect(records.map(({ operation, lane }) => [operation, lane.kind])).toEqual([
      ['DescribeIdentityPool', 'bench'],
      ['GetOpenIdTokenForDeveloperIdentity', 'bench'],
      ['GetCredentialsForIdentity', 'device'],
    ]);
    expect(loginsShown(records[2]!)).toEqual(['cognito-identity.amazonaws.com']);
    expect(answer.identity).toMatchObject({ identityId: guest.identity!.identityId, guest: false });
    expect(answer.logins).toEqual([{ provider: DEVELOPER, kind: 'developer', subject: 'dev-1', person: 'dev-1' }]);
    expect(await linked(answer)).toEqual([DEVELOPER]);
  });

  it('[DV-LOGIN-8] of a known user take along what a guest had here', async () => {
    const app = await makeApp();
    const first = await addDevice(bench, 'First', app);
    const owner = await first.act({ do: 'developer-login', user: 'dev-2' });
    const second = await addDevice(bench, 'Second', app);
    await second.act({ do: 'put', dataset: 'prefs', key: 'volume', value: '4' });
    await second.act({ do: 'synchronize', dataset: 'prefs' });
    const state = await second.act({ do: 'developer-login', user: 'dev-2' });
    expect(state.identity!.identityId).toBe(owner.identity!.identityId);
    await second.act({ do: 'synchronize', dataset: 'prefs' });
    expect(valuesOf(await first.act({ do: 'synchronize', dataset: 'prefs' }))).toEqual({ volume: '4' });
    const [from] = prefs(await second.state()).mergedDatasetNames;
    const done = await second.act({ do: 'merge', dataset: 'prefs', from: from!, keep: 'local' });
    expect(prefs(done).mergedDatasetNames).toEqual([]);
  });

  it('[DV-LOGIN-8] stand beside others, whose tokens the backend shows', async () => {
    const phone = await addDevice(bench, 'Phone', await makeApp());
    const google = await link(phone, 'google');
    const both = await phone.act({ do: 'developer-login', user: 'dev-3' });
    expect(both.identity!.identityId).toBe(google.identity!.identityId);
    expect(await linked(both)).toEqual([GOOGLE, DEVELOPER].sort());
    const three = await link(phone, 'facebook');
    expect(await linked(three)).toHaveLength(3);

    const { answer, records } = await recorded(() => phone.act({ do: 'unlink-login', provider: DEVELOPER }));
    expect(records.map(({ operation }) => operation)).toEqual(['UnlinkDeveloperIdentity']);
    expect(answer.logins.map(({ kind }) => kind)).toEqual(['google', 'facebook']);
    expect((await phone.act({ do: 'get-credentials' })).identity!.identityId).toBe(google.identity!.identityId);
  });

  it('[DV-LOGIN-8] [DV-LOGIN-3] are refused where another identity has the user, and without a developer provider', async () => {
    const app = await makeApp();
    const first = await addDevice(bench, 'First', app);
    await first.act({ do: 'developer-login', user: 'dev-4' });
    const second = await addDevice(bench, 'Second', app);
    const google = await link(second, 'google');
    await expect(second.act({ do: 'developer-login', user: 'dev-4' })).rejects.toThrow(
      'DeveloperUserAlreadyRegisteredException',
    );
    const { lastError: _refused, ...after } = await second.state();
    expect(after).toEqual(google);

    const plain = await addDevice(bench, 'Plain', await makePools(bench));
    await expect(plain.act({ do: 'developer-login', user: 'dev-5' })).rejects.toThrow('NoDeveloperProvider');
  });
});
