import { Ban, Check, Minus, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { AccessMatrix, MatrixCell, MatrixRow } from '../../shared/access.ts';
import { useAnswer } from '../data/answers.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { openAt } from '../data/route.ts';
import { Panel } from '../pools/settings.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Form, Pair, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Select } from '../ui/select.tsx';
import pools from '../pools/pool.module.css';
import styles from './access.module.css';

interface Question {
  readonly action: string;
  readonly resource: string;
}

const START: readonly Question[] = [
  { action: 's3:PutObject', resource: 'arn:aws:s3:::testapp-drawings/bridge.txt' },
  { action: 'dynamodb:Query', resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/TestAppTable' },
  {
    action: 'cognito-sync:UpdateRecords',
    resource:
      'arn:aws:cognito-sync:us-east-1:000000000000:identitypool/*/identity/${cognito-identity.amazonaws.com:sub}/dataset/prefs',
  },
];
const IS_ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9]+$/;

/** Users by resources: the role each would get, and what it may do with each. */
export function Matrix() {
  const resources = useBench((state) => state.resources);
  const [identityPool, setIdentityPool] = useState<string | undefined>();
  const [client, setClient] = useState<string | undefined>();
  const [questions, setQuestions] = useState(START);
  const [claims, setClaims] = useState<Readonly<Record<string, Readonly<Record<string, string>>>>>({});
  const [chosen, setChosen] = useState<{ readonly user: string; readonly index: number | null } | undefined>();

  const identityPools = resources?.identityPools ?? [];
  const clients = (resources?.userPools ?? []).flatMap((pool) =>
    pool.clients.map(({ id, name }) => ({ id, userPoolId: pool.id, text: `${pool.name} · ${name}` })),
  );
  const identityPoolId = identityPool ?? identityPools[0]?.id;
  const listed = identityPools.find(({ id }) => id === identityPoolId)?.providers.join(' ') ?? '';
  const userClient =
    clients.find(({ id }) => id === client) ??
    clients.find(({ userPoolId }) => listed.includes(userPoolId)) ??
    clients[0];
  const asked = questions.filter(({ action }) => IS_ACTION.test(action));
  const question = {
    identityPoolId,
    ...(userClient && { userPoolId: userClient.userPoolId, clientId: userClient.id }),
    questions: asked.map(({ action, resource }) => ({ action, resource: resource || '*' })),
    claims,
  };
  const isReady = identityPoolId !== undefined && asked.length > 0;
  const { value, refused } = useAnswer(isReady ? JSON.stringify(question) : null, () =>
    call<AccessMatrix>('POST', '/access/matrix', question),
  );
  const row = value?.rows.find(({ user }) => user === chosen?.user);

  if (resources && identityPools.length === 0) {
    return (
      <div className={pools['settings']}>
        <p className={pools['note']}>There is no identity pool yet: it is what gives people roles.</p>
      </div>
    );
  }
  return (
    <div className={pools['settings']}>
      <Panel title="Who asks, and for what">
        <Form label="The matrix" onSubmit={() => undefined}>
          <Pair>
            <Select
              label="Identity pool"
              value={identityPoolId ?? ''}
              options={identityPools.map(({ id, name }) => ({ value: id, text: name }))}
              onChange={setIdentityPool}
            />
            {clients.length > 0 && (
              <Select
                label="People of"
                value={userClient?.id ?? ''}
                options={clients.map(({ id, text }) => ({ value: id, text }))}
                onChange={setClient}
              />
            )}
          </Pair>
          <Questions questions={questions} onChange={setQuestions} />
        </Form>
      </Panel>
      <Refusal refused={refused} />
      {value && (
        <div className={styles['matrix']}>
          <table aria-label="Users by resources">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Role</th>
                {asked.map(({ action, resource }) => (
                  <th key={`${action} ${resource}`} scope="col">
                    <span className={styles['question']}>
                      {action}
                      <code>{shortened(resource)}</code>
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {value.rows.map((entry) => (
                <tr key={entry.user}>
                  <th scope="row">{entry.user}</th>
                  <td>
                    <AriaButton
                      className={styles['cell'] ?? ''}
                      aria-label={`Why ${entry.user} gets ${roleOf(entry) ?? 'no role'}`}
                      onPress={() => setChosen({ user: entry.user, index: null })}
                    >
                      <Mark tone={entry.roleArn ? 'accent' : 'bad'}>{roleOf(entry) ?? 'no role'}</Mark>
                    </AriaButton>
                  </td>
                  {entry.cells.map((cell, index) => (
                    <td key={`${cell.action} ${cell.resource}`}>
                      <AriaButton
                        className={styles['cell'] ?? ''}
                        aria-label={`${entry.user}, ${cell.action}: ${WORDS[cell.decision]}. Why?`}
                        onPress={() => setChosen({ user: entry.user, index })}
                      >
                        <CellMark cell={cell} />
                      </AriaButton>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {row && chosen && (
        <Why
          key={row.user}
          row={row}
          cell={chosen.index === null ? undefined : row.cells[chosen.index]}
          claims={claims[row.user] ?? {}}
          onClaims={(changed) => setClaims((before) => ({ ...before, [row.user]: changed }))}
        />
      )}
    </div>
  );
}

function Questions({
  questions,
  onChange,
}: {
  readonly questions: readonly Question[];
  readonly onChange: (questions: readonly Question[]) => void;
}) {
  const change = (at: number, part: Partial<Question>): void =>
    onChange(questions.map((question, index) => (index === at ? { ...question, ...part } : question)));
  return (
    <div className={styles['questions']}>
      {questions.map(({ action, resource }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a row is its place
        <div key={index} className={styles['questionRow']}>
          <Field label="Action" value={action} onChange={(value) => change(index, { action: value })} mono />
          <Field label="Resource" value={resource} onChange={(value) => change(index, { resource: value })} mono />
          <IconButton
            icon={Trash2}
            label={`Remove ${action}`}
            onPress={() => onChange(questions.filter((_question, other) => other !== index))}
          />
        </div>
      ))}
      <div>
        <Button size="small" icon={Plus} onPress={() => onChange([...questions, { action: '', resource: '*' }])}>
          Another question
        </Button>
      </div>
    </div>
  );
}

interface WhyProps {
  readonly row: MatrixRow;
  readonly cell: MatrixCell | undefined;
  readonly claims: Readonly<Record<string, string>>;
  readonly onClaims: (claims: Readonly<Record<string, string>>) => void;
}

/** Why the role, why the verdict, and what another claim would change. */
function Why({ row, cell, claims, onClaims }: WhyProps) {
  const names = Object.keys(row.claims).filter((name) => !DULL.has(name));
  const [name, setName] = useState(names.find((claim) => claim.startsWith('custom:')) ?? names[0] ?? '');
  return (
    <section className={styles['why']} aria-label={`Why, for ${row.user}`}>
      <p>
        <strong>{row.user}</strong> {row.decided} <code>{row.rule}</code>
      </p>
      {cell && (
        <p>
          <CellMark cell={cell} /> <code>{cell.action}</code> on <code>{cell.resource}</code>: {cell.decided}
        </p>
      )}
      {row.user !== 'guest' && (
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
        {row.roleArn && (
          <Button size="small" onPress={() => openAt('access', 'roles', roleOf(row) ?? '')}>
            Open the role
          </Button>
        )}
      </div>
    </section>
  );
}

/** Claims that no rule would be made of. */
const DULL = new Set(['iss', 'aud', 'exp', 'iat', 'auth_time', 'token_use', 'sub']);

const WORDS: Readonly<Record<MatrixCell['decision'], string>> = {
  allowed: 'allowed',
  'explicit-deny': 'denied',
  'implicit-deny': 'not allowed',
  'no-role': 'no role',
};

function CellMark({ cell: { decision } }: { readonly cell: MatrixCell }) {
  const tone = decision === 'allowed' ? 'ok' : decision === 'explicit-deny' ? 'bad' : 'plain';
  const icon = decision === 'allowed' ? Check : decision === 'explicit-deny' ? Ban : Minus;
  return (
    <Mark tone={tone} icon={icon}>
      {WORDS[decision]}
    </Mark>
  );
}

const roleOf = ({ roleArn }: MatrixRow): string | undefined => roleArn?.split('/').at(-1);

const shortened = (resource: string): string => resource.split(':').slice(5).join(':') || resource;
