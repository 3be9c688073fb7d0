import type { IdentityLogin } from '../../store/repositories/identities.ts';

/** An identity as far as linking cares. */
export interface Candidate {
  readonly id: string;
  readonly createdAt: Date;
  readonly logins: readonly IdentityLogin[];
}

export interface ShownLogin<Login extends IdentityLogin = IdentityLogin> {
  readonly login: Login;
  readonly owner?: Candidate;
}

export type LinkPlan<Login extends IdentityLogin = IdentityLogin> =
  | {
      readonly do: 'use';
      /** `undefined`: a new identity. */
      readonly survivor: string | undefined;
      readonly link: readonly Login[];
      /** Identities that are merged into the survivor. */
      readonly absorb: readonly string[];
      readonly rule: string;
      readonly decided: string;
    }
  | {
      readonly do: 'refuse';
      readonly because: 'no-login-matches' | 'conflict' | 'already-registered';
      readonly rule: string;
      readonly decided: string;
    };

/** Stated for merges of developer identities, and taken to hold for all. */
export const MOST_LOGINS = 20;

/**
 * Which identity a call's logins lead to, what is linked to it, and what is merged into it. Guests always lose
 * to the owner of a login; of two owners the one that the client asked for survives, else the older. [assumed]
 */
export function planLinks<Login extends IdentityLogin>(
  asked: Candidate | undefined,
  shown: readonly ShownLogin<Login>[],
): LinkPlan<Login> {
  const owners = new Map(shown.flatMap(({ owner }) => (owner ? [[owner.id, owner] as const] : [])));
  const link = shown.filter(({ owner }) => owner === undefined).map(({ login }) => login);

  if (asked !== undefined && asked.logins.length > 0 && !owners.has(asked.id)) {
    return {
      do: 'refuse',
      because: 'no-login-matches',
      rule: 'IP-LINK-6',
      decided: 'None of the logins is linked to this identity.',
    };
  }
  const survivor = asked !== undefined && owners.has(asked.id) ? asked : (oldest([...owners.values()]) ?? asked);
  const everybody = new Map(owners);
  if (asked) everybody.set(asked.id, asked);
  const absorbed = [...everybody.values()].filter(({ id }) => id !== survivor?.id);

  const logins = [...[...everybody.values()].flatMap((identity) => identity.logins), ...link];
  const conflict = findConflict(logins);
  if (conflict !== undefined) return { do: 'refuse', because: 'conflict', rule: 'IP-LINK-5', decided: conflict };
  return {
    do: 'use',
    survivor: survivor?.id,
    link,
    absorb: absorbed.map(({ id }) => id),
    ...describe(asked, survivor, absorbed, link.length),
  };
}

/**
 * The developer's backend vouches for its user, so an identity that it names need not own a login of the call;
 * but what belongs to another identity is not taken from it: that takes a merge. [IP-DEV-3]
 */
export function planDeveloperLinks<Login extends IdentityLogin>(
  asked: Candidate | undefined,
  shown: readonly ShownLogin<Login>[],
): LinkPlan<Login> {
  if (asked === undefined) return planLinks(asked, shown);
  const stranger = shown.find(({ owner }) => owner !== undefined && owner.id !== asked.id);
  if (stranger) {
    return stranger.login.developerUser === undefined
      ? {
          do: 'refuse',
          because: 'conflict',
          rule: 'IP-DEV-3',
          decided: 'One of the public logins belongs to another identity.',
        }
      : {
          do: 'refuse',
          because: 'already-registered',
          rule: 'IP-DEV-3',
          decided: 'The developer user belongs to another identity; MergeDeveloperIdentities makes them one.',
        };
  }
  const link = shown.filter(({ owner }) => owner === undefined).map(({ login }) => login);
  const conflict = findConflict([...asked.logins, ...link]);
  if (conflict !== undefined) return { do: 'refuse', because: 'conflict', rule: 'IP-LINK-5', decided: conflict };
  return { do: 'use', survivor: asked.id, link, absorb: [], ...describe(asked, asked, [], link.length) };
}

/** Why two identities cannot become one. [IP-DEV-6] */
export function mergeConflict(source: Candidate, destination: Candidate): string | undefined {
  return findConflict([...destination.logins, ...source.logins]);
}

function oldest(owners: readonly Candidate[]): Candidate | undefined {
  return [...owners].sort(
    (left, right) => left.createdAt.getTime() - right.createdAt.getTime() || (left.id < right.id ? -1 : 1),
  )[0];
}

/** One login of a provider is all that an identity has. */
function findConflict(logins: readonly IdentityLogin[]): string | undefined {
  const digests = new Map<string, string>();
  const ofDevelopers = new Set<string>();
  for (const { provider, digest, developerUser } of logins) {
    // A developer may know one person by several identifiers. [IP-DEV-4]
    if (developerUser !== undefined) {
      ofDevelopers.add(digest);
      continue;
    }
    const other = digests.get(provider);
    if (other !== undefined && other !== digest) return `The identity would have two logins of ${provider}.`;
    digests.set(provider, digest);
  }
  return digests.size + ofDevelopers.size > MOST_LOGINS
    ? `The identity would have more than ${MOST_LOGINS} logins.`
    : undefined;
}

function describe(
  asked: Candidate | undefined,
  survivor: Candidate | undefined,
  absorbed: readonly Candidate[],
  linked: number,
): { readonly rule: string; readonly decided: string } {
  if (absorbed.length > 0) {
    const isGuestOnly = absorbed.every(({ logins }) => logins.length === 0);
    return {
      rule: isGuestOnly ? 'IP-LINK-3' : 'IP-LINK-4',
      decided: isGuestOnly
        ? 'The login is known: the guest is merged into its owner, whose id is returned.'
        : 'The logins belong to several identities, which are merged into one.',
    };
  }
  if (survivor === undefined)
    return { rule: 'IP-LINK-1', decided: 'The login was never seen: it gets a new identity.' };
  if (asked?.logins.length === 0) {
    return { rule: 'IP-LINK-2', decided: 'The login is new: the guest keeps its id and becomes authenticated.' };
  }
  return {
    rule: 'IP-LINK-1',
    decided:
      linked > 0
        ? 'The identity owns one of the logins; the new ones are linked to it.'
        : 'The login is known: it leads to the same identity as always.',
  };
}
