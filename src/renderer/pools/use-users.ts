import { useEffect, useEffectEvent, useState } from 'react';
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
  readonly round: number;
  readonly users: readonly User[];
  readonly pages: number;
  readonly next?: string | undefined;
  readonly refused?: Refused;
}

/** A pool's users, page by page as far as somebody looks. */
export function useUsers(poolId: string, filter: string | undefined): Users {
  const of = `${poolId} ${filter ?? ''}`;
  const [state, setState] = useState<State | undefined>();
  const [fetching, setFetching] = useState(false);
  const changes = useChangeCount();
  const load = useEffectEvent(async (round: number): Promise<State> => {
    const pages = state?.of === of ? Math.min(Math.max(state.pages, 1), MOST_AGAIN) : 1;
    let found: State = { of, round, users: [], pages: 0 };
    do found = await nextPage(found, poolId, filter);
    while (found.next !== undefined && found.pages < pages);
    return found;
  });

  useEffect(() => {
    let wanted = true;
    load(changes).then(
      (found) => wanted && setState(found),
      (error: unknown) => wanted && setState({ of, round: changes, users: [], pages: 0, refused: asRefusal(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [of, changes]);

  const more = async (): Promise<void> => {
    if (!state?.next || fetching) return;
    setFetching(true);
    try {
      const found = await nextPage(state, poolId, filter);
      // What changed meanwhile is asked for from the beginning.
      setState((now) => (now === state ? found : now));
    } catch (error) {
      setState((now) => (now === state ? { ...state, next: undefined, refused: asRefusal(error) } : now));
    }
    setFetching(false);
  };
  return {
    users: state?.users ?? [],
    loaded: state !== undefined,
    refused: state?.refused,
    hasMore: state?.next !== undefined,
    more: () => void more(),
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
    round: before.round,
    users: [...before.users, ...(page.Users ?? [])],
    pages: before.pages + 1,
    next: page.PaginationToken,
  };
}
