import { SignJWT } from 'jose';
import type { Json } from '../../../shared/json.ts';
import type { Spoil, StandInPerson } from '../../../shared/stand-ins.ts';
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
  const exp = iat + ID_TOKEN_SECONDS;
  const asked: Claims = nonce === undefined ? {} : { nonce };
  const address: Claims = email === undefined ? {} : { email, email_verified: true };
  // Further claims come last, so that a person may be given another name, and never a token of somebody else's.
  const further: Claims = Object.fromEntries(
    Object.entries(person.claims).filter(([claim]) => !['iss', 'aud', 'sub', 'exp', 'iat', 'nonce'].includes(claim)),
  );
  switch (kind) {
    case 'google':
      return { iss: issuer, azp: audience, aud: audience, sub, ...address, ...asked, name, iat, exp, ...further };
    case 'apple':
      return {
        iss: issuer,
        aud: audience,
        exp,
        iat,
        sub,
        ...asked,
        ...address,
        auth_time: iat,
        nonce_supported: true,
        ...further,
      };
    default:
      return { iss: issuer, sub, aud: audience, exp, iat, auth_time: iat, ...asked, name, ...address, ...further };
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
