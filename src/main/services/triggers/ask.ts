import type { FunctionInvocation } from '../../../shared/bench-api.ts';
import type { Json } from '../../../shared/json.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { FunctionRecord } from '../../store/repositories/functions.ts';
import type { Call } from '../family.ts';
import type { Services, TriggerMoment } from '../services.ts';
import { Answer } from './answer.ts';
import { type Invoker, invokePermission } from './permission.ts';

export type AskNeeds = Pick<Services, 'config' | 'lambda'>;

/** Triggers as AWS names them in its refusals. */
export type TriggerName =
  | 'PreSignUp'
  | 'PostConfirmation'
  | 'PreAuthentication'
  | 'PostAuthentication'
  | 'CustomMessage'
  | 'CustomEmailSender'
  | 'CustomSMSSender'
  | 'DefineAuthChallenge'
  | 'CreateAuthChallenge'
  | 'VerifyAuthChallengeResponse'
  | 'PreTokenGeneration'
  | 'UserMigration';

export interface TriggerEvent {
  readonly triggerSource: string;
  readonly [member: string]: Json;
}

/** AWS asks a function that does not answer in time twice more. */
const TRIES = 3;

/** Runs a pool's function. @throws Fault where it refuses, cannot be run, or answers nonsense */
export async function ask(
  { call, pool }: TriggerMoment,
  name: TriggerName,
  arn: string,
  event: TriggerEvent,
  services: AskNeeds,
  secrets: readonly string[] = [],
): Promise<Answer> {
  await call.decision('FN-TRIGGER-1');
  const invoker: Invoker = {
    service: 'cognito-idp.amazonaws.com',
    sourceArn: `arn:aws:cognito-idp:${pool.region}:${pool.account}:userpool/${pool.id}`,
    sourceAccount: pool.account,
  };
  const found = findFunction(call, arn, invoker, services);
  if ('code' in found) {
    throw call.why.refuse(
      'FN-TRIGGER-4',
      `${name} cannot be run: ${found.decided}`,
      unexpected(`${name} invocation failed due to error ${found.code}.`),
      { function: arn },
    );
  }
  const run = {
    payload: event,
    purpose: event.triggerSource,
    patience: services.config.functionLimits.trigger,
    secrets,
  };
  for (let attempt = 1; ; attempt += 1) {
    const invocation = await services.lambda.invoke(found.record, { ...run, requestId: call.requestId });
    noteRun(call, name, invocation);
    if (invocation.outcome === 'timed-out' && attempt < TRIES) continue;
    if (invocation.outcome !== 'answered') throw call.why.refuse('FN-TRIGGER-3', ...refusal(name, invocation));
    return new Answer(call, name, invocation.answer ?? null);
  }
}

/** The function behind an ARN, where the service may run it. */
export function findFunction(
  call: Call,
  arn: string,
  invoker: Invoker,
  { config, lambda }: AskNeeds,
): { readonly record: FunctionRecord } | { readonly code: string; readonly decided: string } {
  const address = lambda.address(arn, call);
  const record = address && lambda.find(address);
  if (!record) return { code: 'ResourceNotFoundException', decided: `there is no function ${arn}.` };
  const permission = invokePermission(record, invoker, config.auth);
  if (!permission.allowed) return { code: 'AccessDeniedException', decided: permission.decided };
  if (permission.decided !== undefined) call.why.choose('FN-PERMIT-1', permission.decided, { function: record.name });
  return { record };
}

/** The line on the call that leads to the invocation. */
export function noteRun(call: Call, name: string, invocation: FunctionInvocation): void {
  const { id, outcome, milliseconds, error } = invocation;
  const said = {
    answered: 'answered',
    failed: `failed: ${error?.errorMessage}`,
    'timed-out': 'did not answer in time',
    unreadable: 'answered something that is not JSON',
    unreachable: `could not be reached: ${error?.errorMessage}`,
    throttled: 'is throttled',
  }[outcome];
  call.why.note('FN-TRIGGER-1', 'note', `${name} ran ${invocation.name}, which ${said}.`, {
    function: invocation.name,
    trigger: invocation.purpose,
    invocation: id,
    outcome,
    milliseconds,
  });
}

function refusal(name: TriggerName, { outcome, error }: FunctionInvocation): [decided: string, refused: Fault] {
  switch (outcome) {
    case 'failed':
      return [
        `The function of ${name} refuses.`,
        fault('UserLambdaValidationException', `${name} failed with error ${error?.errorMessage}.`),
      ];
    case 'unreadable':
      return [
        `The answer of ${name} is not JSON.`,
        fault('InvalidLambdaResponseException', 'Invalid lambda function output : Invalid JSON'),
      ];
    case 'throttled':
      return [
        `The function of ${name} is throttled.`,
        unexpected(`${name} invocation failed due to error TooManyRequestsException.`),
      ];
    case 'timed-out':
      return [
        `The function of ${name} did not answer in time, three times over.`,
        // text from memory
        unexpected(`${name} invocation failed due to error Socket timeout while invoking Lambda function.`),
      ];
    default:
      return [
        `The endpoint of ${name} cannot be reached.`,
        // assumed: an endpoint is the bench's own idea; Lambda's error for a failure of its own
        unexpected(`${name} invocation failed due to error ServiceException.`),
      ];
  }
}

function unexpected(message: string): Fault {
  return fault('UnexpectedLambdaException', message);
}
