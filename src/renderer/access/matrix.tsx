import { Fragment, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { AccessMatrix } from '../../shared/access.ts';
import { useAnswer } from '../data/answers.ts';
import { aws } from '../data/aws.ts';
import { useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { itemsOf, s3 } from '../data/s3.ts';
import { currentAccount } from '../data/session.ts';
import { Panel } from '../pools/settings.tsx';
import { Form, Pair, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { Select } from '../ui/select.tsx';
import { firstQuestions, IDENTITY, Questions, type Question } from './matrix-questions.tsx';
import { Decision, MatrixWhy, roleOf, WORDS } from './matrix-why.tsx';
import pools from '../pools/pool.module.css';
import styles from './access.module.css';

const IS_ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9]+$/;

interface Answered extends AccessMatrix {
  readonly asked: readonly Question[];
}

/** What is being asked for, by row and column; a column of `null` is the role itself. */
interface Chosen {
  readonly row: number;
  readonly column: number | null;
}

/** Users by resources: the role each would get, and what it may do with each. */
export function Matrix() {
  const resources = useBench((state) => state.resources);
  const [identityPool, setIdentityPool] = useState<string | undefined>();
  const [client, setClient] = useState<string | undefined>();
  const [written, setWritten] = useState<readonly Question[] | undefined>();
  const [claims, setClaims] = useState<Readonly<Record<string, Readonly<Record<string, string>>>>>({});
  const [chosen, setChosen] = useState<Chosen | undefined>();
  const first = useFirstQuestions();
  const questions = written ?? first;

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
  const asked = questions?.filter(({ action }) => IS_ACTION.test(action)) ?? [];
  const question = {
    identityPoolId,
    ...(userClient && { userPoolId: userClient.userPoolId, clientId: userClient.id }),
    questions: asked.map(({ action, resource }) => ({ action, resource: resource || '*' })),
    claims,
  };
  const isReady = identityPoolId !== undefined && asked.length > 0;
  const answer = useAnswer(isReady ? JSON.stringify(question) : null, async (): Promise<Answered> => ({
    ...(await call<AccessMatrix>('POST', '/access/matrix', question)),
    asked,
  }));
  const shown = useLast(isReady ? answer.value : undefined);

  if (resources && identityPools.length === 0) {
    return (
      <div className={pools['settings']}>
        <p className={pools['note']}>There is no identity pool yet: it is what gives people roles.</p>
      </div>
    );
  }
  const choose = (next: Chosen): void =>
    setChosen(chosen?.row === next.row && chosen.column === next.column ? undefined : next);
  return (
    <div className={styles['wide']}>
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
          {questions && <Questions questions={questions} onChange={setWritten} />}
        </Form>
      </Panel>
      <Refusal refused={answer.refused} />
      {isReady && shown && (
        <div className={styles['matrix']}>
          <table aria-label="Users by resources">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Role</th>
                {shown.asked.map(({ action, resource }, index) => (
                  // oxlint-disable-next-line react/no-array-index-key -- the same may be asked twice
                  <th key={index} scope="col" title={resource}>
                    <span className={styles['question']}>
                      {action}
                      <code>{shortened(resource)}</code>
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.rows.map((row, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- a user may be called guest, too
                <Fragment key={`${row.user} ${index}`}>
                  <tr>
                    <th scope="row">
                      {row.user}
                      {claims[row.user] && Object.keys(claims[row.user] ?? {}).length > 0 && (
                        <span className={styles['whatIf']}> what if</span>
                      )}
                    </th>
                    <td data-decision={row.roleArn ? 'role' : 'no-role'}>
                      <AriaButton
                        className={styles['cell'] ?? ''}
                        aria-label={`Why ${row.user} gets ${roleOf(row) ?? 'no role'}`}
                        aria-expanded={chosen?.row === index && chosen.column === null}
                        onPress={() => choose({ row: index, column: null })}
                      >
                        <Mark tone={row.roleArn ? 'accent' : 'bad'}>{roleOf(row) ?? 'no role'}</Mark>
                      </AriaButton>
                    </td>
                    {row.cells.map((cell, column) => (
                      // oxlint-disable-next-line react/no-array-index-key -- the same may be asked twice
                      <td key={column} data-decision={cell.decision}>
                        <AriaButton
                          className={styles['cell'] ?? ''}
                          aria-label={`${row.user}, ${cell.action} on ${shortened(cell.resource)}: ${WORDS[cell.decision]}. Why?`}
                          aria-expanded={chosen?.row === index && chosen.column === column}
                          onPress={() => choose({ row: index, column })}
                        >
                          <Decision cell={cell} />
                        </AriaButton>
                      </td>
                    ))}
                  </tr>
                  {chosen?.row === index && (
                    <tr className={styles['whyRow']}>
                      <td colSpan={shown.asked.length + 2}>
                        <MatrixWhy
                          row={row}
                          cell={chosen.column === null ? undefined : row.cells[chosen.column]}
                          identityPoolId={identityPoolId ?? ''}
                          claims={claims[row.user] ?? {}}
                          onClaims={(changed) => setClaims((before) => ({ ...before, [row.user]: changed }))}
                          onClose={() => setChosen(undefined)}
                        />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
          {!shown.isWhole && <p className={pools['note']}>The user pool has more users; these are the first.</p>}
        </div>
      )}
    </div>
  );
}

/** `undefined` until it is known what there is to ask about. */
function useFirstQuestions(): readonly Question[] | undefined {
  const region = useBench((state) => state.health?.region ?? 'us-east-1');
  const buckets = useAnswer('buckets', async () => itemsOf(await s3({ method: 'GET' }), 'Bucket', ['Name']));
  const tables = useAnswer('tables', () => aws('dynamodb', 'ListTables', {}));
  const isKnown = (buckets.value ?? buckets.refused) && (tables.value ?? tables.refused);
  if (!isKnown) return undefined;
  const names = {
    buckets: buckets.value?.map(({ Name = '' }) => Name) ?? [],
    tables: tables.value?.TableNames ?? [],
  };
  return firstQuestions(names, { region, account: currentAccount() });
}

/** Keeps the last answer in sight while the next one is on its way, with whatever is being typed in it. */
function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}

/** Without what every ARN begins with, and with the identity's variable in short. */
function shortened(resource: string): string {
  const short = resource.replaceAll(IDENTITY, '${sub}');
  return short.startsWith('arn:') ? short.split(':').slice(5).join(':') : short;
}
