import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { AccessRole } from '../../shared/bench-api.ts';
import { useAnswer, useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { notify } from '../data/notices.ts';
import { Button } from '../ui/button.tsx';
import { Refusal } from '../ui/form.tsx';
import { Panel, Settings, useDraft } from '../pools/settings.tsx';
import panels from '../pools/pool.module.css';
import {
  getRoles,
  openTab,
  providersOf,
  saveRoles,
  type IdentityPool,
  type PoolRoles,
  type TabProps,
} from './identity-pool.ts';
import { LinkButton } from './link-button.tsx';
import { MappingPanel } from './mapping-panel.tsx';
import { RoleField } from './role-field.tsx';
import { TryIt } from './try-it.tsx';
import styles from './identities.module.css';

/** Which role an identity gets. */
export function RolesTab({ pool }: TabProps) {
  const { value: saved, refused } = useAnswer(`roles of ${pool.IdentityPoolId}`, () => getRoles(pool.IdentityPoolId));
  if (!saved) return <Refusal refused={refused} />;
  return <Editor pool={pool} saved={saved} />;
}

function Editor({ pool, saved }: { readonly pool: IdentityPool; readonly saved: PoolRoles }) {
  const { value: roles = [] } = useAnswer('roles', () => call<AccessRole[]>('GET', '/access/roles'));
  const draft = useDraft<PoolRoles>(saved);
  const [before, setBefore] = useState<PoolRoles | undefined>();
  const providers = providersOf(pool);
  const { authenticated, unauthenticated, mappings } = draft.value;
  const save = async () => {
    await saveRoles(pool.IdentityPoolId, draft.value);
    setBefore(saved);
  };
  return (
    <div className={styles['roles']}>
      <Settings label="Roles and rules" draft={draft} save={save}>
        {before && !draft.isChanged && <Undo pool={pool} before={before} onDone={() => setBefore(undefined)} />}
        <Panel title="Default roles">
          <div className={panels['two']}>
            <RoleField
              label="Authenticated"
              value={authenticated ?? ''}
              roles={roles}
              onChange={(next) => draft.change({ authenticated: next || undefined })}
            />
            <RoleField
              label="Guests (unauthenticated)"
              value={unauthenticated ?? ''}
              roles={roles}
              onChange={(next) => draft.change({ unauthenticated: next || undefined })}
            />
          </div>
          {!pool.AllowUnauthenticatedIdentities && unauthenticated && (
            <p className={panels['note']}>The pool has no guests, so nobody gets the second one.</p>
          )}
        </Panel>
        {providers.map((provider) => (
          <MappingPanel
            key={provider.key}
            provider={provider}
            mapping={mappings[provider.key]}
            fallback={authenticated}
            roles={roles}
            onChange={(mapping) => {
              const { [provider.key]: _before, ...others } = mappings;
              draft.change({ mappings: mapping ? { ...others, [provider.key]: mapping } : others });
            }}
          />
        ))}
        {providers.length === 0 && (
          <Panel title="Roles by rules">
            <p className={panels['note']}>
              Rules choose a role by what a provider says of a person.{' '}
              <LinkButton onPress={() => openTab(pool, 'providers')}>Add a provider</LinkButton> to have some.
            </p>
          </Panel>
        )}
      </Settings>
      <TryIt pool={pool} draft={draft.value} providers={providers} />
    </div>
  );
}

/** Back to what was there before the last save. */
function Undo({
  pool,
  before,
  onDone,
}: {
  readonly pool: IdentityPool;
  readonly before: PoolRoles;
  readonly onDone: () => void;
}) {
  const { busy, refused, ask } = useAsking();
  const undo = async () => {
    if (!(await ask(() => saveRoles(pool.IdentityPoolId, before)))) return;
    notify('Undone');
    onDone();
  };
  return (
    <div className={styles['undo']} role="status">
      <span>Saved: credentials from now on go by these roles.</span>
      <Button size="small" icon={Undo2} isDisabled={busy} onPress={() => void undo()}>
        Undo
      </Button>
      <Refusal refused={refused} />
    </div>
  );
}
