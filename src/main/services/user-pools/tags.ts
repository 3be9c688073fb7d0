import { family, notBuilt } from '../family.ts';

export const tags = family<'cognito-idp', unknown>('cognito-idp', 'tags', {
  TagResource: notBuilt('tags'),
  UntagResource: notBuilt('tags'),
  ListTagsForResource: notBuilt('tags'),
});
