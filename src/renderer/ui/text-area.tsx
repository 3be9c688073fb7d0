import { useId, type KeyboardEventHandler } from 'react';
import { cx } from './class-names.ts';
import fields from './field.module.css';
import styles from './form.module.css';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly mono?: boolean;
  readonly hideLabel?: boolean;
  readonly placeholder?: string;
  readonly invalid?: boolean;
  readonly onKeyDown?: KeyboardEventHandler;
  readonly className?: string | undefined;
}

export function TextArea(props: TextAreaProps) {
  const { label, value, onChange, rows = 4, mono, hideLabel, placeholder, invalid, onKeyDown, className } = props;
  const id = useId();
  return (
    <div className={cx(fields['field'], className)}>
      <label htmlFor={id} className={cx(fields['label'], hideLabel && 'visually-hidden')}>
        {label}
      </label>
      <textarea
        id={id}
        className={cx(fields['input'], styles['area'], mono && fields['mono'])}
        rows={rows}
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        onKeyDown={onKeyDown}
        aria-invalid={invalid || undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
