import type { Json } from '../../../shared/json.ts';
import { record } from './dynamodb-attributes.ts';
import { outgoingOf } from './outgoing.ts';
import { NoAnswer, type Sender } from './send.ts';
import type { ForwardTarget } from './target.ts';

/** For so many milliseconds a table is believed to be as it was: somebody may make it anew past the gate. */
const BELIEVED_FOR = 5000;
const MOST = 1000;
const LONGEST = 1024 * 1024;

export interface TableKeys {
  /** `undefined` where there is no such table or index. @throws NoAnswer */
  partitionKey(asking: Asking, table: string, index: string | undefined): Promise<string | undefined>;
  forget(): void;
}

/** Whose tables: some local databases keep them apart by access key and region. */
export interface Asking {
  readonly accessKeyId: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

type Keys = ReadonlyMap<string | undefined, string>;

/** What only the target's database knows of its tables, asked with DescribeTable. [GA-DYNAMO-2] */
export function createTableKeys(target: ForwardTarget, sender: Sender): TableKeys {
  const known = new Map<string, { readonly at: number; readonly keys: Keys }>();
  return {
    async partitionKey(asking, table, index) {
      const name = `${target.credentials ? '' : asking.accessKeyId}/${asking.region}/${table}`;
      const found = known.get(name);
      if (found && performance.now() - found.at < BELIEVED_FOR && found.keys.has(index)) return found.keys.get(index);
      const keys = await describe(target, sender, table, asking);
      if (known.size >= MOST) known.clear();
      if (keys.size > 0) known.set(name, { at: performance.now(), keys });
      return keys.get(index);
    },
    forget: () => known.clear(),
  };
}

async function describe(target: ForwardTarget, sender: Sender, table: string, asking: Asking): Promise<Keys> {
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
  if (answer.statusCode === 400 && text.includes('ResourceNotFoundException')) return new Map();
  if (answer.statusCode !== 200) throw new NoAnswer(`answered DescribeTable of ${table} with ${answer.statusCode}`);
  return keysOf(text);
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

function keysOf(text: string): Keys {
  let described: Json;
  try {
    described = JSON.parse(text) as Json;
  } catch {
    throw new NoAnswer('answered DescribeTable with something that is not JSON');
  }
  const table = record(record(described)['Table']);
  const keys = new Map<string | undefined, string>();
  const add = (index: string | undefined, schema: Json | undefined): void => {
    for (const element of Array.isArray(schema) ? schema : []) {
      const { KeyType, AttributeName } = record(element);
      if (KeyType === 'HASH' && typeof AttributeName === 'string') keys.set(index, AttributeName);
    }
  };
  add(undefined, table['KeySchema']);
  for (const member of ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes']) {
    for (const index of Array.isArray(table[member]) ? table[member] : []) {
      const { IndexName, KeySchema } = record(index);
      if (typeof IndexName === 'string') add(IndexName, KeySchema);
    }
  }
  if (!keys.has(undefined)) throw new NoAnswer('answered DescribeTable without a key schema');
  return keys;
}
