import type { IncomingMessage } from 'node:http';
import { fault } from '../../kernel/fault.ts';
import { ClientGone, type ServerCall } from '../call.ts';

export const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Lambda takes archives of 50 MB, which arrive in Base64. */
const MAX_ARCHIVE_BYTES = 70 * 1024 * 1024;

const NO_BYTES = Buffer.alloc(0);

/** Keeps the raw bytes: signatures and traces need them as they came. */
export async function receive(call: ServerCall): Promise<void> {
  const takesArchives = call.received.path.startsWith('/2015-03-31/functions');
  const body = await readBody(call.incoming, takesArchives ? MAX_ARCHIVE_BYTES : MAX_BODY_BYTES);
  if (body === 'too-large') {
    throw call.why.refuse(
      'PR-READ-1',
      'The body is larger than 2 MiB.',
      fault('RequestEntityTooLarge', 'Request size has exceeded the 2 MiB limit.', 413),
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
