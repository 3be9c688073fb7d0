import { expect, it } from 'vitest';
import { checksum, createChecksum } from '../../src/main/kernel/checksums.ts';

/** The check values of the catalogue of CRCs, over `123456789`. */
it.each([
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
  ['MD5', '25f9e794323b453885f5181f1b624d0b'],
] as const)('[S3-SUM-2] %s is the one that everybody takes', (name, hex) => {
  expect(checksum(name, Buffer.from('123456789')).toString('hex')).toBe(hex);
  const inPieces = createChecksum(name);
  for (const piece of ['1234', '', '56789']) inPieces.update(Buffer.from(piece));
  expect(inPieces.digest().toString('hex')).toBe(hex);
});
