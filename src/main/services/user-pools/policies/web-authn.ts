import type { UserPoolType, WebAuthnConfigurationType } from '../../../../shared/aws/cognito-idp.ts';
import { allowedFirstFactors } from './first-factor.ts';

interface Pool {
  readonly region: string;
  readonly settings: Pick<UserPoolType, 'Domain' | 'CustomDomain' | 'Policies' | 'MfaConfiguration'>;
  readonly factors: { readonly webAuthn?: WebAuthnConfigurationType };
}

/** Passkeys are first factors: a pool that lets nobody begin with one has no use for them. */
export function usesPasskeys({ settings }: Pool): boolean {
  return allowedFirstFactors(settings).includes('WEB_AUTHN');
}

/** Whose passkeys they are: what the pool names, else its own domain. */
export function relyingParty({ factors, settings, region }: Pool): string | undefined {
  if (factors.webAuthn?.RelyingPartyId) return factors.webAuthn.RelyingPartyId;
  if (settings.CustomDomain) return settings.CustomDomain;
  return settings.Domain ? `${settings.Domain}.auth.${region}.amazoncognito.com` : undefined;
}

export function userVerification({ factors }: Pool): 'required' | 'preferred' {
  return factors.webAuthn?.UserVerification ?? 'preferred';
}

/** Whether a page of this origin may use the relying party's passkeys: its own host or one below, over TLS. */
export function isOriginAllowed(origin: string, relyingPartyId: string): boolean {
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return false;
  }
  if (url.origin !== origin) return false;
  const isBelow = url.hostname === relyingPartyId || url.hostname.endsWith(`.${relyingPartyId}`);
  // Browsers count the machine itself as safe without TLS.
  const isLocal = url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
  return isBelow && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal));
}
