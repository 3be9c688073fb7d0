import { Copy, Link, Smartphone } from 'lucide-react';
import { useBench } from '../data/bench-state.ts';
import type { InboxMessage } from '../../shared/bench-api.ts';
import type { DeviceState } from '../../shared/device.ts';
import { act, useAsked } from '../data/device-actions.ts';
import { copyText, notify } from '../data/notices.ts';
import { dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import styles from './message-view.module.css';

export function MessageView({ message }: { readonly message: InboxMessage }) {
  const devices = useBench((state) => state.devices);
  const waiting = devices.filter((device) => waitsFor(device, message));
  return (
    <article className={styles['view']} aria-label={message.subject ?? 'SMS message'}>
      <header>
        <h3>{message.subject ?? 'SMS message'}</h3>
        <Facts>
          <Fact name="To">{message.to}</Fact>
          <Fact name="From">{message.from}</Fact>
          <Fact name="Sent">{dateAndTime(Date.parse(message.sentAt))}</Fact>
          <Fact name="Because of">
            {message.trigger} by <strong>{message.username}</strong>
          </Fact>
          <Fact name="User pool">
            <CopyId value={message.userPoolId} label="user pool id" most={30} />
          </Fact>
        </Facts>
      </header>
      {(message.code || message.link) && (
        <div className={styles['actions']}>
          {message.code && (
            <Button
              size="large"
              className={styles['code']}
              icon={Copy}
              aria-label={`Copy code ${message.code}`}
              onPress={() => void copyText(message.code ?? '', 'the code')}
            >
              {message.code}
            </Button>
          )}
          {waiting.map((device) => (
            <UseCode key={device.id} device={device} message={message} />
          ))}
          {message.link && (
            <Button size="large" icon={Link} onPress={() => void copyText(message.link ?? '', 'the link')}>
              Copy link
            </Button>
          )}
        </div>
      )}
      <pre className={styles['body']} tabIndex={0} role="region" aria-label="Text of the message">
        {asPlainText(message.body)}
      </pre>
    </article>
  );
}

function UseCode({ device, message }: { readonly device: DeviceState; readonly message: InboxMessage }) {
  const asked = useAsked((state) => state[device.id]);
  const use = async () => {
    const code = message.code ?? '';
    const isSigningIn = device.signIn.status === 'challenged';
    const done = await act(
      device.id,
      isSigningIn ? { do: 'answer', answer: code } : { do: 'confirm-sign-up', username: message.username, code },
    );
    if (done) notify(`${message.username} is ${isSigningIn ? 'past the code' : 'confirmed'} on ${device.name}`);
  };
  return (
    <>
      <Button
        size="large"
        variant="primary"
        icon={Smartphone}
        isDisabled={asked?.busy !== undefined}
        onPress={() => void use()}
      >
        Use code on {device.name}
      </Button>
      {asked?.failed && (
        <p className={styles['failed']} role="alert">{`${asked.failed.code}: ${asked.failed.message}`}</p>
      )}
    </>
  );
}

const CODE_CHALLENGES = new Set(['SMS_MFA', 'SMS_OTP', 'EMAIL_OTP']);

function waitsFor({ signIn, app }: DeviceState, message: InboxMessage): boolean {
  if (app.userPoolId !== message.userPoolId || signIn.status === 'signed-out') return false;
  const isAddressed = signIn.username === message.username || signIn.username === message.to;
  const isAsked = signIn.status === 'challenged' && CODE_CHALLENGES.has(signIn.challenge);
  return isAddressed && (message.trigger === 'Authentication' ? isAsked : signIn.status === 'unconfirmed');
}

/** Messages may hold HTML that a pool's owner wrote; here it is only read, so its text is enough. */
function asPlainText(body: string): string {
  if (!/<[a-z][^>]*>/i.test(body)) return body;
  const text = new DOMParser().parseFromString(body.replaceAll(/<br\s*\/?>/gi, '\n'), 'text/html').body.textContent;
  return text ?? body;
}
