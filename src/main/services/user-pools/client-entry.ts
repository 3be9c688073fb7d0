import type { AppClientRecord } from '../../store/repositories/app-clients.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { requireClientAndPool } from './lookup.ts';
import { secretHashProblem } from './policies/client-access.ts';

/** What the operations of people who are not signed in have in common. */
export interface FromClient {
  readonly ClientId: string;
  readonly Username: string;
  readonly SecretHash?: string;
}

/** The client that asks, once it has proven itself over the name as it was typed. */
export function enterAsClient(
  call: Call,
  input: FromClient,
  services: Pick<Services, 'appClients' | 'userPools'>,
): { client: AppClientRecord; pool: UserPoolRecord } {
  const found = requireClientAndPool(call, input.ClientId, services);
  enforce(
    call.why,
    'UP-CLIENT-8',
    'The client is who it says it is.',
    secretHashProblem(found.client, input.Username, input.SecretHash, 'sign-up'),
    { client: found.client.id, hasSecret: found.client.secrets.length > 0 },
  );
  return found;
}
