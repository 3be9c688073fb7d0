import type { ConfirmationLinks } from '../services.ts';
import { requireClientAndPool } from './lookup.ts';
import { confirmUser, type SignUpNeeds } from './sign-up.ts';

/**
 * What opening the link of a sign-up message does: the same as ConfirmSignUp with the code. The link has no secret
 * hash in it, so a client's secret is not asked for.
 */
export function createConfirmationLinks(services: SignUpNeeds): ConfirmationLinks {
  return {
    async confirm({ clientId, username, code }, call) {
      const found = requireClientAndPool(call, clientId, services);
      await confirmUser(call, found, { Username: username, ConfirmationCode: code }, services);
    },
  };
}
