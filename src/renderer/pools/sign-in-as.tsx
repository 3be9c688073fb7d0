import { useState } from 'react';
import { useAnswer } from '../data/answers.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { addDevice, lastTyped, nextDeviceName } from '../data/device-actions.ts';
import { go, select } from '../data/route.ts';
import { Field } from '../ui/field.tsx';
import { FormDialog } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { idOf, listClients, type Pool } from './pool.ts';
import styles from './pool.module.css';

interface SignInAsProps {
  readonly pool: Pool;
  readonly username: string;
  readonly onClose: () => void;
}

const NEW = '';

/** Signs in as an app does it, with the password, on a simulated device. */
export function SignInAs({ pool, username, onClose }: SignInAsProps) {
  const poolId = idOf(pool);
  const devices = useBench((state) => state.devices);
  const here = devices.filter(({ app }) => app.userPoolId === poolId && app.clientId !== undefined);
  const clients = useAnswer(`clients ${poolId}`, () => listClients(poolId)).value;
  const secretClients = useBench((state) => state.resources?.userPools.find(({ id }) => id === poolId)?.clients);
  const usable = (clients ?? []).filter(({ id }) => !secretClients?.find((client) => client.id === id)?.hasSecret);
  const [deviceId, setDeviceId] = useState(here[0]?.id ?? NEW);
  const [clientId, setClientId] = useState<string | undefined>();
  const typed = lastTyped.get(poolId);
  const [password, setPassword] = useState(typed?.username === username ? typed.password : '');
  const chosenClient = clientId ?? usable[0]?.id;
  const isNew = deviceId === NEW;

  const run = async () => {
    const device = isNew ? await newPhone() : deviceId;
    await call('POST', `/devices/${encodeURIComponent(device)}/actions`, {
      do: 'sign-in',
      username,
      password,
      flow: 'USER_SRP_AUTH',
    });
    lastTyped.set(poolId, { username, password });
    go('stage');
    select({ kind: 'device', id: device });
  };
  const newPhone = async () => {
    const { health, resources } = useBench.getState();
    const region = health?.region ?? 'us-east-1';
    const trusting = resources?.identityPools.find(({ providers }) =>
      providers.some((name) => name.endsWith(`/${poolId}`)),
    );
    const device = await addDevice({
      name: nextDeviceName('phone', devices),
      kind: 'phone',
      app: {
        region,
        userPoolId: poolId,
        clientId: chosenClient ?? '',
        ...(trusting && { identityPoolId: trusting.id }),
      },
    });
    // A refused sign-in is tried again on the same phone.
    setDeviceId(device.id);
    return device.id;
  };
  return (
    <FormDialog
      title={`Sign in as ${username}`}
      verb="Sign in"
      ready={password !== '' && (!isNew || chosenClient !== undefined)}
      onClose={onClose}
      run={run}
    >
      <p className={styles['note']}>
        The true flow on a simulated device: the password is proved by SRP, and what the pool asks for besides is asked
        for on the device.
      </p>
      <Select
        label="Device"
        value={deviceId}
        options={[
          ...here.map(({ id, name, signIn }) => ({
            value: id,
            text: signIn.status === 'signed-in' ? `${name}, in place of ${signIn.username}` : name,
          })),
          { value: NEW, text: 'A new phone' },
        ]}
        onChange={setDeviceId}
      />
      {isNew && clients && usable.length > 0 && (
        <Select
          label="App client"
          value={chosenClient ?? ''}
          options={usable.map(({ id, name }) => ({ value: id, text: `${name} · ${id}` }))}
          onChange={setClientId}
        />
      )}
      {isNew && clients && usable.length === 0 && (
        <p>The pool has no app client without a secret; a device needs one. Make it in the tab App clients.</p>
      )}
      <Field label="Password" type="password" value={password} onChange={setPassword} isRequired autoFocus />
    </FormDialog>
  );
}
