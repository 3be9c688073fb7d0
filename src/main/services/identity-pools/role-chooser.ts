import type { RoleChooser, Services } from '../services.ts';
import { isMappingProvider, normaliseMappingKey } from './configured-providers.ts';
import { guestSessionPolicies } from './guest-session-policies.ts';
import { principalTagsOf } from './principal-tags.ts';
import { chooseRole } from './role-choice.ts';

/** Asks the choice of GetCredentialsForIdentity without vending anything, also for mappings that are not saved. */
export function createRoleChooser(services: Pick<Services, 'identityPools' | 'tokens'>): RoleChooser {
  const { identityPools } = services;
  return {
    guestPolicies: guestSessionPolicies,
    choose({ account, identityPoolId, login, mapping, roles, customRoleArn }) {
      const pool = identityPools.find(account, identityPoolId);
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
    refusal({ account, identityPoolId, login }) {
      const pool = identityPools.find(account, identityPoolId);
      if (!pool) return undefined;
      if (!login) return pool.allowsGuests ? undefined : { rule: 'IP-GUEST-1', decided: 'The pool has no guests.' };
      return isMappingProvider(login.provider, pool, services)
        ? undefined
        : { rule: 'IP-LOGIN-3', decided: `The pool does not list ${login.provider}.` };
    },
    tags({ account, identityPoolId, login }) {
      const pool = identityPools.find(account, identityPoolId);
      if (!pool || !login) return {};
      const mappedAs = normaliseMappingKey(login.provider, services);
      // A user pool's tags may be mapped with its app client or without.
      const provider = mappedAs.replace(/^(cognito-idp\.[^:]+):[^:]+$/, '$1');
      return principalTagsOf(pool, [{ provider, mappedAs, claims: login.claims }])?.tags ?? {};
    },
  };
}
