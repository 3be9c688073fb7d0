import type { Outcome, Reason } from '../../shared/trace.ts';

/**
 * What was decided on one call, in order. Every check, choice and refusal notes itself here, and the
 * inspector shows it under the answer. Rules are numbered in docs/rules.
 */
export class Reasons {
  readonly list: Reason[] = [];

  note(rule: string, outcome: Outcome, decided: string, inputs?: Reason['inputs']): void {
    this.list.push(inputs ? { rule, outcome, decided, inputs } : { rule, outcome, decided });
  }

  pass(rule: string, decided: string, inputs?: Reason['inputs']): void {
    this.note(rule, 'pass', decided, inputs);
  }

  choose(rule: string, decided: string, inputs?: Reason['inputs']): void {
    this.note(rule, 'choose', decided, inputs);
  }

  /** Notes a refusal and hands the fault back, to be thrown: `throw why.refuse(rule, decided, fault(…))`. */
  refuse<Refusal extends Error>(rule: string, decided: string, refusal: Refusal, inputs?: Reason['inputs']): Refusal {
    this.note(rule, 'refuse', decided, inputs);
    return refusal;
  }
}
