import { KeyRound } from 'lucide-react';
import type { DeviceState } from '../../shared/device.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { act } from '../data/device-actions.ts';
import { timeLeft } from '../format/time.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Mark } from '../ui/marks.tsx';
import { Ring } from '../ui/ring.tsx';
import styles from './device-card.module.css';

/** Credentials live an hour unless a pool says otherwise; the ring shows how much of it is left. */
const WHOLE_MS = 3_600_000;

export function IdentityPart({ device, busy }: { readonly device: DeviceState; readonly busy: boolean }) {
  const now = useBenchNow();
  const { identity, logins, signIn } = device;
  if (!identity) {
    if (signIn.status !== 'signed-in' && logins.length === 0) return null;
    return (
      <section aria-label={`Identity on ${device.name}`}>
        <Button
          size="small"
          icon={KeyRound}
          isDisabled={busy}
          onPress={() => void act(device.id, { do: 'get-credentials' })}
        >
          Get credentials
        </Button>
      </section>
    );
  }
  const left =
    identity.credentialsExpireAt && now !== undefined ? timeLeft(identity.credentialsExpireAt, now) : undefined;
  return (
    <section aria-label={`Identity on ${device.name}`}>
      <div className={styles['line']}>
        <span className={styles['what']}>Identity</span>
        <span className={styles['says']}>
          <Mark tone={identity.guest ? 'plain' : 'accent'}>{identity.guest ? 'guest' : 'user'}</Mark>
          {identity.mergedFrom !== undefined && (
            <Mark title={`${identity.mergedFrom}, which this device had before, was merged into it`}>merged</Mark>
          )}
          <CopyId
            value={identity.identityId}
            shown={identity.identityId.split(':').at(-1) ?? ''}
            label="identity id"
            most={11}
          />
        </span>
        {left && (
          <span className={styles['life']} title={`Credentials: ${left.text}`}>
            <Ring share={Math.min(Math.max(left.left / WHOLE_MS, 0), 1)} />
            <span className="visually-hidden">credentials: </span>
            {left.expired ? 'expired' : left.text.replace(' left', '')}
          </span>
        )}
        {(!left || left.expired) && (
          <IconButton
            icon={KeyRound}
            label={`${left ? 'Renew the' : 'Get'} credentials on ${device.name}`}
            isDisabled={busy}
            className={styles['end']}
            onPress={() => void act(device.id, { do: 'get-credentials' })}
          />
        )}
      </div>
    </section>
  );
}
