import { fault } from '../../../kernel/fault.ts';
import { enforce } from '../enforce.ts';
import type { AuthNeeds } from '../flows/flow.ts';
import { attributeProblem } from '../policies/attribute-schema.ts';
import type { SecondFactor } from '../policies/second-factor.ts';
import { incorrect } from '../sign-in-attempts.ts';
import { type AuthAnswer, type Challenge, openChallenge, type SecondFactorAsked, type Step } from './challenge.ts';

/** How far setting up a software token has come, between AssociateSoftwareToken and the answer. */
export interface SetupState {
  readonly secret?: string;
  readonly name?: string;
  /** Set once a code of the secret was entered. */
  readonly step?: number;
}

export function askForSetup(
  step: Step,
  { user, proven, write }: SecondFactorAsked,
  factors: readonly SecondFactor[],
  services: AuthNeeds,
): AuthAnswer {
  return openChallenge(
    step,
    {
      challenge: 'MFA_SETUP',
      user,
      username: user.username,
      proven,
      parameters: { MFAS_CAN_SETUP: JSON.stringify(factors), USER_ID_FOR_SRP: user.username },
      write,
    },
    services,
  );
}

/** The end of setting up: a software token that was verified in this session, or an address to try. */
export const mfaSetup: Challenge = ({ call, pool, session, user, responses }, services) => {
  const { why } = call;
  if (!user) throw why.refuse('UP-MFA-12', 'The user is gone.', incorrect());
  const email = responses['EMAIL'];
  if (email && pool.factors.email) {
    enforce(
      why,
      'UP-MFA-12',
      'The user sets up e-mail as a factor.',
      attributeProblem(pool.settings.SchemaAttributes ?? [], { email }, { required: false }),
    );
    return { reached: 'address-given', user, email };
  }
  const { secret, name, step } = session.state as unknown as SetupState;
  if (secret === undefined || step === undefined || !pool.factors.softwareToken) {
    throw why.refuse(
      'UP-MFA-12',
      'No software token was verified in this session.',
      // guessed: the model declares it for factors that are not there
      fault('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.'),
    );
  }
  const { pendingSecret: _, ...factors } = services.mfaFactors.of(user);
  why.pass('UP-MFA-12', 'The software token that was verified in this session is the user’s from now on.');
  return {
    reached: 'second-factor-proven',
    user,
    changes: {},
    factors: {
      ...factors,
      enabled: [...new Set([...factors.enabled, 'SOFTWARE_TOKEN_MFA' as const])],
      secret,
      ...(name === undefined ? {} : { tokenName: name }),
      lastStep: step,
    },
  };
};
