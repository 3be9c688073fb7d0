import { useBench } from '../data/bench-state.ts';
import { currentAccount } from '../data/session.ts';
import { CopyBlock } from '../ui/copy.tsx';
import { Tabs } from '../ui/tabs.tsx';
import styles from './connect-lines.module.css';

/** The lines that point an app's AWS SDK at the bench, for several shells. */
export function ConnectLines() {
  const health = useBench((state) => state.health);
  const values = environment(health?.url ?? location.origin, health?.region ?? 'us-east-1', currentAccount());
  const pairs = Object.entries(values);
  const forms = [
    { id: 'bash', title: 'bash', text: pairs.map(([name, value]) => `export ${name}=${value}`).join('\n') },
    {
      id: 'powershell',
      title: 'PowerShell',
      text: pairs.map(([name, value]) => `$env:${name} = "${value}"`).join('\n'),
    },
    { id: 'dotenv', title: '.env', text: pairs.map(([name, value]) => `${name}=${value}`).join('\n') },
    { id: 'js', title: 'JavaScript', text: javaScript(values) },
  ];
  return (
    <Tabs
      label="How to connect"
      tabs={forms.map(({ id, title, text }) => ({
        id,
        title,
        content: (
          <div className={styles['lines']}>
            <CopyBlock text={text} label={`lines for ${title}`} />
          </div>
        ),
      }))}
    />
  );
}

function environment(url: string, region: string, account: string) {
  return {
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY: url,
    AWS_ENDPOINT_URL_COGNITO_SYNC: url,
    AWS_ENDPOINT_URL_STS: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'poolbench',
    AWS_SDK_UA_APP_ID: 'my-app',
  };
}

function javaScript(values: ReturnType<typeof environment>): string {
  return `import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

const client = new CognitoIdentityProviderClient({
  endpoint: '${values.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER}',
  region: '${values.AWS_REGION}',
  credentials: { accessKeyId: '${values.AWS_ACCESS_KEY_ID}', secretAccessKey: '${values.AWS_SECRET_ACCESS_KEY}' },
  userAgentAppId: '${values.AWS_SDK_UA_APP_ID}',
});`;
}
