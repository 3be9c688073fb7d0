import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
  Policy,
} from '../../../shared/aws/iam.ts';
import { fault } from '../../kernel/fault.ts';
import type { IamPolicyRecord } from '../../store/repositories/iam-policies.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { awsManagedPolicies, type AwsManagedPolicy } from './aws-managed.ts';
import {
  addTags,
  ALL,
  alreadyExists,
  checkDocument,
  checkQuota,
  deleteConflict,
  noSuchEntity,
  onePage,
  onPolicy,
  pathOf,
  tagsToWire,
} from './entities.ts';
import { checkIdentityPolicy, policySize } from './policy-check.ts';

type Needs = Pick<Services, 'config' | 'iamPolicies' | 'iamRoles' | 'iamUsers' | 'ids' | 'store'>;
type Reading = Pick<Services, 'iamPolicies' | 'iamRoles' | 'iamUsers'>;

const MOST_CHARACTERS = 6144;

export const policies = family<'iam', Needs>('iam', 'policies', {
  CreatePolicy: {
    resources: ({ PolicyName, Path = '/' }, { account }) => [`arn:aws:iam::${account}:policy${Path}${PolicyName}`],
    run: createPolicy,
  },
  GetPolicy: { resources: onPolicy, run: getPolicy },
  ListPolicies: { run: listPolicies },
  DeletePolicy: { resources: onPolicy, run: deletePolicy },
});

function createPolicy(input: CreatePolicyRequest, call: Call, services: Needs): CreatePolicyResponse {
  const { PolicyName, Path = '/', PolicyDocument, Description, Tags = [] } = input;
  const { account, now } = call;
  const { iamPolicies, ids, store } = services;
  checkPolicy(PolicyDocument, call, services);
  const policy: IamPolicyRecord = {
    account,
    arn: `arn:aws:iam::${account}:policy${Path}${PolicyName}`,
    name: PolicyName,
    id: ids.iamPolicy(),
    ...(Description !== undefined && { description: Description }),
    tags: addTags({}, Tags, call, services),
    defaultVersion: 1,
    newestVersion: 1,
    createdAt: now,
    updatedAt: now,
  };
  store.write(() => {
    if (iamPolicies.findByName(account, PolicyName)) {
      throw alreadyExists(`A policy called ${PolicyName} already exists. Duplicate names are not allowed.`, call);
    }
    iamPolicies.insert(policy);
    iamPolicies.insertVersion(policy, { version: 1, document: PolicyDocument, createdAt: now });
  });
  return { Policy: toWire(policy, services) };
}

export function checkPolicy(document: string, call: Call, services: Pick<Services, 'config'>): void {
  checkDocument(() => checkIdentityPolicy(document), call);
  checkQuota(
    policySize(document),
    MOST_CHARACTERS,
    `Cannot exceed quota for PolicySize: ${MOST_CHARACTERS}`,
    call,
    services,
  );
}

function getPolicy({ PolicyArn }: GetPolicyRequest, call: Call, services: Reading): GetPolicyResponse {
  const ofAws = awsManagedPolicies.get(PolicyArn);
  if (ofAws) return { Policy: awsToWire(ofAws, call, services) };
  const policy = services.iamPolicies.find(call.account, PolicyArn);
  // wording from memory
  if (!policy) throw noSuchEntity(`Policy ${PolicyArn} was not found.`, 'There is no such managed policy.', call);
  return { Policy: toWire(policy, services) };
}

function listPolicies(input: ListPoliciesRequest, call: Call, services: Reading): ListPoliciesResponse {
  const { Scope = 'All', OnlyAttached = false, PathPrefix = '/', PolicyUsageFilter } = input;
  const own = services.iamPolicies.list(call.account, { limit: ALL }).map((policy) => toWire(policy, services));
  const ofAws = [...awsManagedPolicies.values()].map((policy) => awsToWire(policy, call, services));
  const found = [...(Scope === 'AWS' ? [] : own), ...(Scope === 'Local' ? [] : ofAws)]
    .filter(({ Path = '/' }) => Path.startsWith(PathPrefix))
    .filter(({ AttachmentCount = 0 }) => !OnlyAttached || AttachmentCount > 0)
    .filter(({ PermissionsBoundaryUsageCount = 0, AttachmentCount = 0 }) => {
      if (PolicyUsageFilter === undefined) return true;
      return (PolicyUsageFilter === 'PermissionsBoundary' ? PermissionsBoundaryUsageCount : AttachmentCount) > 0;
    })
    .toSorted((a, b) => (a.Arn! < b.Arn! ? -1 : 1));
  const { items, rest } = onePage(`policies:${Scope}:${PathPrefix}`, input, call, found, ({ Arn }) => Arn!);
  // Listings leave out what GetPolicy tells.
  return { Policies: items.map(({ Tags: _tags, Description: _description, ...listed }) => listed), ...rest };
}

function deletePolicy({ PolicyArn }: DeletePolicyRequest, call: Call, services: Needs): void {
  const { account } = call;
  services.store.write(() => {
    const { arn } = requireOwn(PolicyArn, call, services);
    if (usage(account, arn, services).AttachmentCount > 0 || boundaryUsage(account, arn, services) > 0) {
      throw deleteConflict(
        'Cannot delete a policy attached to entities.',
        'Roles or users have the policy, or it is their boundary.',
        call,
      );
    }
    if (services.iamPolicies.versions(arn).length > 1) {
      throw deleteConflict(
        `This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.`,
        'The policy has versions besides its default one.',
        call,
      );
    }
    services.iamPolicies.remove(account, arn);
  });
}

/** A policy of the account; those of AWS are nobody's to change. [AC-POLICY-2] */
export function requireOwn(arn: string, call: Call, { iamPolicies }: Pick<Services, 'iamPolicies'>): IamPolicyRecord {
  if (awsManagedPolicies.has(arn)) {
    throw call.why.refuse(
      'AC-POLICY-2',
      'The policy is one of AWS.',
      // guessed wording: no source found
      fault('AccessDenied', `Policy ${arn} is managed by AWS and cannot be modified.`, 403),
    );
  }
  const policy = iamPolicies.find(call.account, arn);
  if (!policy) throw notAttachable(arn, call);
  return policy;
}

export function notAttachable(arn: string, call: Call): Error {
  return noSuchEntity(`Policy ${arn} does not exist or is not attachable.`, 'There is no such managed policy.', call);
}

function usage(
  account: string,
  arn: string,
  { iamPolicies }: Pick<Services, 'iamPolicies'>,
): { AttachmentCount: number } {
  return { AttachmentCount: iamPolicies.countAttachments(account, arn) };
}

function boundaryUsage(account: string, arn: string, { iamRoles, iamUsers }: Reading): number {
  return iamRoles.countWithBoundary(account, arn) + iamUsers.countWithBoundary(account, arn);
}

function toWire(policy: IamPolicyRecord, services: Reading): Policy {
  const { account, arn, tags } = policy;
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: arn,
    Path: pathOf(arn),
    DefaultVersionId: `v${policy.defaultVersion}`,
    ...usage(account, arn, services),
    PermissionsBoundaryUsageCount: boundaryUsage(account, arn, services),
    IsAttachable: true,
    ...(policy.description !== undefined && { Description: policy.description }),
    CreateDate: policy.createdAt,
    UpdateDate: policy.updatedAt,
    ...(Object.keys(tags).length > 0 && { Tags: tagsToWire(tags) }),
  };
}

function awsToWire(policy: AwsManagedPolicy, { account }: Call, services: Reading): Policy {
  const { arn, createdAt } = policy;
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    ...usage(account, arn, services),
    PermissionsBoundaryUsageCount: boundaryUsage(account, arn, services),
    IsAttachable: true,
    Description: policy.description,
    CreateDate: createdAt,
    UpdateDate: createdAt,
  };
}
