import type {
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
  ListRoleTagsRequest,
  ListRoleTagsResponse,
  Role,
  TagRoleRequest,
  UntagRoleRequest,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleDescriptionRequest,
  UpdateRoleDescriptionResponse,
  UpdateRoleRequest,
  UpdateRoleResponse,
} from '../../../shared/aws/iam.ts';
import type { IamRoleRecord } from '../../store/repositories/iam-roles.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import {
  addTags,
  ALL,
  alreadyExists,
  boundaryToWire,
  checkBoundary,
  checkDocument,
  checkQuota,
  deleteConflict,
  encodeDocument,
  onePage,
  onRole,
  pathOf,
  requireRole,
  roleArn,
  tagsToWire,
} from './entities.ts';
import { isThere } from './findings.ts';
import { checkTrustPolicy, policySize } from './policy-check.ts';

type Needs = Pick<Services, 'config' | 'iamPolicies' | 'iamRoles' | 'iamUsers' | 'ids' | 'store'>;

const DEFAULT_SESSION_SECONDS = 3600;
const MOST_TRUST = 2048;

export const roles = family<'iam', Needs>('iam', 'roles', {
  CreateRole: { resources: ({ RoleName, Path }, call) => [roleArn(call, RoleName, Path)], run: createRole },
  GetRole: { resources: onRole, run: getRole },
  ListRoles: {
    resources: ({ PathPrefix = '/' }, call) => [roleArn(call, '', PathPrefix)],
    run: listRoles,
  },
  UpdateRole: { resources: onRole, run: updateRole },
  UpdateRoleDescription: { resources: onRole, run: updateRoleDescription },
  UpdateAssumeRolePolicy: { resources: onRole, run: updateAssumeRolePolicy },
  DeleteRole: { resources: onRole, run: deleteRole },
  TagRole: { resources: onRole, run: tagRole },
  UntagRole: { resources: onRole, run: untagRole },
  ListRoleTags: { resources: onRole, run: listRoleTags },
});

function createRole(input: CreateRoleRequest, call: Call, services: Needs): CreateRoleResponse {
  const { RoleName, Path = '/', AssumeRolePolicyDocument, Description, PermissionsBoundary, Tags = [] } = input;
  const { account, now, why } = call;
  const { iamPolicies, iamRoles, ids, store } = services;
  checkTrust(AssumeRolePolicyDocument, call, services);
  checkBoundary(PermissionsBoundary, call, services);
  const role: IamRoleRecord = {
    account,
    name: RoleName,
    id: ids.role(),
    arn: roleArn(call, RoleName, Path),
    trustPolicy: AssumeRolePolicyDocument,
    maxSessionSeconds: input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
    madeBy: 'developer',
    createdAt: now,
    ...(Description !== undefined && { description: Description }),
    ...(PermissionsBoundary !== undefined && { permissionsBoundary: PermissionsBoundary }),
    tags: addTags({}, Tags, call, services),
  };
  store.write(() => {
    const known = iamRoles.findInAnyCase(account, RoleName);
    if (known && known.madeBy !== 'bench') throw alreadyExists(`Role with name ${RoleName} already exists.`, call);
    if (known) {
      iamPolicies.detachAll({ account, kind: 'role', name: known.name });
      iamRoles.remove(account, known.name);
      why.choose('AC-ROLE-5', 'The role that the bench had made on first use gives way to this one.', {
        role: known.arn,
      });
    }
    iamRoles.insert(role);
  });
  return { Role: toWire(role) };
}

function checkTrust(document: string, call: Call, services: Needs): void {
  checkDocument(() => checkTrustPolicy(document, (arn) => isThere(arn, call.account, services)), call);
  checkQuota(policySize(document), MOST_TRUST, `Cannot exceed quota for ACLSizePerRole: ${MOST_TRUST}`, call, services);
}

function getRole({ RoleName }: GetRoleRequest, call: Call, services: Pick<Services, 'iamRoles'>): GetRoleResponse {
  return { Role: toWire(requireRole(RoleName, call, services)) };
}

function listRoles(input: ListRolesRequest, call: Call, { iamRoles }: Pick<Services, 'iamRoles'>): ListRolesResponse {
  const { PathPrefix = '/' } = input;
  const found = iamRoles.list(call.account, { limit: ALL }).filter(({ arn }) => pathOf(arn).startsWith(PathPrefix));
  const { items, rest } = onePage(`roles:${PathPrefix}`, input, call, found, ({ name }) => name);
  // Listings leave out what GetRole tells.
  return {
    Roles: items.map((role) => {
      const { Tags: _tags, PermissionsBoundary: _boundary, RoleLastUsed: _lastUsed, ...listed } = toWire(role);
      return listed;
    }),
    ...rest,
  };
}

function updateRole(
  { RoleName, Description, MaxSessionDuration }: UpdateRoleRequest,
  call: Call,
  services: Pick<Services, 'iamRoles' | 'store'>,
): UpdateRoleResponse {
  services.store.write(() => {
    const role = requireRole(RoleName, call, services);
    services.iamRoles.update({
      ...role,
      ...(Description !== undefined && { description: Description }),
      maxSessionSeconds: MaxSessionDuration ?? role.maxSessionSeconds,
    });
  });
  return {};
}

function updateRoleDescription(
  { RoleName, Description }: UpdateRoleDescriptionRequest,
  call: Call,
  services: Pick<Services, 'iamRoles' | 'store'>,
): UpdateRoleDescriptionResponse {
  updateRole({ RoleName, Description }, call, services);
  return { Role: toWire(requireRole(RoleName, call, services)) };
}

function updateAssumeRolePolicy(
  { RoleName, PolicyDocument }: UpdateAssumeRolePolicyRequest,
  call: Call,
  services: Needs,
): void {
  const { account } = call;
  checkTrust(PolicyDocument, call, services);
  services.store.write(() => {
    requireRole(RoleName, call, services);
    services.iamRoles.setTrustPolicy(account, RoleName, PolicyDocument);
    // Whoever writes a trust policy means it: the bench does not widen it any more. [AC-ROLE-6]
    services.iamRoles.setMadeBy(account, RoleName, 'developer');
  });
}

function deleteRole({ RoleName }: DeleteRoleRequest, call: Call, services: Needs): void {
  const { account } = call;
  services.store.write(() => {
    requireRole(RoleName, call, services);
    if (services.iamPolicies.attached({ account, kind: 'role', name: RoleName }).length > 0) {
      throw deleteConflict(
        'Cannot delete entity, must detach all policies first.',
        'Managed policies are attached to the role.',
        call,
      );
    }
    if (services.iamRoles.policies(account, RoleName).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.', 'The role has inline policies.', call);
    }
    services.iamRoles.remove(account, RoleName);
  });
}

function tagRole({ RoleName, Tags }: TagRoleRequest, call: Call, services: Needs): void {
  services.store.write(() => {
    const role = requireRole(RoleName, call, services);
    services.iamRoles.update({ ...role, tags: addTags(role.tags ?? {}, Tags, call, services) });
  });
}

function untagRole({ RoleName, TagKeys }: UntagRoleRequest, call: Call, services: Needs): void {
  const gone = new Set(TagKeys.map((key) => key.toLowerCase()));
  services.store.write(() => {
    const role = requireRole(RoleName, call, services);
    const left = Object.entries(role.tags ?? {}).filter(([key]) => !gone.has(key.toLowerCase()));
    services.iamRoles.update({ ...role, tags: Object.fromEntries(left) });
  });
}

function listRoleTags(
  input: ListRoleTagsRequest,
  call: Call,
  services: Pick<Services, 'iamRoles'>,
): ListRoleTagsResponse {
  const { tags = {} } = requireRole(input.RoleName, call, services);
  const sorted = tagsToWire(tags).toSorted((a, b) => (a.Key < b.Key ? -1 : 1));
  const { items, rest } = onePage(`tags:${input.RoleName}`, input, call, sorted, ({ Key }) => Key);
  return { Tags: [...items], ...rest };
}

function toWire(role: IamRoleRecord): Role {
  const { lastUsed, tags = {} } = role;
  return {
    Path: pathOf(role.arn),
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSessionSeconds,
    ...boundaryToWire(role.permissionsBoundary),
    ...(Object.keys(tags).length > 0 && { Tags: tagsToWire(tags) }),
    RoleLastUsed: lastUsed ? { LastUsedDate: lastUsed.at, Region: lastUsed.region } : {},
  };
}
