import { useState } from 'react';
import { idp } from '../data/aws.ts';
import { refreshResources } from '../data/live.ts';
import { Check, Checks, Frozen } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Confirm, FormDialog } from '../ui/form.tsx';
import { FLOWS, type Flow } from './client.ts';
import { idOf, openTab, type Client, type Pool } from './pool.ts';

export function CreateClient({ pool, onClose }: { readonly pool: Pool; readonly onClose: () => void }) {
  const [name, setName] = useState('web');
  const [secret, setSecret] = useState(false);
  const [flows, setFlows] = useState<Flow[]>(['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']);
  const run = async () => {
    const { UserPoolClient: client } = await idp('CreateUserPoolClient', {
      UserPoolId: idOf(pool),
      ClientName: name,
      GenerateSecret: secret,
      ExplicitAuthFlows: flows,
      PreventUserExistenceErrors: 'ENABLED',
    });
    refreshResources();
    openTab(pool, 'clients', client?.ClientId ?? '');
  };
  return (
    <FormDialog title="New app client" verb="Create" ready={name !== ''} onClose={onClose} run={run}>
      <Field label="Name" value={name} onChange={setName} isRequired autoFocus />
      <Checks label="Ways to sign in" values={flows} choices={FLOWS} onChange={setFlows} />
      <Check checked={secret} onChange={setSecret} hint="For servers. Apps on phones and in browsers cannot keep one.">
        With a secret
      </Check>
      <Frozen>Whether there is a secret is settled now.</Frozen>
    </FormDialog>
  );
}

interface DeleteClientProps {
  readonly pool: Pool;
  readonly client: Client;
  readonly onClose: () => void;
}

export function DeleteClient({ pool, client, onClose }: DeleteClientProps) {
  const run = async () => {
    await idp('DeleteUserPoolClient', { UserPoolId: idOf(pool), ClientId: client.ClientId ?? '' });
    refreshResources();
    openTab(pool, 'clients');
  };
  return (
    <Confirm title={`Delete ${client.ClientName}?`} verb="Delete" onClose={onClose} run={run}>
      <p>Apps that name it can sign nobody in any more.</p>
    </Confirm>
  );
}
