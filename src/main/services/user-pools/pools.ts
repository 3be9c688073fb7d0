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
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { domainsOf } from './domains.ts';
import { enforce } from './enforce.ts';
import { requireNoImport } from './import-lock.ts';
import { poolResource, requirePool } from './lookup.ts';
import { poolSchema } from './policies/attribute-schema.ts';
import { factorsAfter, signInSettingsProblem } from './policies/mfa-configuration.ts';
import { configurationProblem, type PoolRequest, poolSettings } from './policies/pool-configuration.ts';
import { senderProblem } from './policies/senders.ts';
import { tagsProblem } from './policies/tags.ts';
import { triggerProblem } from './policies/trigger-configuration.ts';
import { unbuiltPoolSetting } from './policies/unbuilt-settings.ts';
import {
  createUserPoolReplica,
  deleteUserPoolReplica,
  listUserPoolReplicas,
  REPLICA_NOTE,
  updateUserPoolReplica,
} from './replicas.ts';
import { userPoolType } from './wire.ts';

type Needs = Pick<
  Services,
  'config' | 'domains' | 'ids' | 'importJobs' | 'random' | 'senders' | 'store' | 'userPoolReplicas' | 'userPools'
>;

export const pools = family<'cognito-idp', Needs>('cognito-idp', 'pools', {
  CreateUserPool: { run: createUserPool },
  DescribeUserPool: { resources: poolResource, run: describeUserPool },
  UpdateUserPool: { resources: poolResource, run: updateUserPool },
  DeleteUserPool: { resources: poolResource, run: deleteUserPool },
  ListUserPools: { run: listUserPools },
  CreateUserPoolReplica: { resources: poolResource, note: REPLICA_NOTE, run: createUserPoolReplica },
  DeleteUserPoolReplica: { resources: poolResource, note: REPLICA_NOTE, run: deleteUserPoolReplica },
  ListUserPoolReplicas: { resources: poolResource, run: listUserPoolReplicas },
  UpdateUserPoolReplica: { resources: poolResource, note: REPLICA_NOTE, run: updateUserPoolReplica },
});

function checkConfiguration(
  call: Call,
  asked: PoolRequest,
  region: string,
  { senders }: Pick<Services, 'senders'>,
  existing?: UserPoolRecord,
): void {
  enforce(call.why, 'UP-POOL-3', 'The settings fit together.', configurationProblem(asked));
  enforce(call.why, 'FN-CONFIG-1', 'The functions are named as they must be.', triggerProblem(asked, region));
  const verified = senders.list(call.account).map(({ identity }) => identity);
  enforce(
    call.why,
    'UP-SENDER-1',
    'The pool may send e-mail as it asks to.',
    senderProblem(asked.EmailConfiguration, { account: call.account, region, verified }),
    { listed: verified.length },
  );
  enforce(
    call.why,
    'UP-MFA-2',
    'The factors fit each other, the tier and what the pool can send with.',
    signInSettingsProblem(asked, existing),
    { mfa: asked.MfaConfiguration ?? 'OFF' },
  );
  enforce(call.why, 'UP-POOL-2', 'Every setting that changes signing in is built.', unbuiltPoolSetting(asked));
  const tags = tagsProblem(asked.UserPoolTags ?? {});
  if (tags !== undefined) throw call.why.refuse('UP-TAG-1', tags, fault('UserPoolTaggingException', tags));
}

function createUserPool(input: CreateUserPoolRequest, call: Call, services: Needs): CreateUserPoolResponse {
  const { config, ids, random, store, userPools } = services;
  const { PoolName: name, Schema: declared, ...asked } = input;
  checkConfiguration(call, asked, call.region, services);
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
      factors: factorsAfter(asked),
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
  const pool = requirePool(call, input.UserPoolId, services);
  return { UserPool: { ...userPoolType(pool), ...domainsOf(pool, services) } };
}

function updateUserPool(input: UpdateUserPoolRequest, call: Call, services: Needs): UpdateUserPoolResponse {
  const { store, userPools } = services;
  const { UserPoolId: id, PoolName: name, ...asked } = input;
  const existing = requirePool(call, id, services);
  checkConfiguration(call, asked, existing.region, services, existing);
  store.write((tx) => {
    const pool = requirePool(call, id, services);
    requireNoImport(call, pool, services);
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
      factors: factorsAfter(asked, pool.factors),
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
    requireNoDomain(call, pool, services);
    requireNoImport(call, pool, services);
    userPools.delete(pool.id);
    tx.announce('user-pool.changed', { account: call.account, userPoolId: pool.id });
  });
  call.why.choose('UP-POOL-8', 'Clients, users, sessions, tokens and keys went with the pool.');
}

function requireNoDomain(call: Call, pool: UserPoolRecord, services: Needs): void {
  const [domain] = services.domains.ofPool(pool.id);
  if (!domain) return;
  throw call.why.refuse(
    'UP-DOMAIN-7',
    'The domain goes before its pool does.',
    fault(
      'InvalidParameterException',
      'User pool cannot be deleted. It has a domain configured that should be deleted first.',
    ),
    { domain: domain.name },
  );
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
