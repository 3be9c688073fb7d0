import { useId, useState } from 'react';
import type { AccessRole } from '../../shared/bench-api.ts';
import { useAnswer } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { call } from '../data/call.ts';
import { Field } from '../ui/field.tsx';
import { Confirm, FormDialog, Pair } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { idOf, openTab, type Group, type Pool } from './pool.ts';

interface GroupDialogProps {
  readonly pool: Pool;
  /** The one to edit, or none for a new one. */
  readonly group?: Group;
  readonly onClose: () => void;
}

export function GroupDialog({ pool, group, onClose }: GroupDialogProps) {
  const [name, setName] = useState(group?.GroupName ?? '');
  const [precedence, setPrecedence] = useState(group?.Precedence?.toString() ?? '');
  const [role, setRole] = useState(group?.RoleArn ?? '');
  const [description, setDescription] = useState(group?.Description ?? '');
  const roles = useAnswer('roles', () => call<AccessRole[]>('GET', '/access/roles')).value ?? [];
  const isNumber = precedence === '' || /^\d+$/.test(precedence);
  const known = roles.some(({ arn }) => arn === role);
  const asked = {
    UserPoolId: idOf(pool),
    GroupName: name,
    ...(precedence === '' ? {} : { Precedence: Number(precedence) }),
    ...(role === '' ? {} : { RoleArn: role }),
    ...(description === '' && !group?.Description ? {} : { Description: description }),
  };
  const run = async () => {
    await (group ? idp('UpdateGroup', asked) : idp('CreateGroup', asked));
    openTab(pool, 'groups', name);
  };
  const id = useId();
  return (
    <FormDialog
      title={group ? `Edit ${name}` : 'New group'}
      verb={group ? 'Save' : 'Create'}
      ready={name !== '' && isNumber}
      onClose={onClose}
      run={run}
    >
      <Pair>
        <Field
          label="Name"
          value={name}
          onChange={setName}
          isRequired
          isDisabled={group !== undefined}
          autoFocus={!group}
        />
        <Field
          label="Precedence, 0 is the highest"
          placeholder="none"
          value={precedence}
          onChange={setPrecedence}
          inputMode="numeric"
          isInvalid={!isNumber}
          autoFocus={group !== undefined}
        />
      </Pair>
      {roles.length > 0 && (
        <Select
          label="Role"
          value={known ? role : ''}
          options={[
            { value: '', text: role === '' || known ? 'None' : 'Another, see below' },
            ...roles.map(({ arn, name: text }) => ({ value: arn, text })),
          ]}
          onChange={setRole}
        />
      )}
      <Field
        id={id}
        label={roles.length > 0 ? 'Role, by ARN' : 'Role (ARN)'}
        placeholder="arn:aws:iam::000000000000:role/…"
        value={role}
        onChange={setRole}
        mono
      />
      <Field label="Description" value={description} onChange={setDescription} />
    </FormDialog>
  );
}

export function DeleteGroup({
  pool,
  name,
  onClose,
}: {
  readonly pool: Pool;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const run = async () => {
    await idp('DeleteGroup', { UserPoolId: idOf(pool), GroupName: name });
    openTab(pool, 'groups');
  };
  return (
    <Confirm title={`Delete ${name}?`} verb="Delete" onClose={onClose} run={run}>
      <p>Its members stay; their next tokens do not name the group.</p>
    </Confirm>
  );
}
