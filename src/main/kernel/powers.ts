import { Worker } from 'node:worker_threads';
import source from './powers-worker.js?raw';

/**
 * Powers in the group of SRP (RFC 3526, 3072 bits), computed off the main thread so that the bench goes on
 * answering while people sign in.
 */
export interface Powers {
  /** base ^ exponent mod N. */
  power(base: bigint, exponent: bigint): Promise<bigint>;
  stop(): Promise<void>;
}

/** Names the group; both ends of SRP use it. */
export const SRP_MODULUS = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
);
export const SRP_GENERATOR = 2n;

interface Waiting {
  resolve(result: bigint): void;
  reject(error: Error): void;
}

/** One worker, started with the first power and let go when the bench stops. */
export function createPowers(): Powers {
  let worker: Worker | undefined;
  let nextId = 0;
  const waiting = new Map<number, Waiting>();

  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker = undefined;
  };

  const start = (): Worker => {
    const started = new Worker(source, { eval: true, workerData: { modulus: SRP_MODULUS.toString(16) } });
    started.unref();
    started.on('message', ({ id, result, error }: { id: number; result?: string; error?: string }) => {
      const entry = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) entry?.resolve(BigInt(`0x${result}`));
      else entry?.reject(new Error(error));
      if (waiting.size === 0) started.unref();
    });
    started.on('error', failAll);
    return started;
  };

  return {
    power(base, exponent) {
      worker ??= start();
      worker.ref();
      const id = (nextId += 1);
      const post = worker;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        post.postMessage({ id, base: base.toString(16), exponent: exponent.toString(16) });
      });
    },
    async stop() {
      await worker?.terminate();
      failAll(new Error('the bench is stopping'));
    },
  };
}
