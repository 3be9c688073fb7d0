import { deflateRawSync } from 'node:zlib';
import type { PolicyDescriptorType } from '../../../shared/aws/sts.ts';
import { fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';

export interface SessionPolicies {
  /** Policy documents that narrow the session; of several, one that allows is enough. */
  readonly documents: readonly string[];
  /** Percent of the room there is, where anything was packed. */
  readonly packedSize?: { readonly PackedPolicySize: number };
}

/** Characters that AWS packs policies and tags into; how it packs them is not known. [assumed] */
const ROOM = 2048;

/** `Policy` and `PolicyArns` of a request, read and checked. [STS-POLICY-1] */
export function readSessionPolicies(
  { Policy, PolicyArns = [] }: { readonly Policy?: string; readonly PolicyArns?: readonly PolicyDescriptorType[] },
  tags: { readonly [key: string]: string },
  account: string,
  { why }: Call,
  { access }: Pick<Services, 'access'>,
): SessionPolicies {
  const problem = Policy === undefined ? undefined : access.policyProblem(Policy);
  if (problem !== undefined) {
    throw why.refuse(
      'STS-WEB-4',
      'The session policy is not a policy.',
      fault('MalformedPolicyDocumentException', problem),
    );
  }
  const managed = PolicyArns.map(({ arn = '' }) => {
    const document = access.managedPolicy(account, arn);
    if (document !== undefined) return document;
    throw why.refuse(
      'STS-POLICY-1',
      'There is no such managed policy in the account of the role.',
      // guessed type and wording: no source found
      fault('ValidationError', `Policy ${arn} does not exist or is not attachable.`),
      { policy: arn },
    );
  });
  const packed = [Policy ?? '', ...PolicyArns.map(({ arn = '' }) => arn), ...Object.entries(tags).flat()].join('');
  if (packed === '') return { documents: [] };

  const PackedPolicySize = Math.ceil((deflateRawSync(packed).length / ROOM) * 100);
  if (PackedPolicySize > 100) {
    throw why.refuse(
      'STS-POLICY-2',
      'Policies and tags take more room than a session has.',
      // wording from memory
      fault(
        'PackedPolicyTooLargeException',
        `Packed policy consumes ${PackedPolicySize}% of allotted space, please use smaller policy.`,
      ),
    );
  }
  return { documents: [...(Policy === undefined ? [] : [Policy]), ...managed], packedSize: { PackedPolicySize } };
}
