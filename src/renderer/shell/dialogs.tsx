import { closeDialog, useDialog } from '../data/dialogs.ts';
import { AddDevice } from '../stage/add-device.tsx';
import { CallResource } from '../stage/call-resource.tsx';
import { ConflictResolver } from '../stage/conflict-resolver.tsx';
import { DeleteDataset, RemoveDevice, SyncByFunction } from '../stage/device-dialogs.tsx';
import { LinkLogin } from '../stage/link-login.tsx';
import { People } from '../stage/people.tsx';
import { KeyboardSheet } from './keyboard-sheet.tsx';
import { Palette } from './palette.tsx';
import { ResetDialog } from './reset-dialog.tsx';

export function Dialogs() {
  const open = useDialog((state) => state.open);
  switch (open?.name) {
    case 'palette':
      return <Palette onClose={closeDialog} />;
    case 'keys':
      return <KeyboardSheet onClose={closeDialog} />;
    case 'reset':
      return <ResetDialog onClose={closeDialog} />;
    case 'add-device':
      return <AddDevice kind={open.kind} onClose={closeDialog} />;
    case 'remove-device':
      return <RemoveDevice deviceId={open.deviceId} onClose={closeDialog} />;
    case 'people':
      return <People deviceId={open.deviceId} onClose={closeDialog} />;
    case 'link-login':
      return <LinkLogin deviceId={open.deviceId} onClose={closeDialog} />;
    case 'call-resource':
      return <CallResource deviceId={open.deviceId} onClose={closeDialog} />;
    case 'sync-by-function':
      return <SyncByFunction deviceId={open.deviceId} datasetName={open.dataset} onClose={closeDialog} />;
    case 'resolve':
      return <ConflictResolver deviceId={open.deviceId} datasetName={open.dataset} onClose={closeDialog} />;
    case 'delete-dataset':
      return <DeleteDataset deviceId={open.deviceId} datasetName={open.dataset} onClose={closeDialog} />;
    default:
      return null;
  }
}
