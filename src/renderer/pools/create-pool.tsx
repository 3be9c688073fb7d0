import { useState } from 'react';
import { openAt } from '../data/route.ts';
import { Checks, Check, Choices, Frozen } from '../ui/choice.tsx';
import { cx } from '../ui/class-names.ts';
import { Field } from '../ui/field.tsx';
import { FormDialog, Pair } from '../ui/form.tsx';
import { createPool, TEMPLATES, type NewPool, type TemplateId } from './templates.ts';
import styles from './create-pool.module.css';

const SIGN_IN = (['e-mail', 'user name', 'phone', 'e-mail or phone'] as const).map((value) => ({
  value,
  text: value[0]?.toUpperCase() + value.slice(1),
}));

const ALIASES = [
  { value: 'email', text: 'E-mail' },
  { value: 'phone_number', text: 'Phone number' },
  { value: 'preferred_username', text: 'Preferred user name' },
] as const;

const REQUIRED = ['email', 'phone_number', 'name', 'given_name', 'family_name', 'birthdate'].map((value) => ({
  value,
  text: value,
}));

interface CreatePoolProps {
  readonly template: TemplateId;
  readonly onClose: () => void;
}

export function CreatePool({ template, onClose }: CreatePoolProps) {
  const [asked, setAsked] = useState<NewPool>(() => ({ name: 'my-app', ...startOf(template) }));
  const [custom, setCustom] = useState('');
  const change = (part: Partial<NewPool>) => setAsked((before) => ({ ...before, ...part }));
  const run = async () => {
    const names = custom.split(/[\s,]+/).filter((name) => name !== '');
    const id = await createPool({ ...asked, name: asked.name.trim(), custom: names });
    openAt('pools', id);
  };
  return (
    <FormDialog
      title="New user pool"
      verb="Create the pool"
      wide
      ready={asked.name.trim() !== ''}
      onClose={onClose}
      run={run}
    >
      <fieldset className={styles['templates']}>
        <legend>Begin with</legend>
        {TEMPLATES.map(({ id, title, text, start }) => (
          <label key={id} className={cx(styles['template'], asked.template === id && styles['chosen'])}>
            <input
              type="radio"
              className="visually-hidden"
              name="template"
              checked={asked.template === id}
              onChange={() => change(start)}
            />
            <strong>{title}</strong>
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      <Pair>
        <Field label="Name" value={asked.name} onChange={(name) => change({ name })} isRequired autoFocus />
        <Field
          label="App client, without a secret"
          placeholder="none"
          value={asked.clientName}
          onChange={(clientName) => change({ clientName })}
        />
      </Pair>
      <div className={styles['frozen']}>
        <Frozen>Settled now; AWS cannot change these later, but for adding custom attributes.</Frozen>
        <Choices
          label="People sign in by"
          value={asked.signInBy}
          choices={SIGN_IN}
          onChange={(signInBy) => change({ signInBy })}
        />
        <div className={styles['columns']}>
          {asked.signInBy === 'user name' && (
            <Checks
              label="Or also by (alias)"
              values={asked.aliases}
              choices={ALIASES}
              onChange={(aliases) => change({ aliases })}
            />
          )}
          <Checks
            label="Everybody must have"
            values={asked.required}
            choices={REQUIRED}
            onChange={(required) => change({ required })}
          />
        </div>
        <Check checked={asked.caseSensitive} onChange={(caseSensitive) => change({ caseSensitive })}>
          Names are case sensitive
        </Check>
        <Field
          label="Custom attributes, by name"
          placeholder="department, cost-centre"
          value={custom}
          onChange={setCustom}
          mono
        />
      </div>
    </FormDialog>
  );
}

const startOf = (id: TemplateId): Omit<NewPool, 'name'> =>
  (TEMPLATES.find((template) => template.id === id) ?? TEMPLATES[0]!).start;
