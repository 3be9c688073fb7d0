import type {
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  PolicyVersion,
  SetDefaultPolicyVersionRequest,
} from '../../../shared/aws/iam.ts';
import type { IamPolicyRecord, IamPolicyVersionRecord } from '../../store/repositories/iam-policies.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { awsManagedPolicies } from './aws-managed.ts';
import { checkQuota, deleteConflict, encodeDocument, noSuchEntity, onePage, onPolicy } from './entities.ts';
import { checkPolicy, notAttachable, requireOwn } from './policies.ts';

type Needs = Pick<Services, 'config' | 'iamPolicies' | 'store'>;
type Reading = Pick<Services, 'iamPolicies'>;

const MOST_VERSIONS = 5;

export const policyVersions = family<'iam', Needs>('iam', 'policy-versions', {
  CreatePolicyVersion: { resources: onPolicy, run: createPolicyVersion },
  GetPolicyVersion: { resources: onPolicy, run: getPolicyVersion },
  ListPolicyVersions: { resources: onPolicy, run: listPolicyVersions },
  SetDefaultPolicyVersion: { resources: onPolicy, run: setDefaultPolicyVersion },
  DeletePolicyVersion: { resources: onPolicy, run: deletePolicyVersion },
});

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

function versionToWire({ version, createdAt }: IamPolicyVersionRecord, defaultVersion: number): PolicyVersion {
  return { VersionId: `v${version}`, IsDefaultVersion: version === defaultVersion, CreateDate: createdAt };
}

function documentToWire(version: IamPolicyVersionRecord, defaultVersion: number): PolicyVersion {
  return { Document: encodeDocument(version.document), ...versionToWire(version, defaultVersion) };
}
