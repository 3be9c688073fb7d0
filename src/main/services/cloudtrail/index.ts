/**
 * The audit trail: every management call as a record of CloudTrail, found by LookupEvents. The server hands over each
 * call after its answer is sent; what becomes of it is worked out here, when nobody waits.
 */
import type { Family } from '../family.ts';
import { events } from './events.ts';

export const families: readonly Family[] = [events];

export { createAuditTrail } from './trail.ts';
