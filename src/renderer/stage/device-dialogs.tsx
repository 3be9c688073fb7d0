import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useBench } from '../data/bench-state.ts';
import { asRefusal } from '../data/call.ts';
import { act, removeDevice } from '../data/device-actions.ts';
import { notify } from '../data/notices.ts';
import { openAt, select, useRoute } from '../data/route.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { RESOLVER_EXAMPLE, RESOLVER_HINT } from './resolver-example.ts';

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

/** Synchronises, and lets a function of the user's own settle what is in conflict. */
export function SyncByFunction({ deviceId, datasetName, onClose }: DatasetDialogProps) {
  const device = useDevice(deviceId);
  const [javascript, setJavascript] = useState(RESOLVER_EXAMPLE);
  const synchronize = () => {
    onClose();
    void act(deviceId, { do: 'synchronize', dataset: datasetName, resolver: { javascript } });
  };
  return (
    <Dialog
      title={`Synchronise ${datasetName} on ${device?.name ?? 'the device'} by a function`}
      isOpen
      onClose={onClose}
      wide
      actions={
        <>
          <Button
            variant="quiet"
            icon={FlaskConical}
            onPress={() => {
              onClose();
              openAt('sync', 'explorer');
            }}
          >
            Explore a resolver first
          </Button>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={javascript.trim() === ''} onPress={synchronize}>
            Synchronise
          </Button>
        </>
      }
    >
      <TextArea label="JavaScript" value={javascript} onChange={setJavascript} rows={9} mono />
      <p>{RESOLVER_HINT}</p>
    </Dialog>
  );
}
