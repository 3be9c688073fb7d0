import { fault } from '../../../kernel/fault.ts';
import { enforce } from '../enforce.ts';
import { makeNewPassword, requireGoodPassword } from '../new-passwords.ts';
import { requireParameter } from '../parameters.ts';
import { attributeProblem, missingRequired, unwritable } from '../policies/attribute-schema.ts';
import { DEFAULT_PASSWORD_POLICY, temporaryPasswordDays } from '../policies/password-policy.ts';
import { incorrect } from '../sign-in-attempts.ts';
import {
  type Answer,
  type AuthAnswer,
  type Challenge,
  openChallenge,
  type SecondFactorAsked,
  type Step,
} from './challenge.ts';
import type { AuthNeeds } from '../flows/flow.ts';
import type { UserRecord } from '../../../store/repositories/users.ts';

const PREFIX = 'userAttributes.';

/** The temporary password was right: the user chooses one of their own next. */
export function askForNewPassword(
  step: Step,
  { user, proven, write }: SecondFactorAsked,
  services: AuthNeeds,
): AuthAnswer {
  const { call, pool } = step;
  requireFreshTemporaryPassword(step, user);
  const required = missingRequired(pool.settings.SchemaAttributes ?? [], user.attributes);
  call.why.choose('UP-AUTH-13', 'The password is temporary: the user chooses a new one next.', {
    challenge: 'NEW_PASSWORD_REQUIRED',
    requiredAttributes: required,
  });
  return openChallenge(
    step,
    {
      challenge: 'NEW_PASSWORD_REQUIRED',
      user,
      username: user.username,
      proven: { ...proven, ...(step.deviceKey === undefined ? {} : { deviceKey: step.deviceKey }) },
      parameters: {
        USER_ID_FOR_SRP: user.username,
        requiredAttributes: JSON.stringify(required.map((name) => `userAttributes.${name}`)),
        userAttributes: JSON.stringify(user.attributes),
      },
      write,
    },
    services,
  );
}

function requireFreshTemporaryPassword({ call, pool }: Step, user: UserRecord): void {
  const days = temporaryPasswordDays(pool.settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY);
  const set = user.passwordSetAt ?? user.createdAt;
  const until = new Date(set.getTime() + days * 24 * 60 * 60 * 1000);
  if (until > call.now) {
    call.why.pass('UP-AUTH-12', 'The temporary password still holds.', { until: until.toISOString() });
    return;
  }
  throw call.why.refuse(
    'UP-AUTH-12',
    'The temporary password is too old.',
    fault('NotAuthorizedException', 'Temporary password has expired and must be reset by an administrator.'),
    { until: until.toISOString(), days },
  );
}

/** A password of the user's own in place of the temporary one, and the attributes that are still missing. */
export const newPasswordRequired: Challenge = async (answer, services) => {
  const { call, pool, user, responses } = answer;
  const { why } = call;
  if (!user || user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw why.refuse('UP-AUTH-13', 'The user does not wait for a new password any more.', incorrect());
  }
  const password = requireParameter(call, responses, 'NEW_PASSWORD');
  const attributes = { ...user.attributes, ...requireNewAttributes(answer, user.attributes) };
  requireGoodPassword(call, pool, password);
  return {
    reached: 'new-password',
    user,
    changes: {
      status: 'CONFIRMED',
      attributes,
      ...(await makeNewPassword(call, pool, user, password, services)),
    },
  };
};

function requireNewAttributes(
  { call, pool, client, responses }: Answer,
  current: { readonly [name: string]: string },
): { [name: string]: string } {
  const { why } = call;
  const schema = pool.settings.SchemaAttributes ?? [];
  const given = Object.fromEntries(
    Object.entries(responses)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]) => [name.slice(PREFIX.length), value]),
  );
  const repeated = Object.keys(given).find((name) => current[name] !== undefined);
  if (repeated !== undefined) {
    throw why.refuse(
      'UP-AUTH-15',
      `${repeated} has a value already.`,
      fault('NotAuthorizedException', `Cannot modify an already provided ${repeated}`),
      { attribute: repeated },
    );
  }
  const forbidden = unwritable(schema, client.settings.WriteAttributes, Object.keys(given));
  if (forbidden !== undefined) {
    throw why.refuse(
      'UP-SIGNUP-3',
      `The client may not write ${forbidden}.`,
      fault('NotAuthorizedException', 'A client attempted to write unauthorized attribute'),
      { attribute: forbidden },
    );
  }
  enforce(
    why,
    'UP-SIGNUP-4',
    'The attributes fit the pool’s schema.',
    attributeProblem(schema, given, { required: false }),
  );
  const missing = missingRequired(schema, { ...current, ...given });
  if (missing.length > 0) {
    throw why.refuse(
      'UP-AUTH-15',
      'Required attributes are still missing.',
      // text from memory
      fault('InvalidParameterException', `Invalid attributes given, ${missing.join(', ')} is missing`),
      { missing },
    );
  }
  return given;
}
