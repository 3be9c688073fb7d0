import type { TriggerMoment } from '../services.ts';
import type { AuthContext } from './flows/flow.ts';

/** On whose behalf the functions of an authentication are asked. */
export function momentOf({ call, pool, client, clientMetadata }: AuthContext): TriggerMoment {
  return { call, pool, clientId: client.id, clientMetadata };
}
