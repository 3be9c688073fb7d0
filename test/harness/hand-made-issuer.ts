import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

export interface HandMadeKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** An issuer that publishes whatever a test wants, good or bad, and signs whatever it is told to. */
export interface HandMadeIssuer {
  readonly url: string;
  readonly name: string;
  /** The published keys; the first one signs. */
  keys: HandMadeKey[];
  /** Takes the place of the members of the discovery document. */
  discovery: { readonly [member: string]: unknown };
  /** Takes the place of the answer to a path. */
  readonly answers: Map<string, RequestListener>;
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
  /** A token that is as it should be, but for the changes; `null` leaves a claim out. */
  token(now: Date, changes?: JWTPayload & { readonly [claim: string]: unknown }, header?: object): Promise<string>;
  jwks(): Promise<{ keys: JWK[] }>;
  stop(): Promise<void>;
}

export const CLIENT = 'app';

export async function startIssuer(): Promise<HandMadeIssuer> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    issuer.asked.set(path, (issuer.asked.get(path) ?? 0) + 1);
    const answer = issuer.answers.get(path);
    if (answer) {
      answer(request, response);
      return;
    }
    void documentAt(path).then((document) => {
      response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(document ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${name}`;

  const documentAt = async (path: string): Promise<object | undefined> => {
    if (path === '/.well-known/openid-configuration') {
      return { issuer: url, jwks_uri: `${url}/keys`, ...issuer.discovery };
    }
    return path === '/keys' ? issuer.jwks() : undefined;
  };

  const issuer: HandMadeIssuer = {
    url,
    name,
    keys: [await handMadeKey('first')],
    discovery: {},
    answers: new Map(),
    asked: new Map(),
    async token(now, changes = {}, header = {}) {
      const [{ kid, alg, privateKey } = await handMadeKey('none')] = issuer.keys;
      const seconds = Math.floor(now.getTime() / 1000);
      const claims = { iss: url, aud: CLIENT, sub: 'somebody', iat: seconds, exp: seconds + 600, ...changes };
      const payload = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
      return new SignJWT(payload).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
    },
    async jwks() {
      return {
        keys: await Promise.all(
          issuer.keys.map(async ({ kid, alg, publicKey }) => ({
            ...(await exportJWK(publicKey)),
            kid,
            alg,
            use: 'sig',
          })),
        ),
      };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}

export async function handMadeKey(kid: string, alg = 'RS256'): Promise<HandMadeKey> {
  return { kid, alg, ...(await generateKeyPair(alg, { extractable: true })) };
}

/** A token that takes an issuer's public key for a shared secret. */
export async function confusedToken({ keys: [key] }: HandMadeIssuer, claims: JWTPayload): Promise<string> {
  const secret = new TextEncoder().encode(await exportSPKI(key!.publicKey));
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key!.kid }).sign(secret);
}

export function unsignedToken(claims: JWTPayload): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}
