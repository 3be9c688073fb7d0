import { exportJWK, importJWK, type JWK } from 'jose';
import { BenchError } from '../../kernel/fault.ts';
import type { StandInKeyRecord } from '../../store/repositories/stand-ins.ts';
import type { Services, StandIn } from '../services.ts';
import { selfSignedCertificate } from './saml-certificate.ts';

type Needs = Pick<Services, 'bus' | 'clock' | 'random' | 'standInRecords' | 'store'>;

/** Long enough for those who keep published keys to ask again. */
const PUBLISHED_MS = 24 * 60 * 60 * 1000;

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};

export interface StandInKeyPair {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly createdAt: Date;
}

/**
 * The keys of a stand-in, which are its own and not the bench's: there may be several, they go with the account, and
 * they can be changed by hand.
 */
export interface StandInKeys {
  /** The one that signs; made on first use. */
  current(standIn: StandIn): Promise<StandInKeyPair>;
  published(standIn: StandIn): readonly StandInKeyRecord[];
  /** The public halves of those that are published. */
  jwks(standIn: StandIn): { readonly keys: readonly JWK[] };
  rotate(standIn: StandIn, options: { readonly withdraw: boolean }): Promise<void>;
  withdraw(standIn: StandIn, kid: string): void;
  /** Base64 DER of each published key, the one that signs first. */
  certificates(standIn: StandIn): Promise<readonly [string, ...string[]]>;
  /** A private key whose public half nobody publishes. */
  stranger(): Promise<CryptoKey>;
}

export function createStandInKeys({ bus, clock, random, standInRecords, store }: Needs): StandInKeys {
  const making = new Map<string, Promise<void>>();
  let unpublished: Promise<CryptoKey> | undefined;
  // Reading a key from its text costs more than signing with it.
  const loaded = new Map<string, Promise<StandInKeyPair>>();
  bus.on('account.reset', () => loaded.clear());
  bus.on('bench.reset', () => loaded.clear());

  const published = (standIn: StandIn): StandInKeyRecord[] => standInRecords.keys(standIn, clock.now());
  const signing = (standIn: StandIn): StandInKeyRecord | undefined =>
    published(standIn).find(({ publishedUntil }) => publishedUntil === undefined);

  const make = async (standIn: StandIn, publishedUntil: Date | undefined): Promise<void> => {
    const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const privateJwk = JSON.stringify(await exportJWK(pair.privateKey));
    store.write(() => {
      // It may have been deleted meanwhile.
      if (!standInRecords.find(standIn.account, standIn.name)) return;
      const kid = keyId(standIn, random.bytes(20));
      standInRecords.putKey(standIn, { kid, privateJwk, createdAt: clock.now() }, publishedUntil);
    });
  };

  /** One at a time for each stand-in: two callers at once get the same key. */
  const inTurn = (standIn: StandIn, work: () => Promise<void>): Promise<void> => {
    const name = `${standIn.account}/${standIn.name}`;
    const turn = (making.get(name) ?? Promise.resolve()).catch(() => {}).then(work);
    making.set(name, turn);
    const forget = (): void => {
      if (making.get(name) === turn) making.delete(name);
    };
    turn.then(forget, forget);
    return turn;
  };

  const ensure = async (standIn: StandIn): Promise<StandInKeyRecord> => {
    if (!signing(standIn)) {
      await inTurn(standIn, async () => {
        if (!signing(standIn)) await make(standIn, clock.now());
      });
    }
    const key = signing(standIn);
    if (!key) throw new BenchError('NotFound', `There is no identity provider named ${standIn.name}.`, 404);
    return key;
  };

  const load = ({ kid, privateJwk, createdAt }: StandInKeyRecord): Promise<StandInKeyPair> => {
    const known = loaded.get(privateJwk);
    if (known) return known;
    const jwk = JSON.parse(privateJwk) as JWK;
    const { kty, n, e } = jwk;
    const loading = Promise.all([
      // Certificates and assertions are signed by Node's own functions, which take it no other way.
      importJWK(jwk, 'RS256', { extractable: true }) as Promise<CryptoKey>,
      importJWK({ kty, n, e }, 'RS256') as Promise<CryptoKey>,
    ]).then(([privateKey, publicKey]) => ({ kid, privateKey, publicKey, createdAt }));
    loaded.set(privateJwk, loading);
    return loading;
  };

  const keys: StandInKeys = {
    async current(standIn) {
      return load(await ensure(standIn));
    },

    published,

    jwks: (standIn) => ({
      keys: published(standIn).map(({ kid, privateJwk }) => {
        const { kty, n, e } = JSON.parse(privateJwk) as JWK;
        return { kty, kid, use: 'sig', alg: 'RS256', n, e };
      }),
    }),

    rotate: (standIn, { withdraw }) =>
      inTurn(standIn, () => make(standIn, withdraw ? undefined : new Date(clock.now().getTime() + PUBLISHED_MS))),

    withdraw(standIn, kid) {
      if (store.write(() => standInRecords.removeKey(standIn, kid))) return;
      if (signing(standIn)?.kid === kid) {
        throw new BenchError('KeyInUse', 'This key signs; rotate the keys first.', 409);
      }
      throw new BenchError('NotFound', `${standIn.name} has no key ${kid}.`, 404);
    },

    async certificates(standIn) {
      const certify = async (record: StandInKeyRecord): Promise<string> => {
        const { privateKey, publicKey, createdAt } = await load(record);
        return selfSignedCertificate({ commonName: standIn.name, notBefore: createdAt, privateKey, publicKey });
      };
      const first = await ensure(standIn);
      const others = published(standIn).filter(({ kid }) => kid !== first.kid);
      return [await certify(first), ...(await Promise.all(others.map(certify)))];
    },

    // One serves all: making a key takes a tenth of a second, and nobody knows this one anyway.
    stranger() {
      unpublished ??= crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']).then((pair) => pair.privateKey);
      return unpublished;
    },
  };
  return keys;
}

/** In each vendor's own form, from memory: Google's are forty hexadecimal digits, Apple's ten letters and digits. */
function keyId({ kind }: StandIn, bytes: Buffer): string {
  if (kind === 'google') return bytes.toString('hex');
  if (kind === 'apple') return bytes.toString('hex').slice(0, 10).toUpperCase();
  return bytes.toString('base64url');
}
