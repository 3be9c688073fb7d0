// Runs in a process of its own, started from this text; see history.ts. A statement that never ends or that asks for
// all memory is that process's trouble alone.
const { Worker } = require('node:worker_threads');
const [, libraryPath, lifetime] = process.argv;
const Sqlite = require(libraryPath);

// SQLite does not come back while a statement runs, so another thread ends the process when the bench cannot. It
// sleeps until then.
new Worker(
  `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${Number(lifetime)});
   process.kill(process.pid, 'SIGKILL');`,
  { eval: true },
).unref();

const database = new Sqlite(':memory:');
let insert;

const time = (column) => `strftime('%Y-%m-%dT%H:%M:%fZ', (${column}) / 1000.0, 'unixepoch')`;

const SCHEMA = `
  CREATE TABLE raw (stream TEXT, region TEXT, shard_id TEXT, sequence_number TEXT, partition_key TEXT,
    arrived_at INTEGER, data TEXT, is_sync INTEGER);
  CREATE VIEW stream_records AS SELECT stream, region, shard_id, sequence_number, partition_key,
    ${time('arrived_at')} AS arrived_at,
    CASE WHEN is_sync THEN data ->> 'identityPoolId' END AS identity_pool_id,
    CASE WHEN is_sync THEN data ->> 'identityId' END AS identity_id,
    CASE WHEN is_sync THEN data ->> 'dataSetName' END AS dataset,
    CASE WHEN is_sync THEN data ->> 'operation' END AS operation,
    CASE WHEN is_sync THEN data ->> 'syncCount' END AS sync_count,
    CASE WHEN is_sync THEN data ->> 'payloadType' END AS payload_type,
    data FROM raw ORDER BY raw.rowid;
  CREATE VIEW changes AS SELECT stream, sequence_number, ${time('arrived_at')} AS arrived_at,
    data ->> 'identityPoolId' AS identity_pool_id, data ->> 'identityId' AS identity_id,
    data ->> 'dataSetName' AS dataset, data ->> 'syncCount' AS sync_count,
    coalesce(entry.value ->> 'op', 'remove dataset') AS op, entry.value ->> 'key' AS key,
    entry.value ->> 'value' AS value, entry.value ->> 'syncCount' AS record_sync_count,
    ${time("entry.value ->> 'lastModifiedDate'")} AS last_modified,
    ${time("entry.value ->> 'deviceLastModifiedDate'")} AS device_last_modified
    FROM raw LEFT JOIN json_each(data, '$.kinesisSyncRecords') AS entry
    WHERE is_sync AND (entry.key IS NOT NULL OR data ->> 'operation' = 'remove') ORDER BY raw.rowid;
`;

const steps = {
  open({ heapBytes }) {
    database.pragma(`hard_heap_limit = ${Number(heapBytes)}`);
    database.exec(SCHEMA);
    insert = database.prepare('INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    return {};
  },
  load({ rows }) {
    database.transaction(() => {
      for (const row of rows) insert.run(row);
    })();
    return {};
  },
  query({ sql, mostRows, mostBytes }) {
    database.pragma('query_only = ON');
    const statement = database.prepare(sql);
    if (!statement.reader || !statement.readonly) throw new Error('only a query that reads is run');
    const columns = statement.columns().map(({ name }) => name);
    const rows = [];
    let bytes = 0;
    for (const row of statement.raw().iterate()) {
      const cells = row.map((cell) => (Buffer.isBuffer(cell) ? cell.toString('base64') : cell));
      bytes += cells.reduce((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
      if (rows.length === mostRows || bytes > mostBytes) return { columns, rows, isCut: true };
      rows.push(cells);
    }
    return { columns, rows, isCut: false };
  },
};

process.on('message', ({ step, ...input }) => {
  let answer;
  try {
    answer = steps[step](input);
  } catch (error) {
    answer = { refused: error.message };
  }
  process.send(answer);
});
process.on('disconnect', () => process.exit());
