import { family, notBuilt } from '../family.ts';

export const attributes = family<'cognito-idp', unknown>('cognito-idp', 'attributes', {
  AddCustomAttributes: notBuilt('adding custom attributes'),
  UpdateUserAttributes: notBuilt('changing attributes', 'access-token'),
  AdminUpdateUserAttributes: notBuilt('changing attributes'),
  DeleteUserAttributes: notBuilt('changing attributes', 'access-token'),
  AdminDeleteUserAttributes: notBuilt('changing attributes'),
  GetUserAttributeVerificationCode: notBuilt('verifying attributes', 'access-token'),
  VerifyUserAttribute: notBuilt('verifying attributes', 'access-token'),
});
