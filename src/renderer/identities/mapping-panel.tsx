import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { MappingRule } from '../../shared/aws/cognito-identity.ts';
import type { AccessRole } from '../../shared/bench-api.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choice.tsx';
import { Mark } from '../ui/marks.tsx';
import { Panel } from '../pools/settings.tsx';
import panels from '../pools/pool.module.css';
import type { Provider, RoleMapping } from './identity-pool.ts';
import { useProviderName } from './provider-name.ts';
import { roleName } from './role-field.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleList } from './rule-list.tsx';
import styles from './identities.module.css';

/** AWS's documentation has 25; its model would let 400 through. */
const MOST_RULES = 25;

interface MappingPanelProps {
  readonly provider: Provider;
  readonly mapping: RoleMapping | undefined;
  /** The pool's role for authenticated identities. */
  readonly fallback: string | undefined;
  readonly roles: readonly AccessRole[];
  readonly onChange: (mapping: RoleMapping | undefined) => void;
}

const BY = [
  { value: 'default', text: 'Default role', hint: 'Everybody who signs in by this provider gets the default role.' },
  {
    value: 'Token',
    text: 'From the token',
    hint: 'cognito:preferred_role: the role of the person’s group with the lowest precedence.',
  },
  { value: 'Rules', text: 'By rules', hint: 'The first rule that matches a claim of the token says which role.' },
] as const;

/** How the role of those who sign in by one provider is chosen. */
export function MappingPanel({ provider, mapping, fallback, roles, onChange }: MappingPanelProps) {
  const nameOf = useProviderName();
  const [editing, setEditing] = useState<number | 'new' | undefined>();
  const name = nameOf(provider.key);
  const rules = mapping?.RulesConfiguration?.Rules ?? [];
  const resolution = mapping?.AmbiguousRoleResolution ?? 'AuthenticatedRole';
  const withRules = (Rules: MappingRule[]) =>
    onChange({ Type: 'Rules', AmbiguousRoleResolution: resolution, RulesConfiguration: { Rules } });
  const choose = (by: (typeof BY)[number]['value']) => {
    if (by === 'default') onChange(undefined);
    else if (by === 'Rules') withRules([...rules]);
    else onChange({ Type: 'Token', AmbiguousRoleResolution: resolution });
  };
  return (
    <Panel title={`Role for ${name}`} aside={<Mark>{provider.kind}</Mark>}>
      <Choices label="Chosen by" value={mapping?.Type ?? 'default'} choices={BY} onChange={choose} />
      {mapping?.Type === 'Rules' && (
        <div className={styles['rules']}>
          <p className={panels['note']}>
            Asked from top to bottom; the first that matches wins. Drag them by their handles, or put the focus on a
            handle and press Enter.
          </p>
          <RuleList
            label={`Rules of ${name}`}
            rules={rules}
            onChange={withRules}
            onEdit={setEditing}
            onRemove={(index) => withRules(rules.filter((_rule, other) => other !== index))}
          />
          <div className={panels['chips']}>
            <Button size="small" icon={Plus} isDisabled={rules.length >= MOST_RULES} onPress={() => setEditing('new')}>
              Add a rule
            </Button>
            <span className={panels['note']}>
              {rules.length} of {MOST_RULES} at most
            </span>
          </div>
        </div>
      )}
      {mapping && (
        <Choices
          label={mapping.Type === 'Rules' ? 'Where no rule matches' : 'Where the token names no role'}
          value={resolution}
          choices={[
            {
              value: 'AuthenticatedRole',
              text: 'Default role',
              hint: fallback
                ? `${roleName(fallback)}, as without a mapping.`
                : 'There is none, so there are no credentials.',
            },
            { value: 'Deny', text: 'Deny', hint: 'The call is refused with NotAuthorizedException.' },
          ]}
          onChange={(AmbiguousRoleResolution) => onChange({ ...mapping, AmbiguousRoleResolution })}
        />
      )}
      {editing !== undefined && (
        <RuleDialog
          rule={editing === 'new' ? undefined : rules[editing]}
          roles={roles}
          onClose={() => setEditing(undefined)}
          onDone={(rule) =>
            withRules(editing === 'new' ? [...rules, rule] : rules.map((one, at) => (at === editing ? rule : one)))
          }
        />
      )}
    </Panel>
  );
}
