import { Ban, Check, CircleMinus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyId } from '../ui/copy.tsx';
import { Mark } from '../ui/marks.tsx';
import { useProviderName } from './provider-name.ts';
import { roleName } from './role-field.tsx';
import { stepsOf, type NotedChoice, type TriedRule } from './role-steps.ts';
import styles from './role-chain.module.css';

const OUTCOMES = {
  matches: { tone: 'ok', icon: Check },
  'does not match': { tone: 'plain', icon: X },
  'not needed': { tone: 'plain', icon: CircleMinus },
} as const;

/** How a role was chosen, from the provider to the role; `children` are the steps that follow. */
export function RoleChain({ choice, children }: { readonly choice: NotedChoice; readonly children?: ReactNode }) {
  const nameOf = useProviderName();
  const { provider, by, rules, tokenRoles, preferredRole, resolution, state, asked, role } = stepsOf(choice);
  return (
    <ol className={styles['chain']} aria-label="How the role was chosen">
      <Step name="Who">
        {provider === undefined ? (
          <>{state === 'unauthenticated' ? 'A guest' : 'Signed in, by a provider without a mapping'}</>
        ) : (
          <>
            Signed in by <strong title={provider}>{nameOf(provider)}</strong>
          </>
        )}
      </Step>
      {provider !== undefined && (
        <Step name="Mapping">
          {by === 'Token' ? 'The role is in the token.' : `Rules, asked in order: ${rules.length}.`}
          {by === 'Token' && (
            <dl className={styles['claims']}>
              <dt>cognito:preferred_role</dt>
              <dd>{preferredRole === undefined ? 'none' : roleName(preferredRole)}</dd>
              <dt>cognito:roles</dt>
              <dd>{tokenRoles.length === 0 ? 'none' : tokenRoles.map(roleName).join(', ')}</dd>
            </dl>
          )}
          {rules.length > 0 && (
            <ol className={styles['rules']} aria-label="Rules">
              {rules.map((rule, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- rules never change their places here
                <Tried key={index} rule={rule} />
              ))}
            </ol>
          )}
        </Step>
      )}
      {asked !== undefined && (
        <Step name="Asked for">
          CustomRoleArn <strong title={asked}>{roleName(asked)}</strong>
        </Step>
      )}
      {resolution !== undefined && (
        <Step name="No match">
          {resolution === 'Deny' ? 'The mapping denies the request then.' : 'The default role then.'}
        </Step>
      )}
      <Step name="Role" tone={choice.chosen ? 'ok' : 'bad'}>
        {role === undefined ? (
          <Mark tone="bad" icon={Ban}>
            none
          </Mark>
        ) : (
          <CopyId value={role} shown={roleName(role)} label="role" most={40} />
        )}
        <p>{choice.decided}</p>
      </Step>
      {children}
    </ol>
  );
}

export function Step({
  name,
  tone,
  children,
}: {
  readonly name: string;
  readonly tone?: 'ok' | 'bad';
  readonly children: ReactNode;
}) {
  return (
    <li className={styles['step']} data-tone={tone}>
      <span className={styles['name']}>{name}</span>
      <div>{children}</div>
    </li>
  );
}

function Tried({ rule: { rule, claim, outcome, role } }: { readonly rule: TriedRule }) {
  const { tone, icon } = OUTCOMES[outcome];
  return (
    <li data-outcome={outcome}>
      <code>{rule}</code>
      <Mark tone={tone} icon={icon}>
        {outcome}
      </Mark>
      <span className={styles['said']}>
        {claim === null ? 'the token has no such claim' : <>token says “{claim}”</>} · {roleName(role)}
      </span>
    </li>
  );
}
