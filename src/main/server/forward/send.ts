import { createHash } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Outgoing } from './outgoing.ts';

/** Why a target gave no answer, in words that follow on its address. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** A streamed body is not the one whose hash was signed, or is longer than any may be. */
export class WrongBody extends Error {
  override readonly name = 'WrongBody';
}

/** The target let go of an idle connection at the moment when it was taken up again. */
class LetGo extends Error {}

export interface Sender {
  /** @throws NoAnswer, WrongBody */
  send(outgoing: Outgoing, streamed: AsyncIterable<Buffer> | undefined, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

/** @param patience milliseconds that a target may be silent */
export function createSender(patience: number): Sender {
  const http = new HttpAgent({ keepAlive: true });
  const https = new HttpsAgent({ keepAlive: true });

  return {
    async send({ method, url, path, headers, body }, streamed, signal) {
      const isSecure = url.protocol === 'https:';
      const options = {
        // Addresses of version 6 stand in brackets in a URL.
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        method,
        path,
        headers,
        timeout: patience,
        signal,
        setHost: false,
      };
      const attempt = (mayRepeat: boolean): Promise<IncomingMessage> =>
        new Promise((resolve, reject) => {
          const outgoing = isSecure
            ? httpsRequest({ ...options, agent: https }, resolve)
            : httpRequest({ ...options, agent: http }, resolve);
          const fail = (error: Error & { code?: string }): void => {
            if (mayRepeat && outgoing.reusedSocket && error.code === 'ECONNRESET') reject(new LetGo());
            else reject(error instanceof WrongBody ? error : new NoAnswer(reasonOf(error)));
          };
          outgoing.on('timeout', () => outgoing.destroy(new NoAnswer(`was silent for ${patience / 1000} seconds`)));
          outgoing.on('error', fail);
          if (streamed) pipeline(streamed, outgoing).catch(fail);
          else outgoing.end(body);
        });
      try {
        return await attempt(streamed === undefined);
      } catch (error) {
        if (!(error instanceof LetGo)) throw error;
        return attempt(false);
      }
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

function reasonOf(error: Error & { code?: string }): string {
  if (error instanceof NoAnswer) return error.message;
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'refused the connection';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'has a name that cannot be found';
    case 'ECONNRESET':
      return 'closed the connection';
    default:
      return `could not be asked (${error.code ?? error.message})`;
  }
}

/**
 * A body on its way, always one piece behind: the last one is let go only when the whole is what was signed, so that no
 * target ever sees an altered body complete.
 *
 * @throws WrongBody
 */
export async function* checkedBody(
  incoming: AsyncIterable<Buffer>,
  claim: string | undefined,
  most: number,
): AsyncGenerator<Buffer> {
  const hash = claim === undefined ? undefined : createHash('sha256');
  let held: Buffer | undefined;
  let size = 0;
  for await (const piece of incoming) {
    size += piece.length;
    if (size > most) throw new WrongBody('too-large');
    hash?.update(piece);
    if (held) yield held;
    held = piece;
  }
  if (hash && hash.digest('hex') !== claim) throw new WrongBody('altered');
  if (held) yield held;
}
