import type { ListUsersRequest, ListUsersResponse } from '../../../shared/aws/cognito-idp.ts';
import { LIST_USERS_TOKEN_MINUTES } from '../../../shared/limits.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { SearchPosition } from '../../store/repositories/user-search.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { UserRecord } from '../../store/repositories/users.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { requirePool } from './lookup.ts';
import { type ListFilter, parseListFilter, searchRange } from './policies/list-filter.ts';
import { badPageToken } from './pools.ts';
import { userType } from './wire.ts';

type Needs = Pick<Services, 'userPools' | 'users'>;

const PAGE = 60;

interface Found {
  readonly user: UserRecord;
  readonly position: SearchPosition;
}

export function listUsers(input: ListUsersRequest, call: Call, services: Needs): ListUsersResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const wanted = requireKnownAttributes(call, pool, input.AttributesToGet ?? []);
  const filter = input.Filter ? requireFilter(call, input.Filter) : undefined;
  // A token goes on with the same question only.
  const scope = `ListUsers:${pool.id}:${input.Filter ?? ''}:${wanted.join(',')}`;
  const after = input.PaginationToken === undefined ? undefined : requirePosition(call, scope, input.PaginationToken);
  const limit = input.Limit || PAGE;
  const found = find(pool, filter, after, limit + 1, services);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const shown = wanted.length === 0 ? undefined : (name: string) => wanted.includes(name);
  call.why.choose('UP-LIST-2', filter ? 'Users who match the filter are listed.' : 'All users are listed.', {
    ...(filter ? { field: filter.field, match: filter.isPrefix ? 'prefix' : 'exact' } : {}),
    users: page.length,
  });
  return {
    Users: page.map(({ user }) => userType(user, shown)),
    ...(found.length > page.length && last
      ? {
          PaginationToken: pageToken(
            scope,
            JSON.stringify([last.position.key, last.position.number, call.now.getTime()]),
          ),
        }
      : {}),
  };
}

function find(
  pool: UserPoolRecord,
  filter: ListFilter | undefined,
  after: SearchPosition | undefined,
  limit: number,
  { users }: Needs,
): Found[] {
  if (!filter) {
    return users
      .list(pool.id, after?.number ?? 0, limit)
      .map((user) => ({ user, position: { key: '', number: user.number } }));
  }
  const range = searchRange(filter);
  return range ? users.search({ userPoolId: pool.id, ...range, after, limit }) : [];
}

function requireFilter(call: Call, text: string): ListFilter {
  const filter = parseListFilter(text);
  if ('fault' in filter) throw call.why.refuse('UP-LIST-4', filter.decided, filter.fault);
  return filter;
}

function requireKnownAttributes(call: Call, pool: UserPoolRecord, wanted: readonly string[]): readonly string[] {
  const known = new Set((pool.settings.SchemaAttributes ?? []).map(({ Name }) => Name));
  if (wanted.every((name) => known.has(name))) return wanted;
  throw call.why.refuse(
    'UP-LIST-3',
    'An attribute in AttributesToGet is not in the pool’s schema.',
    // text from memory
    fault('InvalidParameterException', 'One or more requested attributes do not exist.'),
    { attributes: [...wanted] },
  );
}

function requirePosition(call: Call, scope: string, token: string): SearchPosition {
  const inside = readPageToken(scope, token);
  const position: unknown = inside === undefined ? undefined : JSON.parse(inside);
  if (!Array.isArray(position)) throw badPageToken(call);
  const [key, number, issuedAt] = position as [string, number, number];
  if (call.now.getTime() - issuedAt < LIST_USERS_TOKEN_MINUTES * 60_000) return { key, number };
  throw call.why.refuse(
    'UP-LIST-5',
    'The page token is older than an hour.',
    // assumed: the text of any other bad token
    fault('InvalidParameterException', 'Invalid pagination token given.'),
    { issuedAt: new Date(issuedAt).toISOString() },
  );
}
