import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type {
  CompleteWebAuthnRegistrationRequest,
  CompleteWebAuthnRegistrationResponse,
  DeleteWebAuthnCredentialRequest,
  DeleteWebAuthnCredentialResponse,
  ListWebAuthnCredentialsRequest,
  ListWebAuthnCredentialsResponse,
  StartWebAuthnRegistrationRequest,
  StartWebAuthnRegistrationResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { PASSKEY_REGISTRATION_MINUTES, PASSKEYS_PER_USER } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { passkeyCountsAsTwo } from './first-factors.ts';
import { PASSKEY_ALGORITHMS, readClientData, verifyRegistration } from './passkey-proof.ts';
import { relyingParty, userVerification, usesPasskeys } from './policies/web-authn.ts';
import { badPageToken } from './pools.ts';
import { requireSignedInUser } from './signed-in-user.ts';

type Needs = Pick<
  Services,
  'appClients' | 'config' | 'mfaFactors' | 'passkeys' | 'random' | 'store' | 'userPools' | 'users'
>;

export const webAuthn = family<'cognito-idp', Needs>('cognito-idp', 'web-authn', {
  StartWebAuthnRegistration: { auth: 'access-token', run: startWebAuthnRegistration },
  CompleteWebAuthnRegistration: { auth: 'access-token', run: completeWebAuthnRegistration },
  ListWebAuthnCredentials: { auth: 'access-token', run: listWebAuthnCredentials },
  DeleteWebAuthnCredential: { auth: 'access-token', run: deleteWebAuthnCredential },
});

const CHALLENGE_BYTES = 32;

function requirePasskeys(call: Call, pool: UserPoolRecord): void {
  if (usesPasskeys(pool)) {
    call.why.pass('UP-PASSKEY-1', 'People of this pool may sign in with a passkey.');
    return;
  }
  throw call.why.refuse(
    'UP-PASSKEY-1',
    'WEB_AUTHN is not among the pool’s AllowedFirstAuthFactors.',
    // guessed wording: no source found
    fault('WebAuthnNotEnabledException', 'WebAuthn is not enabled for this user pool.'),
  );
}

function requireRoom(call: Call, user: UserRecord, { config, passkeys }: Needs): void {
  if (config.limits === 'off' || passkeys.list(user).length < PASSKEYS_PER_USER) return;
  throw call.why.refuse(
    'UP-PASSKEY-2',
    `The user has ${PASSKEYS_PER_USER} passkeys already.`,
    // guessed wording: no source found
    fault('LimitExceededException', 'The user has reached the limit of registered passkeys.'),
  );
}

function startWebAuthnRegistration(
  _input: StartWebAuthnRegistrationRequest,
  call: Call,
  services: Needs,
): StartWebAuthnRegistrationResponse {
  const { client, pool, user } = requireSignedInUser(call, services);
  requirePasskeys(call, pool);
  const party = relyingParty(pool);
  if (party === undefined) {
    throw call.why.refuse(
      'UP-PASSKEY-3',
      'The pool has neither a relying party nor a domain.',
      // guessed wording: no source found
      fault('WebAuthnConfigurationMissingException', 'No relying party is configured for this user pool.'),
    );
  }
  requireRoom(call, user, services);
  const challenge = services.random.bytes(CHALLENGE_BYTES).toString('base64url');
  const expiresAt = new Date(call.now.getTime() + PASSKEY_REGISTRATION_MINUTES * 60_000);
  services.store.write(() => services.passkeys.ask(user, { clientId: client.id, challenge, expiresAt }));
  call.why.choose('UP-PASSKEY-3', `The passkey is to be made for ${party}.`, { relyingParty: party });
  const name = user.attributes['email'] ?? user.attributes['phone_number'] ?? user.username;
  return {
    CredentialCreationOptions: {
      rp: { id: party, name: party },
      user: { id: Buffer.from(user.sub).toString('base64url'), name, displayName: name },
      challenge,
      pubKeyCredParams: PASSKEY_ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: PASSKEY_REGISTRATION_MINUTES * 60_000,
      excludeCredentials: services.passkeys.list(user).map(({ credentialId, transports }) => ({
        id: credentialId,
        type: 'public-key',
        transports,
      })),
      authenticatorSelection: {
        requireResidentKey: true,
        residentKey: 'required',
        userVerification: verifiesUser(pool, user, services) ? 'required' : userVerification(pool),
      },
      attestation: 'none',
    },
  };
}

function verifiesUser(pool: UserPoolRecord, user: UserRecord, { mfaFactors }: Needs): boolean {
  return userVerification(pool) === 'required' || passkeyCountsAsTwo(pool, mfaFactors.of(user));
}

async function completeWebAuthnRegistration(
  input: CompleteWebAuthnRegistrationRequest,
  call: Call,
  services: Needs,
): Promise<CompleteWebAuthnRegistrationResponse> {
  const { why } = call;
  const { passkeys, store } = services;
  const { client, pool, user } = requireSignedInUser(call, services);
  requirePasskeys(call, pool);
  const asked = passkeys.asked(user);
  const party = relyingParty(pool);
  if (!asked || asked.expiresAt <= call.now || party === undefined) throw unasked(call);
  if (asked.clientId !== client.id) {
    throw why.refuse(
      'UP-PASSKEY-5',
      'The registration began through another app client.',
      // guessed wording: no source found
      fault('WebAuthnClientMismatchException', 'The registration was started by a different client.'),
    );
  }
  const credential = requireCredential(call, input.Credential);
  const data = readClientData(credential.response);
  if (!data) throw malformed(call);
  const verdict = await verifyRegistration(credential, data, {
    challenge: asked.challenge,
    relyingParty: party,
    requiresUserVerification: verifiesUser(pool, user, services),
  });
  if (!verdict.ok) {
    if (verdict.why === 'challenge') throw unasked(call);
    // guessed wordings: the model names the exceptions, no source has their texts
    const refusal = {
      origin: fault('WebAuthnOriginNotAllowedException', `The origin ${data.origin} is not allowed.`),
      'relying-party': fault('WebAuthnRelyingPartyMismatchException', 'The relying party id does not match.'),
      unsupported: fault('WebAuthnCredentialNotSupportedException', 'The passkey is not supported.'),
    }[verdict.why];
    throw why.refuse('UP-PASSKEY-6', verdict.detail, refusal, { origin: data.origin, relyingParty: party });
  }
  const { credential: made } = verdict.info;
  store.write((tx) => {
    if (!passkeys.answered(user, asked.challenge)) throw unasked(call);
    requireRoom(call, user, services);
    if (passkeys.find(pool.id, made.id)) {
      throw why.refuse(
        'UP-PASSKEY-6',
        'The passkey is registered already.',
        fault('WebAuthnCredentialNotSupportedException', 'The passkey is already registered.'),
      );
    }
    passkeys.insert({
      credentialId: made.id,
      account: pool.account,
      userNumber: user.number,
      userPoolId: pool.id,
      name: 'Passkey',
      relyingParty: party,
      publicKey: made.publicKey,
      counter: made.counter,
      attachment: attachmentOf(input.Credential),
      transports: made.transports ?? [],
      createdAt: call.now,
    });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  why.pass('UP-PASSKEY-4', 'The passkey is the user’s from now on.', { passkey: made.id, relyingParty: party });
  return {};
}

function unasked(call: Call): Error {
  return call.why.refuse(
    'UP-PASSKEY-4',
    'The passkey was not asked for, too long ago, or for another challenge.',
    // guessed wording: no source found
    fault('WebAuthnChallengeNotFoundException', 'The challenge of this registration was not found or has expired.'),
  );
}

function malformed(call: Call): Error {
  return call.why.refuse(
    'UP-PASSKEY-6',
    'Credential is not what a browser answers.',
    // guessed wording: no source found
    fault('InvalidParameterException', 'Invalid credential.'),
  );
}

function requireCredential(call: Call, value: unknown): RegistrationResponseJSON {
  const { id, response } = (value ?? {}) as { readonly id?: unknown; readonly response?: unknown };
  const attestation = (response as { readonly attestationObject?: unknown } | null | undefined)?.attestationObject;
  if (typeof id !== 'string' || typeof attestation !== 'string') throw malformed(call);
  const credential = value as RegistrationResponseJSON;
  const { transports } = credential.response;
  if (transports !== undefined && !(Array.isArray(transports) && transports.every((one) => typeof one === 'string'))) {
    throw malformed(call);
  }
  return credential;
}

function attachmentOf(value: unknown): string | undefined {
  const attachment = (value as { readonly authenticatorAttachment?: unknown }).authenticatorAttachment;
  return attachment === 'platform' || attachment === 'cross-platform' ? attachment : undefined;
}

function listWebAuthnCredentials(
  input: ListWebAuthnCredentialsRequest,
  call: Call,
  services: Needs,
): ListWebAuthnCredentialsResponse {
  const { user } = requireSignedInUser(call, services);
  const scope = `ListWebAuthnCredentials:${user.number}`;
  const from = input.NextToken === undefined ? '0' : readPageToken(scope, input.NextToken);
  if (from === undefined) throw badPageToken(call);
  const all = services.passkeys.list(user);
  const end = Number(from) + (input.MaxResults || PASSKEYS_PER_USER);
  call.why.choose('UP-PASSKEY-9', 'The user’s passkeys, oldest first.', { passkeys: all.length });
  return {
    Credentials: all.slice(Number(from), end).map((passkey) => ({
      CredentialId: passkey.credentialId,
      FriendlyCredentialName: passkey.name,
      RelyingPartyId: passkey.relyingParty,
      ...(passkey.attachment === undefined ? {} : { AuthenticatorAttachment: passkey.attachment }),
      AuthenticatorTransports: [...passkey.transports],
      CreatedAt: passkey.createdAt,
    })),
    ...(all.length > end ? { NextToken: pageToken(scope, String(end)) } : {}),
  };
}

function deleteWebAuthnCredential(
  input: DeleteWebAuthnCredentialRequest,
  call: Call,
  services: Needs,
): DeleteWebAuthnCredentialResponse {
  const { pool, user } = requireSignedInUser(call, services);
  services.store.write((tx) => {
    const passkey = services.passkeys.find(pool.id, input.CredentialId);
    if (passkey?.userNumber !== user.number) {
      throw call.why.refuse(
        'UP-PASSKEY-9',
        'The user has no such passkey.',
        // guessed wording: no source found
        fault('ResourceNotFoundException', 'The passkey does not exist.'),
      );
    }
    services.passkeys.delete(passkey);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-PASSKEY-9', 'The passkey opens nothing any more.', { passkey: input.CredentialId });
  return {};
}
