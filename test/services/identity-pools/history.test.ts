import {
  DeleteIdentitiesCommand,
  DeleteIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  MergeDeveloperIdentitiesCommand,
  UnlinkDeveloperIdentityCommand,
  UnlinkIdentityCommand,
  type CognitoIdentityClient,
} from '@aws-sdk/client-cognito-identity';
import { CognitoSyncClient, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IdentityEventView, IdentityHistoryView } from '../../../src/shared/identity-views.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import {
  createPool,
  createUserPool,
  getCredentials,
  getId,
  GUEST_ROLE,
  identityClient,
  signIn,
  USER_ROLE,
  type UserPool,
} from './setup.ts';

const DEVELOPER = 'login.example';

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
  poolId = await createPool(bench, [people, staff], { DeveloperProviderName: DEVELOPER });
});

const path = (id: string) => `/identity-pools/${poolId}/identities/${id}/history`;
const historyOf = (id: string) => bench.call<IdentityHistoryView>('GET', path(id));
const login = async (pool: UserPool, username: string): Promise<{ [provider: string]: string }> => ({
  [pool.provider]: (await signIn(bench, pool, username)).idToken,
});
const kinds = ({ events }: IdentityHistoryView): string[] => events.map(({ kind }) => kind);
const ofKind = <Kind extends IdentityEventView['kind']>({ events }: IdentityHistoryView, kind: Kind) =>
  events.filter((event) => event.kind === kind) as Extract<IdentityEventView, { kind: Kind }>[];
const developerIdentity = async (user: string): Promise<string> => {
  const { IdentityId } = await identity.send(
    new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId: poolId, Logins: { [DEVELOPER]: user } }),
  );
  return IdentityId!;
};

async function put(id: string, dataset: string): Promise<void> {
  const sync = new CognitoSyncClient(bench.sdk);
  const at = { IdentityPoolId: poolId, IdentityId: id, DatasetName: dataset };
  const { SyncSessionToken } = await sync.send(new ListRecordsCommand(at));
  const patch = { Op: 'replace', Key: 'k', Value: 'v', SyncCount: 0 } as const;
  await sync.send(new UpdateRecordsCommand({ ...at, SyncSessionToken, RecordPatches: [patch] }));
}

describe('the history of an identity', () => {
  it('[IP-HISTORY-1] begins as a guest or with a login, and tells providers but no person', async () => {
    const guest = await getId(bench, poolId);
    expect(await historyOf(guest)).toMatchObject({
      members: [{ id: guest, state: 'guest', logins: [], credentials: 0, datasets: [] }],
      events: [{ kind: 'created', identityId: guest, providers: [] }],
      isWhole: true,
    });
    const logins = await login(people, 'alice');
    const user = await getId(bench, poolId, logins);
    const history = await historyOf(user);
    expect(history.events).toMatchObject([{ kind: 'created', providers: [people.provider] }]);
    expect(history.members).toMatchObject([{ state: 'authenticated', logins: [people.provider] }]);
    const { sub } = JSON.parse(Buffer.from(logins[people.provider]!.split('.')[1]!, 'base64url').toString()) as {
      sub: string;
    };
    const kept = JSON.stringify(bench.services.identityHistory.of(poolId, user, 10));
    for (const secret of [sub, 'alice']) expect(kept).not.toContain(secret);
    // Asking again changes nothing.
    await getId(bench, poolId, logins);
    expect(kinds(await historyOf(user))).toEqual(['created']);
  });

  it('[IP-HISTORY-1] follows a guest who becomes a user, and links another login', async () => {
    const guest = await getId(bench, poolId);
    const bob = await login(people, 'bob');
    await getCredentials(bench, guest, bob);
    await getCredentials(bench, guest, { ...bob, ...(await login(staff, 'bob')) });
    const history = await historyOf(guest);
    expect(kinds(history)).toEqual(['created', 'login-added', 'credentials', 'login-added', 'credentials']);
    expect(ofKind(history, 'login-added').map(({ providers }) => providers)).toEqual([
      [people.provider],
      [staff.provider],
    ]);
  });

  it('[IP-HISTORY-2] [IP-HISTORY-5] tells what a merge carried over, from either side', async () => {
    const user = await getId(bench, poolId, await login(people, 'carol'));
    const guest = await getId(bench, poolId);
    await put(guest, 'prefs');
    await put(guest, 'scores');
    await getCredentials(bench, guest, await login(people, 'carol'));
    const history = await historyOf(guest);
    expect(ofKind(history, 'merged')).toMatchObject([
      {
        identityId: guest,
        into: user,
        providers: [],
        datasets: [
          { name: 'prefs', as: `prefs.${guest}` },
          { name: 'scores', as: `scores.${guest}` },
        ],
      },
    ]);
    expect(kinds(history)).toEqual(['created', 'created', 'merged', 'credentials']);
    expect(history.members).toMatchObject([
      { id: guest, state: 'disabled', mergedInto: user, datasets: [] },
      { id: user, state: 'authenticated', datasets: [`prefs.${guest}`, `scores.${guest}`] },
    ]);
    const { events, members } = await historyOf(user);
    expect(events).toEqual(history.events);
    expect(members.map(({ id }) => id)).toEqual([user, guest]);
  });

  it('[IP-HISTORY-5] walks along chains of merges, and no further', async () => {
    const stranger = await getId(bench, poolId);
    const [first, second, third] = [
      await developerIdentity('one'),
      await developerIdentity('two'),
      await developerIdentity('three'),
    ];
    const merge = (from: string, to: string) =>
      identity.send(
        new MergeDeveloperIdentitiesCommand({
          IdentityPoolId: poolId,
          DeveloperProviderName: DEVELOPER,
          SourceUserIdentifier: from,
          DestinationUserIdentifier: to,
        }),
      );
    await merge('one', 'two');
    await merge('two', 'three');
    for (const id of [first, second, third]) {
      const { members } = await historyOf(id);
      expect(members.map((member) => member.id).toSorted()).toEqual([first, second, third].toSorted());
    }
    expect(ofKind(await historyOf(first), 'merged')).toMatchObject([
      { identityId: first, into: second, providers: [DEVELOPER] },
      { identityId: second, into: third, providers: [DEVELOPER, DEVELOPER] },
    ]);
    expect((await historyOf(stranger)).members).toHaveLength(1);
  });

  it('[IP-HISTORY-6] ends somewhere: with a hundred identities, and the last 200 events of each', async () => {
    const survivor = await getId(bench, poolId);
    const { identityHistory, store, clock } = bench.services;
    const owner = (identityId: string) => ({
      account: '000000000000',
      identityPoolId: poolId,
      identityId,
      at: clock.now(),
    });
    store.write(() => {
      for (let index = 0; index < 150; index += 1) {
        identityHistory.add(owner(`us-east-1:guest-${index}`), 'merged', {}, survivor);
      }
      for (let index = 0; index < 250; index += 1) {
        identityHistory.add(owner(survivor), 'login-added', { providers: [`provider-${index}`] });
      }
    });
    const { members, events, isWhole } = await historyOf(survivor);
    expect(members).toHaveLength(100);
    expect(events).toHaveLength(99 + 200);
    expect(events.at(-1)).toMatchObject({ kind: 'login-added', providers: ['provider-249'] });
    expect(isWhole).toBe(false);
    // From the other end, too: the one that was asked for is among them.
    const from = await historyOf('us-east-1:guest-149');
    expect(from.members.slice(0, 2).map(({ id }) => id)).toEqual(['us-east-1:guest-149', survivor]);
    expect(from.members).toHaveLength(100);
  });

  it('[IP-HISTORY-1] tells unlinking, and that the last login disables', async () => {
    const logins = { ...(await login(people, 'dave')), ...(await login(staff, 'dave')) };
    const id = await getId(bench, poolId, logins);
    await identity.send(
      new UnlinkIdentityCommand({ IdentityId: id, Logins: logins, LoginsToRemove: [staff.provider] }),
    );
    await identity.send(
      new UnlinkIdentityCommand({ IdentityId: id, Logins: logins, LoginsToRemove: [staff.provider] }),
    );
    await identity.send(
      new UnlinkIdentityCommand({ IdentityId: id, Logins: logins, LoginsToRemove: [people.provider] }),
    );
    const history = await historyOf(id);
    expect(kinds(history)).toEqual(['created', 'login-unlinked', 'login-unlinked', 'disabled']);
    expect(history.members).toMatchObject([{ state: 'disabled', logins: [] }]);

    const developer = await developerIdentity('erin');
    await identity.send(
      new UnlinkDeveloperIdentityCommand({
        IdentityId: developer,
        IdentityPoolId: poolId,
        DeveloperProviderName: DEVELOPER,
        DeveloperUserIdentifier: 'erin',
      }),
    );
    expect(kinds(await historyOf(developer))).toEqual(['created', 'login-unlinked', 'disabled']);
  });

  it('[IP-HISTORY-1] has nothing of a change that was refused', async () => {
    const id = await getId(bench, poolId, await login(people, 'frank'));
    const other = await login(people, 'grace');
    await expect(getCredentials(bench, id, other)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(
      identity.send(new UnlinkIdentityCommand({ IdentityId: id, Logins: other, LoginsToRemove: [people.provider] })),
    ).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    expect(kinds(await historyOf(id))).toEqual(['created']);
  });

  it('[IP-HISTORY-4] tells the role of credentials and why, in both flows', async () => {
    const guest = await getId(bench, poolId);
    const { credentials } = await getCredentials(bench, guest);
    const { Token } = await identity.send(new GetOpenIdTokenCommand({ IdentityId: guest }));
    await new STSClient(bench.sdk).send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: GUEST_ROLE, RoleSessionName: 'app', WebIdentityToken: Token }),
    );
    const [enhanced, basic] = ofKind(await historyOf(guest), 'credentials');
    expect(enhanced).toMatchObject({
      accessKeyId: credentials.accessKeyId,
      role: GUEST_ROLE,
      rule: 'IP-CREDS-1',
      number: 1,
    });
    expect(enhanced!.decided).toContain('unauthenticated');
    expect(basic).toMatchObject({ role: GUEST_ROLE, rule: 'STS-WEB-2', number: 2 });
    const kept = JSON.stringify(bench.services.identityHistory.of(poolId, guest, 10));
    for (const secret of [credentials.secretAccessKey, credentials.sessionToken]) expect(kept).not.toContain(secret);
    const user = await getId(bench, poolId, await login(people, 'heidi'));
    await getCredentials(bench, user, await login(people, 'heidi'));
    expect(ofKind(await historyOf(user), 'credentials')).toMatchObject([{ role: USER_ROLE }]);
  });

  it('[IP-HISTORY-4] remembers the last 50 credentials and how many there were', async () => {
    const guest = await getId(bench, poolId);
    for (let count = 0; count < 53; count += 1) {
      await identity.send(new GetCredentialsForIdentityCommand({ IdentityId: guest }));
    }
    const history = await historyOf(guest);
    const numbers = ofKind(history, 'credentials').map(({ number }) => number);
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([50, 4, 53]);
    expect(history.members[0]!.credentials).toBe(53);
    expect(history.events[0]!.kind).toBe('created');
  });

  it('[IP-HISTORY-3] stays when the identity is deleted, once, and goes with the pool', async () => {
    const guest = await getId(bench, poolId);
    const remove = new DeleteIdentitiesCommand({ IdentityIdsToDelete: [guest, guest] });
    await identity.send(remove);
    await identity.send(remove);
    const history = await historyOf(guest);
    expect(kinds(history)).toEqual(['created', 'deleted']);
    expect(history.members).toMatchObject([{ state: 'deleted', datasets: [] }]);

    await identity.send(new DeleteIdentityPoolCommand({ IdentityPoolId: poolId }));
    await expect(historyOf(guest)).rejects.toThrow(/404.*no identity pool/);
    expect(bench.services.identityHistory.of(poolId, guest, 10)).toEqual([]);
  });

  it('[IP-HISTORY-3] is not for another account, and not of another pool', async () => {
    const guest = await getId(bench, poolId);
    const response = await fetch(`${bench.url}/_bench${path(guest)}`, {
      headers: { 'x-poolbench-account': '111111111111' },
    });
    expect(response.status).toBe(404);
    const elsewhere = await createPool(bench);
    await expect(bench.call('GET', `/identity-pools/${elsewhere}/identities/${guest}/history`)).rejects.toThrow(
      /never had an identity/,
    );
  });

  it('[IP-HISTORY-3] goes with a reset, of its account alone', async () => {
    await using other = await startBench();
    const pool = await createPool(other);
    const guest = await getId(other, pool);
    const reset = (account: string) =>
      fetch(`${other.url}/_bench/reset`, { method: 'POST', headers: { 'x-poolbench-account': account } });
    await reset('111111111111');
    expect(other.services.identityHistory.of(pool, guest, 10)).toHaveLength(1);
    await reset('000000000000');
    expect(other.services.identityHistory.of(pool, guest, 10)).toEqual([]);
  });
});
