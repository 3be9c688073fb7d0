import type {
  CreateUserPoolReplicaRequest,
  CreateUserPoolReplicaResponse,
  DeleteUserPoolReplicaRequest,
  DeleteUserPoolReplicaResponse,
  ListUserPoolReplicasRequest,
  ListUserPoolReplicasResponse,
  UpdateUserPoolReplicaRequest,
  UpdateUserPoolReplicaResponse,
  UserPoolReplicaType,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import type { UserPoolReplicaRecord } from '../../store/repositories/user-pool-replicas.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { poolArn, requirePool } from './lookup.ts';
import { tagsProblem } from './policies/tags.ts';

type Needs = Pick<Services, 'store' | 'userPoolReplicas' | 'userPools'>;

/**
 * A bench answers for every region with one store, so a replica is a second name of its pool: what its status says is
 * kept, and copies nothing.
 */
export const REPLICA_NOTE = 'every region of the bench sees the same users, so a replica is kept and copies nothing';

// Guessed wordings in this file: no source found.

export function createUserPoolReplica(
  input: CreateUserPoolReplicaRequest,
  call: Call,
  services: Needs,
): CreateUserPoolReplicaResponse {
  const { store, userPoolReplicas } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const { RegionName: region, UserPoolTags: tags = {} } = input;
  requirePrimary(call, pool);
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw call.why.refuse(
      'UP-REPLICA-1',
      'That is not the name of a region.',
      fault('InvalidParameterException', `Region ${region} is not valid.`),
    );
  }
  if (pool.settings.UserPoolTier === 'LITE') {
    throw call.why.refuse(
      'UP-REPLICA-1',
      'Pools of the cheapest tier have no replicas.',
      // The tiers that have it are assumed.
      fault('FeatureUnavailableInTierException', 'Replication is not available in the LITE tier.'),
    );
  }
  const wrongTags = tagsProblem(tags);
  if (wrongTags !== undefined) {
    throw call.why.refuse('UP-TAG-1', wrongTags, fault('UserPoolTaggingException', wrongTags));
  }
  const replica: UserPoolReplicaRecord = {
    account: pool.account,
    userPoolId: pool.id,
    region,
    status: 'INACTIVE',
    tags,
  };
  store.write((tx) => {
    if (region === pool.region || userPoolReplicas.find(pool.id, region)) {
      throw call.why.refuse(
        'UP-REPLICA-1',
        'The pool is in that region already.',
        fault('InvalidParameterException', `User pool ${pool.id} already exists in region ${region}.`),
      );
    }
    userPoolReplicas.insert(replica);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-REPLICA-2', 'The replica is there at once, and INACTIVE until it is switched on.');
  return { UserPoolReplica: { ...replicaType(pool, replica), Status: 'CREATING' } };
}

export function updateUserPoolReplica(
  input: UpdateUserPoolReplicaRequest,
  call: Call,
  services: Needs,
): UpdateUserPoolReplicaResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const replica = requireReplica(call, pool, input.RegionName, services);
  const status = input.Status;
  if (status !== 'ACTIVE' && status !== 'INACTIVE') {
    throw call.why.refuse(
      'UP-REPLICA-2',
      'A replica is switched on or off.',
      fault('InvalidParameterException', 'Status must be ACTIVE or INACTIVE.'),
    );
  }
  services.store.write((tx) => {
    services.userPoolReplicas.setStatus(replica, status);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  return { UserPoolReplica: replicaType(pool, { ...replica, status }) };
}

export function deleteUserPoolReplica(
  input: DeleteUserPoolReplicaRequest,
  call: Call,
  services: Needs,
): DeleteUserPoolReplicaResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  requirePrimary(call, pool);
  const replica = requireReplica(call, pool, input.RegionName, services);
  if (replica.status !== 'INACTIVE') {
    throw call.why.refuse(
      'UP-REPLICA-3',
      'A replica is switched off before it is deleted.',
      fault('InvalidParameterException', 'Only replicas in INACTIVE status can be deleted.'),
      { status: replica.status },
    );
  }
  services.store.write((tx) => {
    services.userPoolReplicas.delete(replica);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  return { UserPoolReplica: { ...replicaType(pool, replica), Status: 'DELETING' } };
}

/** The pool itself first, as the primary one. */
export function listUserPoolReplicas(
  input: ListUserPoolReplicasRequest,
  call: Call,
  services: Needs,
): ListUserPoolReplicasResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const primary: UserPoolReplicaType = {
    RegionName: pool.region,
    Status: 'ACTIVE',
    Role: 'PRIMARY',
    UserPoolArn: poolArn(pool),
  };
  const replicas = services.userPoolReplicas.list(pool.id).map((replica) => replicaType(pool, replica));
  return { UserPoolReplicas: [primary, ...replicas] };
}

/** Replicas are made and deleted from the pool's own region. */
function requirePrimary(call: Call, pool: UserPoolRecord): void {
  if (call.region === pool.region) return;
  throw call.why.refuse(
    'UP-REPLICA-4',
    'The call was made in another region than the pool’s own.',
    fault('OperationNotEnabledException', 'This operation is not enabled in a secondary region.'),
    { region: call.region, primary: pool.region },
  );
}

function requireReplica(call: Call, pool: UserPoolRecord, region: string, services: Needs): UserPoolReplicaRecord {
  const replica = services.userPoolReplicas.find(pool.id, region);
  if (replica) return replica;
  throw call.why.refuse(
    'UP-REPLICA-5',
    'The pool has no replica in that region.',
    fault('ResourceNotFoundException', `User pool ${pool.id} has no replica in region ${region}.`),
  );
}

function replicaType(pool: UserPoolRecord, replica: UserPoolReplicaRecord): UserPoolReplicaType {
  return {
    RegionName: replica.region,
    Status: replica.status,
    Role: 'SECONDARY',
    UserPoolArn: poolArn({ ...pool, region: replica.region }),
  };
}
