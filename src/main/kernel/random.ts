import { createHash, randomBytes } from 'node:crypto';

/** The only source of chance. */
export interface Random {
  bytes(count: number): Buffer;
  /** A whole number from 0 up to, but not including, `below`. */
  below(below: number): number;
}

export const secureRandom: Random = fromBytes(fromBlocks());

const BLOCK_BYTES = 4096;

/** Asking the system costs more than the bytes do, so one question serves many small wishes. */
function fromBlocks(): (count: number) => Buffer {
  let block = Buffer.alloc(0);
  return (count) => {
    if (count > BLOCK_BYTES / 8) return randomBytes(count);
    if (block.length < count) block = randomBytes(BLOCK_BYTES);
    const taken = block.subarray(0, count);
    block = block.subarray(count);
    return taken;
  };
}

/**
 * The same bytes for the same seed, so that two runs can be compared.
 * SHA-256 in counter mode: enough for identifiers and codes of a test bench, not for secrets.
 */
export function seededRandom(seed: number): Random {
  let counter = 0;
  let pool = Buffer.alloc(0);
  return fromBytes((count) => {
    while (pool.length < count) {
      const block = createHash('sha256').update(`poolbench:${seed}:${counter}`).digest();
      counter += 1;
      pool = Buffer.concat([pool, block]);
    }
    const taken = pool.subarray(0, count);
    pool = pool.subarray(count);
    return taken;
  });
}

function fromBytes(bytes: (count: number) => Buffer): Random {
  return {
    bytes,
    below(below) {
      // Rejection keeps every value equally likely.
      const limit = Math.floor(0x1_0000_0000 / below) * below;
      for (;;) {
        const value = bytes(4).readUInt32BE(0);
        if (value < limit) return value % below;
      }
    },
  };
}
