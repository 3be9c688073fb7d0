import type { Spoil, StandInFormat, StandInKind } from '../../shared/stand-ins.ts';

export const KIND_NAMES: Readonly<Record<StandInKind, string>> = {
  google: 'Google',
  facebook: 'Facebook',
  amazon: 'Amazon',
  apple: 'Apple',
  twitter: 'Twitter',
  digits: 'Digits',
  oidc: 'OpenID Connect',
  saml: 'SAML',
};

export const FORMAT_NAMES: Readonly<Record<StandInFormat, string>> = {
  'id-token': 'ID token',
  'access-token': 'access token',
  assertion: 'assertion',
};

/** What apps are called at a provider of this kind. */
export const appWords = (format: StandInFormat) =>
  format === 'assertion'
    ? { one: 'service', many: 'Services', id: 'Entity id', addresses: 'Where assertions go' }
    : { one: 'app', many: 'Apps', id: 'Client id', addresses: 'Addresses besides this machine' };

export const SPOIL_WORDS: Readonly<Record<Spoil, { readonly text: string; readonly means: string }>> = {
  none: { text: 'Sound', means: 'as it should be' },
  expired: { text: 'Expired', means: 'over before it is shown' },
  'not-yet-valid': { text: 'Not yet valid', means: 'good from an hour ahead' },
  'wrong-audience': { text: 'Wrong audience', means: 'made for another app' },
  'wrong-issuer': { text: 'Wrong issuer', means: 'from somebody nobody knows' },
  'wrong-key': { text: 'Wrong key', means: 'signed by a key that is not published' },
  'alg-none': { text: 'Algorithm none', means: 'not signed, and saying so' },
  revoked: { text: 'Revoked', means: 'taken back by the provider' },
  unknown: { text: 'Made up', means: 'unknown to the provider' },
  unsigned: { text: 'Unsigned', means: 'without its signature' },
  wrapped: { text: 'Wrapped', means: 'another person’s assertion around the signed one' },
  'comment-in-name': { text: 'Comment in the name', means: 'a comment that cuts the name in two' },
};
