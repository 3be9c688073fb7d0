import type { PasswordPolicyType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

export const DEFAULT_PASSWORD_POLICY: PasswordPolicyType = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};

// reference/user-pools 2.6; a space counts when it is neither first nor last.
const SYMBOLS = /[\^$*.[\]{}()?\-"!@#%&/\\,><':;|_~`+=]|(?<=.) (?=.)/;

/**
 * The first rule that the password breaks. Clients see one text only, so the order after the length is free.
 * `intro` differs between operations: AdminCreateUser says "password policy".
 */
export function passwordProblem(
  password: string,
  policy: PasswordPolicyType,
  intro = 'Password did not conform with policy',
): Refusal | undefined {
  const broken = brokenRule(password, policy);
  return broken === undefined ? undefined : refusal('InvalidPasswordException', `${intro}: ${broken}`);
}

/** At the door of SignUp and ConfirmForgotPassword AWS keeps an older minimum of six. */
export function shortPasswordProblem(password: string | undefined): Refusal | undefined {
  if (password !== undefined && password.length >= 6) return undefined;
  const constraint =
    password === undefined ? 'Member must not be null' : 'Member must have length greater than or equal to 6';
  return refusal(
    'InvalidParameterException',
    `1 validation error detected: Value at 'password' failed to satisfy constraint: ${constraint}`,
  );
}

function brokenRule(password: string, policy: PasswordPolicyType): string | undefined {
  if (password.length < (policy.MinimumLength ?? 8)) return 'Password not long enough';
  if (policy.RequireUppercase && !/\p{Lu}/u.test(password)) return 'Password must have uppercase characters';
  if (policy.RequireLowercase && !/\p{Ll}/u.test(password)) return 'Password must have lowercase characters';
  if (policy.RequireNumbers && !/[0-9]/.test(password)) return 'Password must have numeric characters';
  if (policy.RequireSymbols && !SYMBOLS.test(password)) return 'Password must have symbol characters';
  return undefined;
}

/** A password that every policy accepts, from characters drawn by `below`. */
export function temporaryPassword(policy: PasswordPolicyType, below: (limit: number) => number): string {
  // Without the look-alikes 0 O 1 l I, because people type it.
  const kinds = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!@#$%^*_-+='];
  const draw = (alphabet: string): string => alphabet[below(alphabet.length)]!;
  const characters = kinds.map(draw);
  while (characters.length < Math.max(policy.MinimumLength ?? 8, 12)) characters.push(draw(kinds.join('')));
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    [characters[last], characters[other]] = [characters[other]!, characters[last]!];
  }
  return characters.join('');
}

/** Days for which a temporary password holds; 0 means unset. */
export function temporaryPasswordDays(policy: PasswordPolicyType): number {
  return policy.TemporaryPasswordValidityDays || 7;
}
