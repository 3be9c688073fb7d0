import type {
  AttachRolePolicyRequest,
  AttachUserPolicyRequest,
  DetachRolePolicyRequest,
  DetachUserPolicyRequest,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListAttachedUserPoliciesRequest,
  ListAttachedUserPoliciesResponse,
} from '../../../shared/aws/iam.ts';
import type { IamHolder } from '../../store/repositories/iam-policies.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { awsManagedPolicies } from './aws-managed.ts';
import {
  checkQuota,
  noSuchEntity,
  onePage,
  onRole,
  onUser,
  pathOf,
  requireRole,
  requireUser,
  type PageRequest,
} from './entities.ts';
import { notAttachable } from './policies.ts';
import { nameOf } from './principals.ts';

type Needs = Pick<Services, 'config' | 'iamPolicies' | 'iamRoles' | 'iamUsers' | 'store'>;

const MOST_ATTACHED = 10;

export const attachments = family<'iam', Needs>('iam', 'attachments', {
  AttachRolePolicy: { resources: onRole, run: attachRolePolicy },
  AttachUserPolicy: { resources: onUser, run: attachUserPolicy },
  DetachRolePolicy: { resources: onRole, run: detachRolePolicy },
  DetachUserPolicy: { resources: onUser, run: detachUserPolicy },
  ListAttachedRolePolicies: { resources: onRole, run: listAttachedRolePolicies },
  ListAttachedUserPolicies: { resources: onUser, run: listAttachedUserPolicies },
});

function attachRolePolicy({ RoleName, PolicyArn }: AttachRolePolicyRequest, call: Call, services: Needs): void {
  attach(role(RoleName, call, services), PolicyArn, call, services);
}

function attachUserPolicy({ UserName, PolicyArn }: AttachUserPolicyRequest, call: Call, services: Needs): void {
  attach(user(UserName, call, services), PolicyArn, call, services);
}

/** What is attached already stays so, without an error. */
function attach(holder: IamHolder, policyArn: string, call: Call, services: Needs): void {
  const { iamPolicies, store } = services;
  store.write(() => {
    if (!awsManagedPolicies.has(policyArn) && !iamPolicies.find(call.account, policyArn)) {
      throw notAttachable(policyArn, call);
    }
    const attached = new Set([...iamPolicies.attached(holder), policyArn]);
    const quota = holder.kind === 'role' ? 'PoliciesPerRole' : 'PoliciesPerUser';
    checkQuota(attached.size, MOST_ATTACHED, `Cannot exceed quota for ${quota}: ${MOST_ATTACHED}`, call, services);
    iamPolicies.attach(holder, policyArn);
  });
}

function detachRolePolicy({ RoleName, PolicyArn }: DetachRolePolicyRequest, call: Call, services: Needs): void {
  detach(role(RoleName, call, services), PolicyArn, call, services);
}

function detachUserPolicy({ UserName, PolicyArn }: DetachUserPolicyRequest, call: Call, services: Needs): void {
  detach(user(UserName, call, services), PolicyArn, call, services);
}

function detach(holder: IamHolder, policyArn: string, call: Call, { iamPolicies, store }: Needs): void {
  store.write(() => {
    if (iamPolicies.detach(holder, policyArn)) return;
    // wording from memory
    throw noSuchEntity(`Policy ${policyArn} was not found.`, `The policy is not attached to the ${holder.kind}.`, call);
  });
}

function listAttachedRolePolicies(
  input: ListAttachedRolePoliciesRequest,
  call: Call,
  services: Needs,
): ListAttachedRolePoliciesResponse {
  return list(role(input.RoleName, call, services), input, call, services);
}

function listAttachedUserPolicies(
  input: ListAttachedUserPoliciesRequest,
  call: Call,
  services: Needs,
): ListAttachedUserPoliciesResponse {
  return list(user(input.UserName, call, services), input, call, services);
}

function list(
  holder: IamHolder,
  page: PageRequest & { readonly PathPrefix?: string },
  call: Call,
  { iamPolicies }: Pick<Services, 'iamPolicies'>,
): ListAttachedRolePoliciesResponse {
  const { PathPrefix = '/' } = page;
  const arns = iamPolicies.attached(holder).filter((arn) => pathOf(arn).startsWith(PathPrefix));
  const { items, rest } = onePage(`${holder.kind}:${holder.name}:attached`, page, call, arns, (arn) => arn);
  return { AttachedPolicies: items.map((arn) => ({ PolicyName: nameOf(arn), PolicyArn: arn })), ...rest };
}

function role(name: string, call: Call, services: Pick<Services, 'iamRoles'>): IamHolder {
  requireRole(name, call, services);
  return { account: call.account, kind: 'role', name };
}

function user(name: string, call: Call, services: Pick<Services, 'iamUsers'>): IamHolder {
  requireUser(name, call, services);
  return { account: call.account, kind: 'user', name };
}
