import type { DeviceAction, ResourceCall } from '../../../shared/device.ts';
import { BenchError } from '../../kernel/fault.ts';
import { createResourceDeveloperClients, type ResourceDeveloperClients } from '../client.ts';
import { expectThat, type Stage } from '../script.ts';
import { isNamed } from '../sync-engine/engine.ts';
import { Performance, scriptOf, type Act } from './performance.ts';

const NAME = 'engineers-role';
const BUCKET = 'testapp-drawings';
const TABLE = 'TestAppTable';
const GROUP = 'AdminGroup';
const ROLE = 'EngineersRole';
const POLICY = 'TestAppEngineerPolicy';
const CLAIM = 'custom:department';
const EMMA = 'Emma’s phone';
const OSCAR = 'Oscar’s phone';
const DENIALS = new Set(['AccessDenied', 'AccessDeniedException']);

type ResourceAction = Omit<DeviceAction & { do: 'call-resource' }, 'do'>;

const PUT: ResourceAction = {
  service: 's3',
  operation: 'PutObject',
  input: { Bucket: BUCKET, Key: 'bridge.txt', Body: 'Span: 40 m' },
};
const QUERY: ResourceAction = {
  service: 'dynamodb',
  operation: 'Query',
  input: {
    TableName: TABLE,
    KeyConditionExpression: 'drawing = :drawing',
    ExpressionAttributeValues: { ':drawing': { S: 'bridge' } },
  },
};

/** The walk of AWS's announcement of fine-grained role-based access control, by real calls. */
class EngineersRole extends Performance {
  constructor(stage: Stage) {
    super(stage, NAME);
  }

  get #roleArn(): string {
    return `arn:aws:iam::${this.stage.account}:role/${ROLE}`;
  }

  async setUp(): Promise<void> {
    await this.setTheScene();
    const { userPoolId: UserPoolId, clientId: ClientId } = this.app;
    await this.asDeveloper(async ({ userPools }) => {
      await userPools.createGroup({ UserPoolId, GroupName: GROUP, Precedence: 0 });
      await userPools.addCustomAttributes({
        UserPoolId,
        CustomAttributes: [{ Name: 'department', AttributeDataType: 'String', Mutable: true }],
      });
      // An app client sees a custom attribute only when it is told to.
      const { UserPoolClient } = await userPools.describeUserPoolClient({ UserPoolId, ClientId });
      await userPools.updateUserPoolClient({
        UserPoolId,
        ClientId,
        ClientName: UserPoolClient?.ClientName,
        ExplicitAuthFlows: UserPoolClient?.ExplicitAuthFlows,
        ReadAttributes: ['email', CLAIM],
      });
    });
    await this.addUser('emma', { email: 'emma@example.test', [CLAIM]: 'Engineering' });
    await this.addUser('oscar', { email: 'oscar@example.test', [CLAIM]: 'Sales' });
    await this.asDeveloper(({ userPools }) =>
      userPools.adminAddUserToGroup({ UserPoolId, GroupName: GROUP, Username: 'emma' }),
    );
  }

  async makeResources(): Promise<void> {
    await this.#withResources(async ({ s3, dynamoDb }) => {
      await unless('BucketAlreadyOwnedByYou', s3.createBucket({ Bucket: BUCKET }));
      await unless(
        'ResourceInUseException',
        dynamoDb.createTable({
          TableName: TABLE,
          AttributeDefinitions: [{ AttributeName: 'drawing', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'drawing', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
      await dynamoDb.putItem({ TableName: TABLE, Item: { drawing: { S: 'bridge' }, budget: { N: '1200' } } });
    });
  }

  async makeRole(): Promise<void> {
    const { account, region } = this.stage;
    const trust = JSON.stringify(trustPolicy(this.app.identityPoolId));
    await this.#withResources(async ({ iam }) => {
      const isNew = await unless(
        'EntityAlreadyExistsException',
        iam.createRole({ RoleName: ROLE, AssumeRolePolicyDocument: trust }),
      );
      if (!isNew) await iam.updateAssumeRolePolicy({ RoleName: ROLE, PolicyDocument: trust });
      await iam.putRolePolicy({
        RoleName: ROLE,
        PolicyName: POLICY,
        PolicyDocument: JSON.stringify(engineerPolicy(`arn:aws:dynamodb:${region}:${account}:table/${TABLE}`)),
      });
    });
  }

  async addRule(): Promise<void> {
    const { identityPoolId: IdentityPoolId, userPoolId, clientId } = this.app;
    const provider = `cognito-idp.${this.stage.region}.amazonaws.com/${userPoolId}:${clientId}`;
    await this.asDeveloper(async ({ identityPools }) => {
      const { Roles } = await identityPools.getIdentityPoolRoles({ IdentityPoolId });
      await identityPools.setIdentityPoolRoles({
        IdentityPoolId,
        Roles,
        RoleMappings: {
          [provider]: {
            Type: 'Rules',
            AmbiguousRoleResolution: 'AuthenticatedRole',
            RulesConfiguration: {
              Rules: [{ Claim: CLAIM, MatchType: 'Equals', Value: 'Engineering', RoleARN: this.#roleArn }],
            },
          },
        },
      });
    });
  }

  /** Whatever the policies say, it is on the device's card afterwards. */
  async try(device: string, call: ResourceAction): Promise<ResourceCall> {
    try {
      await this.on(this.idOf(device), { do: 'call-resource', ...call });
    } catch (error) {
      if (!(error instanceof BenchError) || !DENIALS.has(error.code)) throw error;
    }
    const [made] = this.state(device).resourceCalls;
    expectThat(made !== undefined && made.operation === call.operation, `${device} made no call`);
    return made;
  }

  async #withResources(work: (developer: ResourceDeveloperClients) => Promise<void>): Promise<void> {
    const { url, account, region } = this.stage;
    const developer = await createResourceDeveloperClients(url, account, region);
    try {
      await work(developer);
    } finally {
      developer.close();
    }
  }
}

const acts: readonly Act<EngineersRole>[] = [
  {
    title: 'A pool of people with departments',
    text: 'A user pool with the group AdminGroup of precedence 0 and a custom attribute, department. Emma is in Engineering, Oscar in Sales.',
    play: (play) => play.setUp(),
  },
  {
    title: 'Something to guard',
    text: 'A bucket of S3 and a table of DynamoDB, on the bench’s own address.',
    play: (play) => play.makeResources(),
  },
  {
    title: 'EngineersRole',
    text: 'A role that signed-in identities of this pool may take. Its policy TestAppEngineerPolicy allows s3:PutObject, and to read the table.',
    play: (play) => play.makeRole(),
  },
  {
    title: 'A rule: department equals Engineering',
    text: 'The identity pool reads the claim of whoever signs in. Who matches gets EngineersRole; everybody else the default role.',
    play: (play) => play.addRule(),
  },
  {
    title: 'Emma signs in',
    text: 'Her ID token says custom:department = Engineering. The first rule matches, and her credentials are those of EngineersRole.',
    play: async (play) => {
      play.addDevice(EMMA);
      await play.signIn(EMMA, 'emma');
    },
  },
  {
    title: 'She puts an object',
    text: 'PutObject, signed by her credentials: the statement of TestAppEngineerPolicy allows it.',
    play: async (play) => {
      const { refused } = await play.try(EMMA, PUT);
      expectThat(refused === undefined, `Emma should be let through: ${refused?.message}`);
    },
  },
  {
    title: 'She queries the table',
    text: 'Query is on the list as well, so she gets the item.',
    play: async (play) => {
      const { refused } = await play.try(EMMA, QUERY);
      expectThat(refused === undefined, `Emma should be let through: ${refused?.message}`);
    },
  },
  {
    title: 'Oscar signs in',
    text: 'His token says Sales. No rule matches, so the ambiguous resolution decides: the default role of signed-in identities.',
    play: async (play) => {
      play.addDevice(OSCAR);
      await play.signIn(OSCAR, 'oscar');
    },
  },
  {
    title: 'His PutObject is denied',
    text: 'No policy of the default role speaks of S3, and what nobody allows is denied. Press Why on his card to see each statement.',
    play: async (play) => {
      const { refused } = await play.try(OSCAR, PUT);
      expectThat(refused?.code === 'AccessDenied', 'Oscar should have been denied');
    },
  },
  {
    title: 'And so is his Query',
    text: 'The same question for the table, with the same answer. Compare Why on both cards.',
    play: async (play) => {
      const { refused } = await play.try(OSCAR, QUERY);
      expectThat(refused?.code === 'AccessDeniedException', 'Oscar should have been denied');
    },
  },
];

export const engineersRole = scriptOf(
  {
    name: NAME,
    title: 'Engineers may, others may not',
    text: 'A rule on a claim gives one user a role that may write to S3 and read DynamoDB. Another user is denied, and the bench says why.',
  },
  (stage) => new EngineersRole(stage),
  acts,
);

function trustPolicy(identityPoolId: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': identityPoolId },
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
        },
      },
    ],
  };
}

function engineerPolicy(tableArn: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'PutDrawings', Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${BUCKET}/*` },
      {
        Sid: 'ReadTable',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:BatchGetItem'],
        Resource: tableArn,
      },
    ],
  };
}

/** Somebody played the story before. @returns whether it was made now */
async function unless(alreadyThere: string, making: Promise<unknown>): Promise<boolean> {
  try {
    await making;
    return true;
  } catch (error) {
    if (isNamed(error, alreadyThere)) return false;
    throw error;
  }
}
