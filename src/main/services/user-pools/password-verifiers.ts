import { createHmac, timingSafeEqual } from 'node:crypto';
import { SRP_GENERATOR, SRP_MODULUS } from '../../kernel/powers.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { PasswordVerifier } from '../../store/repositories/users.ts';
import type { Services } from '../services.ts';
import { privateKey, type SrpGroup, verifier } from './policies/srp-math.ts';

export function srpGroup({ powers }: Pick<Services, 'powers'>): SrpGroup {
  return {
    modulus: SRP_MODULUS,
    generator: SRP_GENERATOR,
    power: (base, exponent) => powers.power(base, exponent),
  };
}

/** The pool's name in SRP: its id behind the underscore. */
export function srpPoolName(userPoolId: string): string {
  return userPoolId.slice(userPoolId.indexOf('_') + 1);
}

/** What is kept of a new password. `username` is the canonical one, as it goes into the hash. */
export async function makeVerifier(
  userPoolId: string,
  username: string,
  password: string,
  services: Pick<Services, 'powers' | 'random'>,
): Promise<PasswordVerifier> {
  const salt = services.random.bytes(16).toString('hex');
  const x = privateKey(salt, srpPoolName(userPoolId), username, password);
  return { salt, verifier: (await verifier(srpGroup(services), x)).toString(16) };
}

/** A plain password is checked by making its verifier again, so both ways of signing in rest on one truth. */
export async function passwordMatches(
  userPoolId: string,
  username: string,
  password: string,
  kept: PasswordVerifier,
  services: Pick<Services, 'powers'>,
): Promise<boolean> {
  const x = privateKey(kept.salt, srpPoolName(userPoolId), username, password);
  const made = await verifier(srpGroup(services), x);
  return sameHex(made.toString(16), kept.verifier);
}

function sameHex(one: string, other: string): boolean {
  const width = Math.max(one.length, other.length);
  return timingSafeEqual(Buffer.from(one.padStart(width, '0')), Buffer.from(other.padStart(width, '0')));
}

/** A user that does not exist, the same each time it is asked for. */
export interface Simulation {
  readonly username: string;
  readonly salt: string;
  /** The exponent that stands in for a password's. */
  readonly x: bigint;
}

export function simulateUser(pool: UserPoolRecord, typed: string): Simulation {
  const derive = (what: string): string =>
    createHmac('sha256', pool.simulationSecret).update(`${what}:${typed}`).digest('hex');
  const id = derive('id');
  return {
    username: [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20, 32)].join('-'),
    salt: derive('salt').slice(0, 32),
    x: BigInt(`0x${derive('verifier')}`),
  };
}
