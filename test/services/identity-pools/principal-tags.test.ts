import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  GetPrincipalTagAttributeMapCommand,
  ListIdentityPoolsCommand,
  SetIdentityPoolRolesCommand,
  SetPrincipalTagAttributeMapCommand,
} from '@aws-sdk/client-cognito-identity';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, policy, unique } from '../iam/setup.ts';
import {
  createPool,
  createUserPool,
  getCredentials,
  getId,
  identityClient,
  refusal,
  signIn,
  type UserPool,
} from './setup.ts';

const COGNITO = 'cognito-identity.amazonaws.com';
const PROVIDER = 'login.example.app';

let bench: TestBench;
let identity: CognitoIdentityClient;
let people: UserPool;
let poolId: string;
let roleName: string;

beforeAll(async () => {
  bench = await startBench();
  identity = identityClient(bench);
  people = await createUserPool(bench);
});
afterAll(() => bench.stop());

const trust = (...Action: string[]) =>
  policy({
    Effect: 'Allow',
    Principal: { Federated: COGNITO },
    Action,
    Condition: { StringEquals: { [`${COGNITO}:aud`]: poolId } },
  });

beforeEach(async () => {
  poolId = await createPool(bench, [people], { DeveloperProviderName: PROVIDER });
  roleName = unique('Tagged');
  const iam = new IAMClient(bench.sdk);
  await iam.send(
    new CreateRoleCommand({
      RoleName: roleName,
      AssumeRolePolicyDocument: trust('sts:AssumeRoleWithWebIdentity', 'sts:TagSession'),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: roleName,
      PolicyName: 'ada-only',
      PolicyDocument: policy(
        allow('cognito-identity:ListIdentityPools', '*', {
          Condition: { StringEquals: { 'aws:PrincipalTag/person': 'ada' } },
        }),
      ),
    }),
  );
  await identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId: poolId,
      Roles: { authenticated: `arn:aws:iam::${ACCOUNT}:role/${roleName}` },
    }),
  );
});

const setMap = async (more: object, IdentityProviderName = people.provider) => {
  const { $metadata: _, ...answer } = await identity.send(
    new SetPrincipalTagAttributeMapCommand({ IdentityPoolId: poolId, IdentityProviderName, ...more }),
  );
  return answer;
};

async function login(username: string) {
  const logins = { [people.provider]: (await signIn(bench, people, username)).idToken };
  return { logins, id: await getId(bench, poolId, logins) };
}

const list = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string }) =>
  new CognitoIdentityClient({ ...bench.sdk, credentials }).send(new ListIdentityPoolsCommand({ MaxResults: 1 }));

describe('principal tags', () => {
  it('[IP-ABAC-1] are claims of the login, which policies ask for', async () => {
    await setMap({ PrincipalTags: { person: 'cognito:username', missing: 'custom:none' } });
    const ada = await login('ada');
    const asAda = await getCredentials(bench, ada.id, ada.logins);
    await list(asAda.credentials);
    expect(bench.services.vendor.find(asAda.credentials.accessKeyId)).toMatchObject({ tags: { person: 'ada' } });
    const bob = await login('bob');
    await expect(list((await getCredentials(bench, bob.id, bob.logins)).credentials)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('[IP-ABAC-1] are the client and the user by default', async () => {
    await setMap({ UseDefaults: true });
    const { id, logins } = await login('carol');
    const { credentials } = await getCredentials(bench, id, logins);
    const { sub } = JSON.parse(Buffer.from(logins[people.provider]!.split('.')[1]!, 'base64url').toString()) as {
      sub: string;
    };
    expect(bench.services.vendor.find(credentials.accessKeyId)).toMatchObject({
      tags: { client: people.clientId, username: sub },
    });
  });

  it('[IP-ABAC-3] need sts:TagSession in the trust policy of the role', async () => {
    await setMap({ PrincipalTags: { person: 'cognito:username' } });
    await new IAMClient(bench.sdk).send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: roleName,
        PolicyDocument: trust('sts:AssumeRoleWithWebIdentity'),
      }),
    );
    const { id, logins } = await login('ada');
    await expect(getCredentials(bench, id, logins)).rejects.toMatchObject(
      refusal(
        'InvalidIdentityPoolConfigurationException',
        'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
      ),
    );
  });

  it('[IP-ABAC-4] [STS-WEB-7] travel in the token of the basic flow', async () => {
    await setMap({ PrincipalTags: { person: 'cognito:username' } });
    const { id, logins } = await login('ada');
    const { Token } = await identity.send(new GetOpenIdTokenCommand({ IdentityId: id, Logins: logins }));
    const claims = JSON.parse(Buffer.from(Token!.split('.')[1]!, 'base64url').toString()) as object;
    expect(claims).toMatchObject({
      'https://aws.amazon.com/tags': { principal_tags: { person: ['ada'] }, transitive_tag_keys: [] },
    });
    const assume = () =>
      new STSClient(bench.sdk).send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/${roleName}`,
          RoleSessionName: 'app',
          WebIdentityToken: Token!,
        }),
      );
    const { Credentials } = await assume();
    await list({
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    });
    await new IAMClient(bench.sdk).send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: roleName,
        PolicyDocument: trust('sts:AssumeRoleWithWebIdentity'),
      }),
    );
    await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('[IP-ABAC-4] of developer users come with the token', async () => {
    const { IdentityId, Token } = await identity.send(
      new GetOpenIdTokenForDeveloperIdentityCommand({
        IdentityPoolId: poolId,
        Logins: { [PROVIDER]: 'u-1' },
        PrincipalTags: { person: 'ada' },
      }),
    );
    await list((await getCredentials(bench, IdentityId!, { [COGNITO]: Token! })).credentials);
  });

  it('[IP-ABAC-2] come back as they were set', async () => {
    const read = async (IdentityProviderName: string) => {
      const { $metadata: _, ...answer } = await identity.send(
        new GetPrincipalTagAttributeMapCommand({ IdentityPoolId: poolId, IdentityProviderName }),
      );
      return answer;
    };
    await expect(read(people.provider)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const set = await setMap({ PrincipalTags: { person: 'name' } });
    expect(set).toEqual({
      IdentityPoolId: poolId,
      IdentityProviderName: people.provider,
      UseDefaults: false,
      PrincipalTags: { person: 'name' },
    });
    expect(await read(people.provider)).toEqual(set);
    expect(await setMap({ UseDefaults: true })).toMatchObject({ PrincipalTags: { client: 'aud', username: 'sub' } });
    await expect(setMap({}, 'accounts.google.com')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(setMap({ PrincipalTags: { a: 'x'.repeat(256), b: 'x'.repeat(256) } })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    const { IdentityPoolId } = await identity.send(
      new CreateIdentityPoolCommand({
        IdentityPoolName: 'amazon',
        AllowUnauthenticatedIdentities: false,
        SupportedLoginProviders: { 'www.amazon.com': 'amzn1.application.x' },
      }),
    );
    expect(await setMap({ IdentityPoolId, UseDefaults: true }, 'www.amazon.com')).toMatchObject({
      PrincipalTags: { username: 'user_id' },
    });
  });
});
