import { createHash, createHmac } from 'node:crypto';
import { SRP_GENERATOR, SRP_MODULUS, type Powers } from '../kernel/powers.ts';

/*
 * The client's side of Cognito's SRP-6a (reference/user-pools 5.4). The server has its own: if both ends shared
 * their arithmetic, they would share its mistakes.
 */

export interface SrpChallenge {
  /** The pool's id after the underscore. */
  readonly poolName: string;
  /** `USER_ID_FOR_SRP`, not the alias that was typed. */
  readonly userId: string;
  readonly password: string;
  /** Hex. */
  readonly salt: string;
  /** Hex. */
  readonly serverPublic: string;
  /** Base64. */
  readonly secretBlock: string;
  /** As {@link srpTimestamp} words it. */
  readonly timestamp: string;
}

export interface SrpClient {
  /** `SRP_A`: plain hex, without padding. */
  readonly publicHex: string;
  /** `PASSWORD_CLAIM_SIGNATURE` */
  prove(challenge: SrpChallenge): Promise<string>;
}

const MULTIPLIER = hashOf(paddedHex(SRP_MODULUS) + paddedHex(SRP_GENERATOR));

export async function startSrp(secret: bigint, powers: Powers): Promise<SrpClient> {
  const publicKey = await powers.power(SRP_GENERATOR, secret);
  return {
    publicHex: publicKey.toString(16),
    async prove(challenge) {
      const serverPublic = BigInt(`0x${challenge.serverPublic}`);
      if (serverPublic % SRP_MODULUS === 0n) throw new Error('SRP: the server sent a public value of zero');
      const scramble = hashOf(paddedHex(publicKey) + paddedHex(serverPublic));
      if (scramble === 0n) throw new Error('SRP: the scrambling parameter is zero');

      const exponent = privateExponent(challenge);
      const verifier = await powers.power(SRP_GENERATOR, exponent);
      const base = modulo(serverPublic - MULTIPLIER * verifier);
      const shared = await powers.power(base, secret + scramble * exponent);

      const pseudoRandomKey = hmac(bytesOf(paddedHex(scramble)), bytesOf(paddedHex(shared)));
      const key = hmac(pseudoRandomKey, Buffer.from('Caldera Derived Key\u0001', 'utf8')).subarray(0, 16);
      return createHmac('sha256', key)
        .update(challenge.poolName, 'utf8')
        .update(challenge.userId, 'utf8')
        .update(Buffer.from(challenge.secretBlock, 'base64'))
        .update(challenge.timestamp, 'utf8')
        .digest('base64');
    },
  };
}

/** What a device hands to ConfirmDevice: Base64 of the bytes of padded numbers. */
export async function deviceVerifier(
  device: {
    readonly groupKey: string;
    readonly deviceKey: string;
    readonly password: string;
    readonly salt: Buffer;
  },
  powers: Powers,
): Promise<{ readonly verifier: string; readonly salt: string }> {
  const { groupKey, deviceKey, password } = device;
  const salt = device.salt.toString('hex');
  const exponent = privateExponent({ poolName: groupKey, userId: deviceKey, password, salt });
  const base64 = (value: bigint): string => bytesOf(paddedHex(value)).toString('base64');
  return { verifier: base64(await powers.power(SRP_GENERATOR, exponent)), salt: base64(BigInt(`0x${salt}`)) };
}

function privateExponent({
  poolName,
  userId,
  password,
  salt,
}: Pick<SrpChallenge, 'poolName' | 'userId' | 'password' | 'salt'>): bigint {
  const identityHash = createHash('sha256').update(`${poolName}${userId}:${password}`, 'utf8').digest('hex');
  return hashOf(paddedHex(BigInt(`0x${salt}`)) + identityHash);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Tue Sep 1 01:02:03 UTC 2026`: English, the day without a leading zero. */
export function srpTimestamp(at: Date): string {
  const time = at.toISOString().slice(11, 19);
  return `${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${at.getUTCDate()} ${time} UTC ${at.getUTCFullYear()}`;
}

/** Hex of even length whose first nibble is below 8, so that it cannot be read as a negative number. */
function paddedHex(value: bigint): string {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return /^[89a-f]/.test(even) ? `00${even}` : even;
}

function hashOf(hex: string): bigint {
  return BigInt(`0x${createHash('sha256').update(bytesOf(hex)).digest('hex')}`);
}

function hmac(key: Buffer, message: Buffer): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function modulo(value: bigint): bigint {
  const rest = value % SRP_MODULUS;
  return rest < 0n ? rest + SRP_MODULUS : rest;
}
