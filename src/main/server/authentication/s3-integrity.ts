import { timingSafeEqual } from 'node:crypto';
import { checksum, type ChecksumName } from '../../kernel/checksums.ts';
import type { Fault } from '../../kernel/fault.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { ServerCall } from '../call.ts';
import { CHECKSUM_PREFIX, readPayload, type S3Payload } from '../protocols/s3-payload.ts';
import { sha256, sign, type Signature } from './canonical-form.ts';
import { s3Refusal } from './s3-refusals.ts';

/** Whether the bytes of an S3 request are those that its sender meant. */

/** The signatures of chunks, each over the one before it; the first follows on the request's. [docs] */
export function verifyChunks(call: ServerCall, signature: Signature, secretKey: string): void {
  const { chunked, areChunksSigned, hasTrailer } = readPayload(call.received);
  if (!chunked || !areChunksSigned) return;
  const { date, day, region, service } = signature;
  const scope = `${date}\n${day}/${region}/${service}/aws4_request`;
  let previous = signature.signature;
  const check = (given: string | undefined, toSign: string): void => {
    const expected = sign(secretKey, signature, toSign);
    const bytes = Buffer.from(given ?? '', 'hex');
    if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) {
      throw call.why.refuse(
        'S3-SIGN-5',
        'The signature of a chunk of the body is not the one that these credentials make of it.',
        s3Refusal('wrong-signature', undefined, { signature, toSign }),
      );
    }
    previous = given!;
  };
  for (const { bytes, signature: given } of chunked.chunks) {
    check(given, `AWS4-HMAC-SHA256-PAYLOAD\n${scope}\n${previous}\n${EMPTY_HASH}\n${sha256(bytes)}`);
  }
  if (hasTrailer) {
    const lines = chunked.trailers.map(([name, value]) => `${name}:${value}\n`).join('');
    check(chunked.trailerSignature, `AWS4-HMAC-SHA256-TRAILER\n${scope}\n${previous}\n${sha256(lines)}`);
  }
}

const EMPTY_HASH = sha256('');

/** Hashes and checksums that came with the body, whoever sent it. */
export function verifyIntegrity(call: ServerCall): void {
  const payload = readPayload(call.received);
  const problem =
    lengthProblem(payload) ??
    hashProblem(payload) ??
    digestProblem(payload) ??
    checksumProblem(payload, call.operation!.name);
  if (problem) throw call.why.refuse(problem.rule, problem.decided, problem.fault);
}

interface Problem {
  readonly rule: string;
  readonly decided: string;
  readonly fault: Fault;
}

/** S3 takes a body of unknown length only in chunks of its own. [memory] */
function lengthProblem({ headers, chunked }: S3Payload): Problem | undefined {
  if (chunked || headers['transfer-encoding'] === undefined || headers['content-length'] !== undefined)
    return undefined;
  return {
    rule: 'S3-PUT-7',
    decided: 'The request does not say how long its body is.',
    fault: s3Fault('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      elements: { Header: 'Transfer-Encoding' },
    }),
  };
}

function hashProblem({ claim, bytes, chunked }: S3Payload): Problem | undefined {
  if (chunked || claim === 'UNSIGNED-PAYLOAD') return undefined;
  const actual = sha256(bytes);
  if (actual === claim) return undefined;
  return {
    rule: 'S3-SIGN-3',
    decided: 'The body is not the one whose hash was signed.',
    fault: s3Fault(
      'XAmzContentSHA256Mismatch',
      `The provided 'x-amz-content-sha256' header does not match what was computed.`,
      { elements: { ClientComputedContentSHA256: claim, S3ComputedContentSHA256: actual } },
    ),
  };
}

function digestProblem({ headers, bytes }: S3Payload): Problem | undefined {
  const given = headers['content-md5'];
  if (given === undefined) return undefined;
  const rule = 'S3-SUM-1';
  if (!isBase64Of(given, 16)) {
    return {
      rule,
      decided: 'Content-MD5 is no MD5 in Base64.',
      fault: s3Fault('InvalidDigest', 'The Content-MD5 you specified was invalid.', {
        elements: { 'Content-MD5': given.slice(0, 128) },
      }),
    };
  }
  const actual = checksum('MD5', bytes).toString('base64');
  if (actual === given) return undefined;
  return {
    rule,
    decided: 'The body is not the one that Content-MD5 was made of.',
    fault: s3Fault('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      elements: { ExpectedDigest: given, CalculatedDigest: actual },
    }),
  };
}

const LENGTHS: { readonly [Name in ChecksumName]: number } = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
};
const TAKES_BODY = new Set(['PutObject', 'UploadPart', 'PutObjectTagging', 'DeleteObjects']);
/** Headers that begin like a checksum and are none. */
const NO_SUMS = new Set([`${CHECKSUM_PREFIX}algorithm`, `${CHECKSUM_PREFIX}mode`, `${CHECKSUM_PREFIX}type`]);

function checksumProblem({ headers, bytes }: S3Payload, operation: string): Problem | undefined {
  const sums = Object.keys(headers).filter((name) => name.startsWith(CHECKSUM_PREFIX) && !NO_SUMS.has(name));
  const invalid = (decided: string, message: string): Problem => ({
    rule: 'S3-SUM-2',
    decided,
    fault: s3Fault('InvalidRequest', message),
  });
  if (sums.length > 1) {
    return invalid(
      'There is more than one checksum.',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [header] = sums;
  if (header === undefined) {
    if (operation === 'DeleteObjects' && headers['content-md5'] === undefined) {
      return invalid(
        'A deletion of many must come with a checksum, and there is none.',
        'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
      );
    }
    return TAKES_BODY.has(operation) && headers['x-amz-sdk-checksum-algorithm'] !== undefined
      ? invalid(
          'A checksum is announced and missing.',
          'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
        )
      : undefined;
  }
  const name = header.slice(CHECKSUM_PREFIX.length).toUpperCase();
  const given = headers[header]!;
  if (!Object.hasOwn(LENGTHS, name)) {
    return {
      rule: 'S3-SUM-3',
      decided: `The checksum ${name} is not one that the bench takes.`,
      fault: s3Fault('NotImplemented', `Poolbench does not implement the checksum ${name} (${header}).`),
    };
  }
  // Of the whole object, whose parts came in other requests. [S3-PART-7]
  if (operation === 'CompleteMultipartUpload') return undefined;
  const known = name as ChecksumName;
  if (!isBase64Of(given, LENGTHS[known])) {
    return invalid('The checksum is not of its length in Base64.', `Value for ${header} header is invalid.`);
  }
  if (checksum(known, bytes).toString('base64') === given) return undefined;
  return {
    rule: 'S3-SUM-2',
    decided: `The body has another ${name} than was said.`,
    fault: s3Fault('BadDigest', `The ${name} you specified did not match the calculated checksum.`),
  };
}

function isBase64Of(text: string, length: number): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === length;
}
