import { useId } from 'react';
import type { AccessRole } from '../../shared/bench-api.ts';
import { openAt } from '../data/route.ts';
import { currentAccount } from '../data/session.ts';
import fields from '../ui/field.module.css';
import { cx } from '../ui/class-names.ts';
import { LinkButton } from './link-button.tsx';

interface RoleFieldProps {
  readonly label: string;
  /** An ARN; empty for none. */
  readonly value: string;
  readonly roles: readonly AccessRole[];
  readonly onChange: (roleArn: string) => void;
}

export const roleName = (arn: string): string => arn.split('/').at(-1) ?? arn;

/** A role of IAM: one that is there, or one that is made when the pool is given it. */
export function RoleField({ label, value, roles, onChange }: RoleFieldProps) {
  const id = useId();
  const known = roles.find(({ arn }) => arn === value);
  return (
    <div className={fields['field']}>
      <label htmlFor={id} className={fields['label']}>
        {label}
      </label>
      <div className={fields['box']}>
        <input
          id={id}
          className={cx(fields['input'], fields['mono'])}
          list={`${id}-roles`}
          value={value}
          placeholder="none; the name or ARN of a role"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
          // A name alone is meant for this account.
          onBlur={() => /^[\w+=,.@-]+$/.test(value) && onChange(arnOf(value, roles))}
        />
        <datalist id={`${id}-roles`}>
          {roles.map(({ arn, name }) => (
            <option key={arn} value={arn}>
              {name}
            </option>
          ))}
        </datalist>
      </div>
      {known && (
        <span>
          <LinkButton
            onPress={() => openAt('access', 'roles', known.name)}
          >{`Show ${known.name} in Access`}</LinkButton>
        </span>
      )}
    </div>
  );
}

const arnOf = (name: string, roles: readonly AccessRole[]): string =>
  roles.find((role) => role.name === name)?.arn ?? `arn:aws:iam::${currentAccount()}:role/${name}`;
