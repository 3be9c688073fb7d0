import { Lock } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import styles from './form.module.css';

interface CheckProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  /** What it means, in a line. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

export function Check({ checked, onChange, children, hint, disabled }: CheckProps) {
  const id = useId();
  return (
    <div className={styles['check']}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>{children}</label>
        {hint && (
          <p id={`${id}-hint`} className={styles['hint']}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly text: string;
  readonly hint?: string;
}

interface ChoicesProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}

/** One of a few, all of them in sight. */
export function Choices<Value extends string>({ label, value, choices, onChange }: ChoicesProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles['choices']}>
      <legend>{label}</legend>
      <div className={styles['segments']}>
        {choices.map((choice) => (
          <label key={choice.value} className={styles['segment']} title={choice.hint}>
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            {choice.text}
          </label>
        ))}
      </div>
      <p className={styles['hint']}>{choices.find((choice) => choice.value === value)?.hint}</p>
    </fieldset>
  );
}

/** Several of a few. */
export function Checks<Value extends string>({
  label,
  values,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly values: readonly Value[];
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (values: Value[]) => void;
}) {
  return (
    <fieldset className={styles['choices']}>
      <legend>{label}</legend>
      <div className={styles['checks']}>
        {choices.map(({ value, text, hint }) => (
          <Check
            key={value}
            checked={values.includes(value)}
            {...(hint === undefined ? {} : { hint })}
            onChange={(checked) =>
              // In the order of the choices, so that the same set is the same text.
              onChange(
                choices
                  .map((choice) => choice.value)
                  .filter((other) => (other === value ? checked : values.includes(other))),
              )
            }
          >
            {text}
          </Check>
        ))}
      </div>
    </fieldset>
  );
}

/** Says that something is settled when the thing is made. */
export function Frozen({ children }: { readonly children?: ReactNode }) {
  return (
    <p className={styles['frozen']}>
      <Lock size={12} aria-hidden />
      {children ?? 'Settled when the pool is made; AWS cannot change it later.'}
    </p>
  );
}
