import { SetIdentityPoolRolesCommand } from '@aws-sdk/client-cognito-identity';
import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FoundIdentities, IdentityCounts, RoleChoiceView } from '../../src/shared/identity-views.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../harness/bench.ts';
import { ROOT, trusting } from '../services/iam/setup.ts';
import {
  createPool,
  createUserPool,
  getId,
  GUEST_ROLE,
  identityClient,
  signIn,
  USER_ROLE,
  type UserPool,
} from '../services/identity-pools/setup.ts';

const ENGINEER = `arn:aws:iam::${ACCOUNT}:role/Engineers`;
const rule = (Value: string, MatchType = 'Equals', RoleARN = ENGINEER) => ({
  Claim: 'custom:department',
  MatchType,
  Value,
  RoleARN,
});
const rules = (AmbiguousRoleResolution: string, ...Rules: ReturnType<typeof rule>[]) => ({
  Type: 'Rules',
  AmbiguousRoleResolution,
  RulesConfiguration: { Rules },
});

let bench: TestBench;
let people: UserPool;
let poolId: string;
let provider: string;

beforeAll(async () => {
  bench = await startBench();
  people = await createUserPool(bench);
  poolId = await createPool(bench, [people]);
  provider = `${people.provider}:${people.clientId}`;
});
afterAll(() => bench.stop());

const ask = (question: object, pool = poolId) =>
  bench.call<RoleChoiceView>('POST', `/identity-pools/${pool}/role-choice`, question);

describe('trying which role somebody would get', () => {
  it('[IP-TRY-1] asks the mapping that is not saved yet, and saves nothing', async () => {
    const mapping = rules('Deny', rule('Sales'), rule('Eng', 'StartsWith'));
    const choice = await ask({ provider, claims: { 'custom:department': 'Engineering' }, mapping });
    expect(choice).toMatchObject({
      chosen: true,
      roleArn: ENGINEER,
      rule: 'IP-MAP-3',
      inputs: { rules: [{ matches: false }, { matches: true, claim: 'Engineering' }] },
    });
    expect(await ask({ provider, claims: { 'custom:department': 'Law' }, mapping })).toMatchObject({
      chosen: false,
      because: 'ambiguous',
      inputs: { resolution: 'Deny' },
    });
    expect(bench.services.identityPools.find(ACCOUNT, poolId)!.roleMappings).toEqual({});
    const unsaved = await ask({ provider, claims: { 'custom:department': 'Engineering' } });
    expect(unsaved).toMatchObject({ roleArn: USER_ROLE, rule: 'IP-CREDS-1' });
  });

  it('[IP-TRY-1] asks the saved mapping, or none in its place, and knows guests', async () => {
    await new IAMClient(bench.sdk).send(
      new CreateRoleCommand({ RoleName: 'Engineers', AssumeRolePolicyDocument: trusting(ROOT) }),
    );
    const saved = await createPool(bench, [people]);
    await identityClient(bench).send(
      new SetIdentityPoolRolesCommand({
        IdentityPoolId: saved,
        Roles: { authenticated: USER_ROLE, unauthenticated: GUEST_ROLE },
        RoleMappings: { [provider]: rules('Deny', rule('Engineering')) as never },
      }),
    );
    const claims = { 'custom:department': 'Engineering' };
    expect(await ask({ provider, claims }, saved)).toMatchObject({ roleArn: ENGINEER });
    expect(await ask({ provider, claims, customRoleArn: USER_ROLE }, saved)).toMatchObject({
      because: 'not-permitted',
    });
    expect(await ask({ provider, claims, mapping: null }, saved)).toMatchObject({ roleArn: USER_ROLE });
    expect(await ask({}, saved)).toMatchObject({ roleArn: GUEST_ROLE, inputs: { state: 'unauthenticated' } });
    expect(await ask({ roles: {} }, saved)).toMatchObject({ chosen: false, because: 'no-role' });
  });

  it('[IP-TRY-2] ends with the verdict of the role’s trust policy, and makes no role', async () => {
    const iam = new IAMClient(bench.sdk);
    const make = (RoleName: string, document: string) =>
      iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document }));
    const open = (pool: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Federated: 'cognito-identity.amazonaws.com' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { 'cognito-identity.amazonaws.com:aud': pool },
            'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
          },
        },
      });
    await make('OpenHere', open(poolId));
    await make('OpenElsewhere', open(`${REGION}:00000000-0000-4000-8000-000000000000`));
    const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const trust = async (name: string, question: object) =>
      (await ask({ ...question, roles: { authenticated: role(name), unauthenticated: role(name) } })).trust;
    const login = { provider, claims: {} };
    expect(await trust('OpenHere', login)).toMatchObject({ trusted: true });
    expect(await trust('OpenHere', {})).toMatchObject({
      trusted: false,
      decided: expect.stringContaining('amr') as string,
    });
    expect(await trust('OpenElsewhere', login)).toMatchObject({
      trusted: false,
      decided: expect.stringContaining('aud') as string,
    });
    expect(await trust('NotMadeYet', login)).toBeUndefined();
    expect(bench.services.iamRoles.find(ACCOUNT, 'NotMadeYet')).toBeUndefined();
  });

  it('[IP-TRY-1] takes the claims of a user’s next ID token', async () => {
    const idp = new CognitoIdentityProviderClient(bench.sdk);
    const { idToken } = await signIn(bench, people, 'alice');
    await idp.send(new CreateGroupCommand({ UserPoolId: people.id, GroupName: 'Admins', RoleArn: ENGINEER }));
    await idp.send(new AdminAddUserToGroupCommand({ UserPoolId: people.id, GroupName: 'Admins', Username: 'alice' }));
    const user = { clientId: people.clientId, username: 'alice' };
    const choice = await ask({ provider, user, mapping: { Type: 'Token', AmbiguousRoleResolution: 'Deny' } });
    expect(choice).toMatchObject({ roleArn: ENGINEER, rule: 'IP-MAP-2', claims: { 'cognito:groups': ['Admins'] } });
    const token = JSON.parse(Buffer.from(idToken.split('.')[1]!, 'base64url').toString()) as object;
    const again = JSON.parse(
      Buffer.from((await signIn(bench, people, 'alice')).idToken.split('.')[1]!, 'base64url').toString(),
    ) as { [name: string]: unknown };
    for (const own of ['jti', 'origin_jti', 'event_id']) delete again[own];
    expect(choice.claims).toEqual(again);
    expect(token).not.toHaveProperty('cognito:groups');
  });

  it('[IP-TRY-1] says what it cannot answer', async () => {
    await expect(ask({}, `${REGION}:00000000-0000-4000-8000-000000000000`)).rejects.toThrow(/404/);
    await expect(ask({ claims: {} })).rejects.toThrow(/400.*provider/);
    await expect(ask({ provider, mapping: { Type: 'Dice' } })).rejects.toThrow(/400/);
    await expect(ask({ provider, user: { clientId: people.clientId, username: 'nobody' } })).rejects.toThrow(/404/);
    const response = await fetch(`${bench.url}/_bench/identity-pools/${poolId}/role-choice`, {
      method: 'POST',
      headers: { 'x-poolbench-account': '111111111111', 'content-type': 'application/json' },
      body: JSON.stringify({ provider, user: { clientId: people.clientId, username: 'alice' } }),
    });
    expect(response.status).toBe(404);
    const elsewhere = await fetch(`${bench.url}/_bench/identity-pools/${poolId}/identities`, {
      headers: { 'x-poolbench-account': '111111111111' },
    });
    expect(elsewhere.status).toBe(404);
  });
});

describe('the identities of a pool', () => {
  it('[IP-SEARCH-1] are found by the beginning of an id, by a part, and page by page', async () => {
    const pool = await createPool(bench, [people]);
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1) ids.push(await getId(bench, pool));
    ids.sort();
    const search = (query: string) => bench.call<FoundIdentities>('GET', `/identity-pools/${pool}/identities?${query}`);
    const all = await search('limit=4');
    expect(all.identities.map(({ id }) => id)).toEqual(ids.slice(0, 4));
    const rest = await search(`limit=4&after=${encodeURIComponent(all.next!)}`);
    expect(rest.identities.map(({ id }) => id)).toEqual(ids.slice(4));
    expect(rest.next).toBeUndefined();

    const [one] = ids;
    const uuid = one!.split(':')[1]!;
    for (const text of [one!, uuid, uuid.slice(0, 8), one!.slice(0, 20)]) {
      const found = await search(`search=${encodeURIComponent(text)}`);
      expect(found).toMatchObject({ by: 'beginning', identities: [{ id: one, state: 'guest', logins: [] }] });
    }
    expect(await search(`search=${uuid.slice(9)}`)).toMatchObject({ by: 'part', identities: [{ id: one }] });
    expect(await search('search=nothing')).toEqual({ by: 'part', identities: [] });
    expect(await search('search=%25')).toEqual({ by: 'part', identities: [] });
    await expect(search('limit=0')).rejects.toThrow(/400/);
  });

  it('[IP-SEARCH-1] are counted by state, and tell their providers', async () => {
    const pool = await createPool(bench, [people]);
    const { idToken } = await signIn(bench, people, 'counted');
    const counts = () => bench.call<IdentityCounts>('GET', `/identity-pools/${pool}/counts`);
    expect(await counts()).toEqual({ counted: 0, isWhole: true, guests: 0, authenticated: 0, disabled: 0 });
    await getId(bench, pool);
    const user = await getId(bench, pool, { [people.provider]: idToken });
    bench.services.identities.disable(await getId(bench, pool), bench.services.clock.now());
    expect(await counts()).toEqual({ counted: 3, isWhole: true, guests: 1, authenticated: 1, disabled: 1 });
    const { identities } = await bench.call<FoundIdentities>(
      'GET',
      `/identity-pools/${pool}/identities?search=${user}`,
    );
    expect(identities).toMatchObject([{ state: 'authenticated', logins: [people.provider], developerUsers: [] }]);
  });
});
