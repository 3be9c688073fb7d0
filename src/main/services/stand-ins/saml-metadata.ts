import { escaped } from './saml-response.ts';

export interface SamlMetadataOptions {
  readonly entityId: string;
  /** Where people sign in, by redirect and by post. */
  readonly signInUrl: string;
  /** Base64 DER; of several keys the one that signs is first. */
  readonly certificate: string | readonly string[];
  readonly validUntil?: Date;
}

const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings:';
const FORMATS = 'urn:oasis:names:tc:SAML:2.0:nameid-format:';

/** The document that a service provider, or IAM, learns the stand-in by. */
export function samlMetadata({ entityId, signInUrl, certificate, validUntil }: SamlMetadataOptions): string {
  const certificates = typeof certificate === 'string' ? [certificate] : certificate;
  const until = validUntil === undefined ? '' : ` validUntil="${validUntil.toISOString()}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${escaped(entityId)}"${until}>
  <md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
${certificates.map(keyDescriptor).join('')}    <md:NameIDFormat>${FORMATS}persistent</md:NameIDFormat>
    <md:NameIDFormat>${FORMATS}transient</md:NameIDFormat>
    <md:SingleSignOnService Binding="${BINDINGS}HTTP-Redirect" Location="${escaped(signInUrl)}"/>
    <md:SingleSignOnService Binding="${BINDINGS}HTTP-POST" Location="${escaped(signInUrl)}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`;
}

function keyDescriptor(certificate: string): string {
  return `    <md:KeyDescriptor use="signing">
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
`;
}
