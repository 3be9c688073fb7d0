import type { Services } from '../services.ts';

/** The name that every spelling of a user pool as a provider stands for. */
export interface UserPoolProvider {
  /** `cognito-idp.R.amazonaws.com/POOL` */
  readonly name: string;
  readonly userPoolId: string;
}

const AWS_FORM = /^cognito-idp\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([\w-]+_[0-9A-Za-z]+)$/;

/**
 * Reads a user pool's key in `Logins`: AWS's form, or the issuer of its tokens without the scheme, which is
 * what Amplify sends. [IP-LOGIN-2]
 */
export function readUserPoolProvider(key: string, { tokens }: Pick<Services, 'tokens'>): UserPoolProvider | undefined {
  const awsForm = AWS_FORM.exec(key);
  if (awsForm) {
    const [, region, userPoolId = ''] = awsForm;
    return regionOf(userPoolId) === region ? provider(userPoolId) : undefined;
  }
  const userPoolId = key.slice(key.lastIndexOf('/') + 1);
  if (!key.includes('/') || !userPoolId.includes('_')) return undefined;
  return withoutScheme(tokens.issuer(userPoolId)) === key ? provider(userPoolId) : undefined;
}

/** A provider's one name, whichever way it was spelled; issuers of tokens may end with a slash. [IP-OIDC-1] */
export function normaliseProvider(key: string, services: Pick<Services, 'tokens'>): string {
  return readUserPoolProvider(key, services)?.name ?? key.replace(/\/$/, '');
}

function provider(userPoolId: string): UserPoolProvider {
  return { name: `cognito-idp.${regionOf(userPoolId)}.amazonaws.com/${userPoolId}`, userPoolId };
}

function regionOf(userPoolId: string): string {
  return userPoolId.slice(0, userPoolId.indexOf('_'));
}

function withoutScheme(url: string): string {
  return url.slice(url.indexOf('://') + 3);
}
