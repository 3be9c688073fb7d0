import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  DescribeIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  LookupDeveloperIdentityCommand,
  MergeDeveloperIdentitiesCommand,
  SetIdentityPoolRolesCommand,
  UnlinkDeveloperIdentityCommand,
  type GetOpenIdTokenForDeveloperIdentityCommandInput,
} from '@aws-sdk/client-cognito-identity';
import {
  CognitoSyncClient,
  ListDatasetsCommand,
  ListRecordsCommand,
  UpdateRecordsCommand,
} from '@aws-sdk/client-cognito-sync';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
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

const PROVIDER = 'login.example.app';
const COGNITO = 'cognito-identity.amazonaws.com';

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
  poolId = await createPool(bench, [people], { DeveloperProviderName: PROVIDER });
});

async function openId(
  user: string,
  changes: Partial<GetOpenIdTokenForDeveloperIdentityCommandInput> = {},
): Promise<{ id: string; token: string }> {
  const { IdentityId, Token } = await identity.send(
    new GetOpenIdTokenForDeveloperIdentityCommand({
      IdentityPoolId: poolId,
      Logins: { [PROVIDER]: user },
      ...changes,
    }),
  );
  return { id: IdentityId!, token: Token! };
}

function claimsOf(token: string): { [claim: string]: unknown } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { [claim: string]: unknown };
}

const userLogin = async (username: string) => ({
  [people.provider]: (await signIn(bench, people, username)).idToken,
});

const lookup = async (input: object) => {
  const { $metadata: _, ...answer } = await identity.send(
    new LookupDeveloperIdentityCommand({ IdentityPoolId: poolId, ...input }),
  );
  return answer;
};

describe('GetOpenIdTokenForDeveloperIdentity', () => {
  it('[IP-DEV-1] gives the same identity for the same user, and a token for 15 minutes', async () => {
    const first = await openId('ada');
    expect((await openId('ada')).id).toBe(first.id);
    expect((await openId('bob')).id).not.toBe(first.id);
    const claims = claimsOf(first.token) as { exp: number; iat: number };
    expect(claims).toMatchObject({
      sub: first.id,
      aud: poolId,
      amr: ['authenticated', PROVIDER, `${PROVIDER}:${poolId}:ada`],
    });
    expect(claims.exp - claims.iat).toBe(900);
    const long = claimsOf((await openId('ada', { TokenDuration: 86_400 })).token) as { exp: number; iat: number };
    expect(long.exp - long.iat).toBe(86_400);
    const { Logins } = await identity.send(new DescribeIdentityCommand({ IdentityId: first.id }));
    expect(Logins).toEqual([PROVIDER]);
  });

  it('[IP-DEV-1] gives what buys credentials, in either flow', async () => {
    const { id, token } = await openId('ada');
    const { credentials } = await getCredentials(bench, id, { [COGNITO]: token });
    const sync = new CognitoSyncClient({ ...bench.sdk, credentials });
    expect((await sync.send(new ListDatasetsCommand({ IdentityPoolId: poolId, IdentityId: id }))).Count).toBe(0);
    const { AssumedRoleUser } = await new STSClient(bench.sdk).send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: USER_ROLE, RoleSessionName: 'app', WebIdentityToken: token }),
    );
    expect(AssumedRoleUser!.Arn).toMatch(/:assumed-role\/User\/app$/);
  });

  it('[IP-DEV-3] links the user to a guest, and to public logins', async () => {
    const guest = await getId(bench, poolId);
    expect((await openId('ada', { IdentityId: guest })).id).toBe(guest);
    const public_ = await userLogin('ada');
    const { id } = await openId('bob', { Logins: { [PROVIDER]: 'bob', ...public_ } });
    expect(await getId(bench, poolId, public_)).toBe(id);
    const { Logins } = await identity.send(new DescribeIdentityCommand({ IdentityId: id }));
    expect(Logins).toEqual([people.provider, PROVIDER]);
    // Without a login of its own: the backend vouches.
    expect((await openId('bob-too', { IdentityId: id })).id).toBe(id);
  });

  it('[IP-DEV-3] takes nothing from another identity', async () => {
    await openId('ada');
    const guest = await getId(bench, poolId);
    await expect(openId('ada', { IdentityId: guest })).rejects.toMatchObject({
      name: 'DeveloperUserAlreadyRegisteredException',
    });
    const public_ = await userLogin('taken');
    await getId(bench, poolId, public_);
    await expect(openId('new', { IdentityId: guest, Logins: { [PROVIDER]: 'new', ...public_ } })).rejects.toMatchObject(
      { name: 'ResourceConflictException' },
    );
    const elsewhere = await getId(bench, await createPool(bench));
    await expect(openId('new', { IdentityId: elsewhere })).rejects.toMatchObject(
      refusal('ResourceNotFoundException', `Identity '${elsewhere}' not found.`),
    );
  });

  it('[IP-DEV-2] needs the pool’s own developer provider', async () => {
    const text = 'This identity pool does not support the specified developer provider';
    await expect(openId('x', { Logins: { 'login.other.app': 'x' } })).rejects.toMatchObject(
      refusal('NotAuthorizedException', text),
    );
    await expect(openId('x', { Logins: await userLogin('only') })).rejects.toMatchObject({ message: text });
    await expect(openId('x', { IdentityPoolId: await createPool(bench) })).rejects.toMatchObject({ message: text });
    await expect(openId('x', { Logins: { [PROVIDER]: 'x', 'accounts.google.com': 'y' } })).rejects.toMatchObject({
      message: 'Token is not from a supported provider of this identity pool.',
    });
  });

  it('[IP-DEV-1] is for the developer: no client can vouch for a user', async () => {
    await expect(
      identity.send(new GetIdCommand({ IdentityPoolId: poolId, Logins: { [PROVIDER]: 'ada' } })),
    ).rejects.toMatchObject({ message: 'Token is not from a supported provider of this identity pool.' });
    const { credentials } = await getCredentials(bench, await getId(bench, poolId));
    const asGuest = new CognitoIdentityClient({ ...bench.sdk, credentials });
    await expect(
      asGuest.send(
        new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId: poolId, Logins: { [PROVIDER]: 'ada' } }),
      ),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('LookupDeveloperIdentity', () => {
  it('[IP-DEV-5] finds by user, by identity and by both', async () => {
    const { id } = await openId('ada');
    await openId('countess', { IdentityId: id });
    const found = { IdentityId: id, DeveloperUserIdentifierList: ['ada', 'countess'] };
    expect(await lookup({ DeveloperUserIdentifier: 'ada' })).toEqual(found);
    expect(await lookup({ IdentityId: id })).toEqual(found);
    expect(await lookup({ IdentityId: id, DeveloperUserIdentifier: 'countess' })).toEqual(found);
    const page = await lookup({ IdentityId: id, MaxResults: 1 });
    expect(page).toMatchObject({ DeveloperUserIdentifierList: ['ada'], NextToken: expect.any(String) as string });
    expect(await lookup({ IdentityId: id, NextToken: page.NextToken })).toEqual({
      ...found,
      DeveloperUserIdentifierList: ['countess'],
    });
    await expect(lookup({ IdentityId: id, NextToken: 'made-up' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('[IP-DEV-5] refuses what does not belong together, is not there, or is not asked', async () => {
    const { id } = await openId('ada');
    await openId('bob');
    await expect(lookup({ IdentityId: id, DeveloperUserIdentifier: 'bob' })).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    await expect(lookup({ DeveloperUserIdentifier: 'nobody' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(lookup({})).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('MergeDeveloperIdentities', () => {
  const merge = async (SourceUserIdentifier: string, DestinationUserIdentifier: string, changes: object = {}) =>
    (
      await identity.send(
        new MergeDeveloperIdentitiesCommand({
          IdentityPoolId: poolId,
          DeveloperProviderName: PROVIDER,
          SourceUserIdentifier,
          DestinationUserIdentifier,
          ...changes,
        }),
      )
    ).IdentityId!;

  it('[IP-DEV-6] makes the source a part of the destination, with its datasets', async () => {
    const source = await openId('old');
    const destination = await openId('new');
    const { credentials } = await getCredentials(bench, source.id, { [COGNITO]: source.token });
    const sync = new CognitoSyncClient({ ...bench.sdk, credentials });
    const place = { IdentityPoolId: poolId, IdentityId: source.id, DatasetName: 'notes' };
    const { SyncSessionToken } = await sync.send(new ListRecordsCommand(place));
    await sync.send(
      new UpdateRecordsCommand({
        ...place,
        SyncSessionToken,
        RecordPatches: [{ Op: 'replace', Key: 'k', Value: 'v', SyncCount: 0 }],
      }),
    );
    expect(await merge('old', 'new')).toBe(destination.id);
    expect(await merge('old', 'new')).toBe(destination.id);
    expect((await openId('old')).id).toBe(destination.id);
    expect(await lookup({ IdentityId: destination.id })).toMatchObject({
      DeveloperUserIdentifierList: ['new', 'old'],
    });
    await expect(getCredentials(bench, source.id, { [COGNITO]: source.token })).rejects.toMatchObject(
      refusal('NotAuthorizedException', `Access to Identity '${source.id}' is forbidden.`),
    );
    const developer = new CognitoSyncClient(bench.sdk);
    const { Datasets } = await developer.send(
      new ListDatasetsCommand({ IdentityPoolId: poolId, IdentityId: destination.id }),
    );
    expect(Datasets!.map(({ DatasetName }) => DatasetName)).toEqual([`notes.${source.id}`]);
  });

  it('[IP-DEV-6] [IP-DEV-4] refuses two users of one public provider, and counts twenty logins', async () => {
    await openId('a', { Logins: { [PROVIDER]: 'a', ...(await userLogin('first')) } });
    await openId('b', { Logins: { [PROVIDER]: 'b', ...(await userLogin('second')) } });
    await expect(merge('a', 'b')).rejects.toMatchObject({ name: 'ResourceConflictException' });

    const { id } = await openId('user0');
    for (let index = 1; index < 20; index += 1) await openId(`user${index}`, { IdentityId: id });
    await expect(openId('user20', { IdentityId: id })).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await openId('single');
    await expect(merge('single', 'user0')).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });

  it('[IP-DEV-2] [IP-DEV-5] needs users that are there', async () => {
    await openId('known');
    await expect(merge('unknown', 'known')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(merge('known', 'known', { DeveloperProviderName: 'login.other' })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
  });
});

describe('UnlinkDeveloperIdentity', () => {
  const unlink = (IdentityId: string, DeveloperUserIdentifier: string) =>
    identity.send(
      new UnlinkDeveloperIdentityCommand({
        IdentityId,
        IdentityPoolId: poolId,
        DeveloperProviderName: PROVIDER,
        DeveloperUserIdentifier,
      }),
    );

  it('[IP-DEV-7] makes the user a new one, and an identity without logins unreachable', async () => {
    const { id } = await openId('ada');
    await openId('countess', { IdentityId: id });
    await unlink(id, 'countess');
    expect((await openId('countess')).id).not.toBe(id);
    const { token } = await openId('ada');
    await unlink(id, 'ada');
    await expect(getCredentials(bench, id, { [COGNITO]: token })).rejects.toMatchObject({
      message: `Access to Identity '${id}' is forbidden.`,
    });
  });

  it('[IP-DEV-7] needs the identity that the user belongs to', async () => {
    const { id } = await openId('ada');
    const other = await openId('bob');
    await expect(unlink(other.id, 'ada')).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await expect(unlink(id, 'nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

it('a pool may have developers and guests alone', async () => {
  const { IdentityPoolId } = await identity.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'mine',
      AllowUnauthenticatedIdentities: false,
      DeveloperProviderName: PROVIDER,
    }),
  );
  await identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId,
      Roles: { authenticated: USER_ROLE, unauthenticated: GUEST_ROLE },
    }),
  );
  expect((await openId('ada', { IdentityPoolId: IdentityPoolId! })).id).toMatch(/^us-east-1:/);
});
