import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { IdentityCounts } from '../../shared/identity-views.ts';
import { useAnswer } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { refreshResources } from '../data/live.ts';
import { go } from '../data/route.ts';
import { many } from '../format/size.ts';
import { Button } from '../ui/button.tsx';
import { Check, Frozen } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Confirm } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { Panel, Settings, useDraft } from '../pools/settings.tsx';
import panels from '../pools/pool.module.css';
import { asLines, fromLines, identity, savePool, type IdentityPool, type TabProps } from './identity-pool.ts';

export function SettingsTab({ pool }: TabProps) {
  const [deleting, setDeleting] = useState(false);
  const draft = useDraft({
    name: pool.IdentityPoolName,
    guests: pool.AllowUnauthenticatedIdentities,
    // A pool where it was never set has the classic flow.
    classic: pool.AllowClassicFlow !== false,
    developer: pool.DeveloperProviderName ?? '',
    tags: asLines(pool.IdentityPoolTags ?? {}),
  });
  const { name, guests, classic, developer, tags } = draft.value;
  const isFixed = pool.DeveloperProviderName !== undefined;
  const save = async () => {
    await savePool(pool, {
      IdentityPoolName: name,
      AllowUnauthenticatedIdentities: guests,
      // What was never set stays so, unless it is switched.
      ...(classic !== (pool.AllowClassicFlow !== false) && { AllowClassicFlow: classic }),
      ...(developer !== '' && { DeveloperProviderName: developer }),
      IdentityPoolTags: fromLines(tags),
    });
    refreshResources();
  };
  return (
    <Settings label="Settings of the pool" draft={draft} save={save}>
      <Panel title="Pool">
        <Field label="Name" value={name} onChange={(next) => draft.change({ name: next })} isRequired />
        <Check
          checked={guests}
          onChange={(next) => draft.change({ guests: next })}
          hint="Everybody who asks gets an identity and the guest role; without, each call has to bring a login."
        >
          Guests
        </Check>
        <Check
          checked={classic}
          onChange={(next) => draft.change({ classic: next })}
          hint="GetOpenIdToken, and a role of the client’s own choice from STS. The enhanced flow works either way."
        >
          Classic (basic) flow
        </Check>
      </Panel>
      <Panel title="Developer provider">
        <Field
          label="Developer provider name"
          placeholder="login.my-app"
          value={developer}
          onChange={(next) => draft.change({ developer: next })}
          isDisabled={isFixed}
          mono
        />
        <Frozen>
          {isFixed
            ? 'Settled when it was set; AWS cannot change it.'
            : 'Once it is saved, AWS cannot change or remove this name.'}
        </Frozen>
      </Panel>
      <Panel title="Tags of the pool">
        <TextArea
          label="Tags, one a line"
          placeholder="team=identity"
          value={tags}
          onChange={(next) => draft.change({ tags: next })}
          rows={3}
          mono
        />
      </Panel>
      <Panel title="Delete this pool">
        <p className={panels['note']}>Its identities, their logins and their datasets go with it.</p>
        <div>
          <Button variant="danger" icon={Trash2} onPress={() => setDeleting(true)}>
            Delete the pool
          </Button>
        </div>
      </Panel>
      {deleting && <DeletePool pool={pool} onClose={() => setDeleting(false)} />}
    </Settings>
  );
}

function DeletePool({ pool, onClose }: { readonly pool: IdentityPool; readonly onClose: () => void }) {
  const id = pool.IdentityPoolId;
  const { value: counts } = useAnswer(`counts ${id}`, () =>
    call<IdentityCounts>('GET', `/identity-pools/${encodeURIComponent(id)}/counts`),
  );
  const remove = async () => {
    await identity('DeleteIdentityPool', { IdentityPoolId: id });
    refreshResources();
    go('identities');
  };
  return (
    <Confirm
      title={`Delete ${pool.IdentityPoolName}?`}
      verb="Delete the pool"
      type={pool.IdentityPoolName}
      onClose={onClose}
      run={remove}
    >
      <p>
        {counts
          ? `${counts.isWhole ? '' : 'More than '}${many(counts.counted, 'identity', 'identities')}`
          : 'Identities'}
        , their history and their datasets are gone at once. Apps that name the pool stop working.
      </p>
    </Confirm>
  );
}
