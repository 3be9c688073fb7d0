import { ShieldPlus } from 'lucide-react';
import type { ProviderChoices } from '../../shared/identity-views.ts';
import type { StandInView } from '../../shared/stand-ins.ts';
import { noteChange, useAnswer, useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { Panel } from '../pools/settings.tsx';
import { Button } from '../ui/button.tsx';
import { CopyBlock, CopyId } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { arnInIam, registerWithIam } from './pool-listing.ts';
import styles from './providers.module.css';

/** How an identity pool comes to take this provider's tokens. */
export function UseIt({ provider }: { readonly provider: StandInView }) {
  const { kind } = provider;
  const isRegistered = kind === 'oidc' || kind === 'saml';
  return (
    <div className={styles['body']}>
      <Panel title="In Logins">
        <p>
          An app shows the token under this key, in GetId and GetCredentialsForIdentity
          {kind === 'saml' ? '; the value is the response in Base64' : ''}.
        </p>
        <Facts>
          <Fact name="Key">
            <CopyId value={provider.provider} label="key of Logins" most={80} />
          </Fact>
        </Facts>
      </Panel>
      {isRegistered ? <Registered provider={provider} /> : <Vendor provider={provider} />}
    </div>
  );
}

const command = (what: string, ...options: string[]): string =>
  [`aws ${what}`, `--endpoint-url ${location.origin}`, ...options].join(' \\\n  ');

function Registered({ provider }: { readonly provider: StandInView }) {
  const { kind, name, issuer, url, clients } = provider;
  const { busy, refused, ask } = useAsking();
  const arn = arnInIam(provider);
  const { value: inIam } = useAnswer('providers of IAM', () =>
    call<ProviderChoices>('GET', '/identity-pools/provider-choices'),
  );
  const isThere = [...(inIam?.openIdConnect ?? []), ...(inIam?.saml ?? [])].includes(arn);
  const register = () =>
    ask(async () => {
      await registerWithIam(provider);
      noteChange();
    });
  const lines =
    kind === 'saml'
      ? [
          `curl -s ${url}/saml/metadata -o ${name}.xml`,
          command('iam create-saml-provider', `--name ${name}`, `--saml-metadata-document file://${name}.xml`),
          command('cognito-identity update-identity-pool …', `--saml-provider-arns ${arn}`),
        ]
      : [
          command(
            'iam create-open-id-connect-provider',
            `--url ${issuer}`,
            `--client-id-list ${clients.map(({ id }) => id).join(' ')}`,
          ),
          command('cognito-identity update-identity-pool …', `--open-id-connect-provider-arns ${arn}`),
        ];
  return (
    <Panel title="Register it with IAM">
      <p>An identity pool names a provider of IAM, which knows {kind === 'saml' ? 'its certificate' : 'its apps'}.</p>
      <div>
        <Button
          variant="primary"
          icon={ShieldPlus}
          isDisabled={busy || inIam === undefined || isThere}
          onPress={() => void register()}
        >
          {isThere ? 'Registered' : `Register by Create${kind === 'saml' ? 'SAML' : 'OpenIDConnect'}Provider`}
        </Button>
      </div>
      {isThere && (
        <Facts>
          <Fact name="ARN">
            <CopyId value={arn} label="ARN of the provider" most={80} />
          </Fact>
        </Facts>
      )}
      <Refusal refused={refused} />
      <p>Or from a shell; the ARN is what the identity pool is told.</p>
      <CopyBlock text={lines.join('\n')} label={`lines that register ${name}`} />
    </Panel>
  );
}

function Vendor({ provider }: { readonly provider: StandInView }) {
  const [client] = provider.clients;
  const isPair = provider.kind === 'twitter' || provider.kind === 'digits';
  const shown = client?.id ?? 'your-app-id';
  const app = isPair ? `${shown};CONSUMER_SECRET` : shown;
  const line = command(
    'cognito-identity update-identity-pool …',
    `--supported-login-providers '${JSON.stringify({ [provider.provider]: app })}'`,
  );
  return (
    <Panel title="Name the app in the identity pool">
      <p>
        The pool lists the vendor under SupportedLoginProviders with the app’s id
        {isPair ? ' and secret, which is in the tab Apps' : ''}; nothing has to be registered with IAM.
      </p>
      <CopyBlock text={line} label={`line that lists ${provider.name}`} />
    </Panel>
  );
}
