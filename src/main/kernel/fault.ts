import type { Operations as IdentityProvider } from '../../shared/aws/cognito-idp.ts';
import type { Operations as Identity } from '../../shared/aws/cognito-identity.ts';
import type { Operations as Sync } from '../../shared/aws/cognito-sync.ts';
import type { Operations as Sts } from '../../shared/aws/sts.ts';

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
  | 'MalformedInput'
  | 'MissingAction'
  | 'MissingAuthenticationToken'
  | 'MissingAuthenticationTokenException'
  | 'MethodNotAllowed'
  | 'NotBuiltException'
  | 'RequestEntityTooLarge'
  | 'SerializationException'
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
