import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Json } from '../../../shared/json.ts';
import { ClientGone, type ServerCall } from '../call.ts';
import type { Encoded } from '../protocols/protocol.ts';
import { isHandedOn } from './outgoing.ts';

/** Bytes of an answer that the trace keeps. */
const SHOWN = 64 * 1024;
const READABLE = /json|xml|text|x-www-form-urlencoded/;

/** Hands an answer on as it came: status, headers in their order and their case, bytes. @returns what the trace shows */
export async function passBack(
  answer: IncomingMessage,
  call: ServerCall,
  response: ServerResponse,
  { gone, isSecret }: { readonly gone: AbortSignal; readonly isSecret: boolean },
): Promise<Encoded> {
  const status = answer.statusCode ?? 502;
  const raw: string[] = [];
  const headers: { [name: string]: string } = {};
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    const [name, value] = [answer.rawHeaders[index]!, answer.rawHeaders[index + 1]!];
    if (!isHandedOn(name, answer.headers.connection)) continue;
    raw.push(name, value);
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  // An app in a browser must be able to read it, where the target has no word on that.
  if (call.received.headers['origin'] !== undefined && answer.headers['access-control-allow-origin'] === undefined) {
    raw.push('Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', '*');
  }
  // Besides what the target says: its documents are shown at the bench's own address, and shall not read the page.
  raw.push('Content-Security-Policy', 'sandbox', 'X-Content-Type-Options', 'nosniff');
  response.writeHead(status, answer.statusMessage, raw);

  const shown: Buffer[] = [];
  let size = 0;
  const tap = new Transform({
    transform(piece: Buffer, _encoding, done) {
      if (size < SHOWN && !isSecret) shown.push(piece.subarray(0, SHOWN - size));
      size += piece.length;
      done(null, piece);
    },
  });
  // A client that leaves ends the answer, too; then it is not the target that broke it off.
  let brokeOff = false;
  answer.once('error', () => (brokeOff = !gone.aborted));
  try {
    await pipeline(answer, tap, response);
  } catch (error) {
    if (!brokeOff) throw new ClientGone('the connection ended before the answer did');
    response.destroy();
    call.why.note('GA-FORWARD-4', 'refuse', `The answer broke off after ${size} bytes.`, {
      error: error instanceof Error ? error.message : String(error),
    });
  }
  const bytes = Buffer.concat(shown);
  return {
    status,
    headers,
    text: '',
    body: isSecret ? '(not shown)' : shownBody(bytes, size, answer.headers['content-type']),
  };
}

function shownBody(bytes: Buffer, size: number, type = ''): Json {
  if (size === 0) return null;
  if (!READABLE.test(type)) return `(${size} bytes of ${type || 'an unnamed type'})`;
  const text = bytes.toString('utf8');
  if (size > bytes.length) return `${text}… (${size} bytes)`;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
