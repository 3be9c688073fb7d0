import { X } from 'lucide-react';
import { useAnswer, useAsking } from '../data/answers.ts';
import { idp } from '../data/aws.ts';
import { IconButton } from '../ui/button.tsx';
import { Section } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { idOf, listGroups, openTab, type Pool } from './pool.ts';
import { Button } from '../ui/button.tsx';
import styles from './pool.module.css';

/** The groups that a user is in, in order of precedence, and those to join. */
export function UserGroups({ pool, username }: { readonly pool: Pool; readonly username: string }) {
  const UserPoolId = idOf(pool);
  const mine = useAnswer(`groups of ${UserPoolId} ${username}`, () =>
    idp('AdminListGroupsForUser', { UserPoolId, Username: username, Limit: 60 }),
  );
  const all = useAnswer(`groups ${UserPoolId}`, () => listGroups(UserPoolId));
  const asking = useAsking();
  const names = mine.value?.Groups?.map(({ GroupName = '' }) => GroupName) ?? [];
  const others = (all.value ?? []).map(({ GroupName = '' }) => GroupName).filter((name) => !names.includes(name));
  const change = (operation: 'AdminAddUserToGroup' | 'AdminRemoveUserFromGroup', GroupName: string) =>
    void asking.ask(() => idp(operation, { UserPoolId, Username: username, GroupName }));
  return (
    <Section title="Groups">
      <div className={styles['chips']}>
        {names.map((name) => (
          <span key={name} className={styles['chip']}>
            {name}
            <IconButton
              icon={X}
              label={`Take out of ${name}`}
              onPress={() => change('AdminRemoveUserFromGroup', name)}
            />
          </span>
        ))}
        {names.length === 0 && <span className={styles['note']}>In no group.</span>}
        {others.length > 0 && (
          <Select
            label="Add to a group"
            hideLabel
            value=""
            options={[
              { value: '', text: 'Add to…', disabled: true },
              ...others.map((name) => ({ value: name, text: name })),
            ]}
            onChange={(name) => change('AdminAddUserToGroup', name)}
          />
        )}
        {all.value?.length === 0 && (
          <Button size="small" variant="quiet" onPress={() => openTab(pool, 'groups')}>
            Make a group
          </Button>
        )}
      </div>
      <Refusal refused={asking.refused ?? mine.refused} />
    </Section>
  );
}
