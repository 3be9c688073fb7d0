import type { Reason } from '../../../shared/trace.ts';
import type { Reasons } from '../../kernel/reasons.ts';
import type { Refusal } from './policies/refusal.ts';

/**
 * Notes what a policy found: throws its refusal, or writes down that the check passed. Policies are pure; this is
 * where their verdicts meet the call.
 */
export function enforce(
  why: Reasons,
  rule: string,
  passed: string,
  problem: Refusal | undefined,
  inputs?: Reason['inputs'],
): void {
  if (problem) throw why.refuse(rule, problem.decided, problem.fault, inputs);
  why.pass(rule, passed, inputs);
}
