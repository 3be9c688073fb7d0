/** What an identity provider's metadata says of it. */
export interface SamlMetadata {
  readonly entityId: string;
  /** PEM. */
  readonly certificates: readonly string[];
  readonly validUntil?: Date;
}

/** What a provider says of a person, verified. */
export interface SamlAssertion {
  readonly id: string;
  readonly issuer: string;
  readonly nameId: string;
  /** Empty where the assertion names none. */
  readonly nameIdFormat: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  /** Where it was posted to. */
  readonly recipient: string;
  readonly issuedAt: Date;
  readonly notOnOrAfter: Date;
  readonly isForOneUse: boolean;
  /** Until when the person's session at the provider lasts. */
  readonly sessionNotOnOrAfter?: Date;
}

interface Refused {
  readonly ok: false;
  /** Of docs/rules/federation.md. */
  readonly rule: string;
  readonly decided: string;
}

export type SamlVerdict =
  | { readonly ok: true; readonly assertion: SamlAssertion }
  | (Refused & {
      readonly why:
        | 'malformed'
        | 'not-successful'
        | 'unknown-provider'
        | 'metadata-expired'
        | 'encrypted'
        | 'unsigned'
        | 'signature'
        | 'issuer'
        | 'subject'
        | 'confirmation';
    })
  | (Refused & { readonly why: 'audience'; readonly audiences: readonly string[] })
  | (Refused & { readonly why: 'not-yet-valid' | 'expired'; readonly at: Date });

export interface SamlExpectation {
  /** Whose provider it must be. */
  readonly account: string;
  /** `arn:aws:iam::A:saml-provider/NAME` */
  readonly providerArn: string;
  readonly now: Date;
}

/** SAML responses, verified by the metadata that IAM keeps. Implemented in services/federation. */
export interface SamlAssertions {
  /** `undefined` for what is not the metadata of an identity provider. */
  readMetadata(document: string): SamlMetadata | undefined;
  /** Base64, as a form posts it; never throws. */
  verify(response: string, expected: SamlExpectation): SamlVerdict;
  /** False for an assertion for one use that was used before. */
  takeOnce(assertion: SamlAssertion, now: Date): boolean;
}
