import type { GetSigningCertificateRequest, GetSigningCertificateResponse } from '../../../shared/aws/cognito-idp.ts';
import { selfSigned } from '../../kernel/certificate.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requirePool } from './lookup.ts';

type Needs = Pick<Services, 'signingKeys' | 'userPools'>;

const YEARS = 10;

/** The key that requests to SAML providers are signed with; it signs no tokens, so it is in no key set. */
export function samlKeyOwner(userPoolId: string): string {
  return `user-pool:${userPoolId}:saml`;
}

/** Base64 of the DER, as AWS answers it: no PEM lines around it. */
export async function getSigningCertificate(
  input: GetSigningCertificateRequest,
  call: Call,
  services: Needs,
): Promise<GetSigningCertificateResponse> {
  const pool = requirePool(call, input.UserPoolId, services);
  const { publicKey, privateKey } = await services.signingKeys.key(samlKeyOwner(pool.id), pool.account);
  const notAfter = new Date(pool.createdAt);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  const certificate = await selfSigned({
    // assumed: neither subject nor validity of the real one are known
    commonName: pool.id,
    notBefore: pool.createdAt,
    notAfter,
    publicKey,
    privateKey,
  });
  call.why.choose('UP-CERT-1', 'The certificate is made of the pool’s own key, the same one each time.');
  return { Certificate: certificate.toString('base64') };
}
