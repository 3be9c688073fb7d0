import { Plus, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { AccessRole } from '../../shared/bench-api.ts';
import { useAnswer } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { openAt, usePath } from '../data/route.ts';
import { Split } from '../pools/split.tsx';
import { Button } from '../ui/button.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Explain } from './explain.tsx';
import { CreateRole } from './create-role.tsx';
import { Matrix } from './matrix.tsx';
import { Policies } from './policies.tsx';
import { Resources } from './resources.tsx';
import { RoleDetail } from './role-detail.tsx';
import styles from '../pools/pool.module.css';

const TABS = ['roles', 'policies', 'matrix', 'resources', 'explain'] as const;

/** Who may do what: `#/access/roles/<name>`, `#/access/explain/<role>/<action>/<resource>` and so on. */
export function Access() {
  const [tab = 'roles', item, ...question] = usePath('access');
  const { value: roles, refused } = useAnswer('roles', () => call<AccessRole[]>('GET', '/access/roles'));
  return (
    <div className={styles['screen']}>
      <header className={styles['head']}>
        <h2>Access</h2>
        <span className={styles['note']}>
          The roles that identities get, what their policies say, and what they guard.
        </span>
      </header>
      <Tabs
        label="Parts of access"
        fill
        selected={TABS.find((name) => name === tab) ?? 'roles'}
        onSelect={(next) => next !== tab && openAt('access', next)}
        tabs={[
          {
            id: 'roles',
            title: 'Roles',
            content: <Roles roles={roles} refused={refused} item={item} />,
          },
          { id: 'policies', title: 'Policies', content: <Policies item={item} /> },
          { id: 'matrix', title: 'Matrix', content: <Matrix /> },
          { id: 'resources', title: 'Resources', content: <Resources item={item} /> },
          {
            id: 'explain',
            title: 'Explain',
            content: (
              <Explain key={[item, ...question].join(' ')} roles={roles ?? []} start={item} question={question} />
            ),
          },
        ]}
      />
    </div>
  );
}

interface RolesProps {
  readonly roles: readonly AccessRole[] | undefined;
  readonly refused: { readonly code: string; readonly message: string } | undefined;
  readonly item: string | undefined;
}

function Roles({ roles, refused, item }: RolesProps) {
  const chosen = roles?.find(({ name }) => name === item);
  const [creating, setCreating] = useState(false);
  return (
    <Split
      list={
        <>
          <div className={styles['bar']}>
            <Button icon={Plus} onPress={() => setCreating(true)}>
              Create a role
            </Button>
          </div>
          {creating && <CreateRole onClose={() => setCreating(false)} />}
          <Refusal refused={refused} />
          {roles?.length === 0 && (
            <Empty icon={ShieldCheck} title="No roles yet">
              Guest and signed-in roles are made with an identity pool, on first use; an app or a script makes others
              with CreateRole of IAM.
            </Empty>
          )}
          {roles && roles.length > 0 && (
            <div className={styles['scroller']}>
              <table className={styles['table']} aria-label="Roles">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Policies</th>
                    <th scope="col">Made by</th>
                  </tr>
                </thead>
                <tbody>
                  {roles.map((role) => (
                    <tr key={role.name} data-chosen={role.name === item || undefined}>
                      <td>
                        <AriaButton
                          className={styles['rowButton'] ?? ''}
                          onPress={() => openAt('access', 'roles', role.name)}
                        >
                          {role.name}
                        </AriaButton>
                      </td>
                      <td className={styles['number']}>{role.inlinePolicies.length + role.attachedPolicies.length}</td>
                      <td>
                        <Mark tone={role.madeBy === 'bench' ? 'accent' : 'plain'}>{role.madeBy}</Mark>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      }
      detail={chosen ? <RoleDetail key={chosen.name} role={chosen} /> : null}
    />
  );
}
