import { useEffect, useState } from 'react';
import type { ProviderChoices } from '../../shared/identity-views.ts';
import { useAnswer } from '../data/answers.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { refreshResources } from '../data/live.ts';
import { Check, Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import panels from '../pools/pool.module.css';
import { loginKey, savePool, type IdentityPool, type PoolChange, type Provider } from './identity-pool.ts';
import { SOCIAL_PROVIDERS, useProviderName } from './provider-name.ts';

const KINDS: readonly { readonly value: Provider['kind']; readonly text: string; readonly hint: string }[] = [
  { value: 'User pool', text: 'User pool', hint: 'An app client of a user pool of this account.' },
  { value: 'Social', text: 'Social', hint: 'Tokens of Google, Facebook and the like, made for your app’s id there.' },
  {
    value: 'OpenID Connect',
    text: 'OpenID Connect',
    hint: 'A provider that IAM knows by CreateOpenIDConnectProvider.',
  },
  { value: 'SAML', text: 'SAML', hint: 'A provider that IAM knows by CreateSAMLProvider.' },
];

export function AddProvider({ pool, onClose }: { readonly pool: IdentityPool; readonly onClose: () => void }) {
  const userPools = useBench((state) => state.resources?.userPools) ?? [];
  useEffect(refreshResources, []);
  const inIam = useAnswer('providers of IAM', () => call<ProviderChoices>('GET', '/identity-pools/provider-choices'));
  const nameOf = useProviderName();
  const [kind, setKind] = useState<Provider['kind']>('User pool');
  const listed = new Set(pool.CognitoIdentityProviders?.map(({ ClientId }) => ClientId));
  const clients = userPools.flatMap((userPool) =>
    userPool.clients
      .filter(({ id }) => !listed.has(id))
      .map((client) => ({ value: `${userPool.id} ${client.id}`, text: `${userPool.name} · ${client.name}` })),
  );
  const [client, setClient] = useState('');
  const [check, setCheck] = useState(false);
  const [social, setSocial] = useState(SOCIAL_PROVIDERS[0] ?? '');
  const [appIds, setAppIds] = useState('');
  const [arn, setArn] = useState('');
  const known = kind === 'SAML' ? pool.SamlProviderARNs : pool.OpenIdConnectProviderARNs;
  const arns = (kind === 'SAML' ? inIam.value?.saml : inIam.value?.openIdConnect)?.filter(
    (one) => !known?.includes(one),
  );
  const chosenClient = client || (clients[0]?.value ?? '');
  const chosenArn = arns?.includes(arn) ? arn : (arns?.[0] ?? '');
  const change = (): PoolChange | undefined => {
    switch (kind) {
      case 'User pool': {
        const [userPoolId = '', ClientId = ''] = chosenClient.split(' ');
        if (ClientId === '') return undefined;
        const entry = { ProviderName: loginKey(userPoolId), ClientId, ServerSideTokenCheck: check };
        return { CognitoIdentityProviders: [...(pool.CognitoIdentityProviders ?? []), entry] };
      }
      case 'Social':
        if (appIds.trim() === '') return undefined;
        return { SupportedLoginProviders: { ...pool.SupportedLoginProviders, [social]: appIds.trim() } };
      case 'SAML':
        return chosenArn === '' ? undefined : { SamlProviderARNs: [...(known ?? []), chosenArn] };
      default:
        return chosenArn === '' ? undefined : { OpenIdConnectProviderARNs: [...(known ?? []), chosenArn] };
    }
  };
  const asked = change();
  return (
    <FormDialog
      title="Add a provider"
      verb="Add"
      wide
      ready={asked !== undefined}
      onClose={onClose}
      run={async () => {
        await savePool(pool, asked ?? {});
        refreshResources();
      }}
    >
      <Choices label="Kind" value={kind} choices={KINDS} onChange={setKind} />
      {kind === 'User pool' &&
        (clients.length === 0 ? (
          <p className={panels['note']}>Every app client of this account is in the pool already, or there is none.</p>
        ) : (
          <>
            <Select label="App client" value={chosenClient} options={clients} onChange={setClient} />
            <Check
              checked={check}
              onChange={setCheck}
              hint="The user pool is asked at each login whether the person is still signed in."
            >
              Server-side token check
            </Check>
          </>
        ))}
      {kind === 'Social' && (
        <Pair>
          <Select
            label="Provider"
            value={social}
            options={SOCIAL_PROVIDERS.map((name) => ({ value: name, text: `${nameOf(name)} (${name})` }))}
            onChange={setSocial}
          />
          <Field
            label="Your app’s id there; several with ;"
            placeholder="1234.apps.googleusercontent.com"
            value={appIds}
            onChange={setAppIds}
            mono
            isRequired
          />
        </Pair>
      )}
      {(kind === 'OpenID Connect' || kind === 'SAML') &&
        (arns?.length ? (
          <Select
            label="Provider of IAM"
            value={chosenArn}
            options={arns.map((one) => ({ value: one, text: one }))}
            onChange={setArn}
          />
        ) : (
          <p className={panels['note']}>
            IAM has no {kind} provider that this pool does not list. Make one with{' '}
            {kind === 'SAML' ? 'CreateSAMLProvider' : 'CreateOpenIDConnectProvider'}; the screen Providers has some
            ready to use.
          </p>
        ))}
    </FormDialog>
  );
}
