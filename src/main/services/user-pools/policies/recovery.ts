import type { UserPoolType, UserType } from '../../../../shared/aws/cognito-idp.ts';
import { destinationOf, type Destination, type VerifiableAttribute } from './delivery.ts';
import { refusal, type Refusal } from './refusal.ts';

type Settings = Pick<UserPoolType, 'AccountRecoverySetting'>;
type Attributes = { readonly [name: string]: string };

const ATTRIBUTES: { readonly [mechanism: string]: VerifiableAttribute } = {
  verified_email: 'email',
  verified_phone_number: 'phone_number',
};

/** Second factors that a message to the attribute would be one and the same thing with. */
const FACTORS: { readonly [Attribute in VerifiableAttribute]: string } = {
  email: 'EMAIL_OTP',
  phone_number: 'SMS_MFA',
};

/** Whether users get their password reset by administrators alone. */
export function onlyAdministratorsReset({ AccountRecoverySetting: recovery }: Settings): boolean {
  return recovery?.RecoveryMechanisms?.some(({ Name }) => Name === 'admin_only') ?? false;
}

/**
 * Where a code goes that resets a password: to a verified address, in the order that the pool asks for. An address
 * that is the user's second factor is passed over, or whoever holds it would have both.
 */
export function recoveryDestination(
  settings: Settings,
  attributes: Attributes,
  activeFactors: readonly string[],
): Destination | undefined {
  const mechanisms = (settings.AccountRecoverySetting?.RecoveryMechanisms ?? [])
    .filter(({ Name }) => Name !== 'admin_only')
    .toSorted((one, other) => one.Priority - other.Priority)
    .flatMap(({ Name }) => ATTRIBUTES[Name] ?? []);
  // Pools without the setting: the phone first, and also where it is a second factor.
  const isLegacy = mechanisms.length === 0;
  const order: readonly VerifiableAttribute[] = isLegacy ? ['phone_number', 'email'] : mechanisms;
  for (const attribute of order) {
    if (attributes[`${attribute}_verified`]?.toLowerCase() !== 'true') continue;
    if (!isLegacy && activeFactors.includes(FACTORS[attribute])) continue;
    const destination = destinationOf(attribute, attributes);
    if (destination) return destination;
  }
  return undefined;
}

export function unreachable(): Refusal {
  return refusal(
    'InvalidParameterException',
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  );
}

/** Which users have a password that can be reset. */
export function resetProblem(status: UserType['UserStatus'], asker: 'user' | 'admin'): Refusal | undefined {
  if (status === 'CONFIRMED' || status === 'RESET_REQUIRED') return undefined;
  // Somebody who is unconfirmed has no verified address as a rule, and is told that instead.
  if (status === 'UNCONFIRMED' && asker === 'user') return undefined;
  return refusal(
    'NotAuthorizedException',
    'User password cannot be reset in the current state.',
    `A user who is ${status} has no password to reset.`,
  );
}
