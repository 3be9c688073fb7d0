import { useState } from 'react';
import { useBench } from '../data/bench-state.ts';
import { iam } from '../data/iam.ts';
import { openAt } from '../data/route.ts';
import { currentAccount } from '../data/session.ts';
import { Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { FormDialog } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { trustOf, trustOfAccount } from './templates.ts';

/** A role for those who come through an identity pool, or for the account itself. */
export function CreateRole({ onClose }: { readonly onClose: () => void }) {
  const pools = useBench((state) => state.resources?.identityPools ?? []);
  const [name, setName] = useState('');
  const [picked, setWho] = useState<'authenticated' | 'unauthenticated' | 'account' | undefined>();
  const who = picked ?? (pools.length > 0 ? 'authenticated' : 'account');
  const [pool, setPool] = useState<string | undefined>();
  const chosen = pool ?? pools[0]?.id ?? '';
  const trust = who === 'account' ? trustOfAccount(currentAccount()) : trustOf(chosen, who);
  const create = async (): Promise<void> => {
    await iam('CreateRole', { RoleName: name, AssumeRolePolicyDocument: trust });
    openAt('access', 'roles', name);
  };
  return (
    <FormDialog
      title="Create a role"
      verb="Create"
      onClose={onClose}
      ready={name !== '' && (who === 'account' || chosen !== '')}
      run={create}
    >
      <Field label="Name" placeholder="EngineersRole" value={name} onChange={setName} isRequired autoFocus mono />
      <Choices
        label="Who may take it"
        value={who}
        choices={[
          ...(pools.length > 0
            ? [
                { value: 'authenticated' as const, text: 'Who signed in through an identity pool' },
                { value: 'unauthenticated' as const, text: 'Guests of an identity pool' },
              ]
            : []),
          { value: 'account', text: 'Users of this account, by AssumeRole' },
        ]}
        onChange={setWho}
      />
      {who !== 'account' && (
        <Select
          label="Identity pool"
          value={chosen}
          options={pools.map(({ id, name: poolName }) => ({ value: id, text: `${poolName} (${id})` }))}
          onChange={setPool}
        />
      )}
      <p>It begins without a policy: everything is denied until you write one.</p>
    </FormDialog>
  );
}
