/**
 * Functions and when they are asked: the registry of Lambda functions, the worker threads and endpoints that run them,
 * and the triggers of user pools and of sync, one file each in events/. Lambda's own operations are next door, in
 * lambda; what a trigger's answer means for a sign-up or a sync is decided by the service that asks.
 */
export { createFunctions } from './registry.ts';
export { createTriggers } from './triggers.ts';
