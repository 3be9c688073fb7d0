import { useAnswer, useAsking } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { idOf, when, type Pool } from './pool.ts';
import styles from './pool.module.css';

/** The devices that the pool remembers of a user. */
export function UserDevices({ pool, username }: { readonly pool: Pool; readonly username: string }) {
  const user = { UserPoolId: idOf(pool), Username: username };
  const tracks = pool.DeviceConfiguration !== undefined;
  const { value, refused } = useAnswer(tracks ? `devices ${user.UserPoolId} ${username}` : null, () =>
    idp('AdminListDevices', { ...user, Limit: 60 }),
  );
  const asking = useAsking();
  const devices = value?.Devices ?? [];
  return (
    <Section title="Remembered devices">
      {!tracks && <p className={styles['note']}>The pool does not remember devices; see the tab Devices.</p>}
      {tracks && value && devices.length === 0 && <p className={styles['note']}>None yet.</p>}
      {devices.map((device) => {
        const attribute = (name: string) => device.DeviceAttributes?.find(({ Name }) => Name === name)?.Value;
        const remembered = attribute('dev:device_remembered_status') === 'remembered';
        const key = { ...user, DeviceKey: device.DeviceKey ?? '' };
        return (
          <div key={device.DeviceKey}>
            <Facts>
              <Fact name={attribute('device_name') ?? 'Device'}>
                <CopyId value={device.DeviceKey ?? ''} label="device key" most={30} />{' '}
                <Mark tone={remembered ? 'ok' : 'plain'}>{remembered ? 'remembered' : 'not remembered'}</Mark>
              </Fact>
              <Fact name="Last sign-in">{dateAndTime(when(device.DeviceLastAuthenticatedDate))}</Fact>
            </Facts>
            <div className={styles['chips']}>
              <Button
                size="small"
                onPress={() =>
                  void asking.ask(() =>
                    idp('AdminUpdateDeviceStatus', {
                      ...key,
                      DeviceRememberedStatus: remembered ? 'not_remembered' : 'remembered',
                    }),
                  )
                }
              >
                {remembered ? 'Remember no longer' : 'Remember'}
              </Button>
              <Button
                size="small"
                variant="danger"
                onPress={() => void asking.ask(() => idp('AdminForgetDevice', key))}
              >
                Forget
              </Button>
            </div>
          </div>
        );
      })}
      <Refusal refused={asking.refused ?? refused} />
    </Section>
  );
}
