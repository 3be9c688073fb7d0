import { fault, type Fault, type FaultCode } from '../../../kernel/fault.ts';

/** A policy's no: the sentence for people, and the fault for the client. */
export interface Refusal {
  readonly decided: string;
  readonly fault: Fault;
}

export function refusal(code: FaultCode, message: string, decided: string = message): Refusal {
  return { decided, fault: fault(code, message) };
}

/** Something that AWS would do and the bench does not yet: refused by name, so that nobody believes it happens. */
export function notBuiltSetting(setting: string): Refusal {
  return refusal('NotBuiltException', `${setting} is not built in Poolbench yet.`);
}
