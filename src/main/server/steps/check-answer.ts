import { isS3Code } from '../../kernel/s3-fault.ts';
import { declaresFault, outputMisfits } from '../../model/answers.ts';
import type { Operation } from '../../model/operations.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';

/** Errors of the protocol layer: every operation may raise them, and no model lists them all. */
const PROTOCOL_FAULTS = new Set<string>([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InternalErrorException',
  'InternalFailure',
  'InvalidAction',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'LambdaSocketTimeoutException',
  'MalformedInput',
  'MissingAction',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'MethodNotAllowed',
  'NotBuiltException',
  'RequestEntityTooLarge',
  'SerializationException',
  'SignatureDoesNotMatch',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationError',
  'ValidationException',
]);

/** Does the answer fit the model? Did the model declare this fault for this operation? */
export function checkAnswer(call: ServerCall, { strictAnswers }: PipelineParts): void {
  const { operation, fault } = call;
  if (!operation) return;
  const misfits = fault
    ? PROTOCOL_FAULTS.has(fault.code) || declaresFault(operation, fault.code) || isOfS3(operation, fault.code)
      ? []
      : [`the model does not declare ${fault.code} for ${operation.name}`]
    : outputMisfits(operation, call.output);
  if (misfits.length === 0) return;
  const sentence = `The answer does not fit the service model: ${misfits.join('; ')}.`;
  if (strictAnswers) throw new Error(`${operation.service.name} ${operation.name}: ${sentence}`);
  call.why.note('PR-ANSWER-7', 'note', sentence);
}

/** S3's model names hardly any of its errors. */
function isOfS3({ service }: Operation, code: string): boolean {
  return service.protocol === 'rest-xml' && isS3Code(code);
}
