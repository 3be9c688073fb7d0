import type { Directory } from '../services/services.ts';
import type { Repositories } from '../store/index.ts';

type Needs = Pick<Repositories, 'userPools' | 'appClients' | 'identityPools' | 'identities'>;

/** Finds account and region behind ids; each look-up is one read by primary key. */
export function createDirectory({ userPools, appClients, identityPools, identities }: Needs): Directory {
  return {
    userPool: (id) => userPools.place(id),
    appClient: (id) => appClients.place(id),
    identityPool: (id) => identityPools.place(id),
    identity: (id) => identities.place(id),
  };
}
