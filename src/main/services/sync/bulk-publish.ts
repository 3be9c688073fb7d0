import { family, notBuilt } from '../family.ts';

export const bulkPublish = family('cognito-sync', 'bulk-publish', {
  BulkPublish: notBuilt('streams of dataset changes'),
  GetBulkPublishDetails: notBuilt('streams of dataset changes'),
});
