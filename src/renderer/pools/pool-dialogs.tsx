import { useState } from 'react';
import { idp } from '../data/aws.ts';
import { refreshResources } from '../data/live.ts';
import { go } from '../data/route.ts';
import { Check, Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Confirm, FormDialog } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { idOf, savePool, type Pool } from './pool.ts';

interface PoolDialogProps {
  readonly pool: Pool;
  readonly onClose: () => void;
}

const TIERS = [
  { value: 'LITE', text: 'Lite', hint: 'Passwords, SMS and authenticator codes.' },
  { value: 'ESSENTIALS', text: 'Essentials', hint: 'And passkeys, codes instead of passwords, e-mail codes.' },
  { value: 'PLUS', text: 'Plus', hint: 'And threat protection.' },
] as const;

export function EditPool({ pool, onClose }: PoolDialogProps) {
  const [name, setName] = useState(pool.Name ?? '');
  const [tier, setTier] = useState(pool.UserPoolTier ?? 'ESSENTIALS');
  const [isProtected, setProtected] = useState(pool.DeletionProtection === 'ACTIVE');
  const [tags, setTags] = useState(asLines(pool.UserPoolTags ?? {}));
  const save = async () => {
    await savePool(pool, {
      PoolName: name,
      UserPoolTier: tier,
      DeletionProtection: isProtected ? 'ACTIVE' : 'INACTIVE',
      UserPoolTags: fromLines(tags),
    });
    refreshResources();
  };
  return (
    <FormDialog title={`Edit ${pool.Name}`} verb="Save" ready={name !== ''} onClose={onClose} run={save}>
      <Field label="Name" value={name} onChange={setName} isRequired autoFocus />
      <Choices label="Tier" value={tier} choices={TIERS} onChange={setTier} />
      <Check checked={isProtected} onChange={setProtected} hint="DeleteUserPool is refused until this is off.">
        Protect against deletion
      </Check>
      <TextArea label="Tags, one a line" placeholder="team=identity" value={tags} onChange={setTags} rows={3} mono />
    </FormDialog>
  );
}

export function DeletePool({ pool, onClose }: PoolDialogProps) {
  const remove = async () => {
    await idp('DeleteUserPool', { UserPoolId: idOf(pool) });
    refreshResources();
    go('pools');
  };
  const users = pool.EstimatedNumberOfUsers ?? 0;
  return (
    <Confirm
      title={`Delete ${pool.Name}?`}
      verb="Delete the pool"
      type={pool.Name ?? ''}
      onClose={onClose}
      run={remove}
    >
      <p>
        {users === 0 ? 'The pool has no users.' : `With its ${users === 1 ? 'one user' : `${users} users`},`} groups and
        app clients it is gone at once. Apps and identity pools that name it stop working.
      </p>
    </Confirm>
  );
}

const asLines = (tags: { readonly [key: string]: string }): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');

const fromLines = (text: string): { [key: string]: string } =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [key = '', ...rest] = line.split('=');
        return [key.trim(), rest.join('=').trim()];
      }),
  );
