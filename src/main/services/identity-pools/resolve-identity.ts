import { fault } from '../../kernel/fault.ts';
import type { Transaction } from '../../store/index.ts';
import type { IdentityRecord } from '../../store/repositories/identities.ts';
import type { IdentityPoolRecord } from '../../store/repositories/identity-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requireIdentity, requirePool } from './existence.ts';
import { planLinks, type Candidate, type LinkPlan } from './linking.ts';
import type { VerifiedLogin } from './logins/login.ts';

type Needs = Pick<Services, 'adoption' | 'identities' | 'identityHistory' | 'identityPools' | 'ids' | 'store'>;

/**
 * Finds or makes the identity behind verified logins, links what is new and merges what turns out to be one
 * person; all in one transaction, so that two calls with one new login cannot make two identities.
 */
export function resolveIdentity(
  pool: IdentityPoolRecord,
  askedId: string | undefined,
  logins: readonly VerifiedLogin[],
  call: Call,
  services: Needs,
  planFor: typeof planLinks<VerifiedLogin> = planLinks,
): IdentityRecord {
  const { account, why } = call;
  const { identities, store } = services;
  return store.write((tx) => {
    // Verifying took a while: pool and identity may be gone by now.
    requirePool(pool.id, call, services);
    const shown = logins.map((login) => {
      const owner = identities.findByLogin(login.digest);
      return { login, ...(owner && { owner: candidate(owner, services) }) };
    });
    const asked = askedId === undefined ? undefined : requireIdentity(askedId, call, services);
    const standIn = asked?.disabled ? survivorOf(asked, call, services) : asked;
    const isParentKnown = shown.some(({ owner }) => owner?.id === standIn?.id);
    if (asked?.disabled && !(standIn && isParentKnown)) throw forbidden(asked.id, 'The identity is disabled.', call);

    const plan = planFor(standIn && candidate(standIn, services), shown);
    if (plan.do === 'refuse') throw refused(plan, call);
    const survivorId = plan.survivor ?? create(pool, plan.link, tx, call, services);
    why.choose(plan.rule, plan.decided, {
      ...(askedId !== undefined && { asked: askedId }),
      identityId: survivorId,
      linked: plan.link.map(({ provider }) => provider),
      merged: [...plan.absorb],
    });
    apply(plan, survivorId, pool, tx, call, services);
    return identities.find(account, survivorId)!;
  });
}

/** A new identity; the logins that it comes with are still to be linked, a guest's are none. */
export function create(
  pool: IdentityPoolRecord,
  logins: readonly Pick<VerifiedLogin, 'provider'>[],
  tx: Transaction,
  { account, now }: Call,
  { identities, identityHistory, ids }: Pick<Services, 'identities' | 'identityHistory' | 'ids'>,
): string {
  const id = ids.identity(pool.region);
  identities.insert({ account, identityPoolId: pool.id, id, createdAt: now });
  const providers = logins.map(({ provider }) => provider);
  identityHistory.add({ account, identityPoolId: pool.id, identityId: id, at: now }, 'created', { providers });
  tx.announce('identity.created', { account, identityPoolId: pool.id, identityId: id });
  return id;
}

function apply(
  plan: LinkPlan<VerifiedLogin> & { do: 'use' },
  survivorId: string,
  pool: IdentityPoolRecord,
  tx: Transaction,
  call: Call,
  services: Pick<Services, 'adoption' | 'identities' | 'identityHistory'>,
): void {
  const { account, now } = call;
  const identityPoolId = pool.id;
  for (const from of plan.absorb) absorb(from, survivorId, pool, tx, call, services);
  if (plan.survivor !== undefined && plan.link.length > 0) {
    const providers = plan.link.map(({ provider }) => provider);
    services.identityHistory.add({ account, identityPoolId, identityId: survivorId, at: now }, 'login-added', {
      providers,
    });
  }
  for (const { digest, provider, developerUser } of plan.link) {
    const login = { digest, provider, ...(developerUser !== undefined && { developerUser }) };
    services.identities.link({ account, id: survivorId }, login, now);
    tx.announce('identity.linked', { account, identityPoolId, identityId: survivorId, provider });
  }
}

/** One identity becomes a part of another, with its logins and datasets. */
export function absorb(
  from: string,
  into: string,
  { id: identityPoolId }: Pick<IdentityPoolRecord, 'id'>,
  tx: Transaction,
  { account, now }: Call,
  { adoption, identities, identityHistory }: Pick<Services, 'adoption' | 'identities' | 'identityHistory'>,
): void {
  const datasets = adoption.adopt({ account, identityPoolId, from, into, now });
  const providers = identities.logins(from).map(({ provider }) => provider);
  identities.merge(from, into, now);
  const details = { datasets: datasets.map(({ name, as }) => ({ name, as })), providers };
  identityHistory.add({ account, identityPoolId, identityId: from, at: now }, 'merged', details, into);
  tx.announce('identity.merged', { account, identityPoolId, from, into });
}

export function candidate(identity: IdentityRecord, { identities }: Pick<Services, 'identities'>): Candidate {
  return { id: identity.id, createdAt: identity.createdAt, logins: identities.logins(identity.id) };
}

/** Follows merges to the identity that is left. */
function survivorOf(
  identity: IdentityRecord,
  { account }: Call,
  { identities }: Pick<Services, 'identities'>,
): IdentityRecord | undefined {
  let at: IdentityRecord | undefined = identity;
  while (at?.mergedInto !== undefined) at = identities.find(account, at.mergedInto);
  return at?.disabled ? undefined : at;
}

/** [IP-LINK-7] */
export function forbidden(identityId: string, decided: string, { why }: Call): Error {
  return why.refuse(
    'IP-LINK-7',
    decided,
    fault('NotAuthorizedException', `Access to Identity '${identityId}' is forbidden.`),
    { identityId },
  );
}

export function noLoginMatches(decided: string, { why }: Call, rule = 'IP-LINK-6'): Error {
  return why.refuse(
    rule,
    decided,
    fault(
      'NotAuthorizedException',
      `Logins don't match. Please include at least one valid login for this identity or identity pool.`,
    ),
  );
}

function refused(plan: LinkPlan & { do: 'refuse' }, call: Call): Error {
  if (plan.because === 'no-login-matches') return noLoginMatches(plan.decided, call, plan.rule);
  if (plan.because === 'already-registered') {
    return call.why.refuse(
      plan.rule,
      plan.decided,
      // guessed wording: no source found
      fault('DeveloperUserAlreadyRegisteredException', 'The developer user is already linked to another identity.'),
    );
  }
  return call.why.refuse(
    plan.rule,
    plan.decided,
    // wording from memory
    fault('ResourceConflictException', 'Given login is already linked to another account.'),
  );
}
