import { fault } from '../../../kernel/fault.ts';
import { SRP_MODULUS } from '../../../kernel/powers.ts';
import type { UserPoolRecord } from '../../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../../store/repositories/users.ts';
import { findUser, hidesExistence } from '../lookup.ts';
import { checkSecretHash, requireParameter } from '../parameters.ts';
import { simulateUser, srpGroup } from '../password-verifiers.ts';
import { publicValue, verifier } from '../policies/srp-math.ts';
import type { AuthNeeds, Flow, Start } from './flow.ts';

// 3072 bits, and a little room for clients that pad.
const LONGEST_PUBLIC_VALUE = 1024;

/** USER_SRP_AUTH: the client shows that it knows the password without sending it. */
export const userSrp: Flow = async (start, services) => {
  const { call, pool, client, parameters } = start;
  const typed = requireParameter(call, parameters, 'USERNAME');
  const A = requireClientPublic(start);
  checkSecretHash(call, client, parameters, typed, 'initiate');
  const user = findUser(pool, typed, services);
  if (!user && !hidesExistence(client)) {
    throw call.why.refuse(
      'UP-AUTH-3',
      'There is no such user.',
      fault('UserNotFoundException', 'User does not exist.'),
      { username: typed, hidesExistence: false },
    );
  }
  const { username, salt, v } = await halfOf(pool, user, typed, services);
  if (!user) call.why.choose('UP-AUTH-10', 'There is no such user; the exchange is simulated and will fail.');

  const group = srpGroup(services);
  // OpenSSL takes odd exponents only; 255 random bits are as good.
  const b = BigInt(`0x${services.random.bytes(32).toString('hex')}`) | 1n;
  const B = await publicValue(group, v, b);
  return {
    reached: 'srp-exchange',
    user,
    username,
    salt,
    state: {
      A: A.toString(16),
      B: B.toString(16),
      b: b.toString(16),
      verifier: v.toString(16),
      secretBlock: services.random.bytes(96).toString('base64'),
    },
  };
};

function requireClientPublic({ call, parameters }: Start): bigint {
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

async function halfOf(
  pool: UserPoolRecord,
  user: UserRecord | undefined,
  typed: string,
  services: AuthNeeds,
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
