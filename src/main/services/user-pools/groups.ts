import { family, notBuilt } from '../family.ts';

export const groups = family<'cognito-idp', unknown>('cognito-idp', 'groups', {
  CreateGroup: notBuilt('groups'),
  GetGroup: notBuilt('groups'),
  UpdateGroup: notBuilt('groups'),
  DeleteGroup: notBuilt('groups'),
  ListGroups: notBuilt('groups'),
  ListUsersInGroup: notBuilt('groups'),
  AdminAddUserToGroup: notBuilt('groups'),
  AdminRemoveUserFromGroup: notBuilt('groups'),
  AdminListGroupsForUser: notBuilt('groups'),
});
