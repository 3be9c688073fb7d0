import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { idp } from '../data/aws.ts';
import { lastTyped } from '../data/device-actions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Check, Checks, Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Confirm, FormDialog, Pair } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { idOf, openTab, type Pool } from './pool.ts';
import styles from './user-dialogs.module.css';

interface UserDialogProps {
  readonly pool: Pool;
  readonly username: string;
  /** What the person is known by. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Fits the password policy that a pool has when nobody sets another. */
const SUGGESTED_PASSWORD = 'Correct-Horse-7';

/** AdminCreateUser, and for a person who is there at once AdminSetUserPassword. */
export function CreateUser({ pool, onClose }: { readonly pool: Pool; readonly onClose: () => void }) {
  const byEmail = pool.UsernameAttributes?.includes('email') ?? false;
  const byPhone = !byEmail && (pool.UsernameAttributes?.includes('phone_number') ?? false);
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [phone, setPhone] = useState('');
  const [password, setPassword] = useState(SUGGESTED_PASSWORD);
  const [verified, setVerified] = useState(true);
  const [ready, setReady] = useState<'invited' | 'confirmed'>('confirmed');
  const [by, setBy] = useState<('EMAIL' | 'SMS')[]>(['EMAIL']);
  const [extra, setExtra] = useState<Extra>(() => Object.fromEntries(requiredOf(pool).map((name) => [name, ''])));
  const name = byEmail ? email : byPhone ? phone : username;
  const attributes = [
    ...(email ? [{ Name: 'email', Value: email }] : []),
    ...(email && verified ? [{ Name: 'email_verified', Value: 'true' }] : []),
    ...(phone ? [{ Name: 'phone_number', Value: phone }] : []),
    ...(phone && verified ? [{ Name: 'phone_number_verified', Value: 'true' }] : []),
    ...Object.entries(extra).map(([Name, Value]) => ({ Name, Value })),
  ];
  const run = async () => {
    const invited = ready === 'invited';
    const { User: user } = await idp('AdminCreateUser', {
      UserPoolId: idOf(pool),
      Username: name,
      UserAttributes: attributes,
      ...(password ? { TemporaryPassword: password } : {}),
      ...(invited ? { DesiredDeliveryMediums: by } : { MessageAction: 'SUPPRESS' as const }),
    });
    const made = user?.Username ?? name;
    openTab(pool, 'users', made);
    if (!invited) {
      const Permanent = true;
      await idp('AdminSetUserPassword', { UserPoolId: idOf(pool), Username: made, Password: password, Permanent });
      lastTyped.set(idOf(pool), { username: name, password });
    }
  };
  return (
    <FormDialog title="New user" verb="Create" wide onClose={onClose} run={run} ready={name !== ''}>
      {!byEmail && !byPhone && <Field label="User name" value={username} onChange={setUsername} isRequired autoFocus />}
      <Pair>
        <Field label="E-mail" type="email" value={email} onChange={setEmail} isRequired={byEmail} autoFocus={byEmail} />
        <Field label="Phone number" placeholder="+15550100" value={phone} onChange={setPhone} isRequired={byPhone} />
      </Pair>
      <Check checked={verified} onChange={setVerified}>
        Already verified
      </Check>
      <Attributes pool={pool} values={extra} onChange={setExtra} />
      <Choices
        label="To begin with"
        value={ready}
        choices={[
          { value: 'confirmed', text: 'Confirmed', hint: 'May sign in with this password at once; nothing is sent.' },
          {
            value: 'invited',
            text: 'Invited',
            hint: 'Gets this temporary password by message, and sets another at the first sign-in.',
          },
        ]}
        onChange={setReady}
      />
      <Field
        label={ready === 'invited' ? 'Temporary password, or none for one made up' : 'Password'}
        type="password"
        value={password}
        onChange={setPassword}
      />
      {ready === 'invited' && (
        <Checks
          label="Invite by"
          values={by}
          choices={[
            { value: 'EMAIL', text: 'E-mail' },
            { value: 'SMS', text: 'SMS' },
          ]}
          onChange={setBy}
        />
      )}
    </FormDialog>
  );
}

type Extra = { readonly [name: string]: string };

const ASKED_FOR = new Set(['email', 'phone_number', 'sub']);

const requiredOf = (pool: Pool): string[] =>
  (pool.SchemaAttributes ?? [])
    .filter(({ Required, Name = '' }) => Required && !ASKED_FOR.has(Name))
    .map(({ Name = '' }) => Name);

/** Further attributes, picked from the pool's schema. */
function Attributes({
  pool,
  values,
  onChange,
}: {
  readonly pool: Pool;
  readonly values: Extra;
  readonly onChange: (values: Extra) => void;
}) {
  const names = (pool.SchemaAttributes ?? [])
    .map(({ Name = '' }) => Name)
    .filter((name) => !ASKED_FOR.has(name) && !(name in values) && !name.endsWith('_verified'));
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <div key={name} className={styles['attribute']}>
          <Field label={name} value={value} onChange={(text) => onChange({ ...values, [name]: text })} />
          <IconButton
            icon={X}
            label={`Without ${name}`}
            onPress={() => onChange(Object.fromEntries(Object.entries(values).filter(([other]) => other !== name)))}
          />
        </div>
      ))}
      <Select
        label="Add an attribute"
        value=""
        options={[
          { value: '', text: 'Choose…', disabled: true },
          ...names.map((name) => ({ value: name, text: name })),
        ]}
        onChange={(name) => onChange({ ...values, [name]: '' })}
      />
    </>
  );
}

/** AdminUpdateUserAttributes for what changed, AdminDeleteUserAttributes for what was taken away. */
export function EditAttributes({
  pool,
  username,
  name: person,
  attributes,
  onClose,
}: UserDialogProps & { readonly attributes: readonly { readonly Name: string; readonly Value?: string }[] }) {
  const before = Object.fromEntries(
    attributes.filter(({ Name }) => Name !== 'sub').map(({ Name, Value = '' }) => [Name, Value]),
  );
  const [values, setValues] = useState<Extra>(before);
  const known = (pool.SchemaAttributes ?? []).map(({ Name = '' }) => Name).filter((name) => name !== 'sub');
  const missing = known.filter((name) => !(name in values));
  const [next, setNext] = useState('');
  const changed = Object.entries(values).filter(([name, value]) => before[name] !== value);
  const removed = Object.keys(before).filter((name) => !(name in values));
  const user = { UserPoolId: idOf(pool), Username: username };
  const run = async () => {
    if (changed.length > 0) {
      const list = changed.map(([Name, Value]) => ({ Name, Value }));
      await idp('AdminUpdateUserAttributes', { ...user, UserAttributes: list });
    }
    if (removed.length > 0) await idp('AdminDeleteUserAttributes', { ...user, UserAttributeNames: removed });
  };
  return (
    <FormDialog
      title={`Attributes of ${person}`}
      verb="Save"
      ready={changed.length + removed.length > 0}
      onClose={onClose}
      run={run}
    >
      {Object.entries(values).map(([name, value]) => (
        <div key={name} className={styles['attribute']}>
          {name.endsWith('_verified') ? (
            <Select
              label={name}
              value={value}
              options={['true', 'false'].map((text) => ({ value: text, text }))}
              onChange={(text) => setValues({ ...values, [name]: text })}
            />
          ) : (
            <Field label={name} value={value} onChange={(text) => setValues({ ...values, [name]: text })} />
          )}
          <IconButton
            icon={X}
            label={`Delete ${name}`}
            onPress={() => setValues(Object.fromEntries(Object.entries(values).filter(([other]) => other !== name)))}
          />
        </div>
      ))}
      <div className={styles['attribute']}>
        <Select
          label="Another attribute"
          value={next}
          options={[{ value: '', text: 'Choose…' }, ...missing.map((name) => ({ value: name, text: name }))]}
          onChange={setNext}
        />
        <Button
          icon={Plus}
          isDisabled={next === ''}
          onPress={() => {
            setValues({ ...values, [next]: next.endsWith('_verified') ? 'true' : '' });
            setNext('');
          }}
        >
          Add
        </Button>
      </div>
    </FormDialog>
  );
}

export function SetPassword({ pool, username, name, onClose }: UserDialogProps) {
  const [password, setPassword] = useState('');
  const [kind, setKind] = useState<'permanent' | 'temporary'>('permanent');
  const run = () =>
    idp('AdminSetUserPassword', {
      UserPoolId: idOf(pool),
      Username: username,
      Password: password,
      Permanent: kind === 'permanent',
    });
  return (
    <FormDialog title={`Password of ${name}`} verb="Set" ready={password !== ''} onClose={onClose} run={run}>
      <Field label="New password" type="password" value={password} onChange={setPassword} isRequired autoFocus />
      <Choices
        label="For how long"
        value={kind}
        choices={[
          { value: 'permanent', text: 'Permanent', hint: 'The user becomes confirmed.' },
          { value: 'temporary', text: 'Temporary', hint: 'The user sets another at the next sign-in.' },
        ]}
        onChange={setKind}
      />
    </FormDialog>
  );
}

export function DeleteUser({ pool, username, name, onClose }: UserDialogProps) {
  const run = async () => {
    await idp('AdminDeleteUser', { UserPoolId: idOf(pool), Username: username });
    openTab(pool, 'users');
  };
  return (
    <Confirm title={`Delete ${name}?`} verb="Delete" onClose={onClose} run={run}>
      <p>The user is gone with attributes, groups and remembered devices. Tokens that are out stop working here.</p>
    </Confirm>
  );
}
