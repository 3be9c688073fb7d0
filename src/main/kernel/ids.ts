import type { Random } from './random.ts';

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LOWER_ALPHANUMERIC = '0123456789abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Every identifier's format in one place (reference/user-pools 1.9, identity-and-sync 1.3, 2.4, 3.2). */
export interface Ids {
  uuid(): string;
  /** `us-east-1_AbCdEf123` */
  userPool(region: string): string;
  /** 26 lower-case letters and digits. */
  appClient(): string;
  /** 51 lower-case letters and digits. */
  clientSecret(): string;
  /** `us-east-1:` and a UUID; identity pools and identities share the form. */
  identity(region: string): string;
  /** Digits, possibly with leading zeros. */
  code(digits: number): string;
  /** Opaque text of the URL-safe Base64 alphabet. */
  opaque(bytes: number): string;
  /** `ASIA` and 16 characters. */
  temporaryAccessKey(): string;
  /** 40 characters of the Base64 alphabet. */
  secretKey(): string;
  /** `AROA` and 17 characters. */
  role(): string;
  /** `AIDA` and 17 characters. */
  iamUser(): string;
  /** `ANPA` and 17 characters. */
  iamPolicy(): string;
  /** `AKIA` and 16 characters. */
  accessKey(): string;
  /** `import-` and 10 letters and digits. */
  importJob(): string;
  /** `us-east-1_` and a UUID: a device that a user pool tracks. */
  device(region: string): string;
  /** A dash and 8 letters and digits. */
  deviceGroup(): string;
  /** 52 characters of Base32: the secret of a software token. */
  softwareToken(): string;
}

export function createIds(random: Random): Ids {
  const pick = (alphabet: string, count: number): string => {
    let text = '';
    for (let index = 0; index < count; index += 1) text += alphabet[random.below(alphabet.length)];
    return text;
  };
  const uuid = (): string => {
    const bytes = Buffer.from(random.bytes(16));
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
  return {
    uuid,
    userPool: (region) => `${region}_${pick(ALPHANUMERIC, 9)}`,
    appClient: () => pick(LOWER_ALPHANUMERIC, 26),
    clientSecret: () => pick(LOWER_ALPHANUMERIC, 51),
    identity: (region) => `${region}:${uuid()}`,
    code: (digits) => pick(DIGITS, digits),
    opaque: (bytes) => random.bytes(bytes).toString('base64url'),
    temporaryAccessKey: () => `ASIA${pick(BASE32, 16)}`,
    secretKey: () => random.bytes(30).toString('base64'),
    role: () => `AROA${pick(BASE32, 17)}`,
    iamUser: () => `AIDA${pick(BASE32, 17)}`,
    iamPolicy: () => `ANPA${pick(BASE32, 17)}`,
    accessKey: () => `AKIA${pick(BASE32, 16)}`,
    importJob: () => `import-${pick(ALPHANUMERIC, 10)}`,
    device: (region) => `${region}_${uuid()}`,
    deviceGroup: () => `-${pick(ALPHANUMERIC, 8)}`,
    softwareToken: () => pick(BASE32, 52),
  };
}
