import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AccessMatrix } from '../../src/shared/access.ts';
import { REGION, startBench, type TestBench } from '../harness/bench.ts';

/** Where the matrix could promise what a real call would not keep. */
const PUT = { action: 's3:PutObject', resource: 'arn:aws:s3:::plans/bridge.txt' };
const COGNITO = 'cognito-identity.amazonaws.com';

let bench: TestBench;
let people: CognitoIdentityProvider;
let pools: CognitoIdentity;
let provider: string;
let userPoolId: string;
let clientId: string;
let identityPoolId: string;

beforeAll(async () => {
  bench = await startBench();
  people = new CognitoIdentityProvider(bench.sdk);
  pools = new CognitoIdentity(bench.sdk);
  const iam = new IAM(bench.sdk);
  const { UserPool } = await people.createUserPool({
    PoolName: 'people',
    UsernameConfiguration: { CaseSensitive: false },
    Schema: [{ Name: 'department', AttributeDataType: 'String', Mutable: true }],
  });
  userPoolId = UserPool!.Id!;
  clientId = await addClient();
  for (const [Username, Value] of [
    ['Emma', 'building'],
    ['Oscar', 'selling'],
  ]) {
    const UserAttributes = [{ Name: 'custom:department', Value }];
    await people.adminCreateUser({ UserPoolId: userPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' });
  }
  provider = `cognito-idp.${REGION}.amazonaws.com/${userPoolId}`;
  const pool = await pools.createIdentityPool({
    IdentityPoolName: 'no guests',
    AllowUnauthenticatedIdentities: false,
    CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId }],
  });
  identityPoolId = pool.IdentityPoolId!;
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: COGNITO },
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
  };
  const builders = {
    Effect: 'Allow',
    Action: 's3:PutObject',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalTag/team': 'building' } },
  };
  const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await iam.createRole({
    RoleName: 'Members',
    AssumeRolePolicyDocument: document(trust),
    Tags: [{ Key: 'team', Value: 'nobody' }],
  });
  await iam.putRolePolicy({ RoleName: 'Members', PolicyName: 'own', PolicyDocument: document(builders) });
  await pools.setIdentityPoolRoles({
    IdentityPoolId: identityPoolId,
    Roles: { authenticated: Role!.Arn!, unauthenticated: Role!.Arn! },
  });
  await pools.setPrincipalTagAttributeMap({
    IdentityPoolId: identityPoolId,
    IdentityProviderName: provider,
    UseDefaults: false,
    PrincipalTags: { team: 'custom:department' },
  });
});
afterAll(() => bench.stop());

async function addClient(): Promise<string> {
  const { UserPoolClient } = await people.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'app',
    ReadAttributes: ['custom:department'],
  });
  return UserPoolClient!.ClientId!;
}

const ask = (more: object = {}): Promise<AccessMatrix> =>
  bench.call('POST', '/access/matrix', { identityPoolId, userPoolId, clientId, questions: [PUT], ...more });

const told = ({ rows }: AccessMatrix): unknown =>
  Object.fromEntries(rows.map(({ user, cells }) => [user, cells.map(({ decision }) => decision).join(' ')]));

it('[AC-MATRIX-1] tags sessions by the claims that the pool maps, which win over the role’s own tags', async () => {
  expect(told(await ask({ guests: false }))).toEqual({ emma: 'allowed', oscar: 'implicit-deny' });
});

it('[AC-MATRIX-1] finds users by any case of their names, and their claims with them, once', async () => {
  const claims = { OSCAR: { 'custom:department': 'building' } };
  const matrix = await ask({ guests: false, usernames: ['OSCAR', 'oscar', 'nobody'], claims });
  expect(matrix.rows).toHaveLength(1);
  expect(told(matrix)).toEqual({ oscar: 'allowed' });
});

it('[AC-MATRIX-1] gives no role where the pool lets nobody in: guests, or an app that it does not list', async () => {
  const [guest] = (await ask()).rows;
  expect(guest).toMatchObject({ user: 'guest', rule: 'IP-GUEST-1', cells: [{ decision: 'no-role' }] });
  expect(guest).not.toHaveProperty('roleArn');
  await expect(pools.getId({ IdentityPoolId: identityPoolId })).rejects.toThrow('Unauthenticated access');

  const { rows } = await ask({ guests: false, clientId: await addClient() });
  expect(rows.map(({ rule, roleArn }) => [rule, roleArn])).toEqual([
    ['IP-LOGIN-3', undefined],
    ['IP-LOGIN-3', undefined],
  ]);
});

it('[AC-MATRIX-1] says whether these are all users, of whom it shows fifty', async () => {
  expect(await ask()).toMatchObject({ isWhole: true });
  for (let index = 0; index < 49; index += 1) {
    await people.adminCreateUser({ UserPoolId: userPoolId, Username: `u${index}`, MessageAction: 'SUPPRESS' });
  }
  const matrix = await ask({ guests: false });
  expect(matrix.rows).toHaveLength(50);
  expect(matrix).toMatchObject({ isWhole: false });
});
