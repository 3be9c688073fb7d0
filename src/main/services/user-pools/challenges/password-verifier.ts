import { timingSafeEqual } from 'node:crypto';
import { SRP_TIMESTAMP_SKEW_SECONDS } from '../../../../shared/limits.ts';
import { realMillis } from '../../../kernel/clock.ts';
import type { SrpState } from '../flows/flow.ts';
import { requireParameter } from '../parameters.ts';
import { srpGroup, srpPoolName } from '../password-verifiers.ts';
import { parseTimestamp, proof, scrambling, sessionKey, sharedSecret } from '../policies/srp-math.ts';
import { incorrect, judgePassword } from '../sign-in-attempts.ts';
import type { Answer, Challenge } from './challenge.ts';

/** The client's proof that it knows the password. */
export const passwordVerifier: Challenge = async (answer, services) => {
  const { call, session, user, responses } = answer;
  const state = session.state as unknown as SrpState;
  const signature = requireParameter(call, responses, 'PASSWORD_CLAIM_SIGNATURE');
  const secretBlock = requireParameter(call, responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const timestamp = requireParameter(call, responses, 'TIMESTAMP');
  requireTimely(answer, timestamp);

  const proves = async (): Promise<boolean> => {
    const [A, B, b, v] = [state.A, state.B, state.b, state.verifier].map((hex) => BigInt(`0x${hex}`));
    const u = scrambling(A!, B!);
    if (u === 0n) return false;
    const secret = await sharedSecret(srpGroup(services), { A: A!, v: v!, u, b: b! });
    const expected = proof(sessionKey(u, secret), {
      poolName: srpPoolName(session.userPoolId),
      userId: session.username,
      secretBlock: state.secretBlock,
      timestamp,
    });
    const given = Buffer.from(signature, 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected) && secretBlock === state.secretBlock;
  };

  if (!user) {
    await proves();
    throw call.why.refuse('UP-AUTH-10', 'The exchange was simulated: there is no such user.', incorrect());
  }
  return { reached: 'password-proven', user: await judgePassword(call, user, 'UP-AUTH-8', proves, services) };
};

/** Near the bench's time or the machine's, so that a moved clock locks nobody out. The width is assumed. */
function requireTimely({ call }: Answer, text: string): void {
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
