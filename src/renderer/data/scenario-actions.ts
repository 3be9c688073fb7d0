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
    // How far it comes is told by events; an answer could be older than they are.
    await call('POST', `/scenarios/${encodeURIComponent(name)}/${verb}`, {});
  } catch (error) {
    notify(asRefusal(error).message, 'bad');
  }
}
