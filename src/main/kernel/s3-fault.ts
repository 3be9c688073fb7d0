import { Fault } from './fault.ts';

/** The errors of S3 and their statuses: its model names hardly any. [memory; identity-and-sync 3.7, 4.5] */
const STATUSES = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BadRequest: 400,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  ExpiredToken: 400,
  IllegalLocationConstraintException: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidTag: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedTrailerError: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  MissingRequestBodyError: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  NotModified: 304,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3FaultCode = keyof typeof STATUSES;

export interface S3Details {
  /** Elements beside code and message. */
  readonly elements?: { readonly [name: string]: string };
  readonly headers?: { readonly [name: string]: string };
}

/** An error of S3, which says more than a code and a message. */
export class S3Fault extends Fault {
  constructor(
    code: S3FaultCode,
    message: string,
    readonly details: S3Details = {},
  ) {
    super(code, message, STATUSES[code]);
  }
}

export function s3Fault(code: S3FaultCode, message: string, details?: S3Details): S3Fault {
  return new S3Fault(code, message, details);
}

export function isS3Code(code: string): code is S3FaultCode {
  return Object.hasOwn(STATUSES, code);
}

/** `undefined` for a code that is not one of S3's. */
export function s3Status(code: string): number | undefined {
  return isS3Code(code) ? STATUSES[code] : undefined;
}
