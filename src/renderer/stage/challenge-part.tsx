import { Fingerprint, MailCheck, ShieldCheck } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { DeviceState, SignInState } from '../../shared/device.ts';
import { useCodes } from '../data/authenticator-codes.ts';
import { useBench } from '../data/bench-state.ts';
import { act, lastTyped } from '../data/device-actions.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import styles from './device-card.module.css';

interface PartProps {
  readonly device: DeviceState;
  readonly busy: boolean;
}

type Challenged = SignInState & { status: 'challenged' };

interface ChallengeProps extends PartProps {
  readonly signIn: Challenged;
}

/** AWS's names, as people say them; its own name is in the tooltip. */
const NAMES: Readonly<Record<string, string>> = {
  NEW_PASSWORD_REQUIRED: 'new password',
  SMS_MFA: 'SMS code',
  SMS_OTP: 'SMS code',
  EMAIL_OTP: 'e-mail code',
  SOFTWARE_TOKEN_MFA: 'authenticator',
  SELECT_MFA_TYPE: 'choose a factor',
  SELECT_CHALLENGE: 'choose how',
  MFA_SETUP: 'set up a factor',
  CUSTOM_CHALLENGE: 'custom challenge',
  WEB_AUTHN: 'passkey',
  PASSWORD: 'password',
  PASSWORD_SRP: 'password by SRP',
};

export const challengeName = (challenge: string): string => NAMES[challenge] ?? challenge;

/** What the pool asks for before it lets somebody in, with the input that answers it. */
export function ChallengePart({ device, busy, signIn }: ChallengeProps) {
  switch (signIn.challenge) {
    case 'SMS_MFA':
    case 'SMS_OTP':
    case 'EMAIL_OTP':
      return <MessageCode {...{ device, busy, signIn }} />;
    case 'SOFTWARE_TOKEN_MFA':
      return <SoftwareToken {...{ device, busy, signIn }} />;
    case 'SELECT_MFA_TYPE':
    case 'SELECT_CHALLENGE':
      return <Choice {...{ device, busy, signIn }} />;
    case 'MFA_SETUP':
      return <Setup {...{ device, busy, signIn }} />;
    case 'WEB_AUTHN':
      return <UsePasskey {...{ device, busy, signIn }} />;
    case 'CUSTOM_CHALLENGE':
      return (
        <TextAnswer {...{ device, busy }} label="Answer">
          {Object.entries(signIn.parameters).map(([name, value]) => (
            <p key={name} className={styles['hint']}>
              {name}: <strong>{value}</strong>
            </p>
          ))}
        </TextAnswer>
      );
    case 'PASSWORD':
    case 'PASSWORD_SRP':
      return <TextAnswer {...{ device, busy }} label="Password" type="password" />;
    default:
      return null;
  }
}

function MessageCode({ device, busy, signIn }: ChallengeProps) {
  const sent = useCodeFor(device, signIn.username, ['Authentication']);
  return (
    <TextAnswer {...{ device, busy }} label="Code">
      {sent && (
        <Button
          icon={MailCheck}
          variant="primary"
          isDisabled={busy}
          onPress={() => void act(device.id, { do: 'answer', answer: sent })}
        >
          Use code {sent}
        </Button>
      )}
      {signIn.destination && <p className={styles['hint']}>A code went to {signIn.destination}.</p>}
    </TextAnswer>
  );
}

function SoftwareToken({ device, busy, signIn }: ChallengeProps) {
  const own = useCodes(device).find(
    ({ username, userPoolId, pending }) =>
      !pending && userPoolId === device.app.userPoolId && username === signIn.username,
  );
  return (
    <TextAnswer {...{ device, busy }} label="Code">
      {signIn.answersItself && (
        <Button
          icon={ShieldCheck}
          variant="primary"
          isDisabled={busy}
          onPress={() => void act(device.id, { do: 'answer' })}
        >
          {own ? `Use the authenticator’s ${own.code}` : 'Use the authenticator’s code'}
        </Button>
      )}
      {own?.used && (
        <p className={styles['hint']}>This code was used; the next one comes in {own.secondsLeft} seconds.</p>
      )}
      {!signIn.answersItself && (
        <p className={styles['hint']}>Another device’s authenticator has the code: read it there.</p>
      )}
    </TextAnswer>
  );
}

const PASSWORDS = new Set(['PASSWORD', 'PASSWORD_SRP']);

function Choice({ device, busy, signIn }: ChallengeProps) {
  const asksPassword = signIn.choices.some((choice) => PASSWORDS.has(choice));
  const [password, setPassword] = useState(lastTyped.get(device.app.userPoolId ?? '')?.password ?? '');
  return (
    <div className={styles['form']}>
      {asksPassword && <Field label="Password" type="password" value={password} onChange={setPassword} />}
      <div className={styles['actions']} role="group" aria-label="Choices">
        {signIn.choices.map((choice) => {
          const takesPassword = PASSWORDS.has(choice);
          return (
            <Button
              key={choice}
              size="small"
              isDisabled={busy || (takesPassword && password === '')}
              onPress={() =>
                void act(device.id, { do: 'answer', answer: choice, ...(takesPassword ? { password } : {}) })
              }
            >
              {challengeName(choice)}
            </Button>
          );
        })}
      </div>
    </div>
  );
}

function Setup({ device, busy, signIn }: ChallengeProps) {
  const waiting = useCodes(device).find(({ pending, userPoolId }) => pending && userPoolId === device.app.userPoolId);
  return (
    <>
      {signIn.choices.includes('SOFTWARE_TOKEN_MFA') && (
        <div className={styles['actions']}>
          <Button
            icon={ShieldCheck}
            variant="primary"
            isDisabled={busy}
            onPress={() => void act(device.id, waiting ? { do: 'verify-totp' } : { do: 'set-up-totp' })}
          >
            {waiting ? `Verify code ${waiting.code}` : 'Set up the authenticator'}
          </Button>
        </div>
      )}
      {signIn.choices.includes('EMAIL_OTP') && <TextAnswer {...{ device, busy }} label="E-mail" submit="Send a code" />}
    </>
  );
}

function UsePasskey({ device, busy, signIn }: ChallengeProps) {
  if (!signIn.answersItself) return <p className={styles['hint']}>The passkey is not on this device.</p>;
  return (
    <div className={styles['actions']}>
      <Button
        icon={Fingerprint}
        variant="primary"
        isDisabled={busy}
        onPress={() => void act(device.id, { do: 'answer' })}
      >
        Use the passkey
      </Button>
    </div>
  );
}

/** A forgotten password: the code, and a new one. */
export function ResetPart({ device, busy, username }: PartProps & { readonly username: string }) {
  const sent = useCodeFor(device, username, ['ForgotPassword']);
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  const code = typed || (sent ?? '');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await act(device.id, { do: 'confirm-forgot-password', code, password }))) return;
    lastTyped.set(device.app.userPoolId ?? '', { username, password });
  };
  return (
    <form
      className={styles['form']}
      aria-label={`Reset the password on ${device.name}`}
      onSubmit={(event) => void submit(event)}
    >
      <div className={styles['pair']}>
        <Field label={typed === '' && sent ? 'Code, from the inbox' : 'Code'} value={code} onChange={setTyped} mono />
        <Field label="New password" type="password" value={password} onChange={setPassword} />
      </div>
      <div>
        <Button type="submit" variant="primary" isDisabled={busy || code === '' || password === ''}>
          Set the password
        </Button>
      </div>
    </form>
  );
}

function TextAnswer({
  device,
  busy,
  label,
  type = 'text',
  submit = 'Answer',
  children,
}: PartProps & {
  readonly label: string;
  readonly type?: 'text' | 'password';
  readonly submit?: string;
  readonly children?: ReactNode;
}) {
  const [text, setText] = useState('');
  const answer = (event: FormEvent) => {
    event.preventDefault();
    void act(device.id, { do: 'answer', answer: text });
  };
  return (
    <form className={styles['form']} aria-label={`Answer on ${device.name}`} onSubmit={answer}>
      {children}
      <div className={styles['buttons']}>
        <Field label={label} hideLabel placeholder={label} type={type} value={text} onChange={setText} />
        <Button type="submit" isDisabled={busy || text === ''}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

/** The newest code that the user was sent for this purpose. */
function useCodeFor(device: DeviceState, username: string, triggers: readonly string[]): string | null | undefined {
  return useBench(
    (state) =>
      state.messages.find(
        (message) =>
          message.code !== null &&
          triggers.includes(message.trigger) &&
          message.userPoolId === device.app.userPoolId &&
          (message.username === username || message.to === username),
      )?.code,
  );
}
