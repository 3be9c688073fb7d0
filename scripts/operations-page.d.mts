import type { Family } from '../src/main/services/family.ts';

export function operationsPage(
  families: readonly Family[],
  read: (path: string) => string,
  rulePages: readonly string[],
): string;
