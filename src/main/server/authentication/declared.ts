import type { ServerCall } from '../call.ts';

/** Whether the operation's model knows this fault; one that lists none may answer any. */
export function declares({ operation }: ServerCall, code: string): boolean {
  return operation === undefined || !operation.declaresErrors || operation.declaredErrors.has(code);
}
