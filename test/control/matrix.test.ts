import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessMatrix, AccessPolicy, PolicyFinding } from '../../src/shared/access.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../harness/bench.ts';

const COGNITO = 'cognito-identity.amazonaws.com';
const PUT = { action: 's3:PutObject', resource: 'arn:aws:s3:::drawings/bridge.txt' };
const OWN = { action: 's3:GetObject', resource: `arn:aws:s3:::notes/\${${COGNITO}:sub}/a.txt` };
const SYNC = { action: 'cognito-sync:ListDatasets', resource: '*' };
const STREAM = { action: 'kinesis:PutRecord', resource: '*' };

let bench: TestBench;
let iam: IAM;
let identityPoolId: string;
let userPoolId: string;
let clientId: string;

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Federated: COGNITO }, Action: 'sts:AssumeRoleWithWebIdentity' }],
});
const allowing = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((part) => ({ Effect: 'Allow', ...part })) });

async function createRole(name: string, policy: string): Promise<string> {
  const { Role } = await iam.createRole({ RoleName: name, AssumeRolePolicyDocument: trust });
  await iam.putRolePolicy({ RoleName: name, PolicyName: 'own', PolicyDocument: policy });
  return Role!.Arn!;
}

beforeAll(async () => {
  bench = await startBench();
  iam = new IAM(bench.sdk);
  const userPools = new CognitoIdentityProvider(bench.sdk);
  const identityPools = new CognitoIdentity(bench.sdk);
  const { UserPool } = await userPools.createUserPool({
    PoolName: 'people',
    Schema: [{ Name: 'department', AttributeDataType: 'String', Mutable: true }],
  });
  userPoolId = UserPool!.Id!;
  const { UserPoolClient } = await userPools.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'app',
    ReadAttributes: ['custom:department'],
  });
  clientId = UserPoolClient!.ClientId!;
  for (const [Username, department] of [
    ['emma', 'Engineering'],
    ['oscar', 'Sales'],
  ]) {
    const UserAttributes = [{ Name: 'custom:department', Value: department }];
    await userPools.adminCreateUser({ UserPoolId: userPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' });
  }
  const provider = `cognito-idp.${REGION}.amazonaws.com/${userPoolId}`;
  const pool = await identityPools.createIdentityPool({
    IdentityPoolName: 'pool',
    AllowUnauthenticatedIdentities: true,
    CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId }],
  });
  identityPoolId = pool.IdentityPoolId!;
  const engineers = await createRole('Engineers', allowing({ Action: 's3:PutObject', Resource: PUT.resource }));
  const members = await createRole(
    'Members',
    allowing({ Action: 's3:GetObject', Resource: `arn:aws:s3:::notes/\${${COGNITO}:sub}/*` }),
  );
  const guests = await createRole('Guests', allowing({ Action: ['kinesis:*', 'cognito-sync:*'], Resource: '*' }));
  await identityPools.setIdentityPoolRoles({
    IdentityPoolId: identityPoolId,
    Roles: { authenticated: members, unauthenticated: guests },
    RoleMappings: {
      [`${provider}:${clientId}`]: {
        Type: 'Rules',
        AmbiguousRoleResolution: 'AuthenticatedRole',
        RulesConfiguration: {
          Rules: [{ Claim: 'custom:department', MatchType: 'Equals', Value: 'Engineering', RoleARN: engineers }],
        },
      },
    },
  });
});
afterAll(() => bench.stop());

const ask = (more: object = {}): Promise<AccessMatrix> =>
  bench.call('POST', '/access/matrix', {
    identityPoolId,
    userPoolId,
    clientId,
    questions: [PUT, OWN, SYNC, STREAM],
    ...more,
  });

const told = ({ rows }: Pick<AccessMatrix, 'rows'>): unknown =>
  Object.fromEntries(
    rows.map(({ user, roleArn, cells }) => [
      user,
      [roleArn?.split('/').at(-1), ...cells.map(({ decision }) => decision === 'allowed')],
    ]),
  );

describe('the matrix of users and questions', () => {
  it('[AC-MATRIX-1] [AC-MATRIX-2] has the role of each and the verdict on each question', async () => {
    expect(told(await ask())).toEqual({
      // Streams are none of the services that guests may call, whatever their role says.
      guest: ['Guests', false, false, true, false],
      emma: ['Engineers', true, false, false, false],
      oscar: ['Members', false, true, false, false],
    });
  });

  it('[AC-MATRIX-1] shows what another claim would change, and changes nothing', async () => {
    const claims = { oscar: { 'custom:department': 'Engineering' } };
    const { rows } = await ask({ claims, usernames: ['oscar'], guests: false });
    expect(told({ rows })).toEqual({ oscar: ['Engineers', true, false, false, false] });
    expect(rows[0]!.claims['custom:department']).toBe('Engineering');
    expect(told(await ask({ usernames: ['oscar'], guests: false }))).toMatchObject({
      oscar: ['Members', false, true, false, false],
    });
  });

  it('[AC-MATRIX-1] says why there is no role, or that the role is gone', async () => {
    await iam.deleteRolePolicy({ RoleName: 'Members', PolicyName: 'own' });
    await iam.deleteRole({ RoleName: 'Members' });
    const { rows } = await ask({ usernames: ['oscar'], guests: false, questions: [OWN] });
    expect(rows[0]!.cells).toMatchObject([{ decision: 'no-role', decided: 'The role does not exist yet.' }]);
  });

  it('[AC-MATRIX-1] knows only pools and app clients of the account', async () => {
    await expect(ask({ identityPoolId: 'us-east-1:none' })).rejects.toThrow(/404.*NotFound/);
    await expect(ask({ clientId: 'none' })).rejects.toThrow(/404.*NotFound/);
    await expect(ask({ questions: [{ action: 'nonsense' }] })).rejects.toThrow(/400/);
    const response = await fetch(`${bench.url}/_bench/access/matrix`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-poolbench-account': '111111111111' },
      body: JSON.stringify({ identityPoolId, questions: [PUT] }),
    });
    expect(response.status).toBe(404);
  });
});

describe('policies as the page shows them', () => {
  it('[AC-POLICY-1] lists the managed policies with versions and those who have them', async () => {
    const document = allowing({ Action: 's3:*', Resource: '*' });
    const { Policy } = await iam.createPolicy({ PolicyName: 'Shared', PolicyDocument: document });
    const second = allowing({ Action: 's3:GetObject', Resource: '*' });
    await iam.createPolicyVersion({ PolicyArn: Policy!.Arn, PolicyDocument: second, SetAsDefault: true });
    await iam.attachRolePolicy({ RoleName: 'Engineers', PolicyArn: Policy!.Arn });
    expect(await bench.call<AccessPolicy[]>('GET', '/access/policies')).toMatchObject([
      {
        name: 'Shared',
        arn: `arn:aws:iam::${ACCOUNT}:policy/Shared`,
        defaultVersion: 'v2',
        document: second,
        versions: [{ id: 'v2' }, { id: 'v1', document }],
        attachedTo: ['role Engineers'],
      },
    ]);
  });

  it('[AC-LINT-9] are checked before they are stored', async () => {
    const check = (document: string): Promise<PolicyFinding[]> =>
      bench.call('POST', '/access/check', { document, kind: 'trust' });
    expect(await check('{')).toMatchObject([{ severity: 'error', message: 'Syntax errors in policy.' }]);
    expect(await check(trust)).toMatchObject([{ severity: 'warning', rule: 'AC-LINT-7' }, { severity: 'info' }]);
    const foreign = trust.replace(`"Federated":"${COGNITO}"`, `"AWS":"arn:aws:iam::${ACCOUNT}:role/Nobody"`);
    expect(await check(foreign)).toMatchObject([{ severity: 'error', message: /^Invalid principal in policy/ }]);
  });
});
