import { refusal, type Refusal } from './refusal.ts';

const RESERVED: ReadonlySet<string> = new Set(['aws', 'amazon', 'cognito']);
const CERTIFICATE = /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/;

/** Whether a prefix domain may have this name; reference/user-pools 2.15 and 8.6. */
export function prefixProblem(name: string): Refusal | undefined {
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name)) {
    return refusal(
      'InvalidParameterException',
      'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.',
    );
  }
  const reserved = name.split('-').find((part) => RESERVED.has(part));
  // text from memory
  return reserved === undefined
    ? undefined
    : refusal('InvalidParameterException', `Domain cannot contain reserved word: ${reserved}`);
}

/** Whether a domain of one's own is a full name with a certificate that CloudFront could use. */
export function customDomainProblem(name: string, certificateArn: string): Refusal | undefined {
  const labels = name.split('.');
  if (labels.length < 2 || labels.some((label) => !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label))) {
    // guessed wording: no source found
    return refusal('InvalidParameterException', 'Custom domain is not a valid subdomain.');
  }
  if (CERTIFICATE.test(certificateArn)) return undefined;
  return refusal(
    'InvalidParameterException',
    "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
  );
}

/** 1 is the classic hosted pages, 2 managed login, which the cheapest tier does not have. */
export function managedLoginProblem(version: number, tier: string | undefined): Refusal | undefined {
  if (version !== 1 && version !== 2) {
    // guessed wording: no source found
    return refusal('InvalidParameterException', 'ManagedLoginVersion must be 1 or 2.');
  }
  if (version === 2 && tier === 'LITE') {
    return refusal(
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the LITE pricing tier configured: Managed Login',
    );
  }
  return undefined;
}
