import type { Tag } from '../../../shared/aws/s3.ts';
import type { Fault } from '../../kernel/fault.ts';
import { s3Fault } from '../../kernel/s3-fault.ts';
import type { Call } from '../family.ts';

export interface Tags {
  readonly [key: string]: string;
}

const MOST = 10;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
/** [docs] */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** `x-amz-tagging` as a query, whatever it holds. */
export function tagsOfQuery(text: string): Tags {
  return Object.fromEntries(new URLSearchParams(text));
}

/** The same, refused where it is not what S3 takes. */
export function readTagQuery(text: string, { why }: Pick<Call, 'why'>): Tags {
  const entries = [...new URLSearchParams(text)];
  const tags = Object.fromEntries(entries);
  if (Object.keys(tags).length < entries.length) {
    throw why.refuse(
      'S3-TAG-2',
      'A tag is given twice.',
      s3Fault(
        'InvalidArgument',
        `The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.`,
        { elements: { ArgumentName: 'x-amz-tagging', ArgumentValue: text.slice(0, 1024) } },
      ),
    );
  }
  return checked(tags, why);
}

export function readTagSet(set: readonly Tag[], { why }: Pick<Call, 'why'>): Tags {
  const tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
  if (Object.keys(tags).length < set.length) {
    throw why.refuse(
      'S3-TAG-2',
      'A tag is given twice.',
      s3Fault('InvalidTag', 'Cannot provide multiple Tags with the same key'),
    );
  }
  return checked(tags, why);
}

export function tagSet(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function checked(tags: Tags, why: Call['why']): Tags {
  const problem = problemOf(tags);
  if (problem) throw why.refuse('S3-TAG-2', problem.message, problem);
  return tags;
}

/** Texts from memory. */
function problemOf(tags: Tags): Fault | undefined {
  const entries = Object.entries(tags);
  if (entries.length > MOST) return s3Fault('BadRequest', `Object tags cannot be greater than ${MOST}`);
  for (const [key, value] of entries) {
    const elements = { TagKey: key };
    if (key === '' || key.length > LONGEST_KEY || !CHARACTERS.test(key)) {
      return s3Fault('InvalidTag', 'The TagKey you have provided is invalid', { elements });
    }
    if (value.length > LONGEST_VALUE || !CHARACTERS.test(value)) {
      return s3Fault('InvalidTag', 'The TagValue you have provided is invalid', { elements });
    }
    if (key.startsWith('aws:')) {
      return s3Fault('InvalidTag', 'System tags cannot be added/updated by requester', { elements });
    }
  }
  return undefined;
}
