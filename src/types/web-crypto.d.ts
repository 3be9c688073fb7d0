import type { webcrypto } from 'node:crypto';

declare global {
  /** Node's types have the class as a value only. */
  type CryptoKey = webcrypto.CryptoKey;
}
