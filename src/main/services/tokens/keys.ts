import { type JWK, exportJWK, importJWK } from 'jose';
import type { Services, SigningKey, SigningKeys } from '../services.ts';

type Needs = Pick<Services, 'bus' | 'clock' | 'log' | 'random' | 'signingKeyRecords' | 'store' | 'userPools'>;

type Algorithm = SigningKey['alg'];

const HASHES: { readonly [Name in Algorithm]: string } = { RS256: 'SHA-256', RS512: 'SHA-512' };

/** The keys of one user pool: `user-pool:<id>:id` and `user-pool:<id>:access`. */
export function userPoolKeyOwner(userPoolId: string, use: 'id' | 'access'): string {
  return `user-pool:${userPoolId}:${use}`;
}

function poolOf(owner: string): string | undefined {
  return owner.startsWith('user-pool:') ? owner.split(':')[1] : undefined;
}

/**
 * Key pairs are made off the main thread and kept in the store. A pool's pair is begun as soon as the pool is
 * created; a bench that stopped before it was done makes it on first use.
 */
export function createSigningKeys(services: Needs): SigningKeys {
  const { bus, clock, log, random, signingKeyRecords, store, userPools } = services;
  const ready = new Map<string, Promise<SigningKey>>();

  const generate = async (owner: string, account: string, algorithm: Algorithm): Promise<SigningKey> => {
    const pair = await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: HASHES[algorithm],
      },
      true,
      ['sign', 'verify'],
    );
    const privateJwk = JSON.stringify(await exportJWK(pair.privateKey));
    const kid = random.bytes(32).toString('base64');
    const userPoolId = poolOf(owner);
    store.write(() => {
      signingKeyRecords.insert({
        owner,
        // A key that no pool owns serves every account, so no account's reset may take it away.
        account: userPoolId === undefined ? '' : account,
        userPoolId,
        kid,
        algorithm,
        privateJwk,
        createdAt: clock.now(),
      });
    });
    return load(kid, algorithm, privateJwk);
  };

  const find = async (owner: string, account: string): Promise<SigningKey> => {
    const kept = signingKeyRecords.find(owner);
    if (kept) return load(kept.kid, kept.algorithm as Algorithm, kept.privateJwk);
    return generate(owner, account, poolOf(owner) === undefined ? 'RS512' : 'RS256');
  };

  const keys: SigningKeys = {
    key(owner, account) {
      const known = ready.get(owner);
      if (known) return known;
      const making = find(owner, account);
      ready.set(owner, making);
      // A failure is not remembered: the next caller tries again.
      making.catch(() => ready.delete(owner));
      return making;
    },
    publicJwk: ({ kid, alg, jwk }) => {
      // Field order as AWS lists it.
      const { e, kty, n } = jwk;
      return { alg, e, kid, kty, n, use: 'sig' };
    },
  };

  // One after the other, so that many new pools at once leave threads free to sign tokens.
  let line = Promise.resolve();
  bus.on('user-pool.changed', ({ account, userPoolId }) => {
    const owners = [userPoolKeyOwner(userPoolId, 'access'), userPoolKeyOwner(userPoolId, 'id')];
    if (!userPools.place(userPoolId)) {
      for (const owner of owners) ready.delete(owner);
      return;
    }
    for (const owner of owners) {
      if (ready.has(owner)) continue;
      line = line.then(async () => {
        try {
          if (userPools.place(userPoolId)) await keys.key(owner, account);
        } catch (error) {
          // The pool went away, or the bench is stopping; whoever needs the key makes it again.
          log.debug({ err: error, owner }, 'a signing key was not made ahead of time');
        }
      });
    }
  });
  bus.on('account.reset', () => ready.clear());
  bus.on('bench.reset', () => ready.clear());

  return keys;
}

async function load(kid: string, alg: Algorithm, privateJwk: string): Promise<SigningKey> {
  const { n, e, kty, ...secret } = JSON.parse(privateJwk) as JWK;
  const jwk = { kty, n, e } as JWK;
  const [privateKey, publicKey] = await Promise.all([
    importJWK({ ...jwk, ...secret }, alg) as Promise<CryptoKey>,
    importJWK(jwk, alg) as Promise<CryptoKey>,
  ]);
  return { kid, alg, privateKey, publicKey, jwk };
}
