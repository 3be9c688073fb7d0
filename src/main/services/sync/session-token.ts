import { hash, timingSafeEqual } from 'node:crypto';

/** What a session token is good for; anywhere else it is worth nothing. */
export interface SessionPlace {
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly datasetName: string;
}

export interface SyncSession {
  readonly id: string;
  /** Milliseconds since the epoch, bench time. */
  readonly expiresAt: number;
}

export type SessionVerdict =
  | { readonly ok: true; readonly session: SyncSession }
  | { readonly ok: false; readonly why: 'forged' | 'foreign' | 'expired' };

const ID_BYTES = 16;
const TIME_BYTES = 6;
const PLACE_BYTES = 16;
const PAYLOAD_BYTES = ID_BYTES + TIME_BYTES + PLACE_BYTES;
const MAC_BYTES = 16;
const TOKEN_LENGTH = Buffer.alloc(PAYLOAD_BYTES + MAC_BYTES).toString('base64url').length;

export const SESSION_KEY_BYTES = 32;
export const SESSION_ID_BYTES = ID_BYTES;

/**
 * A token that carries its own proof: session id, time of issue, a digest of what it is bound to, and a MAC over
 * all three. Nothing is stored until it is spent, so ListRecords stays a pure read.
 */
export function issueSessionToken(key: Buffer, sessionId: Buffer, place: SessionPlace, now: number): string {
  const token = Buffer.allocUnsafe(PAYLOAD_BYTES + MAC_BYTES);
  sessionId.copy(token, 0, 0, ID_BYTES);
  token.writeUIntBE(now, ID_BYTES, TIME_BYTES);
  digest(place).copy(token, ID_BYTES + TIME_BYTES, 0, PLACE_BYTES);
  mac(key, token.subarray(0, PAYLOAD_BYTES)).copy(token, PAYLOAD_BYTES, 0, MAC_BYTES);
  return token.toString('base64url');
}

/** Says why a token is refused, for the inspector; a client is told the same sentence for every cause. */
export function readSessionToken(
  key: Buffer,
  token: string,
  place: SessionPlace,
  now: number,
  lifetime: number,
): SessionVerdict {
  const bytes = token.length === TOKEN_LENGTH ? Buffer.from(token, 'base64url') : undefined;
  if (bytes?.length !== PAYLOAD_BYTES + MAC_BYTES) return { ok: false, why: 'forged' };
  const payload = bytes.subarray(0, PAYLOAD_BYTES);
  if (!timingSafeEqual(bytes.subarray(PAYLOAD_BYTES), mac(key, payload).subarray(0, MAC_BYTES))) {
    return { ok: false, why: 'forged' };
  }
  if (!payload.subarray(ID_BYTES + TIME_BYTES).equals(digest(place).subarray(0, PLACE_BYTES))) {
    return { ok: false, why: 'foreign' };
  }
  const expiresAt = payload.readUIntBE(ID_BYTES, TIME_BYTES) + lifetime;
  if (now >= expiresAt) return { ok: false, why: 'expired' };
  return { ok: true, session: { id: payload.toString('base64url', 0, ID_BYTES), expiresAt } };
}

// A key before a payload of fixed length, and half of the digest: nothing to extend, and a quarter of an HMAC's time.
function mac(key: Buffer, payload: Buffer): Buffer {
  return hash('sha256', Buffer.concat([key, payload]), 'buffer');
}

// The separator occurs in none of the three names, so no two places share a digest.
function digest({ identityPoolId, identityId, datasetName }: SessionPlace): Buffer {
  return hash('sha256', `${identityPoolId}\n${identityId}\n${datasetName}`, 'buffer');
}
