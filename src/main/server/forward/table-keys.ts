import type { Json } from '../../../shared/json.ts';
import type { Services } from '../../services/services.ts';
import { outgoingOf } from './outgoing.ts';
import { NoAnswer, type Sender } from './send.ts';
import type { ForwardTarget } from './target.ts';

/** A table as the bench's own DynamoDB would keep it. */
export type TableRecord = NonNullable<ReturnType<Services['tables']['find']>>;

/** For so many milliseconds a table is believed to be as it was: somebody may make it anew past the gate. */
const BELIEVED_FOR = 5000;
const MOST = 1000;
const LONGEST = 1024 * 1024;

export interface TableKeys {
  /** `undefined` where there is no such table. @throws NoAnswer */
  describe(asking: Asking, table: string, index: string | undefined): Promise<TableRecord | undefined>;
  forget(): void;
}

/** Whose tables: some local databases keep them apart by access key and region. */
export interface Asking {
  readonly account: string;
  readonly accessKeyId: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

/** What only the target's database knows of its tables, asked with DescribeTable. [GA-DYNAMO-2] */
export function createTableKeys(target: ForwardTarget, sender: Sender): TableKeys {
  const known = new Map<string, { readonly at: number; readonly table: TableRecord }>();
  return {
    async describe(asking, name, index) {
      const key = `${target.credentials ? '' : asking.accessKeyId}/${asking.account}/${asking.region}/${name}`;
      const found = known.get(key);
      if (found && performance.now() - found.at < BELIEVED_FOR && hasIndex(found.table, index)) return found.table;
      const table = await describe(target, sender, name, asking);
      if (known.size >= MOST) known.clear();
      if (table) known.set(key, { at: performance.now(), table });
      else known.delete(key);
      return table;
    },
    forget: () => known.clear(),
  };
}

function hasIndex({ definition }: TableRecord, index: string | undefined): boolean {
  const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = definition;
  return (
    index === undefined ||
    [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].some(({ IndexName }) => IndexName === index)
  );
}

async function describe(
  target: ForwardTarget,
  sender: Sender,
  table: string,
  asking: Asking,
): Promise<TableRecord | undefined> {
  const body = Buffer.from(JSON.stringify({ TableName: table }));
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.DescribeTable',
  };
  // Databases that check no signature read the access key all the same.
  const signer = target.credentials ?? { accessKeyId: asking.accessKeyId, secretKey: 'poolbench' };
  const received = { method: 'POST', path: '/', query: '', headers, body };
  const outgoing = outgoingOf(received, { ...target, credentials: signer }, '/', asking.region, false);
  const answer = await sender.send(outgoing, undefined, asking.signal);
  const text = await textOf(answer);
  if (answer.statusCode === 400 && text.includes('ResourceNotFoundException')) return undefined;
  if (answer.statusCode !== 200) throw new NoAnswer(`answered DescribeTable of ${table} with ${answer.statusCode}`);
  return tableOf(text, table, asking);
}

async function textOf(answer: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer) {
    size += piece.length;
    if (size > LONGEST) throw new NoAnswer('answered DescribeTable with more than anybody could have asked for');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function tableOf(text: string, name: string, { account, region }: Asking): TableRecord {
  let described: Json;
  try {
    described = JSON.parse(text) as Json;
  } catch {
    throw new NoAnswer('answered DescribeTable with something that is not JSON');
  }
  const table = record(record(described)['Table']);
  const definition = {
    AttributeDefinitions: list(table['AttributeDefinitions']),
    KeySchema: keysOf(table),
    GlobalSecondaryIndexes: indexesOf(table['GlobalSecondaryIndexes']),
    LocalSecondaryIndexes: indexesOf(table['LocalSecondaryIndexes']),
  } as unknown as TableRecord['definition'];
  const nothing = { id: 0, tableId: '', createdAt: new Date(0), itemCount: 0, sizeBytes: 0, indexes: [] };
  return { ...nothing, account, region, name, definition };
}

function indexesOf(value: Json | undefined): JsonObject[] {
  return list(value).map((index) => ({ ...index, Projection: record(index['Projection']), KeySchema: keysOf(index) }));
}

/** The partition key first, which is not everybody's order. */
function keysOf({ KeySchema }: JsonObject): JsonObject[] {
  const keys = list(KeySchema).filter(({ AttributeName }) => typeof AttributeName === 'string');
  const ordered = ['HASH', 'RANGE'].flatMap((type) => keys.filter(({ KeyType }) => KeyType === type));
  if (ordered[0]?.['KeyType'] !== 'HASH') throw new NoAnswer('answered DescribeTable without a key schema');
  return ordered;
}

type JsonObject = { readonly [member: string]: Json };

function record(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(record) : [];
}
