import type { SrpState } from '../flows/flow.ts';
import { srpPoolName } from '../password-verifiers.ts';
import { incorrect, judgePassword } from '../sign-in-attempts.ts';
import { readProof } from '../srp-exchange.ts';
import { type Ask, type Challenge, openChallenge } from './challenge.ts';

/** The password is proven next, without being sent. */
export const askForPasswordProof: Ask<'srp-exchange'> = (step, { user, username, salt, state, rounds }, services) => {
  step.call.why.choose('UP-AUTH-16', 'The password is proven next, without being sent.', {
    challenge: 'PASSWORD_VERIFIER',
  });
  return openChallenge(
    step,
    {
      challenge: 'PASSWORD_VERIFIER',
      user,
      username,
      state: { ...state, ...(rounds ? { rounds: rounds.map((round) => ({ ...round })) } : {}) },
      secretBlock: state.secretBlock,
      parameters: {
        SALT: salt,
        SECRET_BLOCK: state.secretBlock,
        SRP_B: state.B,
        USERNAME: username,
        USER_ID_FOR_SRP: username,
      },
    },
    services,
  );
};

/** The client's proof that it knows the password. */
export const passwordVerifier: Challenge = async ({ call, session, user, responses }, services) => {
  const state = session.state as unknown as SrpState;
  const party = { poolName: srpPoolName(session.userPoolId), userId: session.username };
  const proves = readProof(call, state, party, responses, services);
  if (!user) {
    await proves();
    throw call.why.refuse('UP-AUTH-10', 'The exchange was simulated: there is no such user.', incorrect());
  }
  return { reached: 'password-proven', user: await judgePassword(call, user, 'UP-AUTH-8', proves, services) };
};
