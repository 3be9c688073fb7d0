import {
  CreateIdentityPoolCommand,
  DeleteIdentityPoolCommand,
  DescribeIdentityCommand,
  DescribeIdentityPoolCommand,
  GetIdentityPoolRolesCommand,
  ListIdentityPoolsCommand,
  SetIdentityPoolRolesCommand,
  UpdateIdentityPoolCommand,
  CognitoIdentityClient,
} from '@aws-sdk/client-cognito-identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import {
  createPool,
  createUserPool,
  getId,
  GUEST_ROLE,
  identityClient,
  refusal,
  USER_ROLE,
  type UserPool,
} from './setup.ts';

let bench: TestBench;
let identity: CognitoIdentityClient;
let userPool: UserPool;

beforeAll(async () => {
  bench = await startBench();
  identity = identityClient(bench);
  userPool = await createUserPool(bench);
});
afterAll(() => bench.stop());

const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000';

describe('identity pools', () => {
  it('[IP-POOL-3] gives back what it was given, and leaves out what was never set', async () => {
    const settings = {
      IdentityPoolName: 'Notes app',
      AllowUnauthenticatedIdentities: false,
      SupportedLoginProviders: { 'graph.facebook.com': '123' },
      DeveloperProviderName: 'login.example.app',
      CognitoIdentityProviders: [
        { ProviderName: userPool.provider, ClientId: userPool.clientId, ServerSideTokenCheck: true },
      ],
      IdentityPoolTags: { team: 'red' },
    };
    const { $metadata: _, ...created } = await identity.send(new CreateIdentityPoolCommand(settings));
    expect(created).toEqual({
      ...settings,
      IdentityPoolId: expect.stringMatching(/^us-east-1:[0-9a-f-]{36}$/) as string,
    });

    const { IdentityPoolId } = created;
    const { $metadata: __, ...described } = await identity.send(new DescribeIdentityPoolCommand({ IdentityPoolId }));
    expect(described).toEqual(created);
    expect(described).not.toHaveProperty('AllowClassicFlow');
  });

  it('[IP-POOL-2] replaces the whole definition on update', async () => {
    const IdentityPoolId = await createPool(bench, [userPool], { AllowClassicFlow: true });
    const { $metadata: _, ...updated } = await identity.send(
      new UpdateIdentityPoolCommand({
        IdentityPoolId,
        IdentityPoolName: 'renamed',
        AllowUnauthenticatedIdentities: false,
      }),
    );
    expect(updated).toEqual({
      IdentityPoolId,
      IdentityPoolName: 'renamed',
      AllowUnauthenticatedIdentities: false,
      IdentityPoolTags: {},
    });
    const { Roles } = await identity.send(new GetIdentityPoolRolesCommand({ IdentityPoolId }));
    expect(Roles).toEqual({ authenticated: USER_ROLE, unauthenticated: GUEST_ROLE });
  });

  it('[IP-POOL-1] does not find an unknown pool, nor one of another account', async () => {
    const IdentityPoolId = await createPool(bench);
    const stranger = new CognitoIdentityClient(bench.sdkFor('111111111111'));
    await expect(stranger.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))).rejects.toMatchObject(
      refusal('ResourceNotFoundException', `IdentityPool '${IdentityPoolId}' not found.`),
    );
    const expected = refusal('ResourceNotFoundException', `IdentityPool '${unknown}' not found.`);
    for (const command of [
      new DescribeIdentityPoolCommand({ IdentityPoolId: unknown }),
      new DeleteIdentityPoolCommand({ IdentityPoolId: unknown }),
      new GetIdentityPoolRolesCommand({ IdentityPoolId: unknown }),
      new SetIdentityPoolRolesCommand({ IdentityPoolId: unknown, Roles: {} }),
      new UpdateIdentityPoolCommand({
        IdentityPoolId: unknown,
        IdentityPoolName: 'x',
        AllowUnauthenticatedIdentities: true,
      }),
    ]) {
      await expect(identity.send(command as DescribeIdentityPoolCommand)).rejects.toMatchObject(expected);
    }
    await expect(getId(bench, unknown)).rejects.toMatchObject(expected);
  });

  it('[IP-POOL-4] refuses user pools and app clients that do not exist', async () => {
    const other = await createUserPool(bench);
    const strangers = [
      { ProviderName: userPool.provider, ClientId: other.clientId },
      { ProviderName: userPool.provider, ClientId: 'nobody' },
      { ProviderName: `${userPool.provider}X`, ClientId: userPool.clientId },
      { ProviderName: userPool.provider.replace('us-east-1.', 'eu-west-1.'), ClientId: userPool.clientId },
      { ProviderName: 'accounts.google.com', ClientId: userPool.clientId },
      { ProviderName: userPool.provider },
    ];
    for (const stranger of strangers) {
      await expect(createPool(bench, [], { CognitoIdentityProviders: [stranger] })).rejects.toMatchObject(
        refusal('InvalidParameterException', 'Invalid Cognito Identity Provider'),
      );
    }
    const elsewhere = new CognitoIdentityClient(bench.sdkFor('111111111111'));
    await expect(
      elsewhere.send(
        new CreateIdentityPoolCommand({
          IdentityPoolName: 'x',
          AllowUnauthenticatedIdentities: true,
          CognitoIdentityProviders: [{ ProviderName: userPool.provider, ClientId: userPool.clientId }],
        }),
      ),
    ).rejects.toMatchObject(refusal('InvalidParameterException', 'Invalid Cognito Identity Provider'));
  });

  it('[IP-POOL-5] counts the user pool providers of a pool', async () => {
    const CognitoIdentityProviders = Array.from({ length: 51 }, () => ({
      ProviderName: userPool.provider,
      ClientId: userPool.clientId,
    }));
    await expect(createPool(bench, [], { CognitoIdentityProviders })).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  });

  it('[IP-POOL-6] keeps the name of a developer provider', async () => {
    const IdentityPoolId = await createPool(bench, [], { DeveloperProviderName: 'login.one' });
    const base = { IdentityPoolId, IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true };
    for (const changes of [{ DeveloperProviderName: 'login.two' }, {}]) {
      await expect(identity.send(new UpdateIdentityPoolCommand({ ...base, ...changes }))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
    const kept = await identity.send(new UpdateIdentityPoolCommand({ ...base, DeveloperProviderName: 'login.one' }));
    expect(kept.DeveloperProviderName).toBe('login.one');
  });

  it('[IP-POOL-7] takes its identities with it', async () => {
    const IdentityPoolId = await createPool(bench);
    const IdentityId = await getId(bench, IdentityPoolId);
    await identity.send(new DeleteIdentityPoolCommand({ IdentityPoolId }));
    await expect(identity.send(new DescribeIdentityCommand({ IdentityId }))).rejects.toMatchObject(
      refusal('ResourceNotFoundException', `Identity '${IdentityId}' not found.`),
    );
  });

  it('[IP-LIST-1] lists every pool once, page by page', async () => {
    const client = new CognitoIdentityClient(bench.sdkFor('222222222222'));
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const IdentityPoolName of names) {
      await client.send(new CreateIdentityPoolCommand({ IdentityPoolName, AllowUnauthenticatedIdentities: true }));
    }
    const found: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListIdentityPoolsCommand({ MaxResults: 2, ...(NextToken && { NextToken }) }));
      found.push(...page.IdentityPools!.map(({ IdentityPoolName }) => IdentityPoolName!));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(found.toSorted()).toEqual(names);
    await expect(
      client.send(new ListIdentityPoolsCommand({ MaxResults: 2, NextToken: 'made-up' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('roles of a pool', () => {
  it('[IP-ROLES-1] begins without roles, and replaces both at once', async () => {
    const { IdentityPoolId } = await identity.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true }),
    );
    const read = async () => (await identity.send(new GetIdentityPoolRolesCommand({ IdentityPoolId }))).Roles;
    expect(await read()).toEqual({});
    const set = (Roles: { [key: string]: string }) =>
      identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles }));
    await set({ authenticated: USER_ROLE, unauthenticated: GUEST_ROLE });
    await set({ unauthenticated: GUEST_ROLE });
    expect(await read()).toEqual({ unauthenticated: GUEST_ROLE });
    await expect(set({ administrator: USER_ROLE })).rejects.toMatchObject({
      name: expect.stringMatching(/^(InvalidParameterException|ValidationException)$/) as string,
    });
  });

  it('[IP-ROLES-2] [AC-ROLE-4] refuses what is no role of the account', async () => {
    const IdentityPoolId = await createPool(bench);
    for (const role of [
      'arn:aws:iam::111111111111:role/Elsewhere',
      `arn:aws:iam::${ACCOUNT}:user/Somebody`,
      `arn:aws:s3:::${ACCOUNT}-bucket-name`,
    ]) {
      await expect(
        identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { authenticated: role } })),
      ).rejects.toMatchObject(refusal('NotAuthorizedException', `Access to Role '${role}' is forbidden.`));
    }
  });

  it('[AC-ROLE-2] refuses an unknown role on a strict bench', async () => {
    await using strict = await startBench({ auth: 'strict' });
    await expect(createPool(strict)).rejects.toMatchObject(
      refusal('NotAuthorizedException', `Access to Role '${USER_ROLE}' is forbidden.`),
    );
  });
});
