import { family, notBuilt } from '../family.ts';

export const terms = family<'cognito-idp', unknown>('cognito-idp', 'terms', {
  CreateTerms: notBuilt('terms documents'),
  DescribeTerms: notBuilt('terms documents'),
  DescribeTermsByClient: notBuilt('terms documents'),
  UpdateTerms: notBuilt('terms documents'),
  DeleteTerms: notBuilt('terms documents'),
  ListTerms: notBuilt('terms documents'),
});
