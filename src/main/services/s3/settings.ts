import { s3Fault } from '../../kernel/s3-fault.ts';
import type { Call } from '../family.ts';

/** Settings that S3 has and the bench does not: each is refused by its name, rather than taken and forgotten. */

type Value = string | number | boolean | Date | object | undefined;

/** What a member may be all the same, since it says what is so anyhow. */
const HARMLESS: { readonly [member: string]: (value: Value) => boolean } = {
  ACL: (value) => value === 'private',
  BucketKeyEnabled: (value) => value === false,
  BypassGovernanceRetention: (value) => value === false,
  ObjectLockEnabledForBucket: (value) => value === false,
  ObjectLockLegalHoldStatus: (value) => value === 'OFF',
  ObjectOwnership: (value) => value === 'BucketOwnerEnforced',
  StorageClass: (value) => value === 'STANDARD',
};

const ABSENT = new Set([
  ...Object.keys(HARMLESS),
  'BucketNamespace',
  'CopySourceSSECustomerAlgorithm',
  'CopySourceSSECustomerKey',
  'CopySourceSSECustomerKeyMD5',
  'GrantFullControl',
  'GrantRead',
  'GrantReadACP',
  'GrantWrite',
  'GrantWriteACP',
  'IfMatchInitiatedTime',
  'IfMatchLastModifiedTime',
  'IfMatchSize',
  'MFA',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'SSECustomerAlgorithm',
  'SSECustomerKey',
  'SSECustomerKeyMD5',
  'SSEKMSEncryptionContext',
  'SSEKMSKeyId',
  'ServerSideEncryption',
  'VersionId',
  'WebsiteRedirectLocation',
  'WriteOffsetBytes',
]);

export function refuseSettings(input: object, { why }: Pick<Call, 'why'>): void {
  for (const [name, value] of Object.entries(input) as [string, Value][]) {
    if (!ABSENT.has(name) || value === undefined || HARMLESS[name]?.(value)) continue;
    throw why.refuse(
      'S3-FIND-3',
      `${name} is a setting that the bench does not have.`,
      s3Fault('NotImplemented', `Poolbench does not implement the setting ${name} of S3.`),
    );
  }
}
