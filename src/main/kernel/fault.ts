import type { Operations as CloudTrail } from '../../shared/aws/cloudtrail.ts';
import type { Operations as IdentityProvider } from '../../shared/aws/cognito-idp.ts';
import type { Operations as Identity } from '../../shared/aws/cognito-identity.ts';
import type { Operations as DynamoDb } from '../../shared/aws/dynamodb.ts';
import type { Operations as Iam } from '../../shared/aws/iam.ts';
import type { Operations as Sync } from '../../shared/aws/cognito-sync.ts';
import type { Operations as Kinesis } from '../../shared/aws/kinesis.ts';
import type { Operations as Lambda } from '../../shared/aws/lambda.ts';
import type { Operations as Sns } from '../../shared/aws/sns.ts';
import type { Operations as Sts } from '../../shared/aws/sts.ts';
import type { S3FaultCode } from './s3-fault.ts';

type ErrorsOf<Service extends { [operation: string]: { errors: string } }> = {
  [Operation in keyof Service]: Service[Operation]['errors'];
}[keyof Service];

/** Errors that AWS's framework raises before an operation is reached (reference/user-pools 1.5). */
export type ProtocolFaultCode =
  | 'AccessDenied'
  | 'AccessDeniedException'
  | 'ExpiredToken'
  | 'ExpiredTokenException'
  | 'IncompleteSignature'
  | 'IncompleteSignatureException'
  | 'InternalFailure'
  | 'InvalidAction'
  | 'InvalidClientTokenId'
  | 'InvalidSignatureException'
  /** Documented for sync's triggers, though no model declares it. */
  | 'LambdaSocketTimeoutException'
  | 'MalformedInput'
  | 'MissingAction'
  | 'MissingAuthenticationToken'
  | 'MissingAuthenticationTokenException'
  | 'MethodNotAllowed'
  | 'NotBuiltException'
  /** These two: of newer operations, whose errors the pinned model does not know. */
  | 'OperationNotEnabledException'
  | 'ServiceQuotaExceededException'
  | 'RequestEntityTooLarge'
  | 'SerializationException'
  | 'ServiceUnavailable'
  | 'SignatureDoesNotMatch'
  | 'ThrottlingException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException'
  | 'ValidationError'
  | 'ValidationException';

export type FaultCode =
  | ErrorsOf<{ [O in keyof IdentityProvider]: IdentityProvider[O] }>
  | ErrorsOf<{ [O in keyof Identity]: Identity[O] }>
  | ErrorsOf<{ [O in keyof Sync]: Sync[O] }>
  | ErrorsOf<{ [O in keyof Sts]: Sts[O] }>
  | ErrorsOf<{ [O in keyof Kinesis]: Kinesis[O] }>
  | ErrorsOf<{ [O in keyof Sns]: Sns[O] }>
  | ErrorsOf<{ [O in keyof Iam]: Iam[O] }>
  | ErrorsOf<{ [O in keyof Lambda]: Lambda[O] }>
  | ErrorsOf<{ [O in keyof CloudTrail]: CloudTrail[O] }>
  | S3FaultCode
  | ErrorsOf<{ [O in keyof DynamoDb]: DynamoDb[O] }>
  | ProtocolFaultCode;

/**
 * An AWS error: one that the called operation's model declares, or one that the protocol layer raises for
 * every operation. `code` is the shape's name without namespace, such as `NotAuthorizedException`.
 */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly code: FaultCode,
    message: string,
    /** HTTP status where it differs from the model's or the protocol's usual one. */
    readonly status?: number,
    /** What the error's shape has besides its message, as the model names it. */
    readonly members?: { readonly [member: string]: unknown },
  ) {
    super(message);
  }
}

export function fault(code: FaultCode, message: string, status?: number): Fault {
  return new Fault(code, message, status);
}

/** An error of the bench's own calls and command line: a clear sentence for a person, never a stack. */
export class BenchError extends Error {
  override readonly name = 'BenchError';

  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
