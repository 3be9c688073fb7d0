import { fault, type Fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';

/** `MaxResults` as clients send it, 1 to far above 1,024; none asks for everything. */
export function pageSize(call: Call, maxResults: number | undefined): number | undefined {
  if (maxResults !== undefined && maxResults < 1) {
    throw call.why.refuse(
      'SY-PAGE-1',
      'a page holds at least one result',
      // Guessed wording.
      fault('InvalidParameterException', `MaxResults must be at least 1, not ${maxResults}`),
      { maxResults },
    );
  }
  return maxResults;
}

export function refuseNextToken(call: Call): Fault {
  return call.why.refuse(
    'SY-PAGE-2',
    'the page token was not made for this listing',
    // Guessed wording.
    fault('InvalidParameterException', 'NextToken not valid for these inputs'),
  );
}
