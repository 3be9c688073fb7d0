import type { IdentityEventView, IdentityHistoryView, IdentityState } from '../../shared/identity-views.ts';

/** An identity as it was after a number of events. */
export interface PastIdentity {
  readonly id: string;
  readonly state: IdentityState;
  /** A developer's provider is there once for each of its users. */
  readonly logins: readonly string[];
  readonly mergedInto?: string;
  /** What came over with merges, under the names that it got. */
  readonly carried: readonly string[];
  /** Times that credentials were issued, by role. */
  readonly roles: ReadonlyMap<string, number>;
}

/** What had become of a family after its first `count` events; who was not made yet is not in it. */
export function familyAfter({ events }: IdentityHistoryView, count: number): Map<string, PastIdentity> {
  const family = new Map<string, PastIdentity>();
  const change = (id: string, part: (before: PastIdentity) => Partial<PastIdentity>) => {
    const before = family.get(id) ?? { id, state: 'guest', logins: [], carried: [], roles: new Map() };
    family.set(id, { ...before, ...part(before) });
  };
  for (const event of events.slice(0, count)) apply(event, change);
  return family;
}

type Change = (id: string, part: (before: PastIdentity) => Partial<PastIdentity>) => void;

function apply(event: IdentityEventView, change: Change): void {
  const { identityId: id } = event;
  switch (event.kind) {
    case 'created':
    case 'login-added':
      change(id, ({ logins, state }) => {
        const after = [...logins, ...(event.providers ?? [])];
        return { logins: after, state: after.length > 0 ? 'authenticated' : state };
      });
      return;
    case 'login-unlinked':
      change(id, ({ logins }) => {
        const left = [...logins];
        for (const provider of event.providers) if (left.includes(provider)) left.splice(left.indexOf(provider), 1);
        return { logins: left };
      });
      return;
    case 'merged':
      change(id, () => ({ state: 'disabled', logins: [], mergedInto: event.into }));
      change(event.into, ({ logins, carried, state }) => ({
        logins: [...logins, ...event.providers],
        state: event.providers.length > 0 ? 'authenticated' : state,
        carried: [...carried, ...event.datasets.map(({ as }) => as)],
      }));
      return;
    case 'credentials':
      change(id, ({ roles }) => ({ roles: new Map(roles).set(event.role, (roles.get(event.role) ?? 0) + 1) }));
      return;
    default:
      change(id, () => ({ state: event.kind, logins: [] }));
  }
}

/** One event in words. */
export function sentenceOf(event: IdentityEventView, nameOf: (provider: string) => string): string {
  const names = (providers: readonly string[]) => providers.map(nameOf).join(', ');
  switch (event.kind) {
    case 'created':
      if (event.providers === undefined) return 'Made, before histories were kept';
      return event.providers.length === 0 ? 'Made as a guest' : `Made with a login of ${names(event.providers)}`;
    case 'login-added':
      return `Login of ${names(event.providers)} added`;
    case 'login-unlinked':
      return `Login of ${names(event.providers)} unlinked`;
    case 'merged':
      return event.datasets.length === 0
        ? 'Merged away, without datasets'
        : `Merged away; ${event.datasets.map(({ name, as }) => `${name} became ${as}`).join(', ')}`;
    case 'credentials':
      return `Credentials of ${event.role.split('/').at(-1)}. ${event.decided}`;
    default:
      return event.kind === 'disabled' ? 'Disabled' : 'Deleted';
  }
}
