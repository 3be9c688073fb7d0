import type { Authentication } from '../../services/family.ts';
import { byAccessToken } from '../authentication/access-token.ts';
import { byAppClient } from '../authentication/app-client.ts';
import { byAuthSession } from '../authentication/auth-session.ts';
import { byLoginTokens } from '../authentication/login-tokens.ts';
import { byNothing } from '../authentication/anyone.ts';
import { bySignature } from '../authentication/signature.ts';
import { byTokenOrSession } from '../authentication/token-or-session.ts';
import { verifyIntegrity } from '../authentication/s3-integrity.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';
import { restXml } from '../protocols/rest-xml.ts';

type Way = (call: ServerCall, parts: PipelineParts) => Promise<void> | void;

/** Ways to show who one is that read the input; the row of the operation names one. */
const ways: { readonly [Name in Exclude<Authentication, 'signature'>]: Way } = {
  'access-token': byAccessToken,
  'app-client': byAppClient,
  'auth-session': byAuthSession,
  'token-or-session': byTokenOrSession,
  'login-tokens': byLoginTokens,
  anyone: byNothing,
};

/** Signed requests show who they are before anything of their input is looked at. */
export function verifySignature(call: ServerCall, parts: PipelineParts): void {
  if ((call.row!.auth ?? 'signature') !== 'signature') return;
  bySignature(call, parts);
  if (call.dialect === restXml) verifyIntegrity(call);
}

export function authenticate(call: ServerCall, parts: PipelineParts): Promise<void> | void {
  const auth = call.row!.auth ?? 'signature';
  // An Authorization header on an unsigned operation is tolerated and ignored. [user-pools 1.7]
  return auth === 'signature' ? undefined : ways[auth](call, parts);
}
