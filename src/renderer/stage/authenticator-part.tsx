import { ShieldCheck } from 'lucide-react';
import type { DeviceState } from '../../shared/device.ts';
import { type TimedCode, useCodes } from '../data/authenticator-codes.ts';
import { act } from '../data/device-actions.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/marks.tsx';
import { Ring } from '../ui/ring.tsx';
import styles from './device-card.module.css';
import own from './authenticator-part.module.css';

interface PartProps {
  readonly device: DeviceState;
  readonly busy: boolean;
}

/** The authenticator app on the device: a code for each user who set it up. */
export function AuthenticatorPart({ device, busy }: PartProps) {
  const codes = useCodes(device);
  if (codes.length === 0) return null;
  return (
    <section aria-label={`Authenticator on ${device.name}`}>
      {codes.map((code, index) => (
        <Row key={`${code.userPoolId} ${code.username} ${code.pending}`} {...{ device, busy, code, index }} />
      ))}
    </section>
  );
}

function Row({ device, busy, code, index }: PartProps & { readonly code: TimedCode; readonly index: number }) {
  const { signIn } = device;
  const verify = async () => {
    if (!(await act(device.id, { do: 'verify-totp' }))) return;
    if (signIn.status === 'signed-in') await act(device.id, { do: 'set-mfa-preference', softwareToken: 'preferred' });
  };
  // In the middle of a sign-in the challenge above asks for it.
  const isOffered = code.pending && signIn.status === 'signed-in' && signIn.username === code.username;
  return (
    <>
      <div className={styles['line']}>
        <span className={styles['what']}>{index === 0 ? 'Codes' : ''}</span>
        <span className={styles['says']}>
          <span className={own['code']}>
            {code.code.slice(0, 3)} {code.code.slice(3)}
          </span>
          <span className={styles['muted']} title={`${code.username} in ${code.userPoolId}`}>
            {code.username}
          </span>
          {code.pending && (
            <Mark tone="warn" title="The pool has seen no code of this secret yet">
              new
            </Mark>
          )}
          {code.used && (
            <Mark title="The pool takes a code once; the next one comes soon.">
              <span className="visually-hidden">code </span>used
            </Mark>
          )}
        </span>
        <span className={styles['life']} title={`The next code comes in ${code.secondsLeft} seconds`}>
          <Ring share={code.share} />
          <span className="visually-hidden">next code in </span>
          {code.secondsLeft}s
        </span>
      </div>
      {isOffered && (
        <div className={styles['actions']}>
          <Button size="small" variant="primary" icon={ShieldCheck} isDisabled={busy} onPress={() => void verify()}>
            Verify and switch on
          </Button>
        </div>
      )}
    </>
  );
}
