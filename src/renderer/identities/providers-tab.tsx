import { Plus, Plug, Tags, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAsking } from '../data/answers.ts';
import { refreshResources } from '../data/live.ts';
import { openAt } from '../data/route.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Confirm, Empty, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Panel } from '../pools/settings.tsx';
import panels from '../pools/pool.module.css';
import { AddProvider } from './add-provider.tsx';
import {
  providersOf,
  savePool,
  userPoolIn,
  type IdentityPool,
  type PoolChange,
  type Provider,
  type TabProps,
} from './identity-pool.ts';
import { LinkButton } from './link-button.tsx';
import { PrincipalTags } from './principal-tags.tsx';
import { useProviderName } from './provider-name.ts';
import styles from './identities.module.css';

/** By whom people may sign in, and which of their claims become tags. */
export function ProvidersTab({ pool }: TabProps) {
  const [adding, setAdding] = useState(false);
  const providers = providersOf(pool);
  const add = (
    <Button icon={Plus} variant={providers.length === 0 ? 'plain' : 'primary'} onPress={() => setAdding(true)}>
      Add a provider
    </Button>
  );
  return (
    <div className={panels['settings']}>
      <Panel title="Providers" aside={providers.length > 0 ? add : undefined}>
        {providers.length === 0 ? (
          <Empty icon={Plug} title="Nobody can sign in yet" actions={add}>
            A user pool, a social provider, or an OpenID Connect or SAML provider of IAM says who somebody is.
          </Empty>
        ) : (
          <ul className={styles['providers']} aria-label="Providers">
            {providers.map((provider) => (
              <ProviderRow key={provider.key} pool={pool} provider={provider} />
            ))}
          </ul>
        )}
        {pool.DeveloperProviderName !== undefined && (
          <p className={panels['note']}>
            Besides, a backend of your own vouches for its users as <code>{pool.DeveloperProviderName}</code>, with
            GetOpenIdTokenForDeveloperIdentity.
          </p>
        )}
      </Panel>
      {adding && <AddProvider pool={pool} onClose={() => setAdding(false)} />}
    </div>
  );
}

function ProviderRow({ pool, provider }: { readonly pool: IdentityPool; readonly provider: Provider }) {
  const nameOf = useProviderName();
  const { refused, ask } = useAsking();
  const [open, setOpen] = useState<'tags' | 'remove' | undefined>();
  const { key, kind } = provider;
  const name = nameOf(key);
  const userPool = userPoolIn(key);
  const entry = pool.CognitoIdentityProviders?.find(({ ClientId }) => ClientId === userPool?.clientId);
  const setCheck = (ServerSideTokenCheck: boolean) =>
    ask(() =>
      savePool(pool, {
        CognitoIdentityProviders: (pool.CognitoIdentityProviders ?? []).map((one) =>
          one === entry ? { ...one, ServerSideTokenCheck } : one,
        ),
      }),
    );
  const social = pool.SupportedLoginProviders?.[key];
  return (
    <li>
      <div className={styles['provider']}>
        <strong>{name}</strong>
        <Mark>{kind}</Mark>
        <CopyId value={key} label={`name of ${name} in role mappings`} most={46} />
        <span className={styles['acts']}>
          <Button
            size="small"
            icon={Tags}
            aria-expanded={open === 'tags'}
            onPress={() => setOpen(open === 'tags' ? undefined : 'tags')}
          >
            Principal tags
          </Button>
          <IconButton icon={Trash2} label={`Remove ${name}`} onPress={() => setOpen('remove')} />
        </span>
      </div>
      {social !== undefined && (
        <p className={panels['note']}>
          App ids: <code>{social}</code>
        </p>
      )}
      {userPool && (
        <div className={styles['below']}>
          <Check
            checked={entry?.ServerSideTokenCheck === true}
            onChange={(checked) => void setCheck(checked)}
            hint="The user pool is asked at each login, so people who signed out everywhere or are disabled are refused."
          >
            Server-side token check
          </Check>
          <LinkButton onPress={() => openAt('pools', userPool.userPoolId, 'clients', userPool.clientId)}>
            Show the app client
          </LinkButton>
        </div>
      )}
      <Refusal refused={refused} />
      {open === 'tags' && <PrincipalTags pool={pool} provider={key} />}
      {open === 'remove' && (
        <Confirm
          title={`Remove ${name}?`}
          verb="Remove"
          onClose={() => setOpen(undefined)}
          run={async () => {
            await savePool(pool, without(pool, provider));
            refreshResources();
          }}
        >
          <p>Nobody can sign in by it any more. Identities and their logins stay, and come back with the provider.</p>
        </Confirm>
      )}
    </li>
  );
}

function without(pool: IdentityPool, { key, kind }: Provider): PoolChange {
  switch (kind) {
    case 'User pool': {
      const { clientId } = userPoolIn(key) ?? {};
      return {
        CognitoIdentityProviders: pool.CognitoIdentityProviders?.filter(({ ClientId }) => ClientId !== clientId) ?? [],
      };
    }
    case 'Social': {
      const { [key]: _gone, ...others } = pool.SupportedLoginProviders ?? {};
      return { SupportedLoginProviders: others };
    }
    case 'SAML':
      return { SamlProviderARNs: pool.SamlProviderARNs?.filter((arn) => arn !== key) ?? [] };
    default:
      return { OpenIdConnectProviderARNs: pool.OpenIdConnectProviderARNs?.filter((arn) => arn !== key) ?? [] };
  }
}
