import type { ChecksumName } from '../../kernel/checksums.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { ObjectChecksum } from '../../store/repositories/objects.ts';
import type { Call } from '../family.ts';

/** Those that the bench can take; one of another name never gets here. [S3-SUM-3] */
const ALGORITHMS: readonly ChecksumName[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'MD5'];

/** The checksum that came with a body, and was found right. */
export function givenChecksum(input: object): Required<ObjectChecksum> | undefined {
  const members = input as { readonly [member: string]: unknown };
  for (const algorithm of ALGORITHMS) {
    const value = members[`Checksum${algorithm}`];
    if (typeof value === 'string') return { algorithm, type: 'FULL_OBJECT', value };
  }
  return undefined;
}

export function isChecksumName(name: string): name is ChecksumName {
  return (ALGORITHMS as readonly string[]).includes(name);
}

/** @throws Fault where a checksum is of another kind than those of its upload */
export function requireAlgorithm(expected: string, { algorithm }: ObjectChecksum, { why }: Pick<Call, 'why'>): void {
  if (algorithm === expected) return;
  throw why.refuse(
    'S3-PART-7',
    `The upload was started with the checksum ${expected}, and this one is ${algorithm}.`,
    s3Fault(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${algorithm.toLowerCase()}`,
    ),
  );
}
