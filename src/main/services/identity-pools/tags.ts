import { family, notBuilt } from '../family.ts';

export const tags = family('cognito-identity', 'tags', {
  TagResource: notBuilt('tags are set with the pool for now'),
  UntagResource: notBuilt('tags are set with the pool for now'),
  ListTagsForResource: notBuilt('DescribeIdentityPool shows the tags for now'),
});
