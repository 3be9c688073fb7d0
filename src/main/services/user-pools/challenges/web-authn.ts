import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { passkeyCountsAsTwo } from '../first-factors.ts';
import { requireParameter } from '../parameters.ts';
import { verifyAuthentication } from '../passkey-proof.ts';
import { relyingParty, userVerification } from '../policies/web-authn.ts';
import { incorrect } from '../sign-in-attempts.ts';
import { type Ask, type Challenge, openChallenge } from './challenge.ts';

const CHALLENGE_BYTES = 32;

export const askForPasskey: Ask<'first-factor-chosen'> = (step, { user, username }, services) => {
  const { pool } = step;
  const challenge = services.random.bytes(CHALLENGE_BYTES).toString('base64url');
  const countsAsTwo = user !== undefined && passkeyCountsAsTwo(pool, services.mfaFactors.of(user));
  const options = {
    challenge,
    timeout: 180_000,
    rpId: relyingParty(pool),
    allowCredentials: (user ? services.passkeys.list(user) : []).map(({ credentialId, transports }) => ({
      id: credentialId,
      type: 'public-key',
      transports,
    })),
    userVerification: countsAsTwo ? 'required' : userVerification(pool),
  };
  return openChallenge(
    step,
    {
      challenge: 'WEB_AUTHN',
      user,
      username,
      state: { challenge },
      parameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) },
    },
    services,
  );
};

/** A passkey signs the challenge of this session. */
export const webAuthn: Challenge = async ({ call, pool, session, user, responses }, services) => {
  const { why } = call;
  const credential = readCredential(requireParameter(call, responses, 'CREDENTIAL'));
  const passkey = credential && services.passkeys.find(pool.id, credential.id);
  const party = relyingParty(pool);
  if (!user || !credential || !passkey || passkey.userNumber !== user.number || party === undefined) {
    throw why.refuse(
      'UP-PASSKEY-7',
      credential ? 'The user has no such passkey.' : 'CREDENTIAL is not what a browser answers.',
      incorrect(),
    );
  }
  const { challenge } = session.state as unknown as { readonly challenge: string };
  const countsAsTwo = passkeyCountsAsTwo(pool, services.mfaFactors.of(user));
  const verdict = await verifyAuthentication(credential, passkey, {
    challenge,
    relyingParty: party,
    requiresUserVerification: countsAsTwo || userVerification(pool) === 'required',
  });
  // guessed: no source found for what a wrong passkey is told
  if (!verdict.ok) throw why.refuse('UP-PASSKEY-7', verdict.detail, incorrect(), { passkey: passkey.credentialId });
  services.store.write(() => {
    if (!services.passkeys.count(passkey, verdict.info.newCounter)) {
      throw why.refuse('UP-PASSKEY-8', 'The passkey has signed more often than it says.', incorrect());
    }
  });
  why.pass('UP-PASSKEY-7', 'The passkey is the user’s, and signed this very challenge on a page that may ask.', {
    passkey: passkey.credentialId,
    origin: verdict.info.origin,
    userVerified: verdict.info.userVerified,
  });
  return {
    reached: 'first-factor-proven',
    user,
    factor: 'WEB_AUTHN',
    countsAsTwo: countsAsTwo && verdict.info.userVerified,
    changes: {},
  };
};

function readCredential(text: string): AuthenticationResponseJSON | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { id, response } = (value ?? {}) as { readonly id?: unknown; readonly response?: unknown };
  if (typeof id !== 'string' || typeof response !== 'object' || response === null) return undefined;
  return value as AuthenticationResponseJSON;
}
