import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { cx } from './class-names.ts';
import fields from './field.module.css';
import menus from './menu.module.css';
import styles from './combo.module.css';

export interface ComboOption {
  /** Also what is shown and searched. */
  readonly name: string;
  readonly hint?: string;
}

interface ComboProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly ComboOption[];
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** What the value stands for, whole. */
  readonly hint?: string | undefined;
}

/** Names to choose from, or to type one that is not among them. */
export function Combo({ label, value, options, onChange, placeholder = '', hint }: ComboProps) {
  const hintId = useId();
  return (
    <ComboBox
      className={fields['field'] ?? ''}
      inputValue={value}
      onInputChange={onChange}
      defaultItems={options}
      allowsCustomValue
      menuTrigger="input"
      {...(hint === undefined ? {} : { 'aria-describedby': hintId })}
    >
      <Label className={fields['label'] ?? ''}>{label}</Label>
      <div className={fields['box']}>
        <Input
          className={cx(fields['input'], fields['mono'], styles['input'])}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          title={value}
          data-1p-ignore
        />
        <Button className={styles['open'] ?? ''} aria-label={`Show the choices of ${label}`}>
          <ChevronDown size={13} aria-hidden />
        </Button>
      </div>
      {hint !== undefined && (
        <span id={hintId} className={styles['hint']} title={hint}>
          {hint}
        </span>
      )}
      <Popover className={cx(menus['popover'], styles['popover'])} offset={2}>
        <ListBox<ComboOption> className={menus['menu'] ?? ''}>
          {(option) => (
            <ListBoxItem id={option.name} textValue={option.name} className={cx(menus['item'], styles['item'])}>
              <span>{option.name}</span>
              {option.hint !== undefined && <small>{option.hint}</small>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
