import type {
  LookupDeveloperIdentityInput,
  LookupDeveloperIdentityResponse,
  MergeDeveloperIdentitiesInput,
  MergeDeveloperIdentitiesResponse,
  UnlinkDeveloperIdentityInput,
} from '../../../shared/aws/cognito-identity.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { IdentityRecord } from '../../store/repositories/identities.ts';
import type { IdentityPoolRecord } from '../../store/repositories/identity-pools.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { identityPoolArn } from './arn.ts';
import { requireIdentity, requirePool } from './existence.ts';
import { noteUnlinked } from './identities.ts';
import { mergeConflict } from './linking.ts';
import { requireDeveloperProvider } from './logins/developer.ts';
import { loginDigest } from './logins/login.ts';
import { invalidNextToken } from './pools.ts';
import { absorb, candidate } from './resolve-identity.ts';

type Needs = Pick<Services, 'adoption' | 'identities' | 'identityHistory' | 'identityPools' | 'store'>;

const PAGE = 60;

const ofPool = ({ IdentityPoolId }: { IdentityPoolId: string }, call: Call): string[] => [
  identityPoolArn(call, IdentityPoolId),
];

export const developerIdentities = family<'cognito-identity', Needs>('cognito-identity', 'developer-identities', {
  LookupDeveloperIdentity: { resources: ofPool, run: lookupDeveloperIdentity },
  MergeDeveloperIdentities: { resources: ofPool, run: mergeDeveloperIdentities },
  UnlinkDeveloperIdentity: { resources: ofPool, run: unlinkDeveloperIdentity },
});

/** By the developer's user, by the identity, or by both, which then must belong together. [IP-DEV-5] */
function lookupDeveloperIdentity(
  { IdentityPoolId, IdentityId, DeveloperUserIdentifier, MaxResults = PAGE, NextToken }: LookupDeveloperIdentityInput,
  call: Call,
  services: Needs,
): LookupDeveloperIdentityResponse {
  const { why } = call;
  const pool = requirePool(IdentityPoolId, call, services);
  if (IdentityId === undefined && DeveloperUserIdentifier === undefined) {
    throw why.refuse(
      'IP-DEV-5',
      'The call names neither identity nor user.',
      // guessed wording: no source found
      fault('InvalidParameterException', 'Either IdentityId or DeveloperUserIdentifier is required.'),
    );
  }
  const byId = IdentityId === undefined ? undefined : inPool(IdentityId, pool, call, services);
  const byUser =
    DeveloperUserIdentifier === undefined
      ? undefined
      : requireOwner(requireDeveloperProvider(undefined, pool, call), DeveloperUserIdentifier, pool, call, services);
  if (byId && byUser && byId.id !== byUser.id) {
    throw conflict('IP-DEV-5', 'The user belongs to another identity than the one named.', call);
  }
  const { id } = (byUser ?? byId)!;

  const scope = `developer-users:${id}`;
  const after = NextToken === undefined ? undefined : readPageToken(scope, NextToken);
  if (NextToken !== undefined && after === undefined) {
    throw why.refuse('IP-LIST-1', 'The token is not of this listing.', invalidNextToken());
  }
  const users = services.identities
    .logins(id)
    .flatMap(({ developerUser }) => developerUser ?? [])
    .toSorted()
    .filter((user) => after === undefined || user > after);
  const page = users.slice(0, MaxResults);
  return {
    IdentityId: id,
    DeveloperUserIdentifierList: page,
    ...(users.length > page.length && { NextToken: pageToken(scope, page.at(-1)!) }),
  };
}

/** The source's identity becomes a part of the destination's, with its logins and datasets. [IP-DEV-6] */
function mergeDeveloperIdentities(
  input: MergeDeveloperIdentitiesInput,
  call: Call,
  services: Needs,
): MergeDeveloperIdentitiesResponse {
  const { IdentityPoolId, DeveloperProviderName, SourceUserIdentifier, DestinationUserIdentifier } = input;
  const { why } = call;
  return services.store.write((tx) => {
    const pool = requirePool(IdentityPoolId, call, services);
    const provider = requireDeveloperProvider(DeveloperProviderName, pool, call);
    const source = requireOwner(provider, SourceUserIdentifier, pool, call, services);
    const destination = requireOwner(provider, DestinationUserIdentifier, pool, call, services);
    if (source.id === destination.id) {
      why.choose('IP-DEV-6', 'Both users are of one identity already.', { identityId: destination.id });
      return { IdentityId: destination.id };
    }
    const problem = mergeConflict(candidate(source, services), candidate(destination, services));
    if (problem !== undefined) throw conflict('IP-DEV-6', problem, call);
    absorb(source.id, destination.id, pool, tx, call, services);
    why.choose('IP-DEV-6', `The source user's identity was merged into the destination's.`, {
      from: source.id,
      into: destination.id,
    });
    return { IdentityId: destination.id };
  });
}

/** The user is a new one the next time; an identity without logins is out of reach. [IP-DEV-7] */
function unlinkDeveloperIdentity(
  { IdentityId, IdentityPoolId, DeveloperProviderName, DeveloperUserIdentifier }: UnlinkDeveloperIdentityInput,
  call: Call,
  services: Needs,
): void {
  const { account, now, why } = call;
  services.store.write((tx) => {
    const pool = requirePool(IdentityPoolId, call, services);
    const provider = requireDeveloperProvider(DeveloperProviderName, pool, call);
    const identity = inPool(IdentityId, pool, call, services);
    const owner = requireOwner(provider, DeveloperUserIdentifier, pool, call, services);
    if (owner.id !== identity.id) throw conflict('IP-DEV-7', 'The user belongs to another identity.', call);
    const digest = loginDigest(pool.id, provider, DeveloperUserIdentifier);
    services.identities.unlink(identity.id, digest, now);
    const isLast = services.identities.logins(identity.id).length === 0;
    if (isLast) services.identities.disable(identity.id, now);
    noteUnlinked(identity, [{ digest, provider }], isLast, call, services);
    why.choose('IP-DEV-7', 'The developer user was unlinked.', { identityId: identity.id, disabled: isLast });
    tx.announce('identity-pool.changed', { account, identityPoolId: pool.id });
  });
}

/** An identity of another pool is none of this one's. */
export function inPool(
  identityId: string,
  pool: Pick<IdentityPoolRecord, 'id'>,
  call: Call,
  services: Pick<Services, 'identities'>,
): IdentityRecord {
  const identity = requireIdentity(identityId, call, services);
  if (identity.identityPoolId === pool.id) return identity;
  throw call.why.refuse(
    'IP-DEV-3',
    'The identity is of another pool.',
    fault('ResourceNotFoundException', `Identity '${identityId}' not found.`),
    { identityId, pool: identity.identityPoolId },
  );
}

function requireOwner(
  provider: string,
  user: string,
  pool: IdentityPoolRecord,
  { why }: Call,
  { identities }: Pick<Services, 'identities'>,
): IdentityRecord {
  const owner = identities.findByLogin(loginDigest(pool.id, provider, user));
  if (owner) return owner;
  throw why.refuse(
    'IP-DEV-5',
    'No identity of the pool has this developer user.',
    // guessed wording: no source found
    fault('ResourceNotFoundException', `Developer user '${user}' not found.`),
    { user },
  );
}

function conflict(rule: string, decided: string, { why }: Call): Fault {
  // wording from memory
  return why.refuse(
    rule,
    decided,
    fault('ResourceConflictException', 'Given login is already linked to another account.'),
  );
}
