import { useCallback } from 'react';
import { useBench } from '../data/bench-state.ts';

const SOCIAL: Readonly<Record<string, string>> = {
  'accounts.google.com': 'Google',
  'graph.facebook.com': 'Facebook',
  'www.amazon.com': 'Amazon',
  'appleid.apple.com': 'Apple',
  'api.twitter.com': 'Twitter',
  'www.digits.com': 'Digits',
};

export const SOCIAL_PROVIDERS = Object.keys(SOCIAL);

/** How people call a provider, whichever way it is named. */
export function useProviderName(): (provider: string) => string {
  const userPools = useBench((state) => state.resources?.userPools);
  return useCallback(
    (provider) => {
      const social = SOCIAL[provider];
      if (social) return social;
      const inIam = /:(?:oidc|saml)-provider\/(.+)$/.exec(provider)?.[1];
      // A stand-in's address is long, and its name is what its screen calls it.
      const standIn = /\/stand-ins\/\d{12}\/([^/]+)$/.exec(inIam ?? provider)?.[1];
      const named = standIn ?? inIam;
      if (named) return named;
      const [, userPoolId, clientId] = /\/([\w-]+_\w+)(?::(\w+))?$/.exec(provider) ?? [];
      const pool = userPools?.find(({ id }) => id === userPoolId);
      if (!pool) return provider;
      const client = pool.clients.find(({ id }) => id === clientId);
      return client && pool.clients.length > 1 ? `${pool.name} · ${client.name}` : pool.name;
    },
    [userPools],
  );
}
