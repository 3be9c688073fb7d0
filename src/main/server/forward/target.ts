import type { Received } from '../protocols/protocol.ts';

/** Where the calls of a service go, as `--forward SERVICE=URL` says it. */
export interface ForwardTarget {
  /** As signatures name it: `s3`, `dynamodb`, `execute-api`. */
  readonly service: string;
  /** `http://127.0.0.1:4566`, without credentials and without a slash at its end. */
  readonly url: string;
  /** With which calls are signed afresh; without them they keep the signature that they came with. */
  readonly credentials: { readonly accessKeyId: string; readonly secretKey: string } | undefined;
}

const IN_HEADER = /Credential=[^/,\s]+\/\d{8}\/[a-z0-9-]{1,32}\/([a-z0-9.-]{1,64})\/aws4_request/;
const IN_QUERY =
  /(?:^|&)X-Amz-Credential=[^%/&]+(?:%2F|\/)\d{8}(?:%2F|\/)[a-z0-9-]{1,32}(?:%2F|\/)([a-z0-9.-]{1,64})(?:%2F|\/)aws4_request/i;

/** The service that a request is signed for, before anything is checked. The header wins, as it does in the check. */
export function signedService({ headers, query }: Pick<Received, 'headers' | 'query'>): string | undefined {
  const { authorization } = headers;
  return (authorization === undefined ? IN_QUERY.exec(query) : IN_HEADER.exec(authorization))?.[1];
}
