import type { AccessExplanation, PolicySetExplanation } from '../../../shared/bench-api.ts';
import { decide, type JudgedSet, type StatementVerdict, type Verdict } from './evaluate.ts';

/** Verdicts in words, for the inspector and the access screen. */

export function describe({ policy, statement, type }: StatementVerdict): string {
  return type === 'identity-based policy'
    ? `statement ${statement} of ${policy}`
    : type === 'permissions boundary'
      ? `statement ${statement} of the permissions boundary ${policy}`
      : `statement ${statement} of the ${policy}`;
}

export function explainVerdict({ decision, by, deciding, nearMisses }: Verdict): string {
  if (decision === 'allowed') return `Allowed by ${deciding.map(describe).join(' and by ')}.`;
  return decision === 'explicit-deny'
    ? `Denied by ${deciding.map(describe).join()}.`
    : `No ${by} allows it${describeMisses(nearMisses)}.`;
}

export function describeMisses(statements: readonly StatementVerdict[]): string {
  const misses = statements
    .filter(({ missed }) => missed !== undefined)
    .map(
      (verdict) =>
        `${describe(verdict)} misses by its ${verdict.condition ? `condition ${verdict.condition}` : verdict.missed}`,
    );
  return misses.length === 0 ? '' : `; ${misses.join(', ')}`;
}

/** The verdict tree: every set, every policy, every statement, allowed or not. */
export function explainSets(judged: readonly JudgedSet[]): Pick<AccessExplanation, 'decision' | 'decided' | 'sets'> {
  const verdict = decide(judged);
  return {
    decision: verdict.decision,
    decided: explainVerdict(verdict),
    sets: judged.map(({ type, policies }): PolicySetExplanation => ({
      type,
      decision: decide([{ type: 'identity-based policy', policies }]).decision,
      policies: policies.map(({ named, verdicts }) => ({
        name: named.name,
        statements: verdicts.map(({ statement, effect, missed, condition }) => ({
          statement,
          effect,
          matches: missed === undefined,
          ...(missed && { missed }),
          ...(condition !== undefined && { condition }),
        })),
      })),
    })),
  };
}
