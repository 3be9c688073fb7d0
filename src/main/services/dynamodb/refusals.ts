import { Fault, type FaultCode } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';

/** A fault that knows its rule: expressions and values are judged where no call is at hand. */
export class Refusal extends Fault {
  constructor(
    readonly rule: string,
    code: FaultCode,
    message: string,
    members?: Fault['members'],
  ) {
    super(code, message, undefined, members);
  }
}

export function invalid(rule: string, message: string): Refusal {
  return new Refusal(rule, 'ValidationException', message);
}

/** What DynamoDB has and the bench has not, by name. */
export function notHere(rule: string, what: string): Refusal {
  return new Refusal(rule, 'NotBuiltException', `Poolbench does not implement ${what}.`);
}

/** A handler, or the question what it needs, whose refusals are noted on the call. */
export function explained<Input, Needs, Output>(
  run: (input: Input, call: Call, services: Needs) => Output,
): (input: Input, call: Call, services: Needs) => Output {
  return (input, call, services) => {
    try {
      return run(input, call, services);
    } catch (error) {
      if (error instanceof Refusal) throw call.why.refuse(error.rule, error.message, error);
      throw error;
    }
  };
}
