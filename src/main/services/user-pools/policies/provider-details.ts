import type { IdentityProviderType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

type ProviderType = NonNullable<IdentityProviderType['ProviderType']>;
type Details = { readonly [key: string]: string };

/** Providers of which a pool has one, under its own name. */
const SOCIAL: ReadonlySet<string> = new Set(['Google', 'Facebook', 'LoginWithAmazon', 'SignInWithApple']);

interface Kind {
  readonly required: readonly string[];
  readonly missing: string;
  /** The claim that tells people apart. */
  readonly subject: string | undefined;
  /** What DescribeIdentityProvider shows where nothing else was asked for. */
  readonly defaults: Details;
}

const SOCIAL_KEYS = ['client_id', 'client_secret', 'authorize_scopes'];
const SOCIAL_MISSING = 'clientId, clientSecret and authorizeScopes are all required idp details.';
const FACEBOOK_VERSION = 'v17.0';

/** Reference/user-pools 8.4 for the addresses; those of Apple and Facebook's sign-in page from memory. */
const KINDS: { readonly [Type in ProviderType]: Kind } = {
  Google: {
    required: SOCIAL_KEYS,
    missing: SOCIAL_MISSING,
    subject: 'sub',
    defaults: {
      attributes_url: 'https://people.googleapis.com/v1/people/me?personFields=',
      attributes_url_add_attributes: 'true',
      authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
      oidc_issuer: 'https://accounts.google.com',
      token_request_method: 'POST',
      token_url: 'https://www.googleapis.com/oauth2/v4/token',
    },
  },
  Facebook: {
    required: SOCIAL_KEYS,
    missing: SOCIAL_MISSING,
    subject: 'id',
    defaults: { attributes_url_add_attributes: 'true', token_request_method: 'GET' },
  },
  LoginWithAmazon: {
    required: SOCIAL_KEYS,
    missing: SOCIAL_MISSING,
    subject: 'user_id',
    defaults: {
      attributes_url: 'https://api.amazon.com/user/profile',
      attributes_url_add_attributes: 'false',
      authorize_url: 'https://www.amazon.com/ap/oa',
      token_request_method: 'POST',
      token_url: 'https://api.amazon.com/auth/o2/token',
    },
  },
  SignInWithApple: {
    required: ['client_id', 'team_id', 'key_id', 'private_key'],
    missing: 'clientId, privateKey, teamId, and keyId are all required idp details.',
    subject: 'sub',
    defaults: {
      attributes_url_add_attributes: 'false',
      authorize_url: 'https://appleid.apple.com/auth/authorize',
      oidc_issuer: 'https://appleid.apple.com',
      token_request_method: 'POST',
      token_url: 'https://appleid.apple.com/auth/token',
    },
  },
  OIDC: {
    required: ['client_id', 'authorize_scopes', 'oidc_issuer', 'attributes_request_method'],
    missing: 'clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.',
    subject: 'sub',
    defaults: { attributes_url_add_attributes: 'false' },
  },
  // Its subject is the NameID, which is no claim.
  SAML: { required: [], missing: '', subject: undefined, defaults: {} },
};

function isSocial(type: ProviderType): boolean {
  return SOCIAL.has(type);
}

/** Social providers go by their own names, and nothing else may take one of these. */
export function providerNameProblem(name: string, type: ProviderType): Refusal | undefined {
  const misnamed = isSocial(type) ? name !== type : SOCIAL.has(name);
  if (misnamed) return refusal('InvalidParameterException', `Provider ${name} cannot be of type ${type}.`);
  if (name.toLowerCase() === 'cognito') {
    // guessed wording: no source found
    return refusal('InvalidParameterException', `Provider name ${name} is reserved.`);
  }
  return undefined;
}

export function detailsProblem(type: ProviderType, details: Details): Refusal | undefined {
  const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);
  if (type === 'SAML') return samlProblem(details);
  const { required, missing } = KINDS[type];
  if (required.some((key) => !details[key])) return invalid(missing);
  if (type !== 'OIDC') return undefined;
  if (!details['oidc_issuer']!.startsWith('https://')) return invalid('OIDC endpoint must start with https://');
  // guessed wording: no source found
  return ['GET', 'POST'].includes(details['attributes_request_method']!)
    ? undefined
    : invalid('attributesRequestMethod must be GET or POST.');
}

function samlProblem({ MetadataURL: url, MetadataFile: file }: Details): Refusal | undefined {
  const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);
  if (!url && !file) return invalid('At least one of the MetadataURL or MetadataFile should be provided.');
  if (url && file) return invalid('Only one of the MetadataURL or MetadataFile should be provided.');
  // guessed wordings: no source found
  if (url && !/^https?:\/\/[^\s/]+/.test(url)) return invalid('The MetadataURL is not a valid URL.');
  if (file && !(entityId(file) && redirectAddress(file, 'SingleSignOnService'))) {
    return invalid('The SAML metadata has no entityID or no HTTP-Redirect single sign-on service.');
  }
  return undefined;
}

/** What is kept: what was asked for, and what the provider is known for. */
export function completeDetails(type: ProviderType, details: Details): { [key: string]: string } {
  const complete = { ...KINDS[type].defaults, ...details };
  if (type === 'Facebook') {
    const version = details['api_version'] ?? FACEBOOK_VERSION;
    return {
      attributes_url: `https://graph.facebook.com/${version}/me?fields=`,
      authorize_url: `https://www.facebook.com/${version}/dialog/oauth`,
      token_url: `https://graph.facebook.com/${version}/oauth/access_token`,
      api_version: version,
      ...complete,
    };
  }
  const metadata = type === 'SAML' ? details['MetadataFile'] : undefined;
  if (metadata === undefined) return complete;
  const signOn = redirectAddress(metadata, 'SingleSignOnService');
  const signOut = redirectAddress(metadata, 'SingleLogoutService');
  return {
    ...complete,
    ...(signOn && { SSORedirectBindingURI: signOn }),
    ...(signOut && { SLORedirectBindingURI: signOut }),
  };
}

/** Keys are attributes of the pool, and `username` for whatever tells people apart. */
export function mappingProblem(mapping: Details, schema: readonly { readonly Name?: string }[]): Refusal | undefined {
  const unknown = Object.keys(mapping).find(
    (key) => key === 'sub' || key === 'identities' || (key !== 'username' && !schema.some(({ Name }) => Name === key)),
  );
  // guessed wording: no source found
  return unknown === undefined
    ? undefined
    : refusal(
        'InvalidParameterException',
        `Invalid attribute mapping: ${unknown} is not an attribute of the user pool.`,
      );
}

/** A user's name at a provider always comes from its subject, unless that was mapped by hand. */
export function completeMapping(type: ProviderType, mapping: Details): { [attribute: string]: string } {
  const { subject } = KINDS[type];
  return subject === undefined ? { ...mapping } : { username: subject, ...mapping };
}

/** Whether people of this provider can be known by this attribute before they have signed in. */
export function linkAttributeProblem(
  attribute: string | undefined,
  provider: { readonly type: ProviderType; readonly attributeMapping: Details },
): Refusal | undefined {
  if (attribute === 'Cognito_Subject') return undefined;
  const mapped = !isSocial(provider.type) && attribute && Object.values(provider.attributeMapping).includes(attribute);
  if (mapped) return undefined;
  // guessed wording: no source found
  return refusal(
    'InvalidParameterException',
    isSocial(provider.type)
      ? 'ProviderAttributeName must be Cognito_Subject for social identity providers.'
      : `ProviderAttributeName ${attribute ?? ''} is not mapped by the identity provider.`,
  );
}

/** Who a SAML provider says it is; `undefined` for another kind of document. */
export function entityId(metadata: string): string | undefined {
  // A document type could define entities, which nobody has business doing here.
  if (metadata.includes('<!DOCTYPE')) return undefined;
  return unescaped(/<(?:[\w-]+:)?EntityDescriptor\b[^<>]*?\sentityID\s*=\s*["']([^"']+)["']/.exec(metadata)?.[1]);
}

function redirectAddress(metadata: string, service: string): string | undefined {
  for (const [tag] of metadata.matchAll(new RegExp(`<(?:[\\w-]+:)?${service}\\b[^<>]*>`, 'g'))) {
    if (!/\sBinding\s*=\s*["'][^"']*:HTTP-Redirect["']/.test(tag)) continue;
    const location = unescaped(/\sLocation\s*=\s*["']([^"']+)["']/.exec(tag)?.[1]);
    if (location) return location;
  }
  return undefined;
}

function unescaped(text: string | undefined): string | undefined {
  return text
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
