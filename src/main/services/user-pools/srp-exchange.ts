import { timingSafeEqual } from 'node:crypto';
import { SRP_TIMESTAMP_SKEW_SECONDS } from '../../../shared/limits.ts';
import { realMillis } from '../../kernel/clock.ts';
import { fault } from '../../kernel/fault.ts';
import { SRP_MODULUS } from '../../kernel/powers.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import type { AuthContext, Progress, SrpState } from './flows/flow.ts';
import { requireParameter } from './parameters.ts';
import { simulateUser, srpGroup } from './password-verifiers.ts';
import {
  parseTimestamp,
  proof,
  publicValue,
  scrambling,
  sessionKey,
  sharedSecret,
  verifier,
} from './policies/srp-math.ts';
import { incorrect } from './sign-in-attempts.ts';

type Parameters = { readonly [name: string]: string };

// 3072 bits, and a little room for clients that pad.
const LONGEST_PUBLIC_VALUE = 1024;

export function requireClientPublic(call: Call, parameters: Parameters): bigint {
  const text = requireParameter(call, parameters, 'SRP_A');
  const isNumber = /^[0-9a-fA-F]+$/.test(text) && text.length <= LONGEST_PUBLIC_VALUE;
  const A = isNumber ? BigInt(`0x${text}`) : 0n;
  // A multiple of the modulus would make the shared secret known without the password.
  if (A % SRP_MODULUS === 0n) {
    throw call.why.refuse(
      'UP-AUTH-7',
      'SRP_A is not a number of the group, or is zero in it.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'SRP_A is not a valid value.'),
    );
  }
  call.why.pass('UP-AUTH-7', 'SRP_A is a number of the group and not zero in it.');
  return A;
}

/** The server's half of an exchange with whoever knows the password behind the verifier `v`. */
export async function openExchange(
  A: bigint,
  v: bigint,
  services: Pick<Services, 'powers' | 'random'>,
): Promise<SrpState> {
  // OpenSSL takes odd exponents only; 255 random bits are as good.
  const b = BigInt(`0x${services.random.bytes(32).toString('hex')}`) | 1n;
  const B = await publicValue(srpGroup(services), v, b);
  return {
    A: A.toString(16),
    B: B.toString(16),
    b: b.toString(16),
    verifier: v.toString(16),
    secretBlock: services.random.bytes(96).toString('base64'),
  };
}

/** An exchange over a user's password, simulated where there is no such user or the user has no password. */
export async function exchangeWith(
  { call, pool }: Pick<AuthContext, 'call' | 'pool'>,
  user: UserRecord | undefined,
  typed: string,
  A: bigint,
  services: Pick<Services, 'powers' | 'random'>,
): Promise<Extract<Progress, { reached: 'srp-exchange' }>> {
  const { username, salt, v } = await halfOf(pool, user, typed, services);
  if (!user) call.why.choose('UP-AUTH-10', 'There is no such user; the exchange is simulated and will fail.');
  return { reached: 'srp-exchange', user, username, salt, state: await openExchange(A, v, services) };
}

async function halfOf(
  pool: UserPoolRecord,
  user: UserRecord | undefined,
  typed: string,
  services: Pick<Services, 'powers'>,
): Promise<{ username: string; salt: string; v: bigint }> {
  if (user?.password) {
    return { username: user.username, salt: user.password.salt, v: BigInt(`0x${user.password.verifier}`) };
  }
  const simulated = simulateUser(pool, user?.username ?? typed);
  return {
    username: user?.username ?? simulated.username,
    salt: simulated.salt,
    v: await verifier(srpGroup(services), simulated.x),
  };
}

/**
 * The client's proof, ready to be judged. `party` is who the exchange was with: a pool and a user's name, or a
 * device's group key and key.
 */
export function readProof(
  call: Call,
  state: SrpState,
  party: { readonly poolName: string; readonly userId: string },
  responses: Parameters,
  services: Pick<Services, 'powers'>,
): () => Promise<boolean> {
  const signature = requireParameter(call, responses, 'PASSWORD_CLAIM_SIGNATURE');
  const secretBlock = requireParameter(call, responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const timestamp = requireParameter(call, responses, 'TIMESTAMP');
  requireTimely(call, timestamp);
  return async () => {
    const [A, B, b, v] = [state.A, state.B, state.b, state.verifier].map((hex) => BigInt(`0x${hex}`));
    const u = scrambling(A!, B!);
    if (u === 0n) return false;
    const secret = await sharedSecret(srpGroup(services), { A: A!, v: v!, u, b: b! });
    const expected = proof(sessionKey(u, secret), { ...party, secretBlock: state.secretBlock, timestamp });
    const given = Buffer.from(signature, 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected) && secretBlock === state.secretBlock;
  };
}

/** Near the bench's time or the machine's, so that a moved clock locks nobody out. The width is assumed. */
function requireTimely(call: Call, text: string): void {
  const instant = parseTimestamp(text);
  const near = (millis: number): boolean =>
    instant !== undefined && Math.abs(instant.getTime() - millis) <= SRP_TIMESTAMP_SKEW_SECONDS * 1000;
  if (near(call.now.getTime()) || near(realMillis())) {
    call.why.pass('UP-AUTH-9', 'TIMESTAMP is well formed and near the present.', { timestamp: text });
    return;
  }
  throw call.why.refuse(
    'UP-AUTH-9',
    instant ? 'TIMESTAMP is too far from the present.' : 'TIMESTAMP is not written as AWS wants it.',
    incorrect(),
    { timestamp: text, now: call.now.toISOString() },
  );
}
