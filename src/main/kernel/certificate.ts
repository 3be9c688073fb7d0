import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/** A certificate that signs itself, in the little of ASN.1's DER that it takes. */

const SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const COMMON_NAME = [0x55, 0x04, 0x03];

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const NULL = 0x05;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const VERSION = 0xa0;

const FIRST_LONG_YEAR = 2050;
const SERIAL_BYTES = 8;

export interface CertificateFacts {
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** An RSA pair for SHA-256. */
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** DER. The same facts and key give the same certificate each time, so none has to be kept. */
export async function selfSigned(facts: CertificateFacts): Promise<Buffer> {
  const { privateKey } = facts;
  assert.equal((privateKey.algorithm as { name: string; hash?: { name: string } }).hash?.name, 'SHA-256');
  const publicKey = Buffer.from(await crypto.subtle.exportKey('spki', facts.publicKey));
  const algorithm = der(SEQUENCE, der(OBJECT_IDENTIFIER, SHA256_WITH_RSA), der(NULL));
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OBJECT_IDENTIFIER, COMMON_NAME), der(UTF8_STRING, Buffer.from(facts.commonName)))),
  );
  const serial = createHash('sha256').update(publicKey).digest().subarray(0, SERIAL_BYTES);
  // A serial number is above zero: its first bit is no sign then.
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const body = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, [2])),
    der(INTEGER, serial),
    algorithm,
    name,
    der(SEQUENCE, time(facts.notBefore), time(facts.notAfter)),
    name,
    publicKey,
  );
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, new Uint8Array(body));
  return der(SEQUENCE, body, algorithm, der(BIT_STRING, [0], new Uint8Array(signature)));
}

function der(tag: number, ...contents: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return at.getUTCFullYear() < FIRST_LONG_YEAR
    ? der(UTC_TIME, Buffer.from(`${digits.slice(2)}Z`))
    : der(GENERALIZED_TIME, Buffer.from(`${digits}Z`));
}
