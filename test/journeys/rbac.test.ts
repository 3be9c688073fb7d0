import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetIdentityPoolRolesCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessExplanation } from '../../src/shared/bench-api.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { ACCOUNT, REGION, startBench, type TestBench } from '../harness/bench.ts';

/** The walk of the documents: an engineer gets the engineers' role by the rule department Equals Engineering. */

const PASSWORD = 'Correct-Horse-9';
const COGNITO = 'cognito-identity.amazonaws.com';
const ENGINEERS = `arn:aws:iam::${ACCOUNT}:role/EngineersRole`;
const ACTIONS = ['s3:PutObject', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:BatchGetItem'];
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/TestApp`;

let bench: TestBench;
let users: CognitoIdentityProviderClient;
let clientId: string;
let provider: string;
let identityPoolId: string;

function trust(poolId: string, amr: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: COGNITO },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${COGNITO}:aud`]: poolId },
          'ForAnyValue:StringLike': { [`${COGNITO}:amr`]: amr },
        },
      },
    ],
  });
}

beforeAll(async () => {
  bench = await startBench();
  users = new CognitoIdentityProviderClient(bench.sdk);
  const identity = new CognitoIdentityClient(bench.sdk);
  const iam = new IAMClient(bench.sdk);

  const { UserPool } = await users.send(
    new CreateUserPoolCommand({
      PoolName: 'TestApp',
      Schema: [{ Name: 'department', AttributeDataType: 'String', Mutable: true }],
    }),
  );
  const userPoolId = UserPool!.Id!;
  const { UserPoolClient } = await users.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  clientId = UserPoolClient!.ClientId!;
  provider = `cognito-idp.${REGION}.amazonaws.com/${userPoolId}`;
  for (const [Username, department] of [
    ['ada', 'Engineering'],
    ['sam', 'Sales'],
  ] as const) {
    await users.send(
      new AdminCreateUserCommand({
        UserPoolId: userPoolId,
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'custom:department', Value: department }],
      }),
    );
    await users.send(
      new AdminSetUserPasswordCommand({ UserPoolId: userPoolId, Username, Password: PASSWORD, Permanent: true }),
    );
  }

  const { IdentityPoolId } = await identity.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'TestApp',
      AllowUnauthenticatedIdentities: false,
      CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId }],
    }),
  );
  identityPoolId = IdentityPoolId!;

  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: 'TestAppEngineerPolicy',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Sid: 'Engineers', Effect: 'Allow', Action: ACTIONS, Resource: '*' }],
      }),
    }),
  );
  for (const RoleName of ['EngineersRole', 'EverybodyRole']) {
    await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(identityPoolId, 'authenticated') }),
    );
  }
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'EngineersRole', PolicyArn: Policy!.Arn! }));
  await identity.send(
    new SetIdentityPoolRolesCommand({
      IdentityPoolId: identityPoolId,
      Roles: { authenticated: `arn:aws:iam::${ACCOUNT}:role/EverybodyRole` },
      RoleMappings: {
        [`${provider}:${clientId}`]: {
          Type: 'Rules',
          AmbiguousRoleResolution: 'AuthenticatedRole',
          RulesConfiguration: {
            Rules: [{ Claim: 'custom:department', MatchType: 'Equals', Value: 'Engineering', RoleARN: ENGINEERS }],
          },
        },
      },
    }),
  );
});
afterAll(() => bench.stop());

/** What an app does: sign in, then let the SDK fetch credentials for the token. */
async function credentialsOf(username: string) {
  const { AuthenticationResult } = await users.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD },
    }),
  );
  return fromCognitoIdentityPool({
    identityPoolId,
    logins: { [provider]: AuthenticationResult!.IdToken! },
    clientConfig: { endpoint: bench.url, region: REGION },
  })();
}

const explain = (principal: string, action: string, resource: string) =>
  bench.call<AccessExplanation>('POST', '/access/explain', { principal, action, resource });

describe('an engineer and a salesman', () => {
  it('[IP-MAP-3] get different roles from one rule, and the bench says why', async () => {
    const roleOf = async (username: string) => {
      const { Arn } = await new STSClient({ ...bench.sdk, credentials: await credentialsOf(username) }).send(
        new GetCallerIdentityCommand({}),
      );
      const { records } = await bench.call<{ records: TraceRecord[] }>('POST', '/trace/query', {
        operation: 'GetCredentialsForIdentity',
      });
      const why = records.at(-1)!.reasons.find(({ rule }) => rule.startsWith('IP-MAP-'));
      return [Arn!.split('/')[1], why?.rule, why?.decided];
    };
    expect(await roleOf('ada')).toEqual([
      'EngineersRole',
      'IP-MAP-3',
      'Rule 1 is the first that matches: custom:department Equals Engineering.',
    ]);
    expect(await roleOf('sam')).toEqual([
      'EverybodyRole',
      'IP-MAP-5',
      `No rule matches: it gets the pool's role for authenticated identities.`,
    ]);
  });

  it('[AC-EXPLAIN-1] may and may not put objects and query, with the statement that decides', async () => {
    const ada = await credentialsOf('ada');
    const sam = await credentialsOf('sam');
    for (const [action, resource] of [
      ['s3:PutObject', 'arn:aws:s3:::testapp/plan.txt'],
      ['dynamodb:Query', TABLE],
    ] as const) {
      expect(await explain(ada.accessKeyId, action, resource)).toMatchObject({
        decision: 'allowed',
        decided: 'Allowed by statement Engineers of TestAppEngineerPolicy.',
      });
      expect(await explain(sam.accessKeyId, action, resource)).toMatchObject({
        decision: 'implicit-deny',
        decided: 'No identity-based policy allows it.',
      });
    }
    expect(await explain(ada.accessKeyId, 'dynamodb:PutItem', TABLE)).toMatchObject({ decision: 'implicit-deny' });
  });

  it('[AC-SIM-1] are told apart by simulation as well', async () => {
    const { EvaluationResults } = await new IAMClient(bench.sdk).send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: ENGINEERS,
        ActionNames: [...ACTIONS, 's3:DeleteObject'],
        ResourceArns: [TABLE],
      }),
    );
    expect(EvaluationResults!.map(({ EvalDecision }) => EvalDecision)).toEqual([
      ...ACTIONS.map(() => 'allowed'),
      'implicitDeny',
    ]);
  });

  it('[IP-ROLES-3] are what the pool’s roles say', async () => {
    const { RoleMappings } = await new CognitoIdentityClient(bench.sdk).send(
      new GetIdentityPoolRolesCommand({ IdentityPoolId: identityPoolId }),
    );
    expect(RoleMappings![`${provider}:${clientId}`]).toMatchObject({ Type: 'Rules' });
  });
});
