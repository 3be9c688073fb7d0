import { selfSigned } from '../../kernel/certificate.ts';

export interface SelfSignedCertificateOptions {
  readonly commonName: string;
  readonly notBefore: Date;
  /** An RSA pair for SHA-256. */
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

const YEARS = 10;

/** Base64 of the DER, without PEM lines. The same options give the same certificate, so none has to be kept. */
export async function selfSignedCertificate(options: SelfSignedCertificateOptions): Promise<string> {
  const notAfter = new Date(options.notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  return (await selfSigned({ ...options, notAfter })).toString('base64');
}
