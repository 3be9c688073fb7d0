import { ArrowRight, GripVertical, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, DropIndicator, GridList, GridListItem, useDragAndDrop } from 'react-aria-components';
import type { MappingRule } from '../../shared/aws/cognito-identity.ts';
import { IconButton } from '../ui/button.tsx';
import { roleName } from './role-field.tsx';
import { MATCH_WORDS } from './rule-dialog.tsx';
import styles from './identities.module.css';

interface RuleListProps {
  readonly label: string;
  readonly rules: readonly MappingRule[];
  readonly onChange: (rules: MappingRule[]) => void;
  readonly onEdit: (index: number) => void;
  readonly onRemove: (index: number) => void;
}

const textOf = ({ Claim, MatchType, Value, RoleARN }: MappingRule): string =>
  `${Claim} ${MATCH_WORDS[MatchType]} ${Value}, role ${roleName(RoleARN)}`;

/** Rules in the order in which they are asked, to be dragged by pointer or keyboard. */
export function RuleList({ label, rules, onChange, onEdit, onRemove }: RuleListProps) {
  const keys = useKeys(rules);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (dragged) => [...dragged].map((key) => ({ 'text/plain': textOf(rules[keys.indexOf(Number(key))]!) })),
    onReorder({ keys: dragged, target }) {
      const moved = rules.filter((_rule, index) => dragged.has(keys[index]!));
      const stay = rules.flatMap((rule, index) => (dragged.has(keys[index]!) ? [] : [{ rule, key: keys[index] }]));
      const at = stay.findIndex(({ key }) => key === target.key) + (target.dropPosition === 'after' ? 1 : 0);
      onChange([...stay.slice(0, at), ...moved.map((rule) => ({ rule })), ...stay.slice(at)].map(({ rule }) => rule));
    },
    renderDropIndicator: (target) => <DropIndicator target={target} className={styles['drop'] ?? ''} />,
  });
  const items = rules.map((rule, index) => ({ id: keys[index]!, rule, index }));
  return (
    <GridList
      aria-label={label}
      className={styles['ruleList'] ?? ''}
      items={items}
      dragAndDropHooks={dragAndDropHooks}
      dependencies={[rules]}
      renderEmptyState={() => <p className={styles['none']}>No rule yet. Add the first one.</p>}
    >
      {({ id, rule, index }) => (
        <GridListItem id={id} textValue={textOf(rule)} className={styles['rule'] ?? ''}>
          <Button slot="drag" className={styles['handle'] ?? ''} aria-label={`Drag rule ${index + 1}`}>
            <GripVertical size={14} aria-hidden />
          </Button>
          <span className={styles['place']}>{index + 1}</span>
          <span className={styles['sentence']}>
            <code>{rule.Claim}</code> {MATCH_WORDS[rule.MatchType]} <code>{rule.Value}</code>
            <ArrowRight size={13} aria-label="gives" />
            <strong title={rule.RoleARN}>{roleName(rule.RoleARN)}</strong>
          </span>
          <IconButton icon={Pencil} label={`Edit rule ${index + 1}`} onPress={() => onEdit(index)} />
          <IconButton icon={Trash2} label={`Remove rule ${index + 1}`} onPress={() => onRemove(index)} />
        </GridListItem>
      )}
    </GridList>
  );
}

/** Rules have no ids of their own and two may be the same, so each object gets a key that moves with it. */
function useKeys(rules: readonly MappingRule[]): number[] {
  const [known] = useState(() => new Map<MappingRule, number>());
  return rules.map((rule) => {
    const key = known.get(rule) ?? known.size + 1;
    known.set(rule, key);
    return key;
  });
}
