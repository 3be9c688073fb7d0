import type { Caller } from '../family.ts';
import type { Services, TemporaryCredentials, UserAccessKey } from '../services.ts';
import type { PolicyCache } from './policy-cache.ts';
import { principalOf, type Principal } from './principals.ts';
import { contextOf, type ConditionContext } from './variables.ts';

type Needs = Pick<Services, 'bus' | 'iamPolicies' | 'iamRevisions' | 'iamRoles' | 'iamUsers'>;

export interface KnownPrincipal extends Principal {
  /** Its condition keys, ready to be asked. */
  readonly context: ConditionContext;
}

/** Who calls, with policies and keys worked out. */
export type Principals = (caller: Caller & { kind: 'session' | 'iam-user' }) => KnownPrincipal;

/**
 * Keeps what was worked out for credentials until a role, user or policy of their account is written: reading it from
 * the database takes longer than asking it. It lives as long as the vendor remembers the credentials; those of IAM
 * users are read for every call, and so is this. [AC-CACHE-1]
 */
export function rememberedPrincipals(cache: PolicyCache, needs: Needs): Principals {
  type Known = { readonly revision: number; readonly principal: KnownPrincipal };
  let lately = new WeakMap<TemporaryCredentials | UserAccessKey, Known>();
  const forget = (): void => {
    lately = new WeakMap();
  };
  needs.bus.on('account.reset', forget);
  needs.bus.on('bench.reset', forget);

  return (caller) => {
    const { credentials } = caller;
    const revision = needs.iamRevisions.of(credentials.account);
    const known = lately.get(credentials);
    if (known !== undefined && known.revision === revision) return known.principal;
    const made = principalOf(caller, cache, needs);
    const principal = { ...made, context: contextOf(made.keys) };
    if (revision !== undefined) lately.set(credentials, { revision, principal });
    return principal;
  };
}
