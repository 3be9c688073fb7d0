import { family, notBuilt } from '../family.ts';

export const importJobs = family<'cognito-idp', unknown>('cognito-idp', 'import-jobs', {
  CreateUserImportJob: notBuilt('importing users'),
  DescribeUserImportJob: notBuilt('importing users'),
  StartUserImportJob: notBuilt('importing users'),
  StopUserImportJob: notBuilt('importing users'),
  ListUserImportJobs: notBuilt('importing users'),
  GetCSVHeader: notBuilt('importing users'),
});
