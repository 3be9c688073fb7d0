import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyRequest,
  DeletePolicyVersionRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  Policy,
  PolicyVersion,
  SetDefaultPolicyVersionRequest,
} from '../../../shared/aws/iam.ts';
import { fault } from '../../kernel/fault.ts';
import type { IamPolicyRecord, IamPolicyVersionRecord } from '../../store/repositories/iam-policies.ts';
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
  encodeDocument,
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
const MOST_VERSIONS = 5;

export const policies = family<'iam', Needs>('iam', 'policies', {
  CreatePolicy: {
    resources: ({ PolicyName, Path = '/' }, { account }) => [`arn:aws:iam::${account}:policy${Path}${PolicyName}`],
    run: createPolicy,
  },
  GetPolicy: { resources: onPolicy, run: getPolicy },
  ListPolicies: { run: listPolicies },
  DeletePolicy: { resources: onPolicy, run: deletePolicy },
  CreatePolicyVersion: { resources: onPolicy, run: createPolicyVersion },
  GetPolicyVersion: { resources: onPolicy, run: getPolicyVersion },
  ListPolicyVersions: { resources: onPolicy, run: listPolicyVersions },
  SetDefaultPolicyVersion: { resources: onPolicy, run: setDefaultPolicyVersion },
  DeletePolicyVersion: { resources: onPolicy, run: deletePolicyVersion },
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

function checkPolicy(document: string, call: Call, services: Needs): void {
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

function createPolicyVersion(
  { PolicyArn, PolicyDocument, SetAsDefault = false }: CreatePolicyVersionRequest,
  call: Call,
  services: Needs,
): CreatePolicyVersionResponse {
  const { now } = call;
  const { iamPolicies, store } = services;
  checkPolicy(PolicyDocument, call, services);
  return store.write(() => {
    const policy = requireOwn(PolicyArn, call, services);
    checkQuota(
      iamPolicies.versions(PolicyArn).length + 1,
      MOST_VERSIONS,
      `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
      call,
      services,
    );
    const version: IamPolicyVersionRecord = {
      version: policy.newestVersion + 1,
      document: PolicyDocument,
      createdAt: now,
    };
    const defaultVersion = SetAsDefault ? version.version : policy.defaultVersion;
    iamPolicies.insertVersion(policy, version);
    iamPolicies.setVersions({ ...policy, defaultVersion, newestVersion: version.version, updatedAt: now });
    return { PolicyVersion: versionToWire(version, defaultVersion) };
  });
}

function getPolicyVersion(
  { PolicyArn, VersionId }: GetPolicyVersionRequest,
  call: Call,
  services: Reading,
): GetPolicyVersionResponse {
  const ofAws = awsManagedPolicies.get(PolicyArn);
  if (ofAws && VersionId === 'v1') {
    const { document, createdAt } = ofAws;
    return { PolicyVersion: documentToWire({ version: 1, document, createdAt }, 1) };
  }
  const policy = services.iamPolicies.find(call.account, PolicyArn);
  if (!policy) throw notAttachable(PolicyArn, call);
  return {
    PolicyVersion: documentToWire(requireVersion(policy, VersionId, call, services), policy.defaultVersion),
  };
}

function listPolicyVersions(
  input: ListPolicyVersionsRequest,
  call: Call,
  services: Reading,
): ListPolicyVersionsResponse {
  const { PolicyArn } = input;
  const ofAws = awsManagedPolicies.get(PolicyArn);
  const policy = services.iamPolicies.find(call.account, PolicyArn);
  if (!policy && !ofAws) throw notAttachable(PolicyArn, call);
  const versions: IamPolicyVersionRecord[] = ofAws
    ? [{ version: 1, document: ofAws.document, createdAt: ofAws.createdAt }]
    : services.iamPolicies.versions(PolicyArn);
  // The newest comes first, so its key must be the smallest.
  const keyOf = ({ version }: IamPolicyVersionRecord): string => String(1e9 - version);
  const { items, rest } = onePage(`versions:${PolicyArn}`, input, call, versions, keyOf);
  return { Versions: items.map((version) => versionToWire(version, policy?.defaultVersion ?? 1)), ...rest };
}

function setDefaultPolicyVersion(
  { PolicyArn, VersionId }: SetDefaultPolicyVersionRequest,
  call: Call,
  services: Needs,
): void {
  services.store.write(() => {
    const policy = requireOwn(PolicyArn, call, services);
    const { version } = requireVersion(policy, VersionId, call, services);
    services.iamPolicies.setVersions({ ...policy, defaultVersion: version, updatedAt: call.now });
  });
}

function deletePolicyVersion({ PolicyArn, VersionId }: DeletePolicyVersionRequest, call: Call, services: Needs): void {
  services.store.write(() => {
    const policy = requireOwn(PolicyArn, call, services);
    const { version } = requireVersion(policy, VersionId, call, services);
    if (version === policy.defaultVersion) {
      throw deleteConflict(
        'Cannot delete the default version of a policy.',
        'The version is the one that counts.',
        call,
      );
    }
    services.iamPolicies.removeVersion(PolicyArn, version);
  });
}

/** A policy of the account; those of AWS are nobody's to change. [AC-POLICY-2] */
function requireOwn(arn: string, call: Call, { iamPolicies }: Pick<Services, 'iamPolicies'>): IamPolicyRecord {
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

function requireVersion(
  policy: IamPolicyRecord,
  versionId: string,
  call: Call,
  { iamPolicies }: Pick<Services, 'iamPolicies'>,
): IamPolicyVersionRecord {
  const version = iamPolicies.version(policy.arn, Number(/^v(\d+)$/.exec(versionId)?.[1] ?? 0));
  if (version) return version;
  throw noSuchEntity(
    `Policy ${policy.arn} version ${versionId} does not exist or is not attachable.`,
    'The policy has no such version.',
    call,
  );
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

function versionToWire({ version, createdAt }: IamPolicyVersionRecord, defaultVersion: number): PolicyVersion {
  return { VersionId: `v${version}`, IsDefaultVersion: version === defaultVersion, CreateDate: createdAt };
}

function documentToWire(version: IamPolicyVersionRecord, defaultVersion: number): PolicyVersion {
  return { Document: encodeDocument(version.document), ...versionToWire(version, defaultVersion) };
}
