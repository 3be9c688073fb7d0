import { useState } from 'react';
import type { MappingRule } from '../../shared/aws/cognito-identity.ts';
import type { AccessRole } from '../../shared/bench-api.ts';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { RoleField } from './role-field.tsx';

export const MATCH_WORDS: Readonly<Record<MappingRule['MatchType'], string>> = {
  Equals: 'equals',
  NotEqual: 'does not equal',
  Contains: 'contains',
  StartsWith: 'starts with',
};

const MATCH_TYPES = Object.entries(MATCH_WORDS).map(([value, text]) => ({ value, text: `${text} (${value})` }));

interface RuleDialogProps {
  readonly rule: MappingRule | undefined;
  readonly roles: readonly AccessRole[];
  readonly onClose: () => void;
  readonly onDone: (rule: MappingRule) => void;
}

/** One rule; it is saved with the others. */
export function RuleDialog({ rule: known, roles, onClose, onDone }: RuleDialogProps) {
  const [rule, setRule] = useState<MappingRule>(
    known ?? { Claim: 'custom:department', MatchType: 'Equals', Value: '', RoleARN: '' },
  );
  const change = (part: Partial<MappingRule>) => setRule((before) => ({ ...before, ...part }));
  const isWhole = rule.Claim !== '' && rule.Value !== '' && rule.RoleARN.startsWith('arn:');
  return (
    <FormDialog
      title={known ? 'Edit the rule' : 'New rule'}
      verb={known ? 'Change' : 'Add'}
      wide
      ready={isWhole}
      onClose={onClose}
      run={async () => onDone(rule)}
    >
      <Pair>
        <Field label="Claim" value={rule.Claim} onChange={(Claim) => change({ Claim })} mono autoFocus isRequired />
        <Select
          label="Match"
          value={rule.MatchType}
          options={MATCH_TYPES}
          onChange={(MatchType) => change({ MatchType: MatchType as MappingRule['MatchType'] })}
        />
        <Field
          label="Value"
          placeholder="Engineering"
          value={rule.Value}
          onChange={(Value) => change({ Value })}
          mono
          isRequired
        />
      </Pair>
      <RoleField label="Role" value={rule.RoleARN} roles={roles} onChange={(RoleARN) => change({ RoleARN })} />
    </FormDialog>
  );
}
