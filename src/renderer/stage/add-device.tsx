import { useState } from 'react';
import type { DeviceApp } from '../../shared/device.ts';
import { useBench } from '../data/bench-state.ts';
import { asRefusal } from '../data/call.ts';
import { addDevice, appForNewDevice, makeSandbox, nextDeviceName } from '../data/device-actions.ts';
import { select } from '../data/route.ts';
import { shortId } from '../format/ids.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import styles from './add-device.module.css';

interface AddDeviceProps {
  readonly kind: 'phone' | 'tablet';
  readonly onClose: () => void;
}

const SAME = 'same';
const SANDBOX = 'sandbox';
const CHOSEN = 'chosen';

export function AddDevice({ kind, onClose }: AddDeviceProps) {
  const devices = useBench((state) => state.devices);
  const resources = useBench((state) => state.resources);
  const [name, setName] = useState(() => nextDeviceName(kind, devices));
  const hasPools = (resources?.userPools.length ?? 0) > 0;
  const [source, setSource] = useState(hasPools ? SAME : SANDBOX);
  const [app, setApp] = useState<Partial<DeviceApp>>({});
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string>();

  const add = async () => {
    setBusy(true);
    setFailed(undefined);
    try {
      const pointedAt = source === SANDBOX ? await makeSandbox() : source === SAME ? await appForNewDevice() : app;
      const device = await addDevice({ name, kind, app: pointedAt });
      select({ kind: 'device', id: device.id });
      onClose();
    } catch (error) {
      const { code, message } = asRefusal(error);
      setFailed(`${code}: ${message}`);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={`Add a ${kind}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="add-device" isDisabled={busy || name.trim() === ''}>
            {busy ? 'Adding…' : 'Add'}
          </Button>
        </>
      }
    >
      <form
        id="add-device"
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Field label="Name" value={name} onChange={setName} isRequired autoFocus />
        <label className={styles['select']}>
          <span>Its app uses</span>
          <select value={source} onChange={(event) => setSource(event.target.value)}>
            {hasPools && <option value={SAME}>the pools that are there</option>}
            <option value={SANDBOX}>new pools, made for it</option>
            {hasPools && <option value={CHOSEN}>pools that I choose</option>}
          </select>
        </label>
        {source === CHOSEN && <PoolChoice app={app} onChange={setApp} />}
        {failed && (
          <p className={styles['failed']} role="alert">
            {failed}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function PoolChoice({
  app,
  onChange,
}: {
  readonly app: Partial<DeviceApp>;
  readonly onChange: (app: Partial<DeviceApp>) => void;
}) {
  const resources = useBench((state) => state.resources);
  const clients = (resources?.userPools ?? []).flatMap((pool) => pool.clients.map((client) => ({ pool, client })));
  return (
    <>
      <label className={styles['select']}>
        <span>App client</span>
        <select
          value={app.clientId ?? ''}
          onChange={(event) => {
            const chosen = clients.find(({ client }) => client.id === event.target.value);
            onChange(
              chosen
                ? { ...app, clientId: chosen.client.id, userPoolId: chosen.pool.id }
                : { identityPoolId: app.identityPoolId },
            );
          }}
        >
          <option value="">none</option>
          {clients.map(({ pool, client }) => (
            <option key={client.id} value={client.id} disabled={client.hasSecret}>
              {pool.name} · {client.name}
              {client.hasSecret ? ' (has a secret)' : ''}
            </option>
          ))}
        </select>
      </label>
      <label className={styles['select']}>
        <span>Identity pool</span>
        <select
          value={app.identityPoolId ?? ''}
          onChange={(event) => onChange({ ...app, identityPoolId: event.target.value || undefined })}
        >
          <option value="">none</option>
          {resources?.identityPools.map((pool) => (
            <option key={pool.id} value={pool.id}>
              {pool.name} · {shortId(pool.id)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
