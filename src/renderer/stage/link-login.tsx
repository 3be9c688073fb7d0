import { useState } from 'react';
import type { DeviceState } from '../../shared/device.ts';
import type { StandInView } from '../../shared/stand-ins.ts';
import { useAnswer, useAsking } from '../data/answers.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { act } from '../data/device-actions.ts';
import { openAt } from '../data/route.ts';
import { describePool, listInPool, whyNotListed, type DescribedPool } from '../providers/pool-listing.ts';
import { KIND_NAMES, SPOIL_WORDS } from '../providers/words.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Form, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Select } from '../ui/select.tsx';
import styles from './logins.module.css';

interface LinkLoginProps {
  readonly deviceId: string;
  readonly onClose: () => void;
}

/** Signs a person in with a provider other than the user pool; the device's identity gets that login as well. */
export function LinkLogin({ deviceId, onClose }: LinkLoginProps) {
  const device = useBench((state) => state.devices.find(({ id }) => id === deviceId));
  const poolId = device?.app.identityPoolId;
  const pool = useAnswer(poolId === undefined ? null : `pool ${poolId}`, () => describePool(poolId ?? ''));
  const providers = useAnswer('providers', () => call<StandInView[]>('GET', '/stand-ins'));
  if (!device) return null;
  const isGuest = device.identity?.guest === true;
  const isSomebody = device.signIn.status === 'signed-in' || device.logins.length > 0;
  return (
    <Dialog title={`Sign in with a provider on ${device.name}`} isOpen onClose={onClose} wide>
      {poolId === undefined ? (
        <p className={styles['note']}>This device’s app knows no identity pool: add a device to give it one.</p>
      ) : (
        <p className={styles['note']}>
          {isGuest
            ? 'A new login makes this guest a user with the same identity. A known one merges the guest into its owner.'
            : isSomebody
              ? 'The app shows this login with all others that it has, and they become one identity.'
              : 'A known login leads to the identity that has it, a new one to a new identity.'}
        </p>
      )}
      <Refusal refused={pool.refused ?? providers.refused} />
      {pool.value && providers.value && (
        <ul className={styles['providers']} aria-label="Providers">
          {providers.value.map((provider) => (
            <ProviderRow
              key={provider.name}
              device={device}
              provider={provider}
              pool={pool.value!}
              onListed={pool.again}
              onClose={onClose}
            />
          ))}
          <DeveloperRow device={device} pool={pool.value} onClose={onClose} />
        </ul>
      )}
    </Dialog>
  );
}

interface RowProps {
  readonly device: DeviceState;
  readonly pool: DescribedPool;
  readonly onClose: () => void;
}

interface ProviderRowProps extends RowProps {
  readonly provider: StandInView;
  readonly onListed: () => void;
}

function ProviderRow({ device, provider, pool, onListed, onClose }: ProviderRowProps) {
  const { name, kind, people, spoil } = provider;
  const linked = device.logins.find(({ standIn }) => standIn === name);
  const [chosen, setChosen] = useState(linked?.subject);
  const { busy, refused, ask } = useAsking();
  const shown = name === kind ? KIND_NAMES[kind] : name;
  const reason = whyNotListed(provider, pool);
  const person = people.some(({ subject }) => subject === chosen) ? chosen : people[0]?.subject;
  const list = async () => {
    if (await ask(() => listInPool(provider, pool.IdentityPoolId))) onListed();
  };
  const signIn = () => {
    if (person === undefined) return;
    onClose();
    void act(device.id, { do: 'link-login', provider: name, person });
  };
  return (
    <li>
      <div className={styles['row']}>
        <div className={styles['who']}>
          <p>
            <strong>{shown}</strong>
            {linked && <Mark tone="ok">linked</Mark>}
            {spoil.what !== 'none' && (
              <Mark tone="warn" title={SPOIL_WORDS[spoil.what].means}>
                {SPOIL_WORDS[spoil.what].text.toLowerCase()}
              </Mark>
            )}
          </p>
          <p className={styles['key']} title={provider.provider}>
            {provider.provider}
          </p>
        </div>
        {reason === undefined && people.length > 0 && (
          <>
            <Select
              label={`Person of ${shown}`}
              hideLabel
              value={person ?? ''}
              options={people.map(({ subject, name: text }) => ({ value: subject, text }))}
              onChange={setChosen}
            />
            <Button variant="primary" aria-label={`Sign in with ${shown}`} onPress={signIn}>
              Sign in
            </Button>
          </>
        )}
        {reason === undefined && people.length === 0 && (
          <div className={styles['unlisted']}>
            <span>It knows nobody.</span>
            <Button
              size="small"
              aria-label={`Add people to ${shown}`}
              onPress={() => (onClose(), openAt('providers', name, 'people'))}
            >
              Add people
            </Button>
          </div>
        )}
        {reason !== undefined && (
          <div className={styles['unlisted']}>
            <span>{reason}</span>
            <Button
              size="small"
              aria-label={`List it in the pool: ${shown}`}
              isDisabled={busy || provider.clients.length === 0}
              onPress={() => void list()}
            >
              List it in the pool
            </Button>
          </div>
        )}
      </div>
      <Refusal refused={refused} />
    </li>
  );
}

/** The app's own backend: it knows its users by ids of its own. */
function DeveloperRow({ device, pool, onClose }: RowProps) {
  const [user, setUser] = useState(device.logins.find(({ kind }) => kind === 'developer')?.subject ?? 'user-1');
  const name = pool.DeveloperProviderName;
  const signIn = () => {
    if (user.trim() === '') return;
    onClose();
    void act(device.id, { do: 'developer-login', user: user.trim() });
  };
  const who = (
    <div className={styles['who']}>
      <p>
        <strong>The app’s backend</strong>
      </p>
      <p className={styles['key']}>{name ?? 'DeveloperProviderName'}</p>
    </div>
  );
  if (name === undefined) {
    return (
      <li className={styles['row']}>
        {who}
        <div className={styles['unlisted']}>
          <span>the pool has no developer provider</span>
          <Button size="small" onPress={() => (onClose(), openAt('identities', pool.IdentityPoolId, 'settings'))}>
            Open its settings
          </Button>
        </div>
      </li>
    );
  }
  return (
    <li>
      <Form label="Developer login" onSubmit={signIn}>
        <div className={styles['row']}>
          {who}
          <Field label="User of the backend" hideLabel value={user} onChange={setUser} mono isRequired />
          <Button variant="primary" type="submit" aria-label={`Sign in with ${name}`}>
            Sign in
          </Button>
        </div>
      </Form>
    </li>
  );
}
