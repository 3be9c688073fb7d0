/**
 * Tokens of providers outside the bench, or of stand-ins for those out of reach: whether an ID token is what it says,
 * by keys that its issuer publishes, what an opaque token stands for, and what a SAML provider says. What a login or a
 * web identity then is worth is decided by those who ask: services/identity-pools and services/sts.
 */
import type { OutsideTokens, Services } from '../services.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import { createOutsideTokens as create } from './outside-tokens.ts';

export { createSamlAssertions } from './saml.ts';

export function createOutsideTokens(needs: Pick<Services, 'bus' | 'standIns' | 'tokens'>): OutsideTokens {
  const issuerKeys = createIssuerKeys();
  // Who starts anew may have started the provider anew, too.
  needs.bus.on('account.reset', () => issuerKeys.forget());
  needs.bus.on('bench.reset', () => issuerKeys.forget());
  return create(needs, issuerKeys);
}
