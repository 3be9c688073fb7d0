import type {
  DeleteIdentitiesInput,
  DeleteIdentitiesResponse,
  DescribeIdentityInput,
  GetIdInput,
  GetIdResponse,
  IdentityDescription,
  ListIdentitiesInput,
  ListIdentitiesResponse,
  UnlinkIdentityInput,
} from '../../../shared/aws/cognito-identity.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { IdentityLogin, IdentityRecord } from '../../store/repositories/identities.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { identityPoolArn } from './arn.ts';
import { requireIdentity, requirePool } from './existence.ts';
import { verifyLogins, type LoginNeeds } from './logins/verify.ts';
import { invalidNextToken } from './pools.ts';
import { normaliseProvider } from './provider-names.ts';
import { create, forbidden, noLoginMatches, resolveIdentity } from './resolve-identity.ts';
import { identityToWire } from './wire.ts';

type Needs = Pick<Services, 'adoption' | 'identities' | 'identityHistory' | 'identityPools' | 'ids' | 'store'> &
  LoginNeeds;

export const identities = family<'cognito-identity', Needs>('cognito-identity', 'identities', {
  GetId: { auth: 'login-tokens', run: getId },
  DescribeIdentity: { run: describeIdentity },
  ListIdentities: {
    resources: ({ IdentityPoolId }, call) => [identityPoolArn(call, IdentityPoolId)],
    run: listIdentities,
  },
  DeleteIdentities: { run: deleteIdentities },
  UnlinkIdentity: { auth: 'login-tokens', run: unlinkIdentity },
});

async function getId({ IdentityPoolId, Logins = {} }: GetIdInput, call: Call, services: Needs): Promise<GetIdResponse> {
  const { why } = call;
  const pool = requirePool(IdentityPoolId, call, services);
  if (Object.keys(Logins).length > 0) {
    const logins = await verifyLogins(Logins, pool, call, services);
    await call.decision('IP-LINK-1');
    return { IdentityId: resolveIdentity(pool, undefined, logins, call, services).id };
  }
  await call.decision('IP-GUEST-1');
  if (!pool.allowsGuests) throw guestsRefused(call);
  const id = services.store.write((tx) => create(requirePool(IdentityPoolId, call, services), [], tx, call, services));
  why.choose('IP-GUEST-2', 'Nobody signed in: a new guest, as for every such call.', { identityId: id });
  return { IdentityId: id };
}

/** [IP-GUEST-1] */
export function guestsRefused({ why }: Call): Error {
  return why.refuse(
    'IP-GUEST-1',
    'There is no login, and the pool has no guests.',
    fault('NotAuthorizedException', 'Unauthenticated access is not supported for this identity pool.'),
  );
}

function describeIdentity(
  { IdentityId }: DescribeIdentityInput,
  call: Call,
  services: Pick<Services, 'identities'>,
): IdentityDescription {
  return toWire(requireIdentity(IdentityId, call, services), services);
}

function toWire(identity: IdentityRecord, services: Pick<Services, 'identities'>): IdentityDescription {
  return identityToWire(
    identity,
    services.identities.logins(identity.id).map(({ provider }) => provider),
  );
}

function listIdentities(
  { IdentityPoolId, MaxResults, NextToken, HideDisabled = false }: ListIdentitiesInput,
  call: Call,
  services: Pick<Services, 'identities' | 'identityPools'>,
): ListIdentitiesResponse {
  requirePool(IdentityPoolId, call, services);
  const scope = `identities:${IdentityPoolId}`;
  const after = NextToken === undefined ? undefined : readPageToken(scope, NextToken);
  if (NextToken !== undefined && after === undefined) {
    throw call.why.refuse('IP-LIST-1', 'The token is not of this listing.', invalidNextToken());
  }
  const found = services.identities.list(IdentityPoolId, {
    ...(after !== undefined && { after }),
    limit: MaxResults + 1,
    hideDisabled: HideDisabled,
  });
  const page = found.slice(0, MaxResults);
  return {
    IdentityPoolId,
    Identities: page.map((identity) => toWire(identity, services)),
    ...(found.length > MaxResults && { NextToken: pageToken(scope, page.at(-1)!.id) }),
  };
}

/** An id that is unknown counts as deleted. [IP-ID-2] */
function deleteIdentities(
  { IdentityIdsToDelete }: DeleteIdentitiesInput,
  { account, now, why }: Call,
  services: Pick<Services, 'identities' | 'identityHistory' | 'store'>,
): DeleteIdentitiesResponse {
  services.store.write((tx) => {
    const found = IdentityIdsToDelete.flatMap((id) => services.identities.find(account, id) ?? []);
    for (const { id, identityPoolId } of found) {
      // An id may be named twice.
      if (!services.identities.remove(account, id)) continue;
      services.identityHistory.add({ account, identityPoolId, identityId: id, at: now }, 'deleted');
    }
    for (const identityPoolId of new Set(found.map((identity) => identity.identityPoolId))) {
      tx.announce('identity-pool.changed', { account, identityPoolId });
    }
    why.note(
      'IP-ID-2',
      'note',
      `${found.length} of ${IdentityIdsToDelete.length} identities were there to be deleted.`,
    );
  });
  return { UnprocessedIdentityIds: [] };
}

async function unlinkIdentity(
  { IdentityId, Logins, LoginsToRemove }: UnlinkIdentityInput,
  call: Call,
  services: Pick<Services, 'identities' | 'identityHistory' | 'identityPools' | 'store'> & LoginNeeds,
): Promise<void> {
  const { account, now, why } = call;
  const identity = requireIdentity(IdentityId, call, services);
  const pool = requirePool(identity.identityPoolId, call, services);
  if (identity.disabled) throw forbidden(IdentityId, 'The identity is disabled.', call);
  const shown = await verifyLogins(Logins, pool, call, services);
  const removed = new Set(LoginsToRemove.map((provider) => normaliseProvider(provider, services)));

  await call.decision('IP-UNLINK-1');
  services.store.write((tx) => {
    const linked = services.identities.logins(IdentityId);
    if (!shown.some(({ digest }) => linked.some((login) => login.digest === digest))) {
      throw noLoginMatches('None of the logins is linked to this identity.', call, 'IP-UNLINK-1');
    }
    const gone = linked.filter(({ provider }) => removed.has(provider));
    for (const { digest } of gone) services.identities.unlink(IdentityId, digest, now);
    const isLast = gone.length === linked.length;
    // Without its last login nobody can reach an identity any more. [IP-UNLINK-2]
    if (isLast) services.identities.disable(IdentityId, now);
    noteUnlinked(identity, gone, isLast, call, services);
    why.choose('IP-UNLINK-2', `${gone.length} of ${linked.length} logins were unlinked.`, {
      unlinked: gone.map(({ provider }) => provider),
      disabled: isLast,
    });
    tx.announce('identity-pool.changed', { account, identityPoolId: pool.id });
  });
}

/** Logins that are gone, and the identity with its last one. */
export function noteUnlinked(
  { id, identityPoolId }: IdentityRecord,
  gone: readonly IdentityLogin[],
  isDisabled: boolean,
  { account, now }: Call,
  { identityHistory }: Pick<Services, 'identityHistory'>,
): void {
  const owner = { account, identityPoolId, identityId: id, at: now };
  if (gone.length > 0) {
    identityHistory.add(owner, 'login-unlinked', { providers: gone.map(({ provider }) => provider) });
  }
  if (isDisabled) identityHistory.add(owner, 'disabled');
}
