import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { DeviceAction } from '../../shared/device.ts';
import { BenchError } from '../kernel/fault.ts';
import { cbor, type Cbor } from './cbor.ts';
import type { Session } from './device-file.ts';
import { configured, type DeviceParts } from './parts.ts';
import { requireTokens } from './session.ts';
import { isNamed } from './sync-engine/engine.ts';

/*
 * The passkeys of a device, and the page around them: an authenticator of software that always finds its user
 * present and verified. [DV-PASSKEY-1]
 */

export interface Passkey {
  readonly userPoolId: string;
  readonly username: string;
  readonly relyingPartyId: string;
  /** Base64url. */
  readonly credentialId: string;
  /** ES256, PEM. Stays on the device. */
  readonly privateKey: string;
  readonly counter: number;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id?: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials?: readonly { readonly id: string }[];
}

// Flags of WebAuthn's authenticator data.
const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export async function createPasskey(parts: DeviceParts): Promise<void> {
  const { username, accessToken } = await requireTokens(parts);
  const client = await parts.clients.userPools();
  const started = await client.startWebAuthnRegistration({ AccessToken: accessToken });
  const { challenge, rp, excludeCredentials = [] } = started.CredentialCreationOptions as unknown as CreationOptions;
  if (excludeCredentials.some(({ id }) => parts.file.passkeys.some(({ credentialId }) => credentialId === id))) {
    // What a browser says of an authenticator that has one already.
    throw new BenchError('InvalidStateError', 'The user has a passkey on this device already', 409);
  }
  // Keys cannot come from the bench's seed.
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const passkey: Passkey = {
    userPoolId: configured(parts, 'userPoolId'),
    username,
    relyingPartyId: rp.id ?? '',
    credentialId: parts.ids.opaque(32),
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    counter: 0,
  };
  const { credentialId } = passkey;
  const attestation = new Map<Cbor, Cbor>([
    ['fmt', 'none'],
    ['attStmt', new Map<Cbor, Cbor>()],
    ['authData', Buffer.concat([authenticatorData(passkey, HAS_CREDENTIAL), credentialData(passkey)])],
  ]);
  await client.completeWebAuthnRegistration({
    AccessToken: accessToken,
    Credential: {
      id: credentialId,
      rawId: credentialId,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData(passkey, 'webauthn.create', challenge).toString('base64url'),
        attestationObject: cbor(attestation).toString('base64url'),
        transports: ['internal'],
      },
    },
  });
  parts.file.set('passkeys', [...parts.file.passkeys, passkey]);
}

export async function deletePasskey(
  parts: DeviceParts,
  { credentialId }: DeviceAction & { do: 'delete-passkey' },
): Promise<void> {
  const { accessToken } = await requireTokens(parts);
  const client = await parts.clients.userPools();
  try {
    await client.deleteWebAuthnCredential({ AccessToken: accessToken, CredentialId: credentialId });
  } catch (error) {
    // Deleted elsewhere: then it is of no use here either.
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
  }
  const kept = parts.file.passkeys.filter((passkey) => passkey.credentialId !== credentialId);
  parts.file.set('passkeys', kept);
}

/** The passkey on this device that a WEB_AUTHN challenge can be answered with. */
export function passkeyFor(
  { file }: DeviceParts,
  { parameters = {} }: Session & { status: 'challenged' },
): Passkey | undefined {
  const options = requestOptions(parameters);
  if (!options) return undefined;
  const allowed = options.allowCredentials ?? [];
  return file.passkeys.find(
    ({ relyingPartyId, credentialId }) =>
      relyingPartyId === options.rpId && allowed.some(({ id }) => id === credentialId),
  );
}

/** What `navigator.credentials.get` gives, as JSON. */
export function signWithPasskey(parts: DeviceParts, session: Session & { status: 'challenged' }) {
  const found = passkeyFor(parts, session);
  const options = requestOptions(session.parameters ?? {});
  if (!found || !options) {
    throw new BenchError('NotAllowedError', 'There is no passkey on this device for it', 409);
  }
  const passkey: Passkey = { ...found, counter: found.counter + 1 };
  // Counted before it is used: a signature that is lost on the way must not come twice with the same count.
  const others = parts.file.passkeys.filter(({ credentialId }) => credentialId !== passkey.credentialId);
  parts.file.set('passkeys', [...others, passkey]);
  const data = clientData(passkey, 'webauthn.get', options.challenge);
  const authData = authenticatorData(passkey, 0);
  const signature = sign('sha256', Buffer.concat([authData, sha256(data)]), createPrivateKey(passkey.privateKey));
  return {
    id: passkey.credentialId,
    rawId: passkey.credentialId,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response: {
      clientDataJSON: data.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
    },
  };
}

function requestOptions({ CREDENTIAL_REQUEST_OPTIONS: text }: { readonly [name: string]: string }) {
  return text === undefined ? undefined : (JSON.parse(text) as RequestOptions);
}

/** The app's page is one of the relying party's own. */
function clientData({ relyingPartyId }: Passkey, type: string, challenge: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin: `https://${relyingPartyId}`, crossOrigin: false }));
}

function authenticatorData({ relyingPartyId, counter }: Passkey, flags: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([sha256(relyingPartyId), Buffer.from([PRESENT | VERIFIED | flags]), count]);
}

/** Without the maker's id, which `none` attestations leave out. */
function credentialData({ credentialId, privateKey }: Passkey): Buffer {
  const id = Buffer.from(credentialId, 'base64url');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  // COSE: an elliptic-curve key (1: 2) for ES256 (3: -7) on P-256 (-1: 1).
  const key = new Map<Cbor, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ]);
  return Buffer.concat([Buffer.alloc(16), length, id, cbor(key)]);
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
