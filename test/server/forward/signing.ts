import { request as httpRequest } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { REGION } from '../../harness/bench.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface RawRequest {
  readonly service: string;
  readonly method?: string;
  /** Path and query, as they are sent. */
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
}

/** A call signed by a library that is not the bench's own, with its path exactly as given. */
export async function signedFetch(url: string, credentials: Credentials, request: RawRequest): Promise<Response> {
  return send(url, request, await signedHeaders(url, credentials, request));
}

/** Fetch would tidy the path up first. */
export function send(
  url: string,
  { method = 'POST', path = '/', body }: Pick<RawRequest, 'method' | 'path' | 'body'>,
  headers: { readonly [name: string]: string },
): Promise<Response> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const status = incoming.statusCode!;
        const answered = Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
          (values ?? []).map((value): [string, string] => [name, value]),
        );
        const isEmpty = status === 204 || status === 304;
        resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: answered }));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export async function signedHeaders(
  url: string,
  credentials: Credentials,
  { service, method = 'POST', path = '/', headers = {}, body }: RawRequest,
): Promise<Record<string, string>> {
  const { hostname, port, host } = new URL(url);
  const [pathname = '/', search = ''] = path.split('?');
  const signer = new SignatureV4({
    service,
    region: REGION,
    credentials,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  });
  const signed = await signer.sign({
    method,
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: pathname,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: { host, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { ...signed.headers };
}
