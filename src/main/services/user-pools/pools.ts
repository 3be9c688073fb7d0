import type {
  CreateUserPoolRequest,
  CreateUserPoolResponse,
  DeleteUserPoolRequest,
  DescribeUserPoolRequest,
  DescribeUserPoolResponse,
  ListUserPoolsRequest,
  ListUserPoolsResponse,
  UpdateUserPoolRequest,
  UpdateUserPoolResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { USER_POOL_QUOTAS } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import { type Call, family, notBuilt } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { poolResource, requirePool } from './lookup.ts';
import { poolSchema } from './policies/attribute-schema.ts';
import { configurationProblem, type PoolRequest, poolSettings } from './policies/pool-configuration.ts';
import { unbuiltPoolSetting } from './policies/unbuilt-settings.ts';
import { userPoolType } from './wire.ts';

type Needs = Pick<Services, 'config' | 'ids' | 'random' | 'store' | 'userPools'>;

export const pools = family<'cognito-idp', Needs>('cognito-idp', 'pools', {
  CreateUserPool: { run: createUserPool },
  DescribeUserPool: { resources: poolResource, run: describeUserPool },
  UpdateUserPool: { resources: poolResource, run: updateUserPool },
  DeleteUserPool: { resources: poolResource, run: deleteUserPool },
  ListUserPools: { run: listUserPools },
  CreateUserPoolReplica: notBuilt('replicas of user pools'),
  DeleteUserPoolReplica: notBuilt('replicas of user pools'),
  ListUserPoolReplicas: notBuilt('replicas of user pools'),
  UpdateUserPoolReplica: notBuilt('replicas of user pools'),
});

function checkConfiguration(call: Call, asked: PoolRequest): void {
  enforce(call.why, 'UP-POOL-3', 'The settings fit together.', configurationProblem(asked));
  enforce(call.why, 'UP-POOL-2', 'Every setting that changes signing in is built.', unbuiltPoolSetting(asked));
}

function createUserPool(input: CreateUserPoolRequest, call: Call, services: Needs): CreateUserPoolResponse {
  const { config, ids, random, store, userPools } = services;
  const { PoolName: name, Schema: declared, ...asked } = input;
  checkConfiguration(call, asked);
  const quotas = USER_POOL_QUOTAS[config.limits];
  const schema = poolSchema(declared ?? [], quotas.customAttributesPerPool);
  if (!Array.isArray(schema)) throw call.why.refuse('UP-POOL-4', schema.decided, schema.fault);
  call.why.pass('UP-POOL-4', 'The attributes of the schema are well formed.', { attributes: schema.length });

  const pool = store.write((tx) => {
    if (userPools.count(call.account, call.region) >= quotas.userPoolsPerRegion) {
      throw call.why.refuse(
        'UP-POOL-9',
        'The account has as many user pools as its quota allows.',
        // guessed wording: no source found
        fault('LimitExceededException', 'Exceeded the limit of user pools for this account.'),
      );
    }
    const id = ids.userPool(call.region);
    userPools.insert({
      id,
      account: call.account,
      region: call.region,
      name,
      settings: poolSettings(asked, {
        SchemaAttributes: schema,
        AliasAttributes: asked.AliasAttributes,
        UsernameAttributes: asked.UsernameAttributes,
        UsernameConfiguration: asked.UsernameConfiguration ?? { CaseSensitive: true },
      }),
      simulationSecret: random.bytes(32),
      createdAt: call.now,
      modifiedAt: call.now,
    });
    tx.announce('user-pool.changed', { account: call.account, userPoolId: id });
    return userPools.find(id)!;
  });
  call.why.choose('UP-POOL-1', 'What the request leaves out takes its default.', { userPool: pool.id });
  return { UserPool: userPoolType(pool) };
}

function describeUserPool(input: DescribeUserPoolRequest, call: Call, services: Needs): DescribeUserPoolResponse {
  return { UserPool: userPoolType(requirePool(call, input.UserPoolId, services)) };
}

function updateUserPool(input: UpdateUserPoolRequest, call: Call, services: Needs): UpdateUserPoolResponse {
  const { store, userPools } = services;
  const { UserPoolId: id, PoolName: name, ...asked } = input;
  requirePool(call, id, services);
  checkConfiguration(call, asked);
  store.write((tx) => {
    const pool = requirePool(call, id, services);
    const { SchemaAttributes, AliasAttributes, UsernameAttributes, UsernameConfiguration } = pool.settings;
    userPools.update({
      id,
      name: name ?? pool.name,
      settings: poolSettings(asked, {
        SchemaAttributes: SchemaAttributes ?? [],
        AliasAttributes,
        UsernameAttributes,
        UsernameConfiguration,
      }),
      modifiedAt: call.now,
    });
    tx.announce('user-pool.changed', { account: call.account, userPoolId: id });
  });
  call.why.choose('UP-POOL-5', 'An update replaces every setting; what it leaves out goes back to its default.');
  return {};
}

function deleteUserPool(input: DeleteUserPoolRequest, call: Call, services: Needs): void {
  const { store, userPools } = services;
  store.write((tx) => {
    const pool = requirePool(call, input.UserPoolId, services);
    if (pool.settings.DeletionProtection === 'ACTIVE') {
      throw call.why.refuse(
        'UP-POOL-7',
        'Deletion protection is active.',
        fault(
          'InvalidParameterException',
          'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
        ),
        { userPool: pool.id },
      );
    }
    userPools.delete(pool.id);
    tx.announce('user-pool.changed', { account: call.account, userPoolId: pool.id });
  });
  call.why.choose('UP-POOL-8', 'Clients, users, sessions, tokens and keys went with the pool.');
}

function listUserPools(input: ListUserPoolsRequest, call: Call, services: Needs): ListUserPoolsResponse {
  const scope = `ListUserPools:${call.account}:${call.region}`;
  const after = input.NextToken === undefined ? '' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw badPageToken(call);
  const found = services.userPools.list(call.account, call.region, after, input.MaxResults + 1);
  const page = found.slice(0, input.MaxResults);
  const last = page.at(-1);
  return {
    UserPools: page.map((pool) => ({
      Id: pool.id,
      Name: pool.name,
      LambdaConfig: pool.settings.LambdaConfig ?? {},
      LastModifiedDate: pool.modifiedAt,
      CreationDate: pool.createdAt,
    })),
    ...(found.length > page.length && last ? { NextToken: pageToken(scope, last.id) } : {}),
  };
}

export function badPageToken(call: Call): Error {
  return call.why.refuse(
    'UP-LIST-1',
    'The page token was not made for this listing.',
    // text from memory
    fault('InvalidParameterException', 'Invalid pagination token given.'),
  );
}
