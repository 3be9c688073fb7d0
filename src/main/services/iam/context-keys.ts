import type { NamedPolicy } from './evaluate.ts';
import type { ConditionContext } from './variables.ts';

/** Condition keys that policies ask for, in conditions and as variables, and that a question does not have. */
export function missingContext(policies: readonly NamedPolicy[], context: ConditionContext): string[] {
  const asked = new Set<string>();
  for (const { policy } of policies) {
    for (const { conditions, resources } of policy.statements) {
      for (const { key, values } of conditions) {
        asked.add(key);
        for (const value of values) for (const variable of variablesIn(value)) asked.add(variable);
      }
      for (const resource of resources?.values ?? []) {
        for (const variable of variablesIn(resource)) asked.add(variable);
      }
    }
  }
  return [...asked].filter((key) => context.get(key) === undefined).toSorted();
}

/** `${key}`; one with a fallback, and the escapes of wildcards, need no value. */
function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].flatMap(([, inside = '']) => {
    const key = inside.trim();
    return key.includes(',') || key === '*' || key === '?' || key === '$' ? [] : [key];
  });
}
