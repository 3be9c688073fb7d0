import type { IncomingMessage } from 'node:http';
import { fault } from '../../kernel/fault.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import { ClientGone, type ServerCall } from '../call.ts';
import { restXml } from '../protocols/rest-xml.ts';

export const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Lambda takes archives of 50 MB, which arrive in Base64. */
const MAX_ARCHIVE_BYTES = 70 * 1024 * 1024;
/** Of an object or a part, with the frames of chunks around it: bodies are read into memory. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
const MOST_FRAMES = 1024 * 1024;
/** DynamoDB takes batches of 16 MB. [docs] */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

const NO_BYTES = Buffer.alloc(0);

/** Keeps the raw bytes: signatures and traces need them as they came. */
export async function receive(call: ServerCall): Promise<void> {
  const { path, headers } = call.received;
  const takesBatches = headers['x-amz-target']?.startsWith('DynamoDB_');
  if (call.dialect === restXml) return receiveObject(call);
  const takesArchives = path.startsWith('/2015-03-31/functions');
  const most = takesArchives ? MAX_ARCHIVE_BYTES : takesBatches ? MAX_BATCH_BYTES : MAX_BODY_BYTES;
  const body = await readBody(call.incoming, most);
  if (body === 'too-large') {
    const limit = `${most / 1024 / 1024} MiB`;
    throw call.why.refuse(
      'PR-READ-1',
      `The body is larger than ${limit}.`,
      fault('RequestEntityTooLarge', `Request size has exceeded the ${limit} limit.`, 413),
    );
  }
  call.received = { ...call.received, body };
}

async function receiveObject(call: ServerCall): Promise<void> {
  const body = await readBody(call.incoming, MAX_OBJECT_BYTES + MOST_FRAMES);
  if (body === 'too-large') {
    throw call.why.refuse(
      'S3-PUT-5',
      'The body is larger than 64 MiB, the most that one request may bring.',
      s3Fault('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
        elements: { MaxSizeAllowed: String(MAX_OBJECT_BYTES) },
        headers: { Connection: 'close' },
      }),
    );
  }
  call.received = { ...call.received, body };
}

/** Reads at most so many bytes. @throws ClientGone where the connection ends first. */
export function readBody(incoming: IncomingMessage, most = MAX_BODY_BYTES): Promise<Buffer | 'too-large'> {
  const { headers } = incoming;
  const length = headers['content-length'];
  if (length === undefined ? headers['transfer-encoding'] === undefined : length === '0') {
    incoming.resume();
    return Promise.resolve(NO_BYTES);
  }
  if (Number(length) > most) {
    incoming.resume();
    return Promise.resolve('too-large');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) {
        // The rest is read and dropped, so that the client, still sending, gets to see the answer.
        chunks.length = 0;
        resolve('too-large');
      } else chunks.push(chunk);
    });
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    const gone = (): void => reject(new ClientGone('the connection ended before the request did'));
    incoming.on('error', gone);
    incoming.on('close', gone);
  });
}
