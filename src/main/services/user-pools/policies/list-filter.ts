import { refusal, type Refusal } from './refusal.ts';

/** What users are kept in order by. */
type SearchField =
  | 'username'
  | 'email'
  | 'phone_number'
  | 'name'
  | 'given_name'
  | 'family_name'
  | 'preferred_username'
  | 'sub'
  | 'status'
  | 'enabled';

/** One condition of ListUsers: a field, and whether its value or its beginning is given. */
export interface ListFilter {
  readonly field: SearchField;
  readonly isPrefix: boolean;
  readonly value: string;
}

/** The smallest and the largest value that match, in the form in which they are compared. */
export interface SearchRange {
  readonly field: SearchField;
  readonly from: string;
  readonly to: string;
}

/** Searchable names and how their values are compared; reference/user-pools 8.2. */
const FIELDS: {
  readonly [attribute: string]: { readonly field: SearchField; readonly form: (value: string) => string };
} = {
  username: { field: 'username', form: asWritten },
  email: { field: 'email', form: lower },
  phone_number: { field: 'phone_number', form: lower },
  name: { field: 'name', form: lower },
  given_name: { field: 'given_name', form: lower },
  family_name: { field: 'family_name', form: lower },
  preferred_username: { field: 'preferred_username', form: lower },
  sub: { field: 'sub', form: lower },
  'cognito:user_status': { field: 'status', form: (value) => value.toUpperCase() },
  status: { field: 'enabled', form: asWritten },
};

// <attribute> <= or ^=> "<value>", and nothing else: the grammar has no second condition.
const GRAMMAR = /^\s*([\w:.-]+)\s*(\^?=)\s*"((?:[^"\\]|\\[\s\S])*)"\s*$/;
// Behind every text that begins alike.
const LAST = '\u{10FFFF}';

/** The filter that a text writes down; an unreadable one is refused, never passed over. */
export function parseListFilter(text: string): ListFilter | Refusal {
  const match = GRAMMAR.exec(text);
  if (!match) return refusal('InvalidParameterException', 'Error while parsing filter', 'The filter cannot be read.');
  const [, attribute, operator, quoted] = match as unknown as [string, string, string, string];
  const searchable = Object.hasOwn(FIELDS, attribute) ? FIELDS[attribute] : undefined;
  if (!searchable) {
    return refusal(
      'InvalidParameterException',
      `Invalid search attribute: ${attribute}`,
      `${attribute} is not one of the attributes that can be searched.`,
    );
  }
  const value = quoted.replaceAll(/\\(["\\])/g, '$1');
  return { field: searchable.field, isPrefix: operator === '^=', value: searchable.form(value) };
}

/** The range of an index that holds what the filter lets through; `undefined` where nothing can match. */
export function searchRange({ field, isPrefix, value }: ListFilter): SearchRange | undefined {
  if (field !== 'enabled') return { field, from: value, to: isPrefix ? value + LAST : value };
  const matching = [
    { name: 'Disabled', stored: '0' },
    { name: 'Enabled', stored: '1' },
  ].filter(({ name }) => (isPrefix ? name.startsWith(value) : name === value));
  const [first] = matching;
  return first && { field, from: first.stored, to: matching.at(-1)!.stored };
}

function asWritten(value: string): string {
  return value;
}

function lower(value: string): string {
  return value.toLowerCase();
}
