import { SYNC_SESSION_SECONDS } from '../../../shared/sync-wire.ts';
import { fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import {
  issueSessionToken,
  readSessionToken,
  SESSION_ID_BYTES,
  SESSION_KEY_BYTES,
  type SessionPlace,
  type SyncSession,
} from './session-token.ts';

type Needs = Pick<Services, 'store' | 'datasets' | 'random'>;

const LIFETIME = SYNC_SESSION_SECONDS * 1000;
/** A clock that was moved ahead and back again must not revive a spent session, so they are kept a while longer. */
const KEEP_SPENT = 24 * 3_600_000;

const CAUSES = {
  forged: 'the session token was not made by this bench, or was altered',
  foreign: 'the session token was made for another pool, identity or dataset',
  expired: 'the session token is older than an hour',
};

export function openSession(call: Call, services: Needs, place: SessionPlace): string {
  const token = issueSessionToken(
    keyOf(call, services),
    services.random.bytes(SESSION_ID_BYTES),
    place,
    call.now.getTime(),
  );
  call.why.choose('SY-SESSION-1', 'no session token was sent, so a new sync session begins');
  return token;
}

/** @throws Fault `InvalidParameterException` for a token that is not good for this place and time. */
export function requireSession(call: Call, services: Needs, token: string, place: SessionPlace): SyncSession {
  const verdict = readSessionToken(keyOf(call, services), token, place, call.now.getTime(), LIFETIME);
  if (!verdict.ok) {
    const rule = verdict.why === 'expired' ? 'SY-SESSION-5' : 'SY-SESSION-2';
    throw call.why.refuse(rule, CAUSES[verdict.why], notValid());
  }
  if (services.datasets.isSpent(verdict.session.id)) {
    throw call.why.refuse('SY-SESSION-3', 'a successful write has used this session token up', notValid());
  }
  call.why.pass('SY-SESSION-2', 'the session token is good for this pool, identity and dataset');
  return verdict.session;
}

/** Inside the transaction of the write that it pays for, so that a failed write leaves the session usable. */
export function spendSession(call: Call, services: Needs, identityPoolId: string, session: SyncSession): void {
  services.datasets.spend(call.account, identityPoolId, session.id, session.expiresAt, call.now.getTime() - KEEP_SPENT);
  call.why.note('SY-SESSION-3', 'note', 'the write uses the session token up');
}

// Recorded.
function notValid(): Error {
  return fault('InvalidParameterException', 'SyncSessionToken not valid for these inputs');
}

/** Made on an account's first sync; kept in the store, so that tokens outlive a restart of the bench. */
function keyOf(call: Call, { store, datasets, random }: Needs): Buffer {
  const key = datasets.sessionKey(call.account);
  if (key) return key;
  return store.write(() => {
    const made = random.bytes(SESSION_KEY_BYTES);
    datasets.putSessionKey(call.account, made);
    return made;
  });
}
