import { useState, type FormEvent, type ReactNode } from 'react';
import { MailCheck } from 'lucide-react';
import type { DeviceState, SignInFlow } from '../../shared/device.ts';
import { useBench } from '../data/bench-state.ts';
import { act, lastTyped } from '../data/device-actions.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import styles from './device-card.module.css';

interface FormProps {
  readonly device: DeviceState;
  readonly busy: boolean;
  readonly onDone: () => void;
}

/** Fits the password policy that a pool has when nobody sets another. */
const SUGGESTED_PASSWORD = 'Correct-Horse-7';

function Form({
  label,
  children,
  onSubmit,
}: {
  readonly label: string;
  readonly children: ReactNode;
  readonly onSubmit: () => Promise<void>;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSubmit();
  };
  return (
    <form className={styles['form']} aria-label={label} onSubmit={submit}>
      {children}
    </form>
  );
}

/** The user name that was last typed for this user pool, on whichever device. */
const typedFor = (device: DeviceState) => lastTyped.get(device.app.userPoolId ?? '');

export function SignUpForm({ device, busy, onDone }: FormProps) {
  const [username, setUsername] = useState('alice');
  const [email, setEmail] = useState('alice@example.test');
  const [password, setPassword] = useState(SUGGESTED_PASSWORD);
  const submit = async () => {
    lastTyped.set(device.app.userPoolId ?? '', { username, password });
    if (await act(device.id, { do: 'sign-up', username, password, ...(email ? { email } : {}) })) onDone();
  };
  return (
    <Form label={`Sign up on ${device.name}`} onSubmit={submit}>
      <div className={styles['pair']}>
        <Field label="User name" value={username} onChange={setUsername} isRequired autoFocus />
        <Field label="Password" type="password" value={password} onChange={setPassword} isRequired />
      </div>
      <Field label="E-mail" type="email" value={email} onChange={setEmail} />
      <Buttons submit="Sign up" busy={busy} onCancel={onDone} />
    </Form>
  );
}

const FLOWS: readonly { readonly value: SignInFlow; readonly text: string }[] = [
  { value: 'USER_SRP_AUTH', text: 'by SRP' },
  { value: 'USER_PASSWORD_AUTH', text: 'by password' },
  { value: 'USER_AUTH', text: 'by choice' },
  { value: 'CUSTOM_AUTH', text: 'by custom challenge' },
];

export function SignInForm({ device, busy, onDone }: FormProps) {
  const waiting = device.signIn.status === 'unconfirmed' ? device.signIn.username : undefined;
  const typed = typedFor(device);
  const [username, setUsername] = useState(waiting ?? typed?.username ?? '');
  const [password, setPassword] = useState(typed?.password ?? '');
  const [flow, setFlow] = useState<SignInFlow>('USER_SRP_AUTH');
  const submit = async () => {
    const withPassword = password !== '' && flow !== 'USER_AUTH' ? { password } : {};
    if (await act(device.id, { do: 'sign-in', username, flow, ...withPassword })) {
      lastTyped.set(device.app.userPoolId ?? '', { username, password });
      onDone();
    }
  };
  return (
    <Form label={`Sign in on ${device.name}`} onSubmit={submit}>
      <div className={styles['pair']}>
        <Field label="User name" value={username} onChange={setUsername} isRequired autoFocus />
        <Field
          label="Password"
          type="password"
          value={password}
          onChange={setPassword}
          isRequired={flow === 'USER_SRP_AUTH' || flow === 'USER_PASSWORD_AUTH'}
        />
      </div>
      <Buttons submit="Sign in" busy={busy} onCancel={onDone}>
        <Select
          label="How"
          hideLabel
          value={flow}
          options={FLOWS}
          onChange={(value) => setFlow(value as SignInFlow)}
          className={styles['end']}
        />
      </Buttons>
      <div>
        <Button
          size="small"
          variant="quiet"
          isDisabled={busy || username === ''}
          onPress={() => void act(device.id, { do: 'forgot-password', username })}
        >
          Forgot the password
        </Button>
      </div>
    </Form>
  );
}

interface ConfirmFormProps {
  readonly device: DeviceState;
  readonly username: string;
  readonly busy: boolean;
  readonly onSignIn: () => void;
  readonly onConfirmed: () => void;
}

export function ConfirmForm({ device, username, busy, onSignIn, onConfirmed }: ConfirmFormProps) {
  const [code, setCode] = useState('');
  const sent = useBench((state) =>
    state.messages.find(
      (message) =>
        message.username === username && message.code !== null && message.userPoolId === device.app.userPoolId,
    ),
  );
  const confirm = async (text: string) => {
    if (await act(device.id, { do: 'confirm-sign-up', username, code: text })) onConfirmed();
  };
  return (
    <Form label={`Confirm the sign-up on ${device.name}`} onSubmit={() => confirm(code)}>
      {sent?.code && (
        <Button icon={MailCheck} variant="primary" isDisabled={busy} onPress={() => void confirm(sent.code ?? '')}>
          Use code {sent.code}
        </Button>
      )}
      <div className={styles['buttons']}>
        <Field label="Code" hideLabel placeholder="Code" value={code} onChange={setCode} mono inputMode="numeric" />
        <Button type="submit" isDisabled={busy || code === ''}>
          Confirm
        </Button>
      </div>
      <div className={styles['buttons']}>
        <Button
          size="small"
          variant="quiet"
          isDisabled={busy}
          onPress={() => void act(device.id, { do: 'resend-code', username })}
        >
          Send another code
        </Button>
        <Button size="small" variant="quiet" isDisabled={busy} onPress={onSignIn}>
          Sign in instead
        </Button>
      </div>
    </Form>
  );
}

interface NewPasswordFormProps {
  readonly device: DeviceState;
  readonly requiredAttributes: readonly string[];
  readonly busy: boolean;
}

export function NewPasswordForm({ device, requiredAttributes, busy }: NewPasswordFormProps) {
  const [password, setPassword] = useState('');
  const [attributes, setAttributes] = useState<{ readonly [name: string]: string }>({});
  const submit = async () => {
    await act(device.id, { do: 'new-password', password, ...(requiredAttributes.length > 0 ? { attributes } : {}) });
  };
  return (
    <Form label={`New password on ${device.name}`} onSubmit={submit}>
      <Field label="New password" type="password" value={password} onChange={setPassword} isRequired />
      {requiredAttributes.map((name) => (
        <Field
          key={name}
          label={name}
          value={attributes[name] ?? ''}
          onChange={(value) => setAttributes({ ...attributes, [name]: value })}
          isRequired
        />
      ))}
      <Button type="submit" variant="primary" isDisabled={busy || password === ''}>
        Set the password
      </Button>
    </Form>
  );
}

function Buttons({
  submit,
  busy,
  onCancel,
  children,
}: {
  readonly submit: string;
  readonly busy: boolean;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}) {
  return (
    <div className={styles['buttons']}>
      <Button type="submit" variant="primary" isDisabled={busy}>
        {submit}
      </Button>
      <Button variant="quiet" onPress={onCancel}>
        Cancel
      </Button>
      {children}
    </div>
  );
}
