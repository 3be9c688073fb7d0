/**
 * The part of SNS that push sync leans on: platform applications and endpoints, topics that deliver to endpoints, and
 * the way of a push to a device, which the bench may drop, double or hold up. Which devices of an identity are told of
 * a change is next door, in sync.
 */
import type { Family } from '../family.ts';
import { platformApplications } from './platform-applications.ts';
import { platformEndpoints } from './platform-endpoints.ts';
import { publishing } from './publish.ts';
import { topics } from './topics.ts';

export { createPushService } from './delivery.ts';

export const families: readonly Family[] = [platformApplications, platformEndpoints, topics, publishing];
