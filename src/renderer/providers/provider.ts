import type { StandInView } from '../../shared/stand-ins.ts';
import { noteChange } from '../data/answers.ts';
import { call } from '../data/call.ts';

const pathOf = ({ name }: Pick<StandInView, 'name'>, rest: readonly string[]): string =>
  ['/stand-ins', name, ...rest.map(encodeURIComponent)].join('/');

/** Changes a provider, and has the screen ask anew. */
export async function change(
  provider: Pick<StandInView, 'name'>,
  rest: readonly string[],
  body: object,
): Promise<void> {
  await call('POST', pathOf(provider, rest), body);
  noteChange();
}

export async function remove(provider: Pick<StandInView, 'name'>, ...rest: readonly string[]): Promise<void> {
  await call('DELETE', pathOf(provider, rest));
  noteChange();
}
