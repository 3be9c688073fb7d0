import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Services } from '../../src/main/services/services.ts';
import { startFakeServer } from './fake-server.ts';

const jwk = {
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
  kid: 'k',
  use: 'sig',
};
const POOL = 'us-east-1_AbCdEf123';

const services = {
  tokens: {
    issuer: (id: string) => `https://cognito-idp.us-east-1.amazonaws.com/${id}`,
    jwks: (id: string) => Promise.resolve(id === POOL ? { keys: [jwk, { ...jwk, kid: 'l' }] } : undefined),
  },
  directory: { userPool: (id: string) => (id === POOL ? { account: '000000000000', region: 'us-east-1' } : undefined) },
  openIdTokens: {
    issuer: () => 'https://cognito-identity.amazonaws.com',
    jwks: () => Promise.resolve({ keys: [{ ...jwk, alg: 'RS512' }] }),
  },
} as unknown as Partial<Services>;

async function get(path: string): Promise<{ status: number; origin: string | null; body: unknown; url: string }> {
  await using server = await startFakeServer({ services });
  const response = await fetch(server.url + path, { headers: { origin: 'https://app.example' } });
  return {
    status: response.status,
    origin: response.headers.get('access-control-allow-origin'),
    body: await response.json(),
    url: server.url,
  };
}

describe('keys and discovery', () => {
  it('[PR-KEYS-1] are served for a user pool, to any origin', async () => {
    expect(await get(`/${POOL}/.well-known/jwks.json`)).toMatchObject({
      status: 200,
      origin: '*',
      body: { keys: [{ kid: 'k' }, { kid: 'l' }] },
    });
    const { body, url, origin } = await get(`/${POOL}/.well-known/openid-configuration`);
    expect(origin).toBe('*');
    expect(body).toMatchObject({
      issuer: `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`,
      jwks_uri: `${url}/${POOL}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
    });
  });

  it.each(['jwks.json', 'openid-configuration'])('[PR-KEYS-1] are not there for an unknown pool: %s', async (name) => {
    expect(await get(`/us-east-1_zzz/.well-known/${name}`)).toMatchObject({
      status: 404,
      origin: '*',
      body: { message: 'User pool us-east-1_zzz does not exist.' },
    });
  });

  it('[PR-KEYS-2] are served for the tokens of identity pools', async () => {
    expect(await get('/.well-known/jwks_uri')).toMatchObject({
      status: 200,
      origin: '*',
      body: { keys: [{ kid: 'k', alg: 'RS512' }] },
    });
    const { body, url } = await get('/.well-known/openid-configuration');
    expect(body).toMatchObject({
      issuer: 'https://cognito-identity.amazonaws.com',
      jwks_uri: `${url}/.well-known/jwks_uri`,
    });
  });
});
