/**
 * The part of Lambda that infrastructure scripts need to register the functions of pools: create, update, permit, list,
 * delete, invoke. How functions are kept and run is next door, in triggers.
 */
import type { Family } from '../family.ts';
import { functions } from './functions.ts';
import { invocations } from './invocations.ts';

export const families: readonly Family[] = [functions, invocations];
