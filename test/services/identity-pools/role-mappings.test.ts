import {
  type CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdentityPoolRolesCommand,
  GetOpenIdTokenCommand,
  SetIdentityPoolRolesCommand,
  type RoleMapping,
} from '@aws-sdk/client-cognito-identity';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/shared/trace.ts';
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
let mapped: string;

beforeAll(async () => {
  bench = await startBench();
  identity = identityClient(bench);
  people = await createUserPool(bench);
  mapped = `${people.provider}:${people.clientId}`;
});
afterAll(() => bench.stop());

const ADA_ROLE = `arn:aws:iam::${ACCOUNT}:role/Ada`;

const byName = (Value: string, resolution: RoleMapping['AmbiguousRoleResolution'] = 'Deny'): RoleMapping => ({
  Type: 'Rules',
  AmbiguousRoleResolution: resolution,
  RulesConfiguration: {
    Rules: [{ Claim: 'cognito:username', MatchType: 'Equals', Value, RoleARN: ADA_ROLE }],
  },
});

async function poolWith(RoleMappings: { [provider: string]: RoleMapping }): Promise<string> {
  const IdentityPoolId = await createPool(bench, [people]);
  await identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId,
      Roles: { authenticated: USER_ROLE, unauthenticated: GUEST_ROLE },
      RoleMappings,
    }),
  );
  return IdentityPoolId;
}

async function roleOf(poolId: string, username: string): Promise<string> {
  const logins = { [people.provider]: (await signIn(bench, people, username)).idToken };
  const id = await getId(bench, poolId, logins);
  const { credentials } = await getCredentials(bench, id, logins);
  const { Arn } = await new STSClient({ ...bench.sdk, credentials }).send(new GetCallerIdentityCommand({}));
  return Arn!.split('/')[1]!;
}

describe('role mappings', () => {
  it('[IP-MAP-3] [IP-MAP-5] choose the role by the claims of the token, and the trace says why', async () => {
    const poolId = await poolWith({ [mapped]: byName('ada', 'AuthenticatedRole') });
    expect(await roleOf(poolId, 'ada')).toBe('Ada');
    const { records } = await bench.call<{ records: TraceRecord[] }>('POST', '/trace/query', {
      operation: 'GetCredentialsForIdentity',
    });
    const trace = records[0];
    expect(trace!.reasons).toContainEqual(
      expect.objectContaining({
        rule: 'IP-MAP-3',
        outcome: 'choose',
        decided: 'Rule 1 is the first that matches: cognito:username Equals ada.',
      }),
    );
    expect(await roleOf(poolId, 'bob')).toBe('User');
  });

  it('[IP-MAP-5] deny where the mapping says so', async () => {
    const poolId = await poolWith({ [mapped]: byName('ada') });
    await expect(roleOf(poolId, 'bob')).rejects.toMatchObject(
      refusal('NotAuthorizedException', 'The ambiguous role mapping rules denied this request'),
    );
  });

  it('[IP-MAP-2] [IP-MAP-3] let a call ask for a role that it may have', async () => {
    const poolId = await poolWith({ [mapped]: byName('ada') });
    const Logins = { [people.provider]: (await signIn(bench, people, 'ada')).idToken };
    const IdentityId = await getId(bench, poolId, Logins);
    const ask = (CustomRoleArn: string) =>
      identity.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins, CustomRoleArn }));
    await ask(ADA_ROLE);
    await expect(ask(USER_ROLE)).rejects.toMatchObject(
      refusal('NotAuthorizedException', `Access to Role '${USER_ROLE}' is forbidden.`),
    );
  });

  it('[IP-MAP-1] leave guests their role', async () => {
    const poolId = await poolWith({ [mapped]: byName('ada') });
    const { credentials } = await getCredentials(bench, await getId(bench, poolId));
    const { Arn } = await new STSClient({ ...bench.sdk, credentials }).send(new GetCallerIdentityCommand({}));
    expect(Arn).toContain(':assumed-role/Guest/');
  });

  it('[IP-MAP-8] are for the enhanced flow alone', async () => {
    const poolId = await poolWith({ [mapped]: byName('ada') });
    const Logins = { [people.provider]: (await signIn(bench, people, 'ada')).idToken };
    const IdentityId = await getId(bench, poolId, Logins);
    await expect(identity.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))).rejects.toMatchObject(
      refusal(
        'InvalidParameterException',
        'Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.',
      ),
    );
    const guest = await getId(bench, poolId);
    expect((await identity.send(new GetOpenIdTokenCommand({ IdentityId: guest }))).Token).toBeDefined();
  });

  it('[IP-ROLES-3] come back as they were set, and go when they are left out', async () => {
    const poolId = await poolWith({ [mapped]: byName('ada') });
    const read = async () =>
      (await identity.send(new GetIdentityPoolRolesCommand({ IdentityPoolId: poolId }))).RoleMappings;
    expect(await read()).toEqual({ [mapped]: byName('ada') });
    await identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles: {} }));
    expect(await read()).toBeUndefined();
  });

  it('[IP-MAP-6] name a provider of the pool, a user pool with its app client', async () => {
    const IdentityPoolId = await createPool(bench, [people]);
    for (const provider of [people.provider, `${people.provider}:other`, 'accounts.google.com', 'nonsense']) {
      await expect(
        identity.send(
          new SetIdentityPoolRolesCommand({
            IdentityPoolId,
            Roles: {},
            RoleMappings: { [provider]: byName('ada') },
          }),
        ),
      ).rejects.toMatchObject(
        refusal(
          'InvalidParameterException',
          `(${provider}) is not a valid RoleMapping ProviderName or is not a configured provider.`,
        ),
      );
    }
    const { IdentityPoolId: social } = await identity.send(
      new CreateIdentityPoolCommand({
        IdentityPoolName: 'social',
        AllowUnauthenticatedIdentities: false,
        SupportedLoginProviders: { 'accounts.google.com': 'client' },
      }),
    );
    await identity.send(
      new SetIdentityPoolRolesCommand({
        IdentityPoolId: social,
        Roles: {},
        RoleMappings: { 'accounts.google.com': byName('ada') },
      }),
    );
  });

  it.each<[string, RoleMapping]>([
    ['an answer to what is ambiguous', { Type: 'Token' }],
    ['rules', { Type: 'Rules', AmbiguousRoleResolution: 'Deny' }],
    ['the right type', { ...byName('ada'), Type: 'Token' }],
    [
      'twenty-five rules at most',
      {
        Type: 'Rules',
        AmbiguousRoleResolution: 'Deny',
        RulesConfiguration: { Rules: Array.from({ length: 26 }, () => byName('x').RulesConfiguration!.Rules![0]!) },
      },
    ],
  ])('[IP-MAP-7] need %s', async (_name, mapping) => {
    await expect(poolWith({ [mapped]: mapping })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[IP-ROLES-2] name roles that the pool may be given', async () => {
    const mapping = byName('ada');
    mapping.RulesConfiguration!.Rules![0]!.RoleARN = 'arn:aws:iam::999999999999:role/Elsewhere';
    await expect(poolWith({ [mapped]: mapping })).rejects.toMatchObject({
      message: `Access to Role 'arn:aws:iam::999999999999:role/Elsewhere' is forbidden.`,
    });
  });
});
