import { fault, type FaultCode } from '../../kernel/fault.ts';
import { validationMessage } from '../../model/validate.ts';
import type { ServerCall } from '../call.ts';

/** The model's own constraints, with messages worded as AWS words them. */
export function validate(call: ServerCall): void {
  const operation = call.operation!;
  const message = validationMessage(operation, call.input);
  if (message !== undefined) {
    throw call.why.refuse(
      'PR-CHECK-1',
      'The input breaks constraints of the service model.',
      fault(codeFor(operation.service.name), message),
    );
  }
}

/** [user-pools 1.6; identity-and-sync 0, 2.2, all recorded] */
function codeFor(service: string): FaultCode {
  if (service === 'cognito-idp' || service === 'cognito-sync') return 'InvalidParameterException';
  return service === 'sts' || service === 'iam' || service === 'sns' ? 'ValidationError' : 'ValidationException';
}
