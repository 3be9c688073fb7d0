import { useEffect, useRef, useState } from 'react';
import { useChangeCount, type Refused } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { asRefusal } from '../data/call.ts';
import type { User } from './pool.ts';

/** The most that ListUsers gives at once. */
const PAGE = 60;
/** After a change so many pages are asked for anew; who has scrolled further scrolls again. */
const MOST_AGAIN = 10;

interface Users {
  readonly users: readonly User[];
  readonly loaded: boolean;
  readonly refused: Refused | undefined;
  readonly hasMore: boolean;
  readonly more: () => void;
}

interface State {
  readonly of: string;
  readonly users: readonly User[];
  readonly pages: number;
  readonly next?: string | undefined;
  readonly refused?: Refused;
}

/** A pool's users, page by page as far as somebody looks. */
export function useUsers(poolId: string, filter: string | undefined): Users {
  const of = `${poolId} ${filter ?? ''}`;
  const [state, setState] = useState<State | undefined>();
  const changes = useChangeCount();
  const latest = useRef<State | undefined>(undefined);
  const fetching = useRef(false);
  latest.current = state;

  useEffect(() => {
    let wanted = true;
    const pages = latest.current?.of === of ? Math.min(Math.max(latest.current.pages, 1), MOST_AGAIN) : 1;
    const load = async () => {
      let found: State = { of, users: [], pages: 0 };
      do found = await nextPage(found, poolId, filter);
      while (found.next !== undefined && found.pages < pages);
      return found;
    };
    load().then(
      (found) => wanted && setState(found),
      (error: unknown) => wanted && setState({ of, users: [], pages: 0, refused: asRefusal(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [of, changes, poolId, filter]);

  const more = () => {
    const before = latest.current;
    if (!before?.next || fetching.current) return;
    fetching.current = true;
    nextPage(before, poolId, filter)
      .then(
        (found) => latest.current === before && setState(found),
        (error: unknown) => setState({ ...before, next: undefined, refused: asRefusal(error) }),
      )
      .finally(() => {
        fetching.current = false;
      });
  };
  return {
    users: state?.users ?? [],
    loaded: state !== undefined,
    refused: state?.refused,
    hasMore: state?.next !== undefined,
    more,
  };
}

async function nextPage(before: State, poolId: string, filter: string | undefined): Promise<State> {
  const page = await idp('ListUsers', {
    UserPoolId: poolId,
    Limit: PAGE,
    ...(filter === undefined ? {} : { Filter: filter }),
    ...(before.next === undefined ? {} : { PaginationToken: before.next }),
  });
  return {
    of: before.of,
    users: [...before.users, ...(page.Users ?? [])],
    pages: before.pages + 1,
    next: page.PaginationToken,
  };
}
