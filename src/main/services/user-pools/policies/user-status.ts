import type { UserType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

type Status = UserType['UserStatus'];

/** Why somebody with this status gets no tokens although the password was right. */
export function statusProblem(status: Status): Refusal | undefined {
  switch (status) {
    case 'CONFIRMED':
    case 'FORCE_CHANGE_PASSWORD':
      return undefined;
    case 'UNCONFIRMED':
      return refusal('UserNotConfirmedException', 'User is not confirmed.');
    case 'RESET_REQUIRED':
      // text from memory
      return refusal('PasswordResetRequiredException', 'Password reset required for the user');
    default:
      return refusal(
        'NotAuthorizedException',
        'Incorrect username or password.',
        `A user who is ${status} has no password.`,
      );
  }
}

/** Confirming works once. */
export function confirmationProblem(status: Status): Refusal | undefined {
  if (status === 'UNCONFIRMED') return undefined;
  return refusal('NotAuthorizedException', `User cannot be confirmed. Current status is ${status}`);
}
