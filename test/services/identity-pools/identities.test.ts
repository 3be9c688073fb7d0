import {
  DeleteIdentitiesCommand,
  DescribeIdentityCommand,
  GetIdCommand,
  ListIdentitiesCommand,
  UnlinkIdentityCommand,
  UpdateIdentityPoolCommand,
  CognitoIdentityClient,
} from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProviderClient, GlobalSignOutCommand } from '@aws-sdk/client-cognito-identity-provider';
import {
  CognitoSyncClient,
  ListDatasetsCommand,
  ListRecordsCommand,
  UpdateRecordsCommand,
} from '@aws-sdk/client-cognito-sync';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import type { BenchEvent } from '../../../src/shared/events.ts';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import {
  createAppClient,
  createPool,
  createUserPool,
  getCredentials,
  getId,
  identityClient,
  refusal,
  signIn,
  type UserPool,
} from './setup.ts';

let bench: TestBench;
let identity: CognitoIdentityClient;
let people: UserPool;
let staff: UserPool;
let poolId: string;

beforeAll(async () => {
  bench = await startBench();
  identity = identityClient(bench);
  people = await createUserPool(bench);
  staff = await createUserPool(bench);
});
afterAll(() => bench.stop());

beforeEach(async () => {
  poolId = await createPool(bench, [people, staff]);
});

const login = async (pool: UserPool, username: string): Promise<{ [provider: string]: string }> => ({
  [pool.provider]: (await signIn(bench, pool, username)).idToken,
});
const describeIdentity = (IdentityId: string) => identity.send(new DescribeIdentityCommand({ IdentityId }));
const FORBIDDEN = (id: string) => refusal('NotAuthorizedException', `Access to Identity '${id}' is forbidden.`);
const NO_MATCH = refusal(
  'NotAuthorizedException',
  `Logins don't match. Please include at least one valid login for this identity or identity pool.`,
);
const UNSUPPORTED = refusal('NotAuthorizedException', 'Token is not from a supported provider of this identity pool.');
const CONFLICT = refusal('ResourceConflictException', 'Given login is already linked to another account.');

describe('guests', () => {
  it('[IP-GUEST-2] makes a new one on every call, also with empty logins', async () => {
    const ids = [await getId(bench, poolId), await getId(bench, poolId), await getId(bench, poolId, {})];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids)
      expect(id).toMatch(/^us-east-1:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('[IP-GUEST-1] has none in a pool without guests, nor in one that stopped having them', async () => {
    const expected = refusal(
      'NotAuthorizedException',
      'Unauthenticated access is not supported for this identity pool.',
    );
    const guest = await getId(bench, poolId);
    await identity.send(
      new UpdateIdentityPoolCommand({
        IdentityPoolId: poolId,
        IdentityPoolName: 'x',
        AllowUnauthenticatedIdentities: false,
      }),
    );
    await expect(getId(bench, poolId)).rejects.toMatchObject(expected);
    await expect(getCredentials(bench, guest)).rejects.toMatchObject(expected);
  });
});

describe('logins of user pools', () => {
  it('[IP-LINK-1] leads a user to the same identity always, whichever way the user pool is spelled', async () => {
    const { idToken } = await signIn(bench, people, 'same');
    const id = await getId(bench, poolId, { [people.provider]: idToken });
    expect(await getId(bench, poolId, await login(people, 'same'))).toBe(id);
    // [IP-LOGIN-2]
    const local = `${new URL(bench.url).host}/${people.id}`;
    expect(await getId(bench, poolId, { [local]: idToken })).toBe(id);
    expect(await getId(bench, poolId, { [local]: idToken, [people.provider]: idToken })).toBe(id);
    expect((await describeIdentity(id)).Logins).toEqual([people.provider]);
  });

  it('[IP-LOGIN-9] gives the same user another identity in another pool, and keeps no subject', async () => {
    const logins = await login(people, 'twice');
    const elsewhere = await createPool(bench, [people]);
    const here = await getId(bench, poolId, logins);
    expect(await getId(bench, elsewhere, logins)).not.toBe(here);
    const kept = bench.services.identities.logins(here);
    const sub = JSON.parse(Buffer.from(logins[people.provider]!.split('.')[1]!, 'base64url').toString()) as {
      sub: string;
    };
    expect(JSON.stringify(kept)).not.toContain(sub.sub);
  });

  it('[IP-LOGIN-3] refuses a provider or an app client that the pool does not list', async () => {
    const { idToken } = await signIn(bench, people, 'unlisted');
    const onlyStaff = await createPool(bench, [staff]);
    await expect(getId(bench, onlyStaff, { [people.provider]: idToken })).rejects.toMatchObject(UNSUPPORTED);
    await expect(getId(bench, poolId, { 'graph.facebook.com': 'x' })).rejects.toMatchObject(UNSUPPORTED);
    await expect(getId(bench, poolId, { 'login.developer': 'x' })).rejects.toMatchObject(UNSUPPORTED);
    const otherClient = await createAppClient(bench, people.id);
    const other = await signIn(bench, { id: people.id, clientId: otherClient }, 'unlisted');
    await expect(getId(bench, poolId, { [people.provider]: other.idToken })).rejects.toMatchObject(UNSUPPORTED);
  });

  it('[IP-LOGIN-4] refuses a token of another user pool than its key says', async () => {
    const { idToken } = await signIn(bench, staff, 'mixed');
    await expect(getId(bench, poolId, { [people.provider]: idToken })).rejects.toMatchObject(
      refusal('NotAuthorizedException', `Invalid login token. Issuer doesn't match providerName`),
    );
  });

  it('[IP-LOGIN-5] refuses what is no token, and a forged one', async () => {
    const { idToken } = await signIn(bench, people, 'forger');
    await expect(getId(bench, poolId, { [people.provider]: 'nonsense' })).rejects.toMatchObject(
      refusal('NotAuthorizedException', 'Invalid login token. Not a valid OpenId Connect identity token.'),
    );
    const [header, payload] = idToken.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { [name: string]: unknown };
    const { privateKey } = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    );
    const { kid } = JSON.parse(Buffer.from(header!, 'base64url').toString()) as { kid: string };
    const forged = await new SignJWT({ ...claims, sub: 'somebody' })
      .setProtectedHeader({ kid, alg: 'RS256' })
      .sign(privateKey);
    await expect(getId(bench, poolId, { [people.provider]: forged })).rejects.toMatchObject(
      refusal('NotAuthorizedException', `Invalid login token. Couldn't verify signed token.`),
    );
  });

  it('[IP-LOGIN-6] refuses an access token', async () => {
    const { accessToken } = await signIn(bench, people, 'access');
    await expect(getId(bench, poolId, { [people.provider]: accessToken })).rejects.toMatchObject(
      refusal('NotAuthorizedException', 'Invalid login token. Missing a required claim: aud'),
    );
  });

  it('[IP-LOGIN-7] refuses an expired token, and says now and then', async () => {
    await using moved = await startBench();
    const pool = await createUserPool(moved);
    const identityPool = await createPool(moved, [pool]);
    const { idToken } = await signIn(moved, pool, 'late');
    const { exp } = JSON.parse(Buffer.from(idToken.split('.')[1]!, 'base64url').toString()) as { exp: number };
    await moved.advance({ minutes: 61 });
    const now = Math.floor(moved.services.clock.millis() / 1000);
    await expect(getId(moved, identityPool, { [pool.provider]: idToken })).rejects.toMatchObject(
      refusal('NotAuthorizedException', `Invalid login token. Token expired: ${now} >= ${exp}`),
    );
  });

  it('[IP-LOGIN-8] asks the user pool where ServerSideTokenCheck is on', async () => {
    const checking = await createPool(bench, [], {
      CognitoIdentityProviders: [
        { ProviderName: people.provider, ClientId: people.clientId, ServerSideTokenCheck: true },
      ],
    });
    const { idToken, accessToken } = await signIn(bench, people, 'leaver');
    const logins = { [people.provider]: idToken };
    const id = await getId(bench, checking, logins);
    await new CognitoIdentityProviderClient(bench.sdk).send(new GlobalSignOutCommand({ AccessToken: accessToken }));
    await expect(getId(bench, checking, logins)).rejects.toMatchObject(
      refusal('NotAuthorizedException', 'Invalid login token. Token is not valid.'),
    );
    await expect(getCredentials(bench, id, logins)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    expect(await getId(bench, poolId, logins)).toMatch(/^us-east-1:/);
  });

  it('[IP-LOGIN-1] notes on the trace what was checked, without the token', async () => {
    const { idToken } = await signIn(bench, people, 'traced');
    const records: TraceRecord[] = [];
    const stop = bench.follow((event) => {
      if (event.type === 'trace.closed') records.push(event.data.record);
    });
    await getId(bench, poolId, { [people.provider]: idToken });
    await vi.waitFor(() => expect(records.map(({ operation }) => operation)).toContain('GetId'));
    stop();
    const { reasons } = records.find(({ operation }) => operation === 'GetId')!;
    expect(reasons.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['IP-LOGIN-1', 'IP-LINK-1']));
    expect(JSON.stringify(reasons)).not.toContain(idToken.split('.')[1]);
  });

  it('[IP-LOGIN-10] fails as a whole when one token is bad', async () => {
    const good = await login(people, 'half');
    await expect(getId(bench, poolId, { ...good, [staff.provider]: 'nonsense' })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    const { Identities } = await identity.send(new ListIdentitiesCommand({ IdentityPoolId: poolId, MaxResults: 10 }));
    expect(Identities).toEqual([]);
  });
});

describe('linking and merging', () => {
  it('[IP-LINK-2] a guest that signs in keeps its id', async () => {
    const guest = await getId(bench, poolId);
    const logins = await login(people, 'newcomer');
    const { identityId } = await getCredentials(bench, guest, logins);
    expect(identityId).toBe(guest);
    expect(await getId(bench, poolId, logins)).toBe(guest);
    await expect(getCredentials(bench, guest)).rejects.toMatchObject(FORBIDDEN(guest));
  });

  it('[IP-LINK-3] a guest that signs in as a known user is merged into them, with its datasets', async () => {
    const facts: BenchEvent[] = [];
    const stop = bench.follow((event) => facts.push(event));
    const logins = await login(people, 'known');
    const owner = await getId(bench, poolId, logins);
    const guest = await getId(bench, poolId);
    const asGuest = new CognitoSyncClient({
      ...bench.sdk,
      credentials: (await getCredentials(bench, guest)).credentials,
    });
    const place = { IdentityPoolId: poolId, IdentityId: guest, DatasetName: 'notes' };
    const { SyncSessionToken } = await asGuest.send(new ListRecordsCommand(place));
    await asGuest.send(
      new UpdateRecordsCommand({
        ...place,
        SyncSessionToken,
        RecordPatches: [{ Op: 'replace', Key: 'k', Value: 'v', SyncCount: 0 }],
      }),
    );

    const entered = await getCredentials(bench, guest, logins);
    stop();
    expect(entered.identityId).toBe(owner);
    const asOwner = new CognitoSyncClient({ ...bench.sdk, credentials: entered.credentials });
    const { Datasets } = await asOwner.send(new ListDatasetsCommand({ IdentityPoolId: poolId, IdentityId: owner }));
    expect(Datasets!.map(({ DatasetName }) => DatasetName)).toEqual([`notes.${guest}`]);
    expect(facts).toContainEqual({
      type: 'identity.merged',
      data: { account: ACCOUNT, identityPoolId: poolId, from: guest, into: owner },
    });
    expect(facts).toContainEqual({
      type: 'identity.linked',
      data: { account: ACCOUNT, identityPoolId: poolId, identityId: owner, provider: people.provider },
    });

    // [IP-LINK-7]
    await expect(getCredentials(bench, guest)).rejects.toMatchObject(FORBIDDEN(guest));
    await expect(getCredentials(bench, guest, await login(staff, 'stranger'))).rejects.toMatchObject(FORBIDDEN(guest));
    expect((await getCredentials(bench, guest, logins)).identityId).toBe(owner);
  });

  it('[IP-LINK-1] a second provider is linked beside the first', async () => {
    const first = await login(people, 'two-sided');
    const second = await login(staff, 'two-sided');
    const id = await getId(bench, poolId, first);
    expect(await getId(bench, poolId, { ...first, ...second })).toBe(id);
    expect(await getId(bench, poolId, second)).toBe(id);
    expect((await describeIdentity(id)).Logins!.toSorted()).toEqual([people.provider, staff.provider].toSorted());
  });

  it('[IP-LINK-4] two users turn out to be one', async () => {
    const first = await login(people, 'one');
    const second = await login(staff, 'one');
    const kept = await getId(bench, poolId, first);
    const gone = await getId(bench, poolId, second);
    expect((await getCredentials(bench, kept, { ...first, ...second })).identityId).toBe(kept);
    expect(await getId(bench, poolId, second)).toBe(kept);
    await expect(getCredentials(bench, gone)).rejects.toMatchObject(FORBIDDEN(gone));
  });

  it('[IP-LINK-5] an identity has one login of a provider', async () => {
    const id = await getId(bench, poolId, { ...(await login(people, 'p')), ...(await login(staff, 'p')) });
    const other = await login(people, 'q');
    await expect(getCredentials(bench, id, { ...other, ...(await login(staff, 'p')) })).rejects.toMatchObject(CONFLICT);
  });

  it('[IP-LINK-6] somebody else’s login opens nothing', async () => {
    const mine = await getId(bench, poolId, await login(people, 'mine'));
    await expect(getCredentials(bench, mine, await login(people, 'yours'))).rejects.toMatchObject(NO_MATCH);
    await expect(getCredentials(bench, mine)).rejects.toMatchObject(FORBIDDEN(mine));
  });

  it('[IP-ID-1] does not find an unknown identity', async () => {
    const id = 'us-east-1:00000000-0000-4000-8000-000000000000';
    const expected = refusal('ResourceNotFoundException', `Identity '${id}' not found.`);
    await expect(getCredentials(bench, id)).rejects.toMatchObject(expected);
    await expect(describeIdentity(id)).rejects.toMatchObject(expected);
    const stranger = new CognitoIdentityClient(bench.sdkFor('111111111111'));
    const mine = await getId(bench, poolId);
    await expect(stranger.send(new DescribeIdentityCommand({ IdentityId: mine }))).rejects.toMatchObject(
      refusal('ResourceNotFoundException', `Identity '${mine}' not found.`),
    );
  });

  it('two calls at once with one new login make one identity', async () => {
    const logins = await login(people, 'hasty');
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => identity.send(new GetIdCommand({ IdentityPoolId: poolId, Logins: logins }))),
    );
    expect(new Set(ids.map(({ IdentityId }) => IdentityId)).size).toBe(1);
  });
});

describe('unlinking, listing, deleting', () => {
  const unlink = (IdentityId: string, Logins: { [provider: string]: string }, ...LoginsToRemove: string[]) =>
    identity.send(new UnlinkIdentityCommand({ IdentityId, Logins, LoginsToRemove }));

  it('[IP-UNLINK-2] an unlinked login is a new user; without its last one an identity is out of reach', async () => {
    const first = await login(people, 'unlinker');
    const second = await login(staff, 'unlinker');
    const id = await getId(bench, poolId, { ...first, ...second });
    await unlink(id, first, staff.provider, 'graph.facebook.com');
    expect((await describeIdentity(id)).Logins).toEqual([people.provider]);
    expect(await getId(bench, poolId, second)).not.toBe(id);
    await unlink(id, first, people.provider);
    await expect(getCredentials(bench, id, first)).rejects.toMatchObject(FORBIDDEN(id));
    expect(await getId(bench, poolId, first)).not.toBe(id);
  });

  it('[IP-UNLINK-1] needs a login of that identity', async () => {
    const id = await getId(bench, poolId, await login(people, 'keeper'));
    await expect(unlink(id, await login(people, 'thief'), people.provider)).rejects.toMatchObject(NO_MATCH);
    await expect(unlink(id, { [people.provider]: 'nonsense' }, people.provider)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    expect((await describeIdentity(id)).Logins).toEqual([people.provider]);
  });

  it('[IP-ID-3] describes an identity by its providers and dates', async () => {
    const guest = await getId(bench, poolId);
    const described = await describeIdentity(guest);
    expect(described).toMatchObject({
      IdentityId: guest,
      Logins: [],
      CreationDate: expect.any(Date) as Date,
      LastModifiedDate: expect.any(Date) as Date,
    });
  });

  it('[IP-LIST-1] lists every identity once, with or without the disabled', async () => {
    const logins = await login(people, 'lister');
    const owner = await getId(bench, poolId, logins);
    const guests = [await getId(bench, poolId), await getId(bench, poolId), await getId(bench, poolId)];
    await getCredentials(bench, guests[0]!, logins);
    const list = async (HideDisabled: boolean): Promise<string[]> => {
      const found: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await identity.send(
          new ListIdentitiesCommand({
            IdentityPoolId: poolId,
            MaxResults: 2,
            HideDisabled,
            ...(NextToken && { NextToken }),
          }),
        );
        found.push(...page.Identities!.map(({ IdentityId }) => IdentityId!));
        NextToken = page.NextToken;
      } while (NextToken);
      return found;
    };
    expect(await list(false)).toEqual([owner, ...guests].toSorted());
    expect(await list(true)).toEqual([owner, ...guests.slice(1)].toSorted());
    await expect(
      identity.send(new ListIdentitiesCommand({ IdentityPoolId: poolId, MaxResults: 2, NextToken: 'made-up' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[IP-ID-2] deletes what is there, and counts the unknown as deleted', async () => {
    const guest = await getId(bench, poolId);
    const { UnprocessedIdentityIds } = await identity.send(
      new DeleteIdentitiesCommand({
        IdentityIdsToDelete: [guest, 'us-east-1:00000000-0000-4000-8000-000000000000'],
      }),
    );
    expect(UnprocessedIdentityIds).toEqual([]);
    await expect(describeIdentity(guest)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
