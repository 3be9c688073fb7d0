import { createHash } from 'node:crypto';
import type { SamlAssertion } from '../services.ts';

/** What the attributes of an assertion mean to STS. Pure. */

const OURS = 'https://aws.amazon.com/SAML/Attributes/';
const PRINCIPAL_TAG = `${OURS}PrincipalTag:`;
const STANDARD_FORMATS = 'urn:oasis:names:tc:SAML:2.0:nameid-format:';
const EDU_PERSON = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.';
const EDU_ORG = 'urn:oid:1.3.6.1.4.1.5923.1.2.1.';
const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';

// Names of keys from the documentation, the attributes behind them from memory.
const SINGLE_KEYS: { readonly [attribute: string]: string } = {
  'http://schemas.xmlsoap.org/claims/CommonName': 'saml:commonName',
  [`${CLAIMS}name`]: 'saml:name',
  [`${CLAIMS}givenname`]: 'saml:givenName',
  [`${CLAIMS}surname`]: 'saml:surname',
  [`${CLAIMS}emailaddress`]: 'saml:mail',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid': 'saml:primaryGroupSID',
  'urn:oid:0.9.2342.19200300.100.1.1': 'saml:uid',
  'urn:oid:0.9.2342.19200300.100.1.45': 'saml:organizationStatus',
  'urn:oid:2.5.4.45': 'saml:x500UniqueIdentifier',
};
const LIST_KEYS: { readonly [attribute: string]: string } = {
  'urn:oid:2.5.4.3': 'saml:cn',
  [`${EDU_PERSON}1`]: 'saml:edupersonaffiliation',
  [`${EDU_PERSON}2`]: 'saml:edupersonnickname',
  [`${EDU_PERSON}3`]: 'saml:edupersonorgdn',
  [`${EDU_PERSON}4`]: 'saml:edupersonorgunitdn',
  [`${EDU_PERSON}5`]: 'saml:edupersonprimaryaffiliation',
  [`${EDU_PERSON}6`]: 'saml:edupersonprincipalname',
  [`${EDU_PERSON}7`]: 'saml:edupersonentitlement',
  [`${EDU_PERSON}8`]: 'saml:edupersonprimaryorgunitdn',
  [`${EDU_PERSON}9`]: 'saml:edupersonscopedaffiliation',
  [`${EDU_PERSON}10`]: 'saml:edupersontargetedid',
  [`${EDU_PERSON}11`]: 'saml:edupersonassurance',
  [`${EDU_ORG}2`]: 'saml:eduorghomepageuri',
  [`${EDU_ORG}3`]: 'saml:eduorgidentityauthnpolicyuri',
  [`${EDU_ORG}4`]: 'saml:eduorglegalname',
  [`${EDU_ORG}5`]: 'saml:eduorgsuperioruri',
  [`${EDU_ORG}6`]: 'saml:eduorgwhitepagesuri',
};

type Attributes = SamlAssertion['attributes'];

/** Whether a value of the Role attribute pairs this role with this provider, in either order. [STS-SAML-3] */
export function pairsRole(attributes: Attributes, roleArn: string, providerArn: string): boolean {
  return (attributes.get(`${OURS}Role`) ?? []).some((pair) => {
    const [first, second, ...more] = pair.split(',').map((part) => part.trim());
    const isPair = (first === roleArn && second === providerArn) || (first === providerArn && second === roleArn);
    return isPair && more.length === 0;
  });
}

/** `undefined` where the attribute is missing or has several values. */
export function roleSessionName(attributes: Attributes): string | undefined {
  return single(attributes, 'RoleSessionName');
}

export function sourceIdentityOf(attributes: Attributes): string | undefined {
  return single(attributes, 'SourceIdentity');
}

export function hasSessionDuration(attributes: Attributes): boolean {
  return attributes.has(`${OURS}SessionDuration`);
}

export function transitiveTagKeys(attributes: Attributes): readonly string[] {
  return attributes.get(`${OURS}TransitiveTagKeys`) ?? [];
}

/** A tag has one value; a second makes two tags of one key, which are refused as such. */
export function principalTags(attributes: Attributes): { readonly Key: string; readonly Value: string }[] {
  return [...attributes]
    .filter(([name]) => name.startsWith(PRINCIPAL_TAG))
    .flatMap(([name, values]) => values.map((Value) => ({ Key: name.slice(PRINCIPAL_TAG.length), Value })));
}

function single(attributes: Attributes, name: string): string | undefined {
  const values = attributes.get(OURS + name) ?? [];
  return values.length === 1 ? values[0]!.trim() : undefined;
}

/** `transient` for the standard's own formats, the whole URI for others. */
export function subjectType({ nameIdFormat }: SamlAssertion): string {
  return nameIdFormat.startsWith(STANDARD_FORMATS) ? nameIdFormat.slice(STANDARD_FORMATS.length) : nameIdFormat;
}

/** [STS-SAML-2] */
export function nameQualifier(issuer: string, account: string, providerName: string): string {
  return createHash('sha1').update(`${issuer}${account}/${providerName}`).digest('base64');
}

/** What trust policies, and later the policies of the session, can ask. [STS-SAML-6] */
export function samlKeys(
  assertion: SamlAssertion,
  provider: { readonly account: string; readonly name: string },
): { readonly [key: string]: string | readonly string[] } {
  const { attributes, issuer, nameId, recipient } = assertion;
  const type = subjectType(assertion);
  const single = [...attributes].flatMap(([name, [value]]) => {
    const key = Object.hasOwn(SINGLE_KEYS, name) ? SINGLE_KEYS[name] : undefined;
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  const lists = [...attributes].flatMap(([name, values]) => {
    const key = Object.hasOwn(LIST_KEYS, name) ? LIST_KEYS[name] : undefined;
    return key === undefined || values.length === 0 ? [] : [[key, values] as const];
  });
  return {
    ...Object.fromEntries<string>(single),
    ...Object.fromEntries<readonly string[]>(lists),
    'saml:aud': recipient,
    'saml:doc': `${provider.account}/${provider.name}`,
    'saml:iss': issuer,
    'saml:namequalifier': nameQualifier(issuer, provider.account, provider.name),
    'saml:sub': nameId,
    ...(type !== '' && { 'saml:sub_type': type }),
  };
}
