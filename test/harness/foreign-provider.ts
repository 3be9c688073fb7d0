import { createHash, randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';
import { vi } from 'vitest';

/** A real OpenID Connect provider of another make, on this machine, with people who sign in at its pages. */
export interface ForeignProvider {
  readonly issuer: string;
  /** As IAM and `Logins` name it. */
  readonly name: string;
  /** Signs somebody in, by the code flow, as a browser and an app would. */
  idToken(person: string, clientId?: string): Promise<string>;
  /** From now on another key signs, and the old one is no longer published. */
  rotateKeys(): Promise<void>;
  stop(): Promise<void>;
}

export const FOREIGN_CLIENT = 'foreign-app';
export const OTHER_FOREIGN_CLIENT = 'other-foreign-app';

const REDIRECT = 'https://app.example.test/callback';

export async function startForeignProvider(path = ''): Promise<ForeignProvider> {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => {
    // Mounted below a path, as tenants of one host are.
    if (path !== '') request.url = request.url?.replace(path, '') ?? '/';
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const issuer = `http://${name}`;

  const rotateKeys = async (): Promise<void> => {
    const provider = createProvider(issuer, await signingKey());
    listener = provider.callback();
  };
  await rotateKeys();

  return {
    issuer,
    name,
    idToken: (person, clientId = FOREIGN_CLIENT) => signIn(issuer, person, clientId),
    rotateKeys,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') };
}

function createProvider(issuer: string, key: JWK): Provider {
  // It tells everyone that it is meant for development when it is built.
  const quiet = (['info', 'warn'] as const).map((level) => vi.spyOn(console, level).mockReturnValue(undefined));
  try {
    return new Provider(issuer, {
      clients: [FOREIGN_CLIENT, OTHER_FOREIGN_CLIENT].map((client_id) => ({
        client_id,
        redirect_uris: [REDIRECT],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'none',
      })),
      jwks: { keys: [key] },
      cookies: { keys: ['test'] },
      conformIdTokenClaims: false,
      ttl: { Interaction: 600, Session: 600, Grant: 600, AuthorizationCode: 60, AccessToken: 600, IdToken: 3600 },
      claims: { openid: ['sub', 'department'] },
      findAccount: (_ctx: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, department: id.startsWith('eng') ? 'Engineering' : 'Sales' }),
      }),
    });
  } finally {
    for (const spy of quiet) spy.mockRestore();
  }
}

async function signIn(issuer: string, person: string, clientId: string): Promise<string> {
  const browse = browser();
  const verifier = randomBytes(32).toString('base64url');
  const authorize = new URL(`${issuer}/auth`);
  authorize.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const login = await browse(authorize.href);
  const consent = await browse(login, new URLSearchParams({ prompt: 'login', login: person, password: 'any' }));
  const back = await browse(consent, new URLSearchParams({ prompt: 'consent' }));
  const code = new URL(back).searchParams.get('code');
  if (code === null) throw new Error(`no code came back: ${back}`);
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      redirect_uri: REDIRECT,
      code_verifier: verifier,
    }),
  });
  const { id_token: idToken } = (await answer.json()) as { id_token?: string };
  if (idToken === undefined) throw new Error(`no ID token: ${answer.status}`);
  return idToken;
}

/** Goes from page to page with its cookies; gives the address of the form it comes to, or that of the app. */
function browser(): (address: string, form?: URLSearchParams) => Promise<string> {
  const cookies = new Map<string, string>();
  return async (address, form) => {
    let at = address;
    let body = form;
    for (;;) {
      if (at.startsWith(REDIRECT)) return at;
      const response = await fetch(at, {
        method: body ? 'POST' : 'GET',
        ...(body && { body }),
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        cookies.set(name, value);
      }
      await response.body?.cancel();
      const next = response.headers.get('location');
      if (next === null) {
        if (!response.ok) throw new Error(`${at} answers ${response.status}`);
        return at;
      }
      at = new URL(next, at).href;
      body = undefined;
    }
  };
}
