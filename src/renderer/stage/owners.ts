import type { LoginOwner } from '../../shared/device.ts';
import { KIND_NAMES } from '../providers/words.ts';

/** How people call whoever this is: by their name, or the names that they go by. */
export function personOf(owners: readonly LoginOwner[]): string | undefined {
  return owners.length === 0 ? undefined : [...new Set(owners.map(({ person }) => person))].join(', ');
}

/** A card is narrow. */
const SHORT = { ...KIND_NAMES, oidc: 'OIDC' };

/** The provider of a login, in few letters. */
export function providerOf({ kind, provider, standIn }: LoginOwner): string {
  switch (kind) {
    case 'user-pool':
      return 'User pool';
    case 'developer':
      return provider;
    default:
      // Those that are ready made are named after their kind.
      return standIn === undefined || standIn === kind ? SHORT[kind] : standIn;
  }
}
