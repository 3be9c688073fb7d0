import { Keyboard, RotateCcw } from 'lucide-react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useBench } from '../data/bench-state.ts';
import { openDialog } from '../data/dialogs.ts';
import { prefer, usePreferences, type Theme } from '../data/preferences.ts';
import { currentAccount } from '../data/session.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Screen } from '../ui/screen.tsx';
import { ConnectLines } from './connect-lines.tsx';
import styles from './settings.module.css';

const ISSUERS = { local: 'this bench’s address', aws: 'the address that AWS uses' };
const AUTH = {
  enforce: 'policies decide; unknown roles are made on first use',
  strict: 'policies decide; unknown roles are refused, as AWS does',
  soft: 'everything is allowed; what would be denied is reported',
  off: 'everything is allowed',
};
const LIMITS = { seed: 'the quotas that Cognito began with', current: 'today’s quotas', off: 'none' };

const THEMES: readonly { readonly id: Theme; readonly text: string }[] = [
  { id: 'system', text: 'As the system' },
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
];

export function Settings() {
  const health = useBench((state) => state.health);
  const theme = usePreferences((state) => state.theme);
  return (
    <Screen title="Settings">
      <div className={styles['columns']}>
        <section className={styles['panel']} aria-label="Connect an app">
          <h3>Connect an app</h3>
          <p>Any AWS SDK, the AWS CLI or Amplify: only the endpoint changes. The app id names its lane on the stage.</p>
          <ConnectLines />
        </section>
        <section className={styles['panel']} aria-label="This bench">
          <h3>This bench</h3>
          <p>
            How it was started, by flags of <code>poolbench start</code>.
          </p>
          {health ? (
            <Facts>
              <Fact name="Endpoint">
                <CopyId value={health.url} label="endpoint" most={40} />
              </Fact>
              <Fact name="Region">{health.region}</Fact>
              <Fact name="Account">
                <CopyId value={currentAccount()} label="account" />
              </Fact>
              <Fact name="Issuer">
                <strong>{health.issuer}</strong> – {ISSUERS[health.issuer]}
              </Fact>
              <Fact name="Auth">
                <strong>{health.auth}</strong> – {AUTH[health.auth]}
              </Fact>
              <Fact name="Limits">
                <strong>{health.limits}</strong> – {LIMITS[health.limits]}
              </Fact>
              <Fact name="Data">
                {health.memory ? 'in memory, gone when the bench stops' : 'kept in its data folder'}
              </Fact>
              <Fact name="Services">{Object.keys(health.services).join(', ')}</Fact>
              <Fact name="Version">{health.version}</Fact>
            </Facts>
          ) : (
            <p>The bench has not answered yet.</p>
          )}
        </section>
        <section className={styles['panel']} aria-label="This page">
          <h3>This page</h3>
          <RadioGroup
            className={styles['theme'] ?? ''}
            value={theme}
            onChange={(value) => prefer({ theme: value as Theme })}
            orientation="horizontal"
          >
            <Label className={styles['label'] ?? ''}>Theme</Label>
            <div className={styles['segments']}>
              {THEMES.map(({ id, text }) => (
                <Radio key={id} value={id} className={styles['segment'] ?? ''}>
                  {text}
                </Radio>
              ))}
            </div>
          </RadioGroup>
          <div className={styles['buttons']}>
            <Button icon={Keyboard} onPress={() => openDialog('keys')}>
              Keyboard shortcuts
            </Button>
            <Button icon={RotateCcw} variant="danger" onPress={() => openDialog('reset')}>
              Reset this account…
            </Button>
          </div>
        </section>
      </div>
    </Screen>
  );
}
