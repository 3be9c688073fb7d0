import { Download, Play, Trash2 } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { BENCH_PATH, ACCOUNT_HEADER, TOKEN_HEADER } from '../../shared/bench-api.ts';
import type { HistoryAnswer } from '../../shared/sync-views.ts';
import { useAsking } from '../data/answers.ts';
import { call } from '../data/call.ts';
import { notify } from '../data/notices.ts';
import { currentAccount, launchToken } from '../data/session.ts';
import { many } from '../format/size.ts';
import { milliseconds } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Confirm, Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { TextArea } from '../ui/text-area.tsx';
import styles from './sync.module.css';
import table from './table.module.css';

const EXAMPLES: readonly { readonly text: string; readonly sql: string }[] = [
  {
    text: 'The newest changes',
    sql: 'SELECT arrived_at, dataset, op, key, value, record_sync_count\nFROM changes\nORDER BY arrived_at DESC\nLIMIT 100',
  },
  {
    text: 'Keys that change most',
    sql: 'SELECT dataset, key, count(*) AS changes, max(arrived_at) AS last\nFROM changes\nGROUP BY dataset, key\nORDER BY changes DESC',
  },
  {
    text: 'Changes by identity',
    sql: 'SELECT identity_id, count(DISTINCT dataset) AS datasets, count(*) AS changes\nFROM changes\nGROUP BY identity_id',
  },
  { text: 'Records as they stand', sql: 'SELECT stream, sequence_number, arrived_at, data\nFROM stream_records' },
];

const EXPORTS = [
  { text: 'Changes, CSV', query: 'format=csv&of=changes', file: 'changes.csv' },
  { text: 'Changes, JSON lines', query: 'format=jsonl&of=changes', file: 'changes.jsonl' },
  { text: 'Stream records, JSON lines', query: 'format=jsonl&of=records', file: 'stream-records.jsonl' },
] as const;

/** What the streams carried, asked in SQL. */
export function History() {
  const [sql, setSql] = useState(EXAMPLES[0]?.sql ?? '');
  const [answer, setAnswer] = useState<HistoryAnswer>();
  const [forgetting, setForgetting] = useState(false);
  const { busy, refused, ask } = useAsking();
  const run = (text: string) =>
    void ask(async () => setAnswer(await call<HistoryAnswer>('POST', '/history/query', { sql: text })));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run(sql);
  };
  return (
    <div className={styles['part']}>
      <header>
        <h3>History</h3>
        <span className={styles['text']}>
          What the streams carried: the views <code>changes</code> and <code>stream_records</code>.
        </span>
      </header>
      <TextArea
        label="SQL"
        value={sql}
        onChange={setSql}
        rows={6}
        mono
        invalid={refused !== undefined}
        onKeyDown={onKeyDown}
      />
      <div className={styles['toolbar']}>
        <Button variant="primary" icon={Play} isDisabled={busy || sql.trim() === ''} onPress={() => run(sql)}>
          {busy ? 'Running…' : 'Run'}
        </Button>
        <MenuButton
          label="Examples"
          placement="bottom start"
          entries={EXAMPLES.map(({ text, sql: example }) => ({
            id: text,
            text,
            run: () => {
              setSql(example);
              run(example);
            },
          }))}
        >
          <Button>Examples</Button>
        </MenuButton>
        <span className={styles['space']} />
        <MenuButton
          label="Export"
          entries={EXPORTS.map(({ text, query, file }) => ({ id: file, text, run: () => void download(query, file) }))}
        >
          <Button icon={Download}>Export</Button>
        </MenuButton>
        <Button variant="danger" icon={Trash2} onPress={() => setForgetting(true)}>
          Forget
        </Button>
      </div>
      <Refusal refused={refused} />
      {answer && !refused && <Result answer={answer} />}
      {forgetting && (
        <Confirm
          title="Forget the history?"
          verb="Forget"
          onClose={() => setForgetting(false)}
          run={async () => {
            const { removed } = await call<{ removed: number }>('DELETE', '/history');
            setAnswer(undefined);
            notify(`${many(removed, 'record')} forgotten`);
          }}
        >
          <p>The streams lose these records too. The sync store stays as it is.</p>
        </Confirm>
      )}
    </div>
  );
}

function Result({ answer: { columns, rows, isCut, milliseconds: took } }: { readonly answer: HistoryAnswer }) {
  return (
    <section aria-label="Result">
      <p className={styles['found']} role="status">
        {many(rows.length, 'row')} in {milliseconds(took)} ms
        {isCut && <Mark tone="warn">there are more</Mark>}
      </p>
      {rows.length > 0 && (
        <div className={table['frame']} tabIndex={0} role="region" aria-label="Rows">
          <table className={table['table']}>
            <thead>
              <tr>
                {columns.map((column, index) => (
                  // Two columns of a query may have the same name.
                  // oxlint-disable-next-line react/no-array-index-key
                  <th key={index} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, place) => (
                // oxlint-disable-next-line react/no-array-index-key
                <tr key={place}>
                  {row.map((cell, index) => (
                    // oxlint-disable-next-line react/no-array-index-key
                    <Cell key={index} value={cell} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const Cell = ({ value }: { readonly value: string | number | null }) => (
  <td className={table['cell']} data-copy={value ?? ''} title={String(value ?? '').slice(0, 2000)}>
    {value ?? <em>null</em>}
  </td>
);

/** A link could not carry the launch token. */
async function download(query: string, file: string): Promise<void> {
  try {
    const response = await fetch(`${BENCH_PATH}/history/export?${query}`, {
      headers: { [TOKEN_HEADER]: launchToken(), [ACCOUNT_HEADER]: currentAccount() },
    });
    if (!response.ok) throw new Error(`The bench answered ${response.status}.`);
    const address = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = address;
    link.download = file;
    link.click();
    URL.revokeObjectURL(address);
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), 'bad');
  }
}
