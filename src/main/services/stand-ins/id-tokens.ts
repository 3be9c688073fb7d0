import { SignJWT } from 'jose';
import type { Json } from '../../../shared/json.ts';
import { OWN_CLAIMS, type Spoil, type StandInPerson } from '../../../shared/stand-ins.ts';
import type { StandIn } from '../services.ts';
import type { StandInKeys } from './keys.ts';

/** Signed ID tokens, in each vendor's own set of claims (from memory), sound or spoiled in one way. */

export const ID_TOKEN_SECONDS = 3600;

export interface IdTokenWish {
  readonly person: StandInPerson;
  readonly audience: string;
  readonly nonce: string | undefined;
  readonly spoil: Spoil;
  readonly now: Date;
}

export interface IdToken {
  readonly token: string;
  readonly header: { readonly [name: string]: Json };
  readonly claims: { readonly [name: string]: Json };
  readonly expiresAt: Date;
}

export async function signIdToken(standIn: StandIn, wish: IdTokenWish, keys: StandInKeys): Promise<IdToken> {
  const { spoil } = wish;
  const claims = spoiledClaims(standIn, wish);
  const expiresAt = new Date(Number(claims['exp']) * 1000);
  if (spoil === 'alg-none') {
    const header = { alg: 'none', typ: 'JWT' };
    return { token: `${part(header)}.${part(claims)}.`, header, claims, expiresAt };
  }
  const { kid, privateKey } = await keys.current(standIn);
  const header = { alg: 'RS256', kid, typ: 'JWT' };
  const key = spoil === 'wrong-key' ? await keys.stranger() : privateKey;
  const token = await new SignJWT(claims).setProtectedHeader(header).sign(key);
  return { token, header, claims, expiresAt };
}

interface Claims {
  [name: string]: Json;
}

function spoiledClaims(standIn: StandIn, wish: IdTokenWish): Claims {
  const { spoil, now } = wish;
  const HOUR = ID_TOKEN_SECONDS;
  const seconds = Math.floor(now.getTime() / 1000);
  const issuedAt = spoil === 'expired' ? seconds - 2 * HOUR : spoil === 'not-yet-valid' ? seconds + HOUR : seconds;
  const claims = claimsOf(standIn, wish, issuedAt);
  if (spoil === 'wrong-issuer') claims['iss'] = `${standIn.issuer}.example.test`;
  if (spoil === 'wrong-audience') {
    claims['aud'] = 'another-app';
    if ('azp' in claims) claims['azp'] = 'another-app';
  }
  if (spoil === 'not-yet-valid') claims['nbf'] = issuedAt;
  return claims;
}

function claimsOf({ kind, issuer }: StandIn, wish: IdTokenWish, iat: number): Claims {
  const { person, audience, nonce } = wish;
  const { subject: sub, name, email } = person;
  const own: Claims = { iss: issuer, aud: audience, sub, iat, exp: iat + ID_TOKEN_SECONDS };
  if (nonce !== undefined) own['nonce'] = nonce;
  const address: Claims = email === undefined ? {} : { email, email_verified: true };
  // After the name, so that a person may be given another one, and before what makes it somebody's token.
  const further: Claims = Object.fromEntries(
    Object.entries(person.claims).filter(([claim]) => !(OWN_CLAIMS as readonly string[]).includes(claim)),
  );
  switch (kind) {
    case 'google':
      return { name, ...address, ...further, ...own, azp: audience };
    case 'apple':
      return { ...address, auth_time: iat, nonce_supported: true, ...further, ...own };
    default:
      return { name, ...address, auth_time: iat, ...further, ...own };
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
