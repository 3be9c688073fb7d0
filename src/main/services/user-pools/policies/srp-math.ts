import { createHash, createHmac } from 'node:crypto';

/**
 * SRP-6a as Cognito speaks it (reference/user-pools 5.4), the server's half. Every power goes through the group's
 * `power`, which works off the main thread.
 */
export interface SrpGroup {
  readonly modulus: bigint;
  readonly generator: bigint;
  power(base: bigint, exponent: bigint): Promise<bigint>;
}

/** Hexadecimal with whole bytes, and a zero byte in front where the first bit is set. */
export function pad(value: bigint): string {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return /^[89a-f]/.test(even) ? `00${even}` : even;
}

function hash(hex: string): bigint {
  return BigInt(`0x${createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')}`);
}

/** `poolName` is the pool's id behind the underscore; `userId` is USER_ID_FOR_SRP. */
export function privateKey(salt: string, poolName: string, userId: string, password: string): bigint {
  const inner = createHash('sha256').update(`${poolName}${userId}:${password}`).digest('hex');
  return hash(pad(BigInt(`0x${salt}`)) + inner);
}

export async function verifier(group: SrpGroup, x: bigint): Promise<bigint> {
  return group.power(group.generator, x);
}

function multiplier(group: SrpGroup): bigint {
  return hash(pad(group.modulus) + pad(group.generator));
}

/** The server's public value for the secret exponent `b`. */
export async function publicValue(group: SrpGroup, v: bigint, b: bigint): Promise<bigint> {
  return (multiplier(group) * v + (await group.power(group.generator, b))) % group.modulus;
}

export function scrambling(clientPublic: bigint, serverPublic: bigint): bigint {
  return hash(pad(clientPublic) + pad(serverPublic));
}

/** The secret that client and server share when the password is right. */
export async function sharedSecret(
  group: SrpGroup,
  values: { readonly A: bigint; readonly v: bigint; readonly u: bigint; readonly b: bigint },
): Promise<bigint> {
  const blinded = (values.A * (await group.power(values.v, values.u))) % group.modulus;
  return group.power(blinded, values.b);
}

/** Sixteen bytes: HKDF with one block, cut in half. */
export function sessionKey(u: bigint, secret: bigint): Buffer {
  const prk = createHmac('sha256', Buffer.from(pad(u), 'hex'))
    .update(Buffer.from(pad(secret), 'hex'))
    .digest();
  const info = Buffer.concat([Buffer.from('Caldera Derived Key'), Buffer.from([1])]);
  return createHmac('sha256', prk).update(info).digest().subarray(0, 16);
}

export function proof(
  key: Buffer,
  claim: {
    readonly poolName: string;
    readonly userId: string;
    readonly secretBlock: string;
    readonly timestamp: string;
  },
): Buffer {
  return createHmac('sha256', key)
    .update(claim.poolName)
    .update(claim.userId)
    .update(Buffer.from(claim.secretBlock, 'base64'))
    .update(claim.timestamp)
    .digest();
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Tue Sep 1 01:02:03 UTC 2026`: English, the day of the month without a zero in front. */
export function formatTimestamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const day = DAYS[date.getUTCDay()];
  return `${day} ${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()} ${time} UTC ${date.getUTCFullYear()}`;
}

/** The instant, or `undefined` where the text is not exactly what {@link formatTimestamp} writes. */
export function parseTimestamp(text: string): Date | undefined {
  const match = /^\w{3} (\w{3}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) UTC (\d{4})$/.exec(text);
  if (!match) return undefined;
  const [, month, day, hours, minutes, seconds, year] = match;
  const instant = new Date(
    Date.UTC(Number(year), MONTHS.indexOf(month!), Number(day), Number(hours), Number(minutes), Number(seconds)),
  );
  return formatTimestamp(instant) === text ? instant : undefined;
}
