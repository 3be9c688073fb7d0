import { families as iam } from '../../src/main/services/iam/index.ts';
import { families as identityPools } from '../../src/main/services/identity-pools/index.ts';
import { families as lambda } from '../../src/main/services/lambda/index.ts';
import { families as sts } from '../../src/main/services/sts/index.ts';
import { families as sync } from '../../src/main/services/sync/index.ts';
import { families as userPools } from '../../src/main/services/user-pools/index.ts';
import type { Family } from '../../src/main/services/family.ts';

/** Every row that a bench has. */
export const families: readonly Family[] = [...userPools, ...identityPools, ...sync, ...sts, ...iam, ...lambda];
