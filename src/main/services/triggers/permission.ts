import type { FunctionRecord, PermissionStatement } from '../../store/repositories/functions.ts';
import type { ServiceConfig } from '../services.ts';

/** A service of AWS that wants to run a function, and what for. */
export interface Invoker {
  readonly service: 'cognito-idp.amazonaws.com' | 'cognito-sync.amazonaws.com';
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

export type Permission =
  | { readonly allowed: true; readonly decided: string | undefined }
  | { readonly allowed: false; readonly decided: string };

/**
 * Whether a function's resource policy lets a service run it. Functions of the bench's own call need no policy: they
 * exist for this.
 */
export function invokePermission(record: FunctionRecord, invoker: Invoker, mode: ServiceConfig['auth']): Permission {
  if (record.kind !== 'zip') return { allowed: true, decided: undefined };
  if (record.policy.some((statement) => allows(statement, invoker))) {
    return { allowed: true, decided: `The function’s policy lets ${invoker.service} run it.` };
  }
  const none = record.policy.length === 0;
  const decided = none
    ? `The function has no policy that lets ${invoker.service} run it.`
    : `None of the function’s statements lets ${invoker.service} run it for ${invoker.sourceArn}.`;
  if (mode === 'soft' || mode === 'off') return { allowed: true, decided: `${decided} AWS would refuse.` };
  if (none && mode === 'enforce') {
    return {
      allowed: true,
      decided: `${decided} It counts as given, as AWS’s console gives it; --auth strict refuses.`,
    };
  }
  return { allowed: false, decided };
}

function allows({ Principal, Action, Condition }: PermissionStatement, invoker: Invoker): boolean {
  const isNamed = Principal === '*' || Principal.Service === invoker.service;
  if (!isNamed || !/^lambda:(\*|InvokeFunction)$/.test(Action)) return false;
  const arn = Condition?.['ArnLike']?.['AWS:SourceArn'];
  const account = Condition?.['StringEquals']?.['AWS:SourceAccount'];
  return (
    (arn === undefined || isLike(arn, invoker.sourceArn)) &&
    (account === undefined || account === invoker.sourceAccount)
  );
}

/** `*` and `?` within each of an ARN's six parts. */
function isLike(pattern: string, arn: string): boolean {
  const parts = (text: string): string[] => {
    const split = text.split(':');
    return [...split.slice(0, 5), split.slice(5).join(':')];
  };
  const actual = parts(arn);
  return parts(pattern).every((part, index) => matches(part, actual[index] ?? ''));
}

/** Goes back to the last star only, so that no pattern takes long. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let afterStar = 0;
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === '*') {
      star = at;
      afterStar = index;
      at += 1;
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      afterStar += 1;
      index = afterStar;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
