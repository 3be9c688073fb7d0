import { BookmarkCheck, BookmarkX, Fingerprint, Trash2 } from 'lucide-react';
import type { DeviceState } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import { IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Mark } from '../ui/marks.tsx';
import styles from './device-card.module.css';

interface PartProps {
  readonly device: DeviceState;
  readonly busy: boolean;
}

const MEANING = {
  remembered: 'The pool remembers this device: it can stand in for the second factor',
  tracked: 'The pool knows this device by its key, and asks for a second factor all the same',
};

/** What the user's pool knows of this device, and its passkeys. */
export function RememberedPart({ device, busy }: PartProps) {
  const { remembered, passkeys, signIn } = device;
  if (remembered.status === 'none' && passkeys.length === 0) return null;
  const isRemembered = remembered.status === 'remembered';
  return (
    <section aria-label={`Remembered on ${device.name}`}>
      {remembered.status !== 'none' && (
        <div className={styles['line']}>
          <span className={styles['what']}>Device</span>
          <span className={styles['says']}>
            <Mark tone={isRemembered ? 'ok' : 'plain'} title={MEANING[remembered.status]}>
              {remembered.status}
            </Mark>
            <CopyId
              value={remembered.deviceKey ?? ''}
              shown={remembered.deviceKey?.split('_').at(-1) ?? ''}
              label="device key"
              most={6}
            />
          </span>
          <IconButton
            icon={isRemembered ? BookmarkX : BookmarkCheck}
            label={isRemembered ? `Only track ${device.name}` : `Remember ${device.name}`}
            isDisabled={busy}
            onPress={() => void act(device.id, { do: 'remember-device', remembered: !isRemembered })}
          />
          <IconButton
            icon={Trash2}
            label={`Have the pool forget ${device.name}`}
            isDisabled={busy}
            onPress={() => void act(device.id, { do: 'forget-device' })}
          />
        </div>
      )}
      {passkeys.map(({ credentialId, username, relyingPartyId, userPoolId }) => (
        <div key={credentialId} className={styles['line']}>
          <span className={styles['what']}>Passkey</span>
          <span className={styles['says']}>
            <Fingerprint size={13} aria-hidden />
            <span className={styles['muted']} title={`${username} in ${userPoolId}, for ${relyingPartyId}`}>
              {username} · {relyingPartyId}
            </span>
          </span>
          {signIn.status === 'signed-in' && signIn.username === username && (
            <IconButton
              icon={Trash2}
              label={`Delete the passkey of ${username} on ${device.name}`}
              isDisabled={busy}
              onPress={() => void act(device.id, { do: 'delete-passkey', credentialId })}
            />
          )}
        </div>
      ))}
    </section>
  );
}
