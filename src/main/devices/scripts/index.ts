import type { Script } from '../script.ts';
import { conflictByHand } from './conflict-by-hand.ts';
import { countsAfterReParenting } from './counts-after-re-parenting.ts';
import { currentSyncCount } from './current-sync-count.ts';
import { duplicateRows } from './duplicate-rows.ts';
import { engineersRole } from './engineers-role.ts';
import { familyTablet } from './family-tablet.ts';
import { firstRun } from './first-run.ts';
import { guestDataAfterLinking } from './guest-data-after-linking.ts';
import { leftOverMergedDatasets } from './left-over-merged-datasets.ts';
import { lostAnswer } from './lost-answer.ts';
import { onePersonManyLogins } from './one-person-many-logins.ts';

/** The stories that can be played, in the order in which they are offered. */
export const scripts: readonly Script[] = [
  firstRun,
  engineersRole,
  onePersonManyLogins,
  conflictByHand,
  familyTablet,
  lostAnswer,
  guestDataAfterLinking,
  duplicateRows,
  countsAfterReParenting,
  leftOverMergedDatasets,
  currentSyncCount,
];
