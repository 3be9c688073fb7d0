/** The few parts of samlp that tests use; it comes without types. */
declare module 'samlp' {
  import type { RequestHandler } from 'express';

  interface Options {
    readonly issuer: string;
    readonly cert: string;
    readonly key: string;
    readonly audience: string;
    readonly recipient: string;
    readonly destination: string;
    readonly lifetimeInSeconds: number;
    readonly signAssertion: boolean;
    readonly signResponse: boolean;
    readonly signatureAlgorithm: string;
    readonly digestAlgorithm: string;
    readonly encryptionCert?: string;
    readonly encryptionPublicKey?: string;
    readonly profileMapper: (user: object) => {
      getClaims(): { readonly [name: string]: readonly string[] };
      getNameIdentifier(): { readonly nameIdentifier: string; readonly nameIdentifierFormat: string };
    };
  }

  interface Samlp {
    metadata(options: {
      readonly issuer: string;
      readonly cert: string;
      readonly redirectEndpointPath: string;
      readonly postEndpointPath: string;
    }): RequestHandler;
    getSamlResponse(options: Partial<Options>, user: object, done: (error: Error | null, xml: string) => void): void;
  }

  const samlp: Samlp;
  export default samlp;
}
