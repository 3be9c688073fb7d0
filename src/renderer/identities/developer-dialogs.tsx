import { useState } from 'react';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { identity, openTab, type IdentityPool } from './identity-pool.ts';

interface DialogProps {
  readonly pool: IdentityPool;
  readonly onClose: () => void;
}

/** As the developer's backend does it for one of its users. */
export function DeveloperUser({ pool, onClose }: DialogProps) {
  const [user, setUser] = useState('');
  const provider = pool.DeveloperProviderName ?? '';
  const run = async () => {
    const { IdentityId = '' } = await identity('GetOpenIdTokenForDeveloperIdentity', {
      IdentityPoolId: pool.IdentityPoolId,
      Logins: { [provider]: user.trim() },
    });
    openTab(pool, 'identities', IdentityId);
  };
  return (
    <FormDialog
      title={`Identity of a user of ${provider}`}
      verb="Find or make it"
      ready={user.trim() !== ''}
      onClose={onClose}
      run={run}
    >
      <Field label="The backend’s own id of its user" value={user} onChange={setUser} mono autoFocus isRequired />
    </FormDialog>
  );
}

/** The source's identity becomes a part of the destination's. */
export function MergeUsers({ pool, onClose }: DialogProps) {
  const [source, setSource] = useState('');
  const [destination, setDestination] = useState('');
  const run = async () => {
    const { IdentityId = '' } = await identity('MergeDeveloperIdentities', {
      IdentityPoolId: pool.IdentityPoolId,
      DeveloperProviderName: pool.DeveloperProviderName ?? '',
      SourceUserIdentifier: source.trim(),
      DestinationUserIdentifier: destination.trim(),
    });
    openTab(pool, 'identities', IdentityId);
  };
  return (
    <FormDialog
      title={`Merge users of ${pool.DeveloperProviderName}`}
      verb="Merge"
      ready={source.trim() !== '' && destination.trim() !== ''}
      onClose={onClose}
      run={run}
    >
      <Pair>
        <Field label="This user’s identity" value={source} onChange={setSource} mono autoFocus isRequired />
        <Field label="goes into the one of" value={destination} onChange={setDestination} mono isRequired />
      </Pair>
      <p>The first identity is disabled; its logins and its datasets go over.</p>
    </FormDialog>
  );
}
