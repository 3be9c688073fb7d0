import type { Call } from '../family.ts';
import type { MeteredSync } from '../services.ts';

/** Whose sync of what the meter counts. */
export function metered(
  call: Call,
  { IdentityId, DatasetName }: { readonly IdentityId: string; readonly DatasetName: string },
): MeteredSync {
  const { caller } = call;
  return {
    account: call.account,
    identityId: IdentityId,
    datasetName: DatasetName,
    // Two devices of an identity may share their credentials, but not their lane.
    caller: caller.kind === 'session' ? `${call.lane.id} ${caller.credentials.accessKeyId}` : call.lane.id,
  };
}
