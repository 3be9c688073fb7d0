import type { CodeDeliveryDetailsType, UserPoolType } from '../../../../shared/aws/cognito-idp.ts';

export type VerifiableAttribute = 'email' | 'phone_number';

export interface Destination {
  readonly attribute: VerifiableAttribute;
  readonly medium: 'EMAIL' | 'SMS';
  readonly address: string;
}

/** `f***@e***` */
export function maskEmail(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  return `${local.slice(0, 1)}***@${domain.slice(0, 1)}***`;
}

/** `+*******9934` */
export function maskPhone(number: string): string {
  const digits = number.replace(/^\+/, '');
  return `+${'*'.repeat(Math.max(digits.length - 4, 0))}${digits.slice(-4)}`;
}

export function destinationOf(
  attribute: VerifiableAttribute,
  attributes: { readonly [name: string]: string },
): Destination | undefined {
  const address = attributes[attribute];
  return address ? { attribute, medium: attribute === 'email' ? 'EMAIL' : 'SMS', address } : undefined;
}

/** Where a sign-up code goes: a phone wins over e-mail when both are verified automatically. */
export function signUpDestination(
  settings: Pick<UserPoolType, 'AutoVerifiedAttributes'>,
  attributes: { readonly [name: string]: string },
): Destination | undefined {
  const verified = settings.AutoVerifiedAttributes ?? [];
  const candidates: VerifiableAttribute[] = ['phone_number', 'email'];
  for (const attribute of candidates) {
    const destination = verified.includes(attribute) ? destinationOf(attribute, attributes) : undefined;
    if (destination) return destination;
  }
  return undefined;
}

export function deliveryDetails({ attribute, medium, address }: Destination): CodeDeliveryDetailsType {
  return {
    Destination: medium === 'EMAIL' ? maskEmail(address) : maskPhone(address),
    DeliveryMedium: medium,
    AttributeName: attribute,
  };
}

/** What a code's delivery would look like for a user that does not exist, from the name alone. */
export function simulatedDelivery(
  settings: Pick<UserPoolType, 'AutoVerifiedAttributes'>,
  typed: string,
): CodeDeliveryDetailsType {
  const byPhone =
    typed.startsWith('+') ||
    (settings.AutoVerifiedAttributes?.includes('phone_number') && !settings.AutoVerifiedAttributes.includes('email'));
  return byPhone
    ? deliveryDetails({ attribute: 'phone_number', medium: 'SMS', address: typed })
    : deliveryDetails({ attribute: 'email', medium: 'EMAIL', address: typed.includes('@') ? typed : `${typed}@e` });
}
