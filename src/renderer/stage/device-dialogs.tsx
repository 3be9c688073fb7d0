import { useState } from 'react';
import { useBench } from '../data/bench-state.ts';
import { asRefusal } from '../data/call.ts';
import { act, removeDevice } from '../data/device-actions.ts';
import { notify } from '../data/notices.ts';
import { select, useRoute } from '../data/route.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';

interface DeviceDialogProps {
  readonly deviceId: string;
  readonly onClose: () => void;
}

const useDevice = (deviceId: string) => useBench((state) => state.devices.find(({ id }) => id === deviceId));

export function RemoveDevice({ deviceId, onClose }: DeviceDialogProps) {
  const device = useDevice(deviceId);
  const remove = async () => {
    onClose();
    const { selection } = useRoute.getState();
    if (selection?.kind === 'device' && selection.id === deviceId) select(null);
    await removeDevice(deviceId).catch((error: unknown) => notify(asRefusal(error).message, 'bad'));
  };
  return (
    <Dialog
      title={`Remove ${device?.name ?? 'the device'}?`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button variant="danger" onPress={() => void remove()} autoFocus>
            Remove
          </Button>
        </>
      }
    >
      <p>Its cache and its session go with it. Users, identities and datasets on the bench stay.</p>
    </Dialog>
  );
}

interface DatasetDialogProps extends DeviceDialogProps {
  readonly datasetName: string;
}

export function DeleteDataset({ deviceId, datasetName, onClose }: DatasetDialogProps) {
  const device = useDevice(deviceId);
  const remove = () => {
    onClose();
    void act(deviceId, { do: 'delete-dataset', dataset: datasetName });
  };
  return (
    <Dialog
      title={`Delete ${datasetName}?`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button variant="danger" onPress={remove} autoFocus>
            Delete
          </Button>
        </>
      }
    >
      <p>{device?.name ?? 'The device'} deletes the dataset here, and on the store with its next synchronise.</p>
    </Dialog>
  );
}

const LONGEST_MS = 60_000;

export function Latency({ deviceId, onClose }: DeviceDialogProps) {
  const device = useDevice(deviceId);
  const [text, setText] = useState(String(device?.network.latencyMs ?? 0));
  const value = Number(text);
  const fits = /^\d+$/.test(text) && value <= LONGEST_MS;
  return (
    <Dialog
      title={`Latency of ${device?.name ?? 'the device'}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="latency" isDisabled={!fits}>
            Set
          </Button>
        </>
      }
    >
      <form
        id="latency"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          void act(deviceId, { do: 'network', latencyMs: value });
        }}
      >
        <Field
          label="Milliseconds, each way"
          value={text}
          onChange={setText}
          inputMode="numeric"
          isInvalid={!fits}
          autoFocus
        />
      </form>
    </Dialog>
  );
}
