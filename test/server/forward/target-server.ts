import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether all of the body came. */
  readonly isComplete: boolean;
}

export const TARGET_KEY = { accessKeyId: 'LOCALKEY', secretAccessKey: 'local/secret+key' };

/** Another endpoint on this machine: it remembers what it got, and answers as it is told. */
export async function startTarget(answer: (got: Got, response: ServerResponse) => void = answerOk) {
  const got: Got[] = [];
  const target = { answer };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    const note = (isComplete: boolean): Got => {
      const { method = '', url = '', headers } = request;
      const entry = { method, url, headers, body: Buffer.concat(chunks), isComplete };
      got.push(entry);
      return entry;
    };
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => note(false));
    request.on('end', () => target.answer(note(true), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    got,
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    /** Answers differently from now on. */
    answers(next: (got: Got, response: ServerResponse) => void) {
      target.answer = next;
    },
    last(): Got {
      const entry = got.at(-1);
      if (!entry) throw new Error('the target got nothing');
      return entry;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type Target = Awaited<ReturnType<typeof startTarget>>;

function answerOk(_got: Got, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0', 'X-Made-By': 'target' });
  response.end('{}');
}

/** The signature that the target's own credentials make of what came, by a library that is not the bench's. */
export async function expectedAuthorization(got: Got, service: string): Promise<string> {
  const { authorization = '', host = '' } = got.headers;
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  const [path = '/', search = ''] = got.url.split('?');
  const [hostname = '', port] = host.split(':');
  const headers: Record<string, string> = {};
  for (const name of signed) headers[name] = String(got.headers[name]);
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: TARGET_KEY,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  });
  const date = String(got.headers['x-amz-date']);
  const again = await signer.sign(
    {
      method: got.method,
      protocol: 'http:',
      hostname,
      port: Number(port),
      path,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers,
      body: got.body,
    },
    {
      signingDate: new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')),
      signableHeaders: new Set(signed),
    },
  );
  return again.headers['authorization'] ?? '';
}
