import type { ChecksumName } from '../../kernel/checksums.ts';
import type { ObjectChecksum } from '../../store/repositories/objects.ts';

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
