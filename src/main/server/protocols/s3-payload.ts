import { s3Fault } from '../../kernel/s3-fault.ts';
import { joinChunks, readChunks, type ChunkedBody } from './aws-chunked.ts';
import { effectiveHeaders } from './s3-request.ts';
import type { Received } from './protocol.ts';

/** What `x-amz-content-sha256` says of a body. */
export const UNSIGNED = 'UNSIGNED-PAYLOAD';
const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SIGNED_CHUNKS_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';

/** Headers that say a sum of the body. */
export const CHECKSUM_PREFIX = 'x-amz-checksum-';

export interface S3Payload {
  readonly claim: string;
  /** What the sender meant, without frames. */
  readonly bytes: Buffer;
  readonly chunked: ChunkedBody | undefined;
  readonly areChunksSigned: boolean;
  readonly hasTrailer: boolean;
  /** With the trailers, which count as headers. */
  readonly headers: Received['headers'];
}

/** @throws Fault where the header is missing, unknown, or does not fit the body */
export function readPayload(received: Received): S3Payload {
  let payload = payloads.get(received);
  if (!payload) {
    payload = read(received);
    payloads.set(received, payload);
  }
  return payload;
}

/** Several steps look at it, and unpacking a large body takes time. */
const payloads = new WeakMap<Received, S3Payload>();

function read(received: Received): S3Payload {
  const headers = effectiveHeaders(received);
  // A presigned request signs no body unless it says so. [docs]
  const isPresigned = received.headers['authorization'] === undefined;
  const claim = headers['x-amz-content-sha256'] ?? (isPresigned ? UNSIGNED : undefined);
  if (claim === undefined) {
    throw s3Fault('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  const areChunksSigned = claim === SIGNED_CHUNKS || claim === SIGNED_CHUNKS_TRAILER;
  const hasTrailer = claim === UNSIGNED_TRAILER || claim === SIGNED_CHUNKS_TRAILER;
  if (areChunksSigned || hasTrailer) {
    return readFrames(received.body, { claim, areChunksSigned, hasTrailer, headers });
  }
  if (claim !== UNSIGNED && !/^[0-9a-f]{64}$/.test(claim)) {
    throw s3Fault(
      'InvalidArgument',
      `x-amz-content-sha256 must be ${UNSIGNED}, ${UNSIGNED_TRAILER}, ${SIGNED_CHUNKS}, ${SIGNED_CHUNKS_TRAILER} or a valid sha256 value.`,
      { elements: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: claim.slice(0, 128) } },
    );
  }
  return { claim, bytes: received.body, chunked: undefined, areChunksSigned, hasTrailer, headers };
}

function readFrames(body: Buffer, said: Omit<S3Payload, 'bytes' | 'chunked'>): S3Payload {
  const { headers } = said;
  const chunked = readChunks(body);
  const bytes = joinChunks(chunked);
  const length = headers['x-amz-decoded-content-length'];
  if (length === undefined || !/^\d{1,15}$/.test(length)) {
    throw s3Fault('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  if (Number(length) !== bytes.length) {
    throw s3Fault(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
    );
  }
  return { ...said, chunked, bytes, headers: { ...headers, ...announced(said, chunked) } };
}

/** Only what `x-amz-trailer` announced may follow a body, and all of it must. */
function announced({ headers, hasTrailer }: Omit<S3Payload, 'bytes' | 'chunked'>, { trailers }: ChunkedBody): object {
  const names = hasTrailer ? (headers['x-amz-trailer'] ?? '').toLowerCase().split(',') : [];
  const expected = new Set(names.map((name) => name.trim()).filter((name) => name !== ''));
  // Others would be settings that nobody signed. [docs; the text from memory]
  for (const name of expected) {
    if (name.startsWith(CHECKSUM_PREFIX)) continue;
    throw s3Fault('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported', {
      elements: { ArgumentName: 'x-amz-trailer', ArgumentValue: name.slice(0, 128) },
    });
  }
  const came = Object.fromEntries(trailers);
  const isWhole = trailers.length === expected.size && trailers.every(([name]) => expected.has(name));
  if (isWhole && Object.keys(came).length === expected.size) return came;
  throw s3Fault(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}
