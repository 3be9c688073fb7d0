import type { ResolverConflict, Settlement } from '../../../shared/device.ts';
import { viewConflict } from '../sync-engine/conflicts.ts';
import type { SettleConflicts } from '../sync-engine/engine.ts';
import type { ScriptResolvers } from './script-resolver.ts';

/** The engine's settling by a resolver of the user's own. A fault in it fails the synchronise. [DV-RESOLVE-1] */
export function settleByScript(
  scripts: ScriptResolvers,
  javascript: string,
  dataset: string,
  device: ResolverConflict['device'],
): SettleConflicts {
  return async (conflicts) => {
    const settlements: Settlement[] = [];
    for (const conflict of conflicts) {
      settlements.push(await scripts.settle(javascript, { ...viewConflict(conflict), dataset, device }));
    }
    return settlements;
  };
}
