import { s3Fault, type S3Fault } from '../../kernel/s3-fault.ts';
import { toIso } from '../protocols/timestamps.ts';
import type { Signature } from './canonical-form.ts';
import type { Refusal } from './refusals.ts';

/** What a refusal of S3 tells beside its name. */
export interface RefusalFacts {
  readonly signature?: Signature;
  readonly now?: Date;
  /** What was signed by rights. */
  readonly canonical?: string;
  readonly toSign?: string;
  /** The header that is not signed. */
  readonly header?: string;
}

export const S3_SKEW = 15 * 60 * 1000;

/** S3's names and texts. [memory; identity-and-sync 4.4, 4.5] */
export function s3Refusal(kind: Refusal, text: string | undefined, facts: RefusalFacts): S3Fault {
  const { signature, now } = facts;
  const isPresigned = signature?.form === 'query';
  switch (kind) {
    case 'missing':
      return s3Fault('AccessDenied', 'Access Denied');
    case 'incomplete':
      return incomplete(text ?? '');
    case 'unknown-key':
      return s3Fault('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
        elements: { AWSAccessKeyId: signature?.accessKeyId ?? '' },
      });
    case 'wrong-token':
      return s3Fault('InvalidToken', 'The provided token is malformed or otherwise invalid.');
    case 'expired':
      return s3Fault('ExpiredToken', 'The provided token has expired.');
    case 'wrong-scope':
      return malformed(
        isPresigned,
        `Invalid credential date "${signature?.day}". This date is not the same as X-Amz-Date: "${signature?.date?.slice(0, 8)}".`,
      );
    case 'unsigned-header':
      return s3Fault('AccessDenied', 'There were headers present in the request which were not signed', {
        elements: { HeadersNotSigned: facts.header ?? '' },
      });
    case 'clock':
      return isPresigned ? outOfTime(signature, now!) : tooSkewed(signature!, now!);
    default:
      return mismatch(signature!, facts);
  }
}

/** The text says which form the request has. */
function incomplete(text: string): S3Fault {
  return malformed(/^(?:AWS query-string|'X-Amz-)/.test(text), text);
}

function malformed(isPresigned: boolean, text: string): S3Fault {
  return isPresigned
    ? s3Fault('AuthorizationQueryParametersError', text)
    : s3Fault('AuthorizationHeaderMalformed', `The authorization header is malformed; ${text}`);
}

function tooSkewed({ date }: Signature, now: Date): S3Fault {
  return s3Fault('RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.', {
    elements: {
      RequestTime: date ?? '',
      ServerTime: toIso(now),
      MaxAllowedSkewMilliseconds: String(S3_SKEW),
    },
  });
}

function outOfTime({ date, expires }: Signature, now: Date): S3Fault {
  return s3Fault('AccessDenied', date! > basic(now) ? 'Request is not yet valid' : 'Request has expired', {
    elements: { 'X-Amz-Expires': String(expires), ServerTime: toIso(now) },
  });
}

function basic(now: Date): string {
  return now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function mismatch({ accessKeyId, signature }: Signature, { canonical = '', toSign = '' }: RefusalFacts): S3Fault {
  return s3Fault(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    {
      elements: {
        AWSAccessKeyId: accessKeyId,
        StringToSign: toSign,
        SignatureProvided: signature,
        StringToSignBytes: spaced(toSign),
        CanonicalRequest: canonical,
        CanonicalRequestBytes: spaced(canonical),
      },
    },
  );
}

function spaced(text: string): string {
  return (Buffer.from(text).toString('hex').match(/../g) ?? []).join(' ');
}
