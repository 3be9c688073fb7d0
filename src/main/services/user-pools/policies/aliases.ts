import type { UserPoolType } from '../../../../shared/aws/cognito-idp.ts';
import { isEmailAddress, isPhoneNumber } from './attribute-schema.ts';
import { refusal, type Refusal } from './refusal.ts';

type Settings = Pick<UserPoolType, 'AliasAttributes' | 'UsernameAttributes' | 'UsernameConfiguration'>;

/** The form of a sign-in name that is compared: lower case where the pool does not tell cases apart. */
export function nameKey(settings: Settings, name: string): string {
  return settings.UsernameConfiguration?.CaseSensitive === false ? name.toLowerCase() : name;
}

/** Whether users are named by e-mail address or phone number, with a generated name behind it. */
export function namesByAttribute(settings: Settings): boolean {
  return (settings.UsernameAttributes?.length ?? 0) > 0;
}

/** Which attribute the typed name is, in a pool that names users by attribute. */
export function namingAttribute(settings: Settings, typed: string): 'email' | 'phone_number' | undefined {
  const allowed = settings.UsernameAttributes ?? [];
  if (allowed.includes('email') && isEmailAddress(typed)) return 'email';
  if (allowed.includes('phone_number') && isPhoneNumber(typed)) return 'phone_number';
  return undefined;
}

/** Whether a new user may have this name. */
export function usernameProblem(settings: Settings, typed: string): Refusal | undefined {
  if (namesByAttribute(settings)) {
    if (namingAttribute(settings, typed)) return undefined;
    const allowed = settings.UsernameAttributes ?? [];
    const wanted =
      allowed.length > 1 ? 'either an email or a phone number' : allowed[0] === 'email' ? 'an email' : 'a phone number';
    return refusal('InvalidParameterException', `Username should be ${wanted}.`);
  }
  const aliases = settings.AliasAttributes ?? [];
  if (aliases.includes('email') && isEmailAddress(typed)) {
    return refusal(
      'InvalidParameterException',
      'Username cannot be of email format, since user pool is configured for email alias.',
    );
  }
  if (aliases.includes('phone_number') && isPhoneNumber(typed)) {
    // from memory, after the text for e-mail addresses
    return refusal(
      'InvalidParameterException',
      'Username cannot be of phone number format, since user pool is configured for phone number alias.',
    );
  }
  return undefined;
}

/**
 * The names, beside the user name, under which somebody with these attributes can sign in. Alias attributes count
 * once they are verified, username attributes at once.
 */
export function aliasesOf(
  settings: Settings,
  attributes: { readonly [name: string]: string },
): { readonly kind: string; readonly key: string }[] {
  const isVerified = (name: string): boolean => attributes[`${name}_verified`]?.toLowerCase() === 'true';
  const kinds = namesByAttribute(settings)
    ? (settings.UsernameAttributes ?? [])
    : (settings.AliasAttributes ?? []).filter((name) => name === 'preferred_username' || isVerified(name));
  return kinds.flatMap((kind) => {
    const value = attributes[kind];
    return value ? [{ kind, key: nameKey(settings, value) }] : [];
  });
}
