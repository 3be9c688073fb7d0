import { useState } from 'react';
import type { AccessRole } from '../../shared/bench-api.ts';
import { openAt } from '../data/route.ts';
import { currentAccount } from '../data/session.ts';
import { Combo } from '../ui/combo.tsx';
import panels from '../pools/pool.module.css';
import { LinkButton } from './link-button.tsx';

interface RoleFieldProps {
  readonly label: string;
  /** An ARN; empty for none. */
  readonly value: string;
  readonly roles: readonly AccessRole[];
  readonly onChange: (roleArn: string) => void;
}

export const roleName = (arn: string): string => arn.split('/').at(-1) ?? arn;

/** A role of IAM by its name: one that is there, or one that is made when the pool is given it. */
export function RoleField({ label, value, roles, onChange }: RoleFieldProps) {
  const [typed, setTyped] = useState('');
  const known = roles.find(({ arn }) => arn === value);
  // As it was typed as long as it still means the value, which may be set back from outside.
  const shown = arnOf(typed, roles) === value ? typed : nameOf(value, roles);
  const change = (text: string) => {
    setTyped(text);
    onChange(arnOf(text, roles));
  };
  return (
    <div>
      <Combo
        label={label}
        value={shown}
        options={roles.map(({ name, arn }) => ({ name, hint: arn }))}
        onChange={change}
        placeholder="none; the name or ARN of a role"
        hint={value === '' ? undefined : value}
      />
      {known && (
        <LinkButton onPress={() => openAt('access', 'roles', known.name)}>
          Show in Access<span className="visually-hidden">: {known.name}</span>
        </LinkButton>
      )}
      {!known && value.startsWith('arn:') && <p className={panels['note']}>IAM has no such role yet.</p>}
    </div>
  );
}

/** A name says all of a role that IAM knows, or that is of this account and under no path. */
const nameOf = (arn: string, roles: readonly AccessRole[]): string => {
  const name = roleName(arn);
  return arnOf(name, roles) === arn ? name : arn;
};

function arnOf(typed: string, roles: readonly AccessRole[]): string {
  const text = typed.trim();
  if (!/^[\w+=,.@-]+$/.test(text)) return text;
  return roles.find(({ name }) => name === text)?.arn ?? `arn:aws:iam::${currentAccount()}:role/${text}`;
}
