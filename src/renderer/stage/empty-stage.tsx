import { Play, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useBench } from '../data/bench-state.ts';
import { asRefusal } from '../data/call.ts';
import { addDevice, appForNewDevice } from '../data/device-actions.ts';
import { notify } from '../data/notices.ts';
import { usePreferences } from '../data/preferences.ts';
import { runScenario } from '../data/scenario-actions.ts';
import { ConnectLines } from '../settings/connect-lines.tsx';
import { Button } from '../ui/button.tsx';
import styles from './empty-stage.module.css';

/** What to do with a bench on which nothing happened yet. */
export function EmptyStage() {
  const demo = useBench((state) => state.scenarios[0]);
  const demoSeen = usePreferences((state) => state.demoSeen);
  const [busy, setBusy] = useState(false);
  const addPhone = async () => {
    setBusy(true);
    try {
      await addDevice({ name: 'Phone A', kind: 'phone', app: await appForNewDevice() });
    } catch (error) {
      notify(asRefusal(error).message, 'bad');
      setBusy(false);
    }
  };
  return (
    <div className={styles['empty']}>
      <div className={styles['words']}>
        <h3>Cognito on a bench</h3>
        <p>Simulated devices, your own apps and every call between them, with the reason behind each answer.</p>
      </div>
      <div className={styles['offers']}>
        <section className={styles['offer']} aria-label="Demo">
          <h4>See it work</h4>
          <p>
            {demo ? demo.text : 'Two devices sign up, sign in, and synchronise a dataset with a conflict and a push.'}
          </p>
          <Button
            variant={demoSeen ? 'plain' : 'primary'}
            size="large"
            icon={Play}
            autoFocus={!demoSeen}
            isDisabled={!demo}
            onPress={() => demo && void runScenario(demo.name)}
          >
            Start the demo
          </Button>
        </section>
        <section className={styles['offer']} aria-label="Device">
          <h4>Try it yourself</h4>
          <p>A phone whose app is the AWS SDK, with a user pool, an app client and an identity pool ready for it.</p>
          <Button size="large" icon={Smartphone} isDisabled={busy} onPress={() => void addPhone()}>
            Add a phone
          </Button>
        </section>
        <section className={styles['connect']} aria-label="Connect your own app">
          <h4>Connect your own app</h4>
          <p>Point its AWS SDK here. Its calls appear beside the devices.</p>
          <ConnectLines />
        </section>
      </div>
    </div>
  );
}
