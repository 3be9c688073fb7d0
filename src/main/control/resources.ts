import { z } from 'zod';
import type { ResourceOverview } from '../../shared/bench-api.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'userPools' | 'appClients' | 'identityPools'>;

// The page shows pools as a list to look at, not to page through.
const MOST = 200;

/** What exists in an account, in one look. */
export function resourceActions({ userPools, appClients, identityPools }: Needs): Action[] {
  return [
    action({
      method: 'GET',
      path: '/resources',
      summary: 'User pools with their app clients, and identity pools.',
      input: z.object({}),
      run: (_input, { account }): ResourceOverview => ({
        userPools: userPools
          .listAll(account)
          .slice(0, MOST)
          .map((pool) => ({
            id: pool.id,
            name: pool.name,
            users: pool.userCount,
            createdAt: pool.createdAt.toISOString(),
            clients: appClients
              .list(pool.id, '', MOST)
              .map(({ id, name, secrets }) => ({ id, name, hasSecret: secrets.length > 0 })),
          })),
        identityPools: identityPools.list(account, { limit: MOST }).map((pool) => ({
          id: pool.id,
          name: pool.name,
          allowsGuests: pool.allowsGuests,
          providers: providersOf(pool.settings),
          createdAt: pool.createdAt.toISOString(),
        })),
      }),
    }),
  ];
}

function providersOf({
  CognitoIdentityProviders = [],
  SupportedLoginProviders = {},
  OpenIdConnectProviderARNs = [],
  SamlProviderARNs = [],
}: ReturnType<Needs['identityPools']['list']>[number]['settings']): string[] {
  return [
    ...CognitoIdentityProviders.flatMap(({ ProviderName }) => ProviderName ?? []),
    ...Object.keys(SupportedLoginProviders),
    ...OpenIdConnectProviderARNs,
    ...SamlProviderARNs,
  ];
}
