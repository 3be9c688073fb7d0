import type { RoleChooser, Services } from '../services.ts';
import { normaliseMappingKey } from './configured-providers.ts';
import { guestSessionPolicies } from './guest-session-policies.ts';
import { chooseRole } from './role-choice.ts';

/** Asks the choice of GetCredentialsForIdentity without vending anything, also for mappings that are not saved. */
export function createRoleChooser(services: Pick<Services, 'identityPools' | 'tokens'>): RoleChooser {
  return {
    guestPolicies: guestSessionPolicies,
    choose({ account, identityPoolId, login, mapping, roles, customRoleArn }) {
      const pool = services.identityPools.find(account, identityPoolId);
      if (!pool) return undefined;
      const provider = login && normaliseMappingKey(login.provider, services);
      const { [provider ?? '']: saved, ...others } = pool.roleMappings;
      const own = mapping === undefined ? saved : (mapping ?? undefined);
      return chooseRole({
        roles: roles ?? pool.roles,
        mappings: provider !== undefined && own ? { ...others, [provider]: own } : others,
        state: login ? 'authenticated' : 'unauthenticated',
        logins: login && provider !== undefined ? [{ provider, claims: login.claims }] : [],
        customRoleArn,
      });
    },
  };
}
