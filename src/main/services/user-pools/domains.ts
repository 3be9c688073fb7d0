import { family, notBuilt } from '../family.ts';

export const domains = family<'cognito-idp', unknown>('cognito-idp', 'domains', {
  CreateUserPoolDomain: notBuilt('domains of user pools'),
  DescribeUserPoolDomain: notBuilt('domains of user pools'),
  UpdateUserPoolDomain: notBuilt('domains of user pools'),
  DeleteUserPoolDomain: notBuilt('domains of user pools'),
});
