import { useState } from 'react';
import { asRefusal, call } from '../data/call.ts';
import { refresh } from '../data/live.ts';
import { notify } from '../data/notices.ts';
import { select } from '../data/route.ts';
import { currentAccount } from '../data/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export function ResetDialog({ onClose }: { readonly onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const reset = async () => {
    setBusy(true);
    try {
      await call('POST', '/reset', {});
      select(null);
      await refresh();
      notify('The account is empty again');
    } catch (error) {
      notify(asRefusal(error).message, 'bad');
    }
    onClose();
  };
  return (
    <Dialog
      title="Reset this account?"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Keep everything</Button>
          <Button variant="danger" isDisabled={busy} onPress={() => void reset()} autoFocus>
            Reset
          </Button>
        </>
      }
    >
      <p>
        Pools, users, identities, datasets, devices, messages and calls of account <code>{currentAccount()}</code> are
        removed, and the clock goes back to real time. Other accounts stay as they are.
      </p>
    </Dialog>
  );
}
