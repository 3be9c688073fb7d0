import { createHash } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  RegistrationResponseJSON,
  VerifiedAuthenticationResponse,
  VerifiedRegistrationResponse,
} from '@simplewebauthn/server';
import type { PasskeyRecord } from '../../store/repositories/passkeys.ts';
import { isOriginAllowed } from './policies/web-authn.ts';

/** ES256 and RS256. */
export const PASSKEY_ALGORITHMS: readonly number[] = [-7, -257];

/** What a browser says that it signed for. */
export interface ClientData {
  readonly challenge: string;
  readonly origin: string;
  readonly type: string;
}

/** What the page answers of an authenticator, as far as it can be read without trusting it. */
export function readClientData(response: { readonly clientDataJSON?: unknown } | undefined): ClientData | undefined {
  const text = response?.clientDataJSON;
  if (typeof text !== 'string') return undefined;
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null) return undefined;
  const { challenge, origin, type } = data as { [name: string]: unknown };
  if (typeof challenge !== 'string' || typeof origin !== 'string' || typeof type !== 'string') return undefined;
  return { challenge, origin, type };
}

export interface Expected {
  readonly challenge: string;
  readonly relyingParty: string;
  readonly requiresUserVerification: boolean;
}

export type RegistrationVerdict =
  | { readonly ok: true; readonly info: NonNullable<VerifiedRegistrationResponse['registrationInfo']> }
  | {
      readonly ok: false;
      readonly why: 'challenge' | 'origin' | 'relying-party' | 'unsupported';
      readonly detail: string;
    };

/** Judges a new passkey. The library checks what is signed, the reasons for a no are told apart here. */
export async function verifyRegistration(
  credential: RegistrationResponseJSON,
  data: ClientData,
  expected: Expected,
): Promise<RegistrationVerdict> {
  if (data.challenge !== expected.challenge) {
    return { ok: false, why: 'challenge', detail: 'Another challenge was signed.' };
  }
  if (!isOriginAllowed(data.origin, expected.relyingParty)) {
    return { ok: false, why: 'origin', detail: `A page of ${data.origin} asked for it.` };
  }
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const helpers = await import('@simplewebauthn/server/helpers');
  try {
    const attestation = helpers.decodeAttestationObject(
      helpers.isoBase64URL.toBuffer(credential.response.attestationObject),
    );
    const { rpIdHash } = helpers.parseAuthenticatorData(attestation.get('authData'));
    const wanted = createHash('sha256').update(expected.relyingParty).digest();
    if (!wanted.equals(rpIdHash)) {
      return { ok: false, why: 'relying-party', detail: 'It was made for another relying party.' };
    }
    const verified = await verifyRegistrationResponse({
      response: credential,
      expectedChallenge: expected.challenge,
      expectedOrigin: data.origin,
      expectedRPID: expected.relyingParty,
      requireUserVerification: expected.requiresUserVerification,
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    });
    if (verified.verified) return { ok: true, info: verified.registrationInfo };
    return { ok: false, why: 'unsupported', detail: 'The attestation does not hold.' };
  } catch (error) {
    return { ok: false, why: 'unsupported', detail: error instanceof Error ? error.message : String(error) };
  }
}

export type AuthenticationVerdict =
  | { readonly ok: true; readonly info: VerifiedAuthenticationResponse['authenticationInfo'] }
  | { readonly ok: false; readonly detail: string };

/** Judges the use of a passkey: its signature, the counter, the page, the challenge. */
export async function verifyAuthentication(
  credential: AuthenticationResponseJSON,
  passkey: PasskeyRecord,
  expected: Expected,
): Promise<AuthenticationVerdict> {
  const data = readClientData(credential.response);
  if (!data) return { ok: false, detail: 'The client data cannot be read.' };
  if (!isOriginAllowed(data.origin, expected.relyingParty)) {
    return { ok: false, detail: `A page of ${data.origin} asked for it.` };
  }
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: credential,
      expectedChallenge: expected.challenge,
      expectedOrigin: data.origin,
      expectedRPID: expected.relyingParty,
      requireUserVerification: expected.requiresUserVerification,
      credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: passkey.counter },
    });
    return verified ? { ok: true, info: authenticationInfo } : { ok: false, detail: 'The signature is wrong.' };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
