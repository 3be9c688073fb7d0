import { useState } from 'react';
import { IdCard, KeyRound, LogIn, UserPlus } from 'lucide-react';
import type { DeviceState } from '../../shared/device.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { act } from '../data/device-actions.ts';
import { openDialog } from '../data/dialogs.ts';
import { timeLeft } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/marks.tsx';
import { ConfirmForm, NewPasswordForm, SignInForm, SignUpForm } from './account-forms.tsx';
import { ChallengePart, challengeName, ResetPart } from './challenge-part.tsx';
import { LoginsPart } from './logins-part.tsx';
import { personOf } from './owners.ts';
import styles from './device-card.module.css';

interface PartProps {
  readonly device: DeviceState;
  readonly busy: boolean;
}

/** Who is signed in, and the next step towards it. */
export function AccountPart({ device, busy }: PartProps) {
  const [form, setForm] = useState<'sign-up' | 'sign-in' | null>(null);
  const { signIn, app, logins } = device;
  const close = () => setForm(null);
  const openProviders = () => openDialog({ name: 'link-login', deviceId: device.id });
  const hasIdentityPool = app.identityPoolId !== undefined;
  const hasPool = app.userPoolId !== undefined && app.clientId !== undefined;

  return (
    <section aria-label={`Account on ${device.name}`}>
      <div className={styles['line']}>
        <span className={styles['what']}>Account</span>
        <AccountState device={device} />
        <Others device={device} />
        {(signIn.status === 'signed-in' || (signIn.status === 'signed-out' && logins.length > 0)) && (
          <Button
            size="small"
            variant="quiet"
            className={styles['end']}
            isDisabled={busy}
            onPress={() =>
              void act(device.id, { do: 'sign-out', ...(signIn.status === 'signed-in' ? {} : { all: true }) })
            }
          >
            Sign out
          </Button>
        )}
      </div>
      <LoginsPart device={device} busy={busy} />

      {signIn.status === 'signed-out' && !hasPool && (
        <p className={styles['hint']}>This device’s app knows no user pool: add a device to give it one.</p>
      )}
      {signIn.status === 'signed-out' && (hasPool || hasIdentityPool) && form === null && (
        <div className={styles['actions']}>
          {hasPool && (
            <>
              <Button size="small" icon={LogIn} isDisabled={busy} onPress={() => setForm('sign-in')}>
                Sign in
              </Button>
              <Button size="small" icon={UserPlus} isDisabled={busy} onPress={() => setForm('sign-up')}>
                Sign up
              </Button>
            </>
          )}
          {hasIdentityPool && logins.length === 0 && (
            <Button size="small" icon={IdCard} isDisabled={busy} onPress={openProviders}>
              Sign in with…
            </Button>
          )}
          {!device.identity && logins.length === 0 && (
            <Button
              size="small"
              icon={KeyRound}
              isDisabled={busy}
              onPress={() => void act(device.id, { do: 'get-credentials' })}
            >
              Be a guest
            </Button>
          )}
        </div>
      )}
      {signIn.status === 'signed-out' && form === 'sign-up' && (
        <SignUpForm device={device} busy={busy} onDone={close} />
      )}
      {(signIn.status === 'signed-out' || signIn.status === 'unconfirmed') && form === 'sign-in' && (
        <SignInForm device={device} busy={busy} onDone={close} />
      )}
      {signIn.status === 'unconfirmed' && form !== 'sign-in' && (
        <ConfirmForm
          device={device}
          username={signIn.username}
          busy={busy}
          onSignIn={() => setForm('sign-in')}
          onConfirmed={() => setForm('sign-in')}
        />
      )}
      {signIn.status === 'challenged' && signIn.challenge === 'NEW_PASSWORD_REQUIRED' && (
        <NewPasswordForm device={device} requiredAttributes={signIn.requiredAttributes} busy={busy} />
      )}
      {signIn.status === 'challenged' && (
        <ChallengePart key={signIn.challenge} device={device} signIn={signIn} busy={busy} />
      )}
      {signIn.status === 'resetting' && <ResetPart device={device} username={signIn.username} busy={busy} />}
      {(signIn.status === 'challenged' || signIn.status === 'resetting') && (
        <Button size="small" variant="quiet" isDisabled={busy} onPress={() => void act(device.id, { do: 'sign-out' })}>
          Give up
        </Button>
      )}
    </section>
  );
}

/** Who else has data on a device that several people use. */
function Others({ device }: { readonly device: DeviceState }) {
  const others = device.profiles.filter(({ current, owners }) => !current && owners.length > 0);
  if (others.length === 0) return null;
  const names = others.map(({ owners }) => personOf(owners)).join(', ');
  return (
    <Button
      size="small"
      variant="quiet"
      className={styles['others']}
      aria-label={`+${others.length}, who also use ${device.name}: ${names}`}
      onPress={() => openDialog({ name: 'people', deviceId: device.id })}
    >
      +{others.length}
    </Button>
  );
}

function AccountState({ device: { logins, signIn } }: { readonly device: DeviceState }) {
  const now = useBenchNow();
  if (signIn.status === 'signed-out' && logins.length > 0) {
    return (
      <span className={styles['says']}>
        <span className={styles['strong']}>{personOf(logins)}</span>
      </span>
    );
  }
  if (signIn.status === 'signed-out') return <span className={styles['muted']}>nobody is signed in</span>;
  const left =
    signIn.status === 'signed-in' && now !== undefined ? timeLeft(signIn.accessTokenExpiresAt, now) : undefined;
  return (
    <span className={styles['says']}>
      <span className={styles['strong']}>{signIn.username}</span>
      {signIn.status === 'unconfirmed' && <Mark tone="warn">waits for code</Mark>}
      {signIn.status === 'challenged' && (
        <Mark tone="warn" title={signIn.challenge}>
          {challengeName(signIn.challenge)}
        </Mark>
      )}
      {signIn.status === 'resetting' && <Mark tone="warn">waits for code</Mark>}
      {signIn.status === 'signed-in' && (
        <Mark tone={left?.expired ? 'bad' : 'ok'} title={`Access token: ${left?.text ?? ''}`}>
          {left?.expired ? 'token expired' : 'signed in'}
        </Mark>
      )}
    </span>
  );
}
