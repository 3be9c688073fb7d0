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
      fault(codeFor(operation.service.name, message), message),
    );
  }
}

/** [user-pools 1.6; identity-and-sync 0, 2.2, all recorded] */
function codeFor(service: string, message: string): FaultCode {
  if (service === 'cloudtrail') {
    // CloudTrail's errors are named after the member. [AU-FIND-2, docs; the texts are the framework's]
    if (message.includes(" at 'maxResults'")) return 'InvalidMaxResultsException';
    if (message.includes(" at 'lookupAttributes")) return 'InvalidLookupAttributesException';
    if (message.includes(" at 'eventCategory'")) return 'InvalidEventCategoryException';
  }
  if (service === 'cognito-idp' || service === 'cognito-sync') return 'InvalidParameterException';
  if (service === 's3') return 'InvalidArgument';
  return service === 'sts' || service === 'iam' || service === 'sns' ? 'ValidationError' : 'ValidationException';
}
