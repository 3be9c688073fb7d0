import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Label, TextField, type TextFieldProps } from 'react-aria-components';
import { cx } from './class-names.ts';
import styles from './field.module.css';

interface FieldProps extends Omit<TextFieldProps, 'className' | 'children'> {
  readonly label: string;
  readonly placeholder?: string;
  readonly mono?: boolean;
  /** Keeps the label for screen readers only, where the place says what it is. */
  readonly hideLabel?: boolean;
  readonly className?: string | undefined;
}

export function Field({ label, placeholder, mono, hideLabel, className, type, ...props }: FieldProps) {
  const [shown, setShown] = useState(false);
  const isPassword = type === 'password';
  return (
    <TextField
      autoComplete="off"
      {...props}
      type={isPassword && shown ? 'text' : (type ?? 'text')}
      className={cx(styles['field'], className)}
    >
      <Label className={cx(styles['label'], hideLabel && 'visually-hidden')}>{label}</Label>
      <div className={styles['box']}>
        <Input
          className={cx(styles['input'], mono && styles['mono'])}
          placeholder={placeholder ?? ''}
          spellCheck={false}
          data-1p-ignore
        />
        {isPassword && (
          <Button
            className={styles['peek'] ?? ''}
            aria-label={shown ? `Hide ${label}` : `Show ${label}`}
            onPress={() => setShown(!shown)}
          >
            {shown ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
          </Button>
        )}
      </div>
    </TextField>
  );
}
