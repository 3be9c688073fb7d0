// Runs in a worker thread; see powers.ts. Plain CommonJS, because it is started from its text.
//
// A raw RSA operation with n = N and e = the exponent is a modular power in OpenSSL, several times faster
// than BigInt. OpenSSL wants an odd exponent (an even one is one multiplication more) and one that fits in N;
// BoringSSL, which Electron carries, refuses large exponents, so BigInt does it there.
const { parentPort, workerData } = require('node:worker_threads');
const { createPublicKey, publicEncrypt, constants } = require('node:crypto');

const MODULUS_HEX = workerData.modulus;
const MODULUS = BigInt('0x' + MODULUS_HEX);
const BYTES = MODULUS_HEX.length / 2;
const N = Buffer.from(MODULUS_HEX, 'hex').toString('base64url');

let openssl = true;

function power(base, exponent) {
  const reduced = base % MODULUS;
  if (exponent === 0n) return 1n;
  if (reduced === 0n) return 0n;
  if (openssl && exponent > 2n) {
    try {
      const odd = exponent % 2n === 1n;
      const result = rawRsa(reduced, odd ? exponent : exponent - 1n);
      return odd ? result : (result * reduced) % MODULUS;
    } catch {
      openssl = false;
    }
  }
  return bigIntPower(reduced, exponent);
}

function rawRsa(base, exponent) {
  const e = bytes(exponent.toString(16)).toString('base64url');
  const key = createPublicKey({ key: { kty: 'RSA', n: N, e }, format: 'jwk' });
  const block = bytes(base.toString(16).padStart(BYTES * 2, '0'));
  return BigInt('0x' + publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block).toString('hex'));
}

function bigIntPower(base, exponent) {
  let result = 1n;
  let factor = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % MODULUS;
    factor = (factor * factor) % MODULUS;
  }
  return result;
}

function bytes(hex) {
  return Buffer.from(hex.length % 2 === 0 ? hex : '0' + hex, 'hex');
}

parentPort.on('message', ({ id, base, exponent }) => {
  try {
    const result = power(BigInt('0x' + base), BigInt('0x' + exponent));
    parentPort.postMessage({ id, result: result.toString(16) });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error) });
  }
});
