import type {
  DeleteRolePolicyRequest,
  DeleteUserPolicyRequest,
  GetRolePolicyRequest,
  GetRolePolicyResponse,
  GetUserPolicyRequest,
  GetUserPolicyResponse,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  ListUserPoliciesRequest,
  ListUserPoliciesResponse,
  PutRolePolicyRequest,
  PutUserPolicyRequest,
} from '../../../shared/aws/iam.ts';
import type { IamInlinePolicy } from '../../store/repositories/iam-roles.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import {
  checkDocument,
  checkQuota,
  encodeDocument,
  noSuchEntity,
  onePage,
  onRole,
  onUser,
  requireRole,
  requireUser,
  type PageRequest,
} from './entities.ts';
import { checkIdentityPolicy, policySize } from './policy-check.ts';

type Needs = Pick<Services, 'config' | 'iamRoles' | 'iamUsers' | 'store'>;
type Kind = 'role' | 'user';

/** All inline policies of one role or user together. */
const MOST: { readonly [Name in Kind]: number } = { role: 10_240, user: 2048 };

export const inlinePolicies = family<'iam', Needs>('iam', 'inline-policies', {
  PutRolePolicy: { resources: onRole, run: putRolePolicy },
  PutUserPolicy: { resources: onUser, run: putUserPolicy },
  GetRolePolicy: { resources: onRole, run: getRolePolicy },
  GetUserPolicy: { resources: onUser, run: getUserPolicy },
  DeleteRolePolicy: { resources: onRole, run: deleteRolePolicy },
  DeleteUserPolicy: { resources: onUser, run: deleteUserPolicy },
  ListRolePolicies: { resources: onRole, run: listRolePolicies },
  ListUserPolicies: { resources: onUser, run: listUserPolicies },
});

function putRolePolicy({ RoleName, ...policy }: PutRolePolicyRequest, call: Call, services: Needs): void {
  put('role', RoleName, policy, call, services);
}

function putUserPolicy({ UserName, ...policy }: PutUserPolicyRequest, call: Call, services: Needs): void {
  put('user', UserName, policy, call, services);
}

function put(
  kind: Kind,
  name: string,
  { PolicyName, PolicyDocument }: { readonly PolicyName: string; readonly PolicyDocument: string },
  call: Call,
  services: Needs,
): void {
  checkDocument(() => checkIdentityPolicy(PolicyDocument), call);
  services.store.write(() => {
    const others = policiesOf(kind, name, call, services).filter((policy) => policy.name !== PolicyName);
    const size = [PolicyDocument, ...others.map(({ document }) => document)].map(policySize);
    checkQuota(
      size.reduce((sum, one) => sum + one, 0),
      MOST[kind],
      `Maximum policy size of ${MOST[kind]} bytes exceeded for ${kind} ${name}`,
      call,
      services,
    );
    repository(kind, services).putPolicy(call.account, name, { name: PolicyName, document: PolicyDocument });
  });
}

function getRolePolicy(input: GetRolePolicyRequest, call: Call, services: Needs): GetRolePolicyResponse {
  const { RoleName, PolicyName } = input;
  return { RoleName, PolicyName, PolicyDocument: documentOf('role', RoleName, PolicyName, call, services) };
}

function getUserPolicy(input: GetUserPolicyRequest, call: Call, services: Needs): GetUserPolicyResponse {
  const { UserName, PolicyName } = input;
  return { UserName, PolicyName, PolicyDocument: documentOf('user', UserName, PolicyName, call, services) };
}

function documentOf(kind: Kind, name: string, policyName: string, call: Call, services: Needs): string {
  const policy = policiesOf(kind, name, call, services).find((candidate) => candidate.name === policyName);
  if (!policy) throw noSuchPolicy(kind, policyName, call);
  return encodeDocument(policy.document);
}

function deleteRolePolicy({ RoleName, PolicyName }: DeleteRolePolicyRequest, call: Call, services: Needs): void {
  remove('role', RoleName, PolicyName, call, services);
}

function deleteUserPolicy({ UserName, PolicyName }: DeleteUserPolicyRequest, call: Call, services: Needs): void {
  remove('user', UserName, PolicyName, call, services);
}

function remove(kind: Kind, name: string, policyName: string, call: Call, services: Needs): void {
  services.store.write(() => {
    policiesOf(kind, name, call, services);
    if (!repository(kind, services).removePolicy(call.account, name, policyName)) {
      throw noSuchPolicy(kind, policyName, call);
    }
  });
}

function listRolePolicies(input: ListRolePoliciesRequest, call: Call, services: Needs): ListRolePoliciesResponse {
  return list('role', input.RoleName, input, call, services);
}

function listUserPolicies(input: ListUserPoliciesRequest, call: Call, services: Needs): ListUserPoliciesResponse {
  return list('user', input.UserName, input, call, services);
}

function list(
  kind: Kind,
  name: string,
  page: PageRequest,
  call: Call,
  services: Needs,
): { PolicyNames: string[]; IsTruncated: boolean; Marker?: string } {
  const names = policiesOf(kind, name, call, services).map((policy) => policy.name);
  const { items, rest } = onePage(`${kind}:${name}:inline`, page, call, names, (one) => one);
  return { PolicyNames: [...items], ...rest };
}

/** @throws Fault where there is no such role or user */
function policiesOf(kind: Kind, name: string, call: Call, services: Needs): IamInlinePolicy[] {
  if (kind === 'role') requireRole(name, call, services);
  else requireUser(name, call, services);
  return repository(kind, services).policies(call.account, name);
}

function repository(kind: Kind, { iamRoles, iamUsers }: Pick<Services, 'iamRoles' | 'iamUsers'>) {
  return kind === 'role' ? iamRoles : iamUsers;
}

function noSuchPolicy(kind: Kind, name: string, call: Call): Error {
  return noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`, `The ${kind} has no such policy.`, call);
}
