import type { ScenarioProgress } from '../../shared/bench-api.ts';
import { useBench } from './bench-state.ts';
import { asRefusal, call } from './call.ts';
import { prefer } from './preferences.ts';
import { go } from './route.ts';
import { notify } from './notices.ts';

export async function runScenario(name: string): Promise<void> {
  prefer({ demoSeen: true });
  go('stage');
  await ask(name, 'run');
}

export const continueScenario = (name: string): Promise<void> => ask(name, 'continue');
export const stopScenario = (name: string): Promise<void> => ask(name, 'stop');

/** Puts a finished scenario's card away. */
export const closeScenario = (): void => useBench.setState({ progress: undefined });

async function ask(name: string, verb: 'run' | 'continue' | 'stop'): Promise<void> {
  try {
    const progress = await call<ScenarioProgress | undefined>(
      'POST',
      `/scenarios/${encodeURIComponent(name)}/${verb}`,
      {},
    );
    if (progress?.steps) useBench.setState({ progress });
  } catch (error) {
    notify(asRefusal(error).message, 'bad');
  }
}
