import type { IdentityCounts } from '../../shared/identity-views.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { useFollowed } from '../data/facts.ts';
import { CopyBlock, CopyId } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { Panel } from '../pools/settings.tsx';
import panels from '../pools/pool.module.css';
import { arnOf, changesIdentities, openTab, providersOf, type IdentityPool, type TabProps } from './identity-pool.ts';
import { useProviderName } from './provider-name.ts';
import { StateMark, STATES } from './state-mark.tsx';
import { LinkButton } from './link-button.tsx';
import styles from './identities.module.css';

/** What the pool is, who is in it, and how an app begins. */
export function OverviewTab({ pool }: TabProps) {
  const id = pool.IdentityPoolId;
  const nameOf = useProviderName();
  const { value: counts, refused } = useFollowed(
    `counts ${id}`,
    () => call<IdentityCounts>('GET', `/identity-pools/${encodeURIComponent(id)}/counts`),
    (event) => changesIdentities(event, id),
  );
  const providers = providersOf(pool);
  return (
    <div className={panels['settings']}>
      <Panel title="Identities">
        <Refusal refused={refused} />
        <dl className={styles['counts']}>
          {STATES.map((state) => (
            <div key={state}>
              <dt>
                <StateMark state={state} />
              </dt>
              <dd>{counts === undefined ? '…' : numberOf(counts, state).toLocaleString('en')}</dd>
            </div>
          ))}
        </dl>
        {counts && !counts.isWhole && (
          <p className={panels['note']}>There are more; these are the first {counts.counted.toLocaleString('en')}.</p>
        )}
        <p>
          <LinkButton onPress={() => openTab(pool, 'identities')}>Show the identities</LinkButton>
        </p>
      </Panel>
      <Panel title="This pool">
        <Facts>
          <Fact name="Id">
            <CopyId value={id} label="identity pool id" most={60} />
          </Fact>
          <Fact name="ARN">
            <CopyId value={arnOf(id)} label="ARN" most={90} />
          </Fact>
          <Fact name="Guests">{pool.AllowUnauthenticatedIdentities ? 'allowed' : 'not allowed'}</Fact>
          <Fact name="Classic flow">{pool.AllowClassicFlow === false ? 'off' : 'on'}</Fact>
          <Fact name="Sign-in by">
            {providers.length === 0 ? (
              <LinkButton onPress={() => openTab(pool, 'providers')}>No provider yet; add one</LinkButton>
            ) : (
              providers.map(({ key }) => nameOf(key)).join(', ')
            )}
          </Fact>
        </Facts>
      </Panel>
      <Panel title="Getting started">
        <p>Credentials of an identity of this pool, in an app with the AWS SDK for JavaScript, version 3:</p>
        <CopyBlock text={useLines(pool)} label="lines for an app" />
      </Panel>
    </div>
  );
}

const numberOf = (
  { guests, authenticated, disabled }: IdentityCounts,
  state: 'guest' | 'authenticated' | 'disabled',
): number => ({ guest: guests, authenticated, disabled })[state];

function useLines(pool: IdentityPool): string {
  const url = useBench((state) => state.health?.url) ?? location.origin;
  const [first] = providersOf(pool);
  const logins = first ? `\n  logins: { '${first.login}': idToken },` : '';
  return `import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers';

const credentials = fromCognitoIdentityPool({
  identityPoolId: '${pool.IdentityPoolId}',${logins}
  clientConfig: { region: '${pool.IdentityPoolId.split(':')[0]}', endpoint: '${url}' },
});`;
}
