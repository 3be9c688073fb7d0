import { fault } from '../../../kernel/fault.ts';
import { enforce } from '../enforce.ts';
import { requireParameter } from '../parameters.ts';
import { makeVerifier } from '../password-verifiers.ts';
import { attributeProblem, missingRequired, unwritable } from '../policies/attribute-schema.ts';
import { DEFAULT_PASSWORD_POLICY, passwordProblem } from '../policies/password-policy.ts';
import { incorrect } from '../sign-in-attempts.ts';
import type { Answer, Challenge } from './challenge.ts';

const PREFIX = 'userAttributes.';

/** A password of the user's own in place of the temporary one, and the attributes that are still missing. */
export const newPasswordRequired: Challenge = async (answer, services) => {
  const { call, pool, user, responses } = answer;
  const { why } = call;
  if (!user || user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw why.refuse('UP-AUTH-13', 'The user does not wait for a new password any more.', incorrect());
  }
  const password = requireParameter(call, responses, 'NEW_PASSWORD');
  const attributes = { ...user.attributes, ...requireNewAttributes(answer, user.attributes) };
  enforce(
    why,
    'UP-PASSWORD-1',
    'The new password obeys the pool’s policy.',
    passwordProblem(password, pool.settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY),
  );
  return {
    reached: 'new-password',
    user,
    changes: {
      status: 'CONFIRMED',
      attributes,
      password: await makeVerifier(pool.id, user.username, password, services),
      passwordSetAt: call.now,
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
