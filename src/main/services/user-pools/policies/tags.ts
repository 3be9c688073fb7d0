import { TAGS_PER_USER_POOL } from '../../../../shared/limits.ts';

type Tags = { readonly [key: string]: string };

/** Why a pool cannot have these tags. Lengths are the model's business. Guessed wordings: no source found. */
export function tagsProblem(tags: Tags): string | undefined {
  const reserved = Object.keys(tags).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) return `The tag key ${reserved} is reserved: keys that begin with aws: cannot be set.`;
  if (Object.keys(tags).length > TAGS_PER_USER_POOL) {
    return `A user pool can have at most ${TAGS_PER_USER_POOL} tags.`;
  }
  return undefined;
}
