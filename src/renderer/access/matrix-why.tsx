import { Ban, Check, HelpCircle, Minus, X, type LucideIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { MatrixCell, MatrixRow } from '../../shared/access.ts';
import { openAt } from '../data/route.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Form, Pair } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import styles from './access.module.css';

interface MatrixWhyProps {
  readonly row: MatrixRow;
  readonly cell: MatrixCell | undefined;
  readonly identityPoolId: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly onClaims: (claims: Readonly<Record<string, string>>) => void;
  readonly onClose: () => void;
}

/** Why the role, why the verdict, and what another claim would change. */
export function MatrixWhy({ row, cell, identityPoolId, claims, onClaims, onClose }: MatrixWhyProps) {
  const names = Object.keys(row.claims).filter((name) => !DULL.has(name));
  const [name, setName] = useState(names.find((claim) => claim.startsWith('custom:')) ?? names[0] ?? '');
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    // What it gives back, a promise in newer browsers, is no clean-up.
    panel.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, []);
  const role = roleOf(row);
  return (
    <section ref={panel} className={styles['why']} aria-label={`Why, for ${row.user}`}>
      <div className={styles['whyHead']}>
        <p>
          <strong>{row.user}</strong> {row.decided} <code>{row.rule}</code>
        </p>
        <IconButton icon={X} label="Close the reasons" onPress={onClose} />
      </div>
      {cell && (
        <>
          <p className={styles['asked']}>
            <CellMark cell={cell} /> <code>{cell.action}</code> on <code>{cell.resource}</code>
          </p>
          <p>{cell.decided}</p>
        </>
      )}
      {!isGuest(row) && (
        <Form label="What if a claim were different" onSubmit={() => undefined}>
          <Pair>
            <Field label="What if the claim" value={name} onChange={setName} mono />
            <Field
              label="said"
              value={claims[name] ?? row.claims[name] ?? ''}
              onChange={(value) => onClaims({ ...claims, [name]: value })}
              mono
            />
          </Pair>
        </Form>
      )}
      <div className={styles['policyActions']}>
        {Object.keys(claims).length > 0 && (
          <Button size="small" onPress={() => onClaims({})}>
            As it really is
          </Button>
        )}
        {cell && role !== undefined && (
          <Button
            size="small"
            icon={HelpCircle}
            onPress={() =>
              openAt('access', 'explain', role, cell.action, cell.resource, contextOf(row, identityPoolId))
            }
          >
            Explain with every statement
          </Button>
        )}
        {role !== undefined && (
          <Button size="small" onPress={() => openAt('access', 'roles', role)}>
            Open the role
          </Button>
        )}
      </div>
    </section>
  );
}

/** Claims that no rule would be made of. */
const DULL = new Set(['iss', 'aud', 'exp', 'iat', 'auth_time', 'token_use', 'sub']);

/** Nobody who signed in is without claims. */
export const isGuest = ({ claims }: MatrixRow): boolean => Object.keys(claims).length === 0;

export const roleOf = ({ roleArn }: MatrixRow): string | undefined => roleArn?.split('/').at(-1);

/** As the matrix itself asks, so that Explain says the same. */
const contextOf = (row: MatrixRow, identityPoolId: string): string =>
  [
    `cognito-identity.amazonaws.com:sub=identity-of-${row.user}`,
    `cognito-identity.amazonaws.com:aud=${identityPoolId}`,
    `cognito-identity.amazonaws.com:amr=${isGuest(row) ? 'unauthenticated' : 'authenticated'}`,
  ].join('\n');

export const WORDS: Readonly<Record<MatrixCell['decision'], string>> = {
  allowed: 'allowed',
  'explicit-deny': 'denied',
  'implicit-deny': 'not allowed',
  'no-role': 'no role',
};

const ICONS: Readonly<Record<MatrixCell['decision'], LucideIcon>> = {
  allowed: Check,
  'explicit-deny': Ban,
  'implicit-deny': Minus,
  'no-role': Minus,
};

function CellMark({ cell: { decision } }: { readonly cell: MatrixCell }) {
  const tone = decision === 'allowed' ? 'ok' : decision === 'explicit-deny' ? 'bad' : 'plain';
  return (
    <Mark tone={tone} icon={ICONS[decision]}>
      {WORDS[decision]}
    </Mark>
  );
}

/** As shape and word; the cell's background repeats it. */
export function Decision({ cell: { decision } }: { readonly cell: MatrixCell }) {
  const Icon = ICONS[decision];
  return (
    <>
      <Icon size={13} aria-hidden /> {WORDS[decision]}
    </>
  );
}
