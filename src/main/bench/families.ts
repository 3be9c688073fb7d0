import { families as cloudTrail } from '../services/cloudtrail/index.ts';
import { families as dynamoDb } from '../services/dynamodb/index.ts';
import { families as iam } from '../services/iam/index.ts';
import { families as identityPools } from '../services/identity-pools/index.ts';
import { families as lambda } from '../services/lambda/index.ts';
import { families as s3 } from '../services/s3/index.ts';
import { families as sns } from '../services/sns/index.ts';
import { families as streams } from '../services/streams/index.ts';
import { families as sts } from '../services/sts/index.ts';
import { families as sync } from '../services/sync/index.ts';
import { families as userPools } from '../services/user-pools/index.ts';
import type { Family } from '../services/family.ts';

/** Every row that a bench has. */
export const families: readonly Family[] = [
  ...userPools,
  ...identityPools,
  ...sync,
  ...sts,
  ...iam,
  ...lambda,
  ...streams,
  ...sns,
  ...s3,
  ...dynamoDb,
  ...cloudTrail,
];
