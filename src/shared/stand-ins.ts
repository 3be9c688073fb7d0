import type { Json } from './json.ts';

/** The bench's own identity providers, as its calls and its page know them. */

export const STAND_IN_KINDS = ['google', 'facebook', 'amazon', 'apple', 'twitter', 'digits', 'oidc', 'saml'] as const;
export type StandInKind = (typeof STAND_IN_KINDS)[number];

/** What a provider hands out: a signed ID token, an access token that only it can read, or a SAML response. */
export type StandInFormat = 'id-token' | 'access-token' | 'assertion';

export const FORMATS: { readonly [Kind in StandInKind]: StandInFormat } = {
  google: 'id-token',
  facebook: 'access-token',
  amazon: 'access-token',
  apple: 'id-token',
  twitter: 'access-token',
  digits: 'access-token',
  oidc: 'id-token',
  saml: 'assertion',
};

/** What can be wrong with what a stand-in hands out. */
export const SPOILS = [
  'none',
  'expired',
  'not-yet-valid',
  'wrong-audience',
  'wrong-issuer',
  'wrong-key',
  'alg-none',
  'revoked',
  'unknown',
  'unsigned',
  'wrapped',
  'comment-in-name',
] as const;
export type Spoil = (typeof SPOILS)[number];

/** Not every kind can be spoiled in every way. */
export const SPOILS_OF: { readonly [Format in StandInFormat]: readonly Spoil[] } = {
  'id-token': ['none', 'expired', 'not-yet-valid', 'wrong-audience', 'wrong-issuer', 'wrong-key', 'alg-none'],
  'access-token': ['none', 'expired', 'wrong-audience', 'revoked', 'unknown'],
  assertion: [
    'none',
    'expired',
    'not-yet-valid',
    'wrong-audience',
    'wrong-issuer',
    'wrong-key',
    'unsigned',
    'wrapped',
    'comment-in-name',
  ],
};

/** Claims that a token has of its own: a person's never replace them. */
export const OWN_CLAIMS = ['iss', 'aud', 'sub', 'exp', 'iat', 'nbf', 'nonce'] as const;

export interface StandInPerson {
  /** The provider's unchanging id of the person; in an assertion the NameID. */
  readonly subject: string;
  readonly name: string;
  readonly email?: string;
  /** Further claims of tokens, or attributes of assertions. */
  readonly claims: { readonly [name: string]: Json };
}

export interface StandInClient {
  /** The app's id at the provider; of a SAML provider the entity id of the service. */
  readonly id: string;
  readonly secret?: string;
  /** Besides addresses on this machine, which are always taken; of a SAML provider where assertions go. */
  readonly redirectUris: readonly string[];
}

export interface StandInKey {
  readonly kid: string;
  readonly createdAt: string;
  /** Set for a key that signs no more: until when it is still published. */
  readonly publishedUntil?: string;
}

export interface StandInSpoil {
  readonly what: Spoil;
  /** Whether it ends with the next token. */
  readonly once: boolean;
}

export interface StandInView {
  readonly name: string;
  readonly kind: StandInKind;
  readonly format: StandInFormat;
  /** In every account from the start: it can be put back as it was, and not be deleted. */
  readonly isReadyMade: boolean;
  /** `iss` of ID tokens, entity id of a SAML provider, and for the others where the vendor answers. */
  readonly issuer: string;
  /** Where the stand-in answers on the bench. */
  readonly url: string;
  /** The key under which an identity pool takes its tokens in `Logins`. */
  readonly provider: string;
  readonly spoil: StandInSpoil;
  readonly people: readonly StandInPerson[];
  readonly clients: readonly StandInClient[];
  /** None before the first token is signed or the keys are asked for. */
  readonly keys: readonly StandInKey[];
}

/** What a stand-in handed out by hand. */
export interface StandInToken {
  readonly format: StandInFormat;
  readonly spoil: Spoil;
  /** The key of `Logins`. */
  readonly provider: string;
  /** The value of `Logins`. */
  readonly token: string;
  readonly audience: string;
  readonly expiresAt?: string;
  /** Of an ID token. */
  readonly header?: { readonly [name: string]: Json };
  readonly claims?: { readonly [name: string]: Json };
  /** Of an assertion: the response as it is before Base64. */
  readonly xml?: string;
}
