import { family, notBuilt } from '../family.ts';

export const resourceServers = family<'cognito-idp', unknown>('cognito-idp', 'resource-servers', {
  CreateResourceServer: notBuilt('resource servers'),
  DescribeResourceServer: notBuilt('resource servers'),
  UpdateResourceServer: notBuilt('resource servers'),
  DeleteResourceServer: notBuilt('resource servers'),
  ListResourceServers: notBuilt('resource servers'),
});
