import { Pencil, Plus, Trash2, Users, X } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useAnswer, useAsking } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts, Section } from '../ui/facts.tsx';
import { Field } from '../ui/field.tsx';
import { Empty, Form, Refusal } from '../ui/form.tsx';
import { GroupDialog, DeleteGroup } from './group-dialogs.tsx';
import { idOf, listGroups, openTab, signInName, type Group, type Pool, type TabProps } from './pool.ts';
import { DetailHead, Split } from './split.tsx';
import { UserStatus } from './user-status.tsx';
import styles from './pool.module.css';

export function GroupsTab({ pool, item }: TabProps) {
  const { value: groups, refused } = useAnswer(`groups ${idOf(pool)}`, () => listGroups(idOf(pool)));
  const [creating, setCreating] = useState(false);
  const chosen = groups?.find(({ GroupName }) => GroupName === item);
  const ordered = groups?.toSorted((a, b) => (a.Precedence ?? Infinity) - (b.Precedence ?? Infinity) || 0);
  return (
    <Split
      list={
        <>
          <div className={styles['bar']}>
            <span className={styles['note']}>
              The group with the lowest precedence gives <code>cognito:preferred_role</code>.
            </span>
            <Button className={styles['push']} icon={Plus} variant="primary" onPress={() => setCreating(true)}>
              New group
            </Button>
          </div>
          <Refusal refused={refused} />
          {ordered?.length === 0 && (
            <Empty
              icon={Users}
              title="No groups yet"
              actions={
                <Button icon={Plus} onPress={() => setCreating(true)}>
                  New group
                </Button>
              }
            >
              Groups are claims in the tokens of their members, and each may bring a role with it.
            </Empty>
          )}
          {ordered && ordered.length > 0 && (
            <div className={styles['scroller']}>
              <table className={styles['table']} aria-label="Groups">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Precedence</th>
                    <th scope="col">Role</th>
                    <th scope="col">Description</th>
                  </tr>
                </thead>
                <tbody>
                  {ordered.map((group) => (
                    <tr key={group.GroupName} data-chosen={group.GroupName === item || undefined}>
                      <td>
                        <AriaButton
                          className={styles['rowButton'] ?? ''}
                          onPress={() => openTab(pool, 'groups', group.GroupName ?? '')}
                        >
                          {group.GroupName}
                        </AriaButton>
                      </td>
                      <td className={styles['number']}>{group.Precedence ?? '–'}</td>
                      <td>{group.RoleArn ? group.RoleArn.split('/').at(-1) : '–'}</td>
                      <td>{group.Description}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {creating && <GroupDialog pool={pool} onClose={() => setCreating(false)} />}
        </>
      }
      detail={chosen ? <GroupDetail key={item} pool={pool} group={chosen} /> : null}
    />
  );
}

function GroupDetail({ pool, group }: { readonly pool: Pool; readonly group: Group }) {
  const [open, setOpen] = useState<'edit' | 'delete' | undefined>();
  const close = () => setOpen(undefined);
  return (
    <article aria-label={`Group ${group.GroupName}`}>
      <DetailHead title={group.GroupName ?? ''} onClose={() => openTab(pool, 'groups')} />
      <div className={styles['actions']}>
        <Button icon={Pencil} onPress={() => setOpen('edit')}>
          Edit
        </Button>
        <Button icon={Trash2} variant="danger" onPress={() => setOpen('delete')}>
          Delete
        </Button>
      </div>
      <Section title="Settings">
        <Facts>
          <Fact name="Precedence">{group.Precedence ?? 'none'}</Fact>
          <Fact name="Role">{group.RoleArn ? <CopyId value={group.RoleArn} label="role" most={44} /> : 'none'}</Fact>
          <Fact name="Description">{group.Description ?? 'none'}</Fact>
        </Facts>
      </Section>
      <Members pool={pool} name={group.GroupName ?? ''} />
      {open === 'edit' && <GroupDialog pool={pool} group={group} onClose={close} />}
      {open === 'delete' && <DeleteGroup pool={pool} name={group.GroupName ?? ''} onClose={close} />}
    </article>
  );
}

function Members({ pool, name }: { readonly pool: Pool; readonly name: string }) {
  const group = { UserPoolId: idOf(pool), GroupName: name };
  const { value, refused } = useAnswer(`members ${group.UserPoolId} ${name}`, () =>
    idp('ListUsersInGroup', { ...group, Limit: 60 }),
  );
  const asking = useAsking();
  const [typed, setTyped] = useState('');
  const members = (value?.Users ?? []).map((user) => ({ ...user, name: signInName(user, pool) }));
  const add = async () => {
    if (await asking.ask(() => idp('AdminAddUserToGroup', { ...group, Username: typed.trim() }))) setTyped('');
  };
  return (
    <Section title={`Members${value ? ` (${members.length}${value.NextToken ? '+' : ''})` : ''}`}>
      <ul>
        {members.map(({ Username = '', UserStatus: status, name: signsInAs }) => (
          <li key={Username} className={styles['member']}>
            <AriaButton className={styles['rowButton'] ?? ''} onPress={() => openTab(pool, 'users', Username)}>
              {signsInAs}
            </AriaButton>
            <UserStatus status={status} />
            <IconButton
              icon={X}
              label={`Take ${signsInAs} out`}
              onPress={() => void asking.ask(() => idp('AdminRemoveUserFromGroup', { ...group, Username }))}
            />
          </li>
        ))}
      </ul>
      {value && members.length === 0 && <p className={styles['note']}>Nobody yet.</p>}
      <Form label="Add a member" onSubmit={() => void add()}>
        <div className={styles['chips']}>
          <Field label="User name" hideLabel placeholder="User name" value={typed} onChange={setTyped} />
          <Button type="submit" isDisabled={typed.trim() === '' || asking.busy}>
            Add
          </Button>
        </div>
        <Refusal refused={asking.refused ?? refused} />
      </Form>
    </Section>
  );
}
