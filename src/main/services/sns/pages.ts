import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { Call } from '../family.ts';
import { invalid } from './arns.ts';

const PAGE = 100;

/** A page of a listing by ARN, and the token of the next one. SNS's pages hold a hundred. */
export function page<Item extends { readonly arn: string }>(
  call: Call,
  scope: string,
  token: string | null | undefined,
  read: (after: string, limit: number) => readonly Item[],
): { readonly items: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const after = token == null || token === '' ? '' : readPageToken(scope, token);
  if (after === undefined) {
    throw invalid(call, 'PS-PAGE-1', 'the page token was not made for this listing', 'NextToken');
  }
  const found = read(after, PAGE + 1);
  const items = found.slice(0, PAGE);
  return { items, next: found.length > PAGE ? { NextToken: pageToken(scope, items.at(-1)!.arn) } : {} };
}
