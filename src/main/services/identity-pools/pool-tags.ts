import { fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';

const MOST_TAGS = 50;

/** [IP-TAG-2] The model checks the form of keys and values. */
export function checkTags(tags: { readonly [key: string]: string }, { why }: Call): void {
  const keys = Object.keys(tags);
  // guessed wordings: no source found
  const problem = keys.some((key) => key.toLowerCase().startsWith('aws:'))
    ? 'Tag keys must not begin with aws:.'
    : keys.length > MOST_TAGS
      ? `An identity pool can have at most ${MOST_TAGS} tags.`
      : undefined;
  if (problem === undefined) return;
  throw why.refuse('IP-TAG-2', 'The pool cannot have these tags.', fault('InvalidParameterException', problem));
}
