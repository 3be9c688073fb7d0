import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksums that S3 knows objects by, taken piece by piece. XXHash is not among them. */
export type ChecksumName = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256' | 'SHA512' | 'MD5';

export interface Checksum {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

export function createChecksum(name: ChecksumName): Checksum {
  switch (name) {
    case 'CRC32': {
      let sum = 0;
      return {
        update: (bytes) => void (sum = crc32(bytes, sum)),
        digest: () => uint32(sum),
      };
    }
    case 'CRC32C':
      return crc32c();
    case 'CRC64NVME':
      return crc64nvme();
    default: {
      const hash = createHash(name.toLowerCase());
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    }
  }
}

export function checksum(name: ChecksumName, bytes: Uint8Array): Buffer {
  const sum = createChecksum(name);
  sum.update(bytes);
  return sum.digest();
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Castagnoli's polynomial, reflected. */
const CASTAGNOLI = 0x82f63b78;
let table32: Uint32Array | undefined;

function crc32c(): Checksum {
  table32 ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let entry = index;
    for (let bit = 0; bit < 8; bit += 1) entry = entry & 1 ? (entry >>> 1) ^ CASTAGNOLI : entry >>> 1;
    return entry >>> 0;
  });
  const table = table32;
  let sum = ~0;
  return {
    update(bytes) {
      // oxlint-disable-next-line typescript/prefer-for-of -- several times quicker over bytes
      for (let index = 0; index < bytes.length; index += 1) {
        sum = table[(sum ^ bytes[index]!) & 0xff]! ^ (sum >>> 8);
      }
    },
    digest: () => uint32(~sum),
  };
}

/** The polynomial of NVMe, reflected, in halves: numbers of 64 bits are slow. */
const NVME_HIGH = 0x9a6c9329;
const NVME_LOW = 0xac4bc9b5;
let table64: { readonly high: Uint32Array; readonly low: Uint32Array } | undefined;

function crc64nvme(): Checksum {
  table64 ??= makeTable64();
  const { high: tableHigh, low: tableLow } = table64;
  let high = ~0;
  let low = ~0;
  return {
    update(bytes) {
      // oxlint-disable-next-line typescript/prefer-for-of -- several times quicker over bytes
      for (let index = 0; index < bytes.length; index += 1) {
        const entry = (low ^ bytes[index]!) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ tableLow[entry]!;
        high = (high >>> 8) ^ tableHigh[entry]!;
      }
    },
    digest: () => Buffer.concat([uint32(~high), uint32(~low)]),
  };
}

function makeTable64(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let index = 0; index < 256; index += 1) {
    let h = 0;
    let l = index;
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry) {
        h ^= NVME_HIGH;
        l ^= NVME_LOW;
      }
    }
    high[index] = h >>> 0;
    low[index] = l >>> 0;
  }
  return { high, low };
}
