import { s3Fault, type S3Fault } from '../../kernel/s3-fault.ts';

/** Bodies that come in chunks, each with a signature where the sender signs them, and with headers after them. [docs] */

export interface Chunk {
  readonly bytes: Buffer;
  readonly signature: string | undefined;
}

export interface ChunkedBody {
  /** The last one is empty. */
  readonly chunks: readonly Chunk[];
  /** As they came, in order; names in lower case. */
  readonly trailers: readonly (readonly [name: string, value: string])[];
  readonly trailerSignature: string | undefined;
}

/** Longest line that says a chunk's length, with its signature. */
const LONGEST_LINE = 256;
/** Clients send kilobytes at a time; a body of single bytes would only keep the bench busy. [own] */
const MOST_CHUNKS = 100_000;
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

const incomplete = (): S3Fault => s3Fault('IncompleteBody', 'The request body terminated unexpectedly');
const malformedTrailer = (): S3Fault =>
  s3Fault(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );

/** @throws Fault `IncompleteBody` or `MalformedTrailerError` where the frames are broken */
export function readChunks(body: Buffer): ChunkedBody {
  const chunks: Chunk[] = [];
  let at = 0;
  for (;;) {
    const end = body.subarray(at, at + LONGEST_LINE).indexOf('\r\n');
    if (end < 0) throw incomplete();
    const line = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(body.toString('latin1', at, at + end));
    if (!line || chunks.length === MOST_CHUNKS) throw incomplete();
    const length = Number.parseInt(line[1]!, 16);
    at += end + 2;
    if (at + length > body.length) throw incomplete();
    chunks.push({ bytes: body.subarray(at, at + length), signature: line[2] });
    at += length;
    if (length === 0) break;
    if (body[at] !== 0x0d || body[at + 1] !== 0x0a) throw incomplete();
    at += 2;
  }
  return { chunks, ...readTrailers(body.toString('latin1', at)) };
}

function readTrailers(text: string): Pick<ChunkedBody, 'trailers' | 'trailerSignature'> {
  const trailers: [string, string][] = [];
  let trailerSignature: string | undefined;
  // Some senders end the trailers with a line feed alone. [docs: the example of the trailing chunk]
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) throw malformedTrailer();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === TRAILER_SIGNATURE) trailerSignature = value;
    else trailers.push([name, value]);
  }
  return { trailers, trailerSignature };
}

/** The bytes that the sender meant. */
export function joinChunks({ chunks }: ChunkedBody): Buffer {
  return chunks.length === 2 ? chunks[0]!.bytes : Buffer.concat(chunks.map(({ bytes }) => bytes));
}
