import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { cx } from './class-names.ts';
import fields from './field.module.css';
import styles from './form.module.css';

export interface Option {
  readonly value: string;
  readonly text: string;
  readonly disabled?: boolean;
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
  readonly hideLabel?: boolean;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

/** The browser's own list: it needs no script to be reached by keyboard and on small screens. */
export function Select({ label, value, options, onChange, hideLabel, disabled, className }: SelectProps) {
  const id = useId();
  return (
    <div className={cx(fields['field'], className)}>
      <label htmlFor={id} className={cx(fields['label'], hideLabel && 'visually-hidden')}>
        {label}
      </label>
      <div className={fields['box']}>
        <select
          id={id}
          className={cx(fields['input'], styles['select'])}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.text}
            </option>
          ))}
        </select>
        <ChevronDown size={13} aria-hidden className={styles['arrow']} />
      </div>
    </div>
  );
}
