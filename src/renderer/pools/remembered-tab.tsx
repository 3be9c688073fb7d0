import { Check, Choices } from '../ui/choice.tsx';
import { savePool, type TabProps } from './pool.ts';
import { Panel, Settings, useDraft } from './settings.tsx';
import styles from './pool.module.css';

const MODES = [
  { value: 'never', text: 'Never', hint: 'No sign-in leaves a trace of its device.' },
  { value: 'asked', text: 'When the user says so', hint: 'The app asks, and calls UpdateDeviceStatus.' },
  { value: 'always', text: 'Always', hint: 'A device that is confirmed is remembered.' },
] as const;

/** Whether the pool remembers the devices that people sign in on. */
export function RememberedTab({ pool }: TabProps) {
  const config = pool.DeviceConfiguration;
  const saved: 'never' | 'asked' | 'always' = !config
    ? 'never'
    : config.DeviceOnlyRememberedOnUserPrompt
      ? 'asked'
      : 'always';
  const draft = useDraft({ mode: saved, challenge: config?.ChallengeRequiredOnNewDevice ?? false });
  const { value, change } = draft;
  const save = () =>
    savePool(
      value.mode === 'never' ? withoutDevices(pool) : pool,
      value.mode === 'never'
        ? {}
        : {
            DeviceConfiguration: {
              ChallengeRequiredOnNewDevice: value.challenge,
              DeviceOnlyRememberedOnUserPrompt: value.mode === 'asked',
            },
          },
    );
  return (
    <Settings label="Remembered devices" draft={draft} save={save}>
      <Panel title="Remembered devices">
        <Choices
          label="Devices are remembered"
          value={value.mode}
          choices={MODES}
          onChange={(mode) => change({ mode })}
        />
        {value.mode !== 'never' && (
          <Check
            checked={value.challenge}
            onChange={(challenge) => change({ challenge })}
            hint="A remembered device proves itself instead of asking for the second factor."
          >
            Only new devices need a second factor
          </Check>
        )}
        <p className={styles['note']}>The devices of one user are in the user’s own panel, in the tab Users.</p>
      </Panel>
    </Settings>
  );
}

function withoutDevices(pool: TabProps['pool']): TabProps['pool'] {
  const { DeviceConfiguration: _config, ...rest } = pool;
  return rest;
}
