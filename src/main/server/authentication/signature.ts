import { timingSafeEqual } from 'node:crypto';
import { DEFAULT_ACCOUNT } from '../../../shared/bench-api.ts';
import { realMillis } from '../../kernel/clock.ts';
import type { TemporaryCredentials, UserAccessKey } from '../../services/services.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';
import { readPayload } from '../protocols/s3-payload.ts';
import { fromBasicIso, toBasicIso } from '../protocols/timestamps.ts';
import { canonicalRequest, sha256, sign, stringToSign, type Signature } from './canonical-form.ts';
import { readSignature } from './read-signature.ts';
import { refusal, type Refusal } from './refusals.ts';
import { verifyChunks } from './s3-integrity.ts';
import { S3_SKEW, type RefusalFacts } from './s3-refusals.ts';

/**
 * Signature Version 4. Credentials that the bench vended are checked in full; any other access key is a
 * developer's, whose secret the bench does not know: it names an account, and its signature is not checked.
 */
export function bySignature(call: ServerCall, { services }: PipelineParts): void {
  const { why, received } = call;
  const service = call.service!;
  const isS3 = service.protocol === 'rest-xml';
  const refuse = (rule: string, decided: string, kind: Refusal, text?: string, facts?: RefusalFacts): Error =>
    why.refuse(rule, decided, refusal(service, kind, text, facts));

  const signature = readSignature(received);
  if (signature === 'missing')
    throw refuse('PR-SIGN-1', 'The operation must be signed, and the request is not.', 'missing');
  if ('incomplete' in signature) throw refuse('PR-SIGN-2', signature.incomplete, 'incomplete', signature.incomplete);
  const facts = { signature, now: call.now };
  if (signature.service !== service.name) {
    const text = `Credential should be scoped to correct service: '${service.name}'.`;
    throw refuse('PR-SIGN-9', `The request is signed for ${signature.service}.`, 'wrong-signature', text);
  }
  call.region = signature.region;

  const credentials = services.vendor.find(signature.accessKeyId);
  if (!credentials) {
    // Whoever was allowed little must not become root when the bench forgets it.
    if (signature.sessionToken !== undefined && services.vendor.made(signature.sessionToken)) {
      throw refuse('PR-SIGN-13', 'The bench vended these credentials once, and knows them no more.', 'expired');
    }
    return asDeveloper(call, signature.accessKeyId);
  }
  call.account = credentials.account;
  const ownKey = 'kind' in credentials ? credentials : undefined;
  const session = 'kind' in credentials ? undefined : credentials;

  if (ownKey && ownKey.status !== 'Active') {
    throw refuse('AC-KEY-2', `The access key is ${ownKey.status.toLowerCase()}.`, 'unknown-key', undefined, facts);
  }
  if (signature.sessionToken !== session?.sessionToken) {
    const what = signature.sessionToken === undefined ? 'is missing' : 'is not that of the access key';
    throw refuse('PR-SIGN-4', `The session token ${what}.`, 'wrong-token');
  }
  if (session && session.expiresAt <= call.now) {
    throw refuse('PR-SIGN-5', `The credentials expired at ${session.expiresAt.toISOString()}.`, 'expired');
  }
  const clock = clockComplaint(signature, [call.now.getTime(), realMillis()], isS3 ? S3_SKEW : SKEW);
  if (clock !== undefined) {
    throw refuse(
      signature.form === 'query' ? 'PR-SIGN-10' : 'PR-SIGN-6',
      'The date of the signature is too far off.',
      'clock',
      clock,
      facts,
    );
  }
  if (!signature.date!.startsWith(signature.day)) {
    const text = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${signature.day}' != '${signature.date!.slice(0, 8)}', from '${signature.date}'.`;
    throw refuse('PR-SIGN-9', 'The day of the scope is not that of the date.', 'wrong-scope', text, facts);
  }
  const unsigned = unsignedHeader(call, signature);
  if (unsigned !== undefined) {
    throw refuse(
      'PR-SIGN-7',
      `The header ${unsigned} is not signed.`,
      'unsigned-header',
      `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`,
      { header: unsigned },
    );
  }
  const mismatch = isS3 ? compareS3(call, signature, credentials) : compare(call, signature, credentials);
  if (mismatch !== undefined) {
    throw refuse(
      'PR-SIGN-8',
      'The signature is not the one that these credentials make of this request.',
      'wrong-signature',
      mismatch.text,
      { ...facts, ...mismatch },
    );
  }
  if (isS3) verifyChunks(call, signature, credentials.secretKey);
  call.caller = ownKey ? { kind: 'iam-user', credentials: ownKey } : { kind: 'session', credentials: session! };
  services.vendor.used(credentials, { service: service.name, region: signature.region, now: call.now });
  why.pass('PR-SIGN-8', `The signature is that of ${credentials.arn}.`, { accessKeyId: credentials.accessKeyId });
}

/** Twelve digits name an account; every other key means the default one. */
export function accountOfKey(accessKeyId: string): string {
  return /^\d{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT;
}

function asDeveloper(call: ServerCall, accessKeyId: string): void {
  const account = accountOfKey(accessKeyId);
  call.account = account;
  call.caller = { kind: 'developer', accessKeyId, arn: `arn:aws:iam::${account}:root` };
  call.why.choose('PR-SIGN-3', `The access key is a developer's: root of the account ${account}.`, { account });
}

const SKEW = 5 * 60 * 1000;

/**
 * Signatures are accepted at real time and at the bench's time, so that a moved clock locks nobody out.
 * @returns what is wrong at every one of the clocks, told for the first. Texts from memory.
 */
function clockComplaint({ date, expires }: Signature, clocks: readonly number[], skew: number): string | undefined {
  const at = fromBasicIso(date!)!;
  const complaints = clocks.map((now) => {
    if (at > now + skew) {
      return `Signature not yet current: ${date} is still later than ${toBasicIso(now + skew)} (${toBasicIso(now)} + 5 min.)`;
    }
    const end = expires === undefined ? at + skew : at + expires * 1000;
    if (now <= end) return undefined;
    return expires === undefined
      ? `Signature expired: ${date} is now earlier than ${toBasicIso(now - skew)} (${toBasicIso(now)} - 5 min.)`
      : `Signature expired: ${toBasicIso(end)} is now earlier than ${toBasicIso(now)}.`;
  });
  return complaints.includes(undefined) ? undefined : complaints[0];
}

/**
 * `host` and every `x-amz-*` header must be signed. Assumed: `x-amz-user-agent` may stand outside, since
 * libraries above a signer are known to add it.
 */
function unsignedHeader({ received }: ServerCall, { signedHeaders }: Signature): string | undefined {
  if (!signedHeaders.includes('host')) return 'host';
  for (const name in received.headers) {
    if (name.startsWith('x-amz-') && name !== 'x-amz-user-agent' && !signedHeaders.includes(name)) return name;
  }
  return undefined;
}

/** Some SDKs sign a GET as if its body were `{}`. [identity-and-sync 4.3] */
const EMPTY_OBJECT_HASH = sha256('{}');

interface Mismatch {
  readonly canonical: string;
  readonly toSign: string;
  readonly text: string;
}

/** `undefined` where the signature is right, else what the caller is told. */
function compare(
  { received }: ServerCall,
  signature: Signature,
  { secretKey }: TemporaryCredentials | UserAccessKey,
): Mismatch | undefined {
  const actual = sha256(received.body);
  const claimed = received.headers['x-amz-content-sha256'];
  const hashes = [actual];
  if (received.method === 'GET' && received.body.length === 0 && (claimed ?? EMPTY_OBJECT_HASH) === EMPTY_OBJECT_HASH) {
    hashes.push(EMPTY_OBJECT_HASH);
  }
  const isClaimTrue = claimed === undefined || hashes.includes(claimed);
  for (const payloadHash of hashes) {
    const toSign = stringToSign(signature, canonicalRequest(received, signature, payloadHash));
    if (isClaimTrue && isSignature(signature, secretKey, toSign)) return undefined;
  }
  const canonical = canonicalRequest(received, signature, actual);
  const toSign = stringToSign(signature, canonical);
  return { canonical, toSign, text: mismatchText(canonical, toSign) };
}

/** What S3 signs of a body is what the request says of it; whether that is true is asked afterwards. */
function compareS3(
  { received }: ServerCall,
  signature: Signature,
  { secretKey }: TemporaryCredentials | UserAccessKey,
): Mismatch | undefined {
  const canonical = canonicalRequest(received, signature, readPayload(received).claim, 'once');
  const toSign = stringToSign(signature, canonical);
  return isSignature(signature, secretKey, toSign) ? undefined : { canonical, toSign, text: '' };
}

function isSignature(signature: Signature, secretKey: string, toSign: string): boolean {
  const given = Buffer.from(/^[0-9a-f]{64}$/.test(signature.signature) ? signature.signature : '', 'hex');
  const expected = sign(secretKey, signature, toSign);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** [identity-and-sync 4.5, recorded for cognito-sync] */
function mismatchText(canonical: string, toSign: string): string {
  return (
    'The request signature we calculated does not match the signature you provided. ' +
    'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n' +
    `The Canonical String for this request should have been\n'${canonical}'\n\n` +
    `The String-to-Sign should have been\n'${toSign}'\n`
  );
}
