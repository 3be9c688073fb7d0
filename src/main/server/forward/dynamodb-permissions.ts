import type { Json } from '../../../shared/json.ts';
import type { Permission } from '../../services/family.ts';
import type { Received } from '../protocols/protocol.ts';
import { Unnamed, type Asked, type Place } from './asked.ts';
import { attributesOf, equalityOf, record, scalar, type JsonObject } from './dynamodb-attributes.ts';
import { targetOf, type Members } from './named-services.ts';

/** The partition key's name, which only the table's own database knows; `undefined` where there is no such table. */
export type PartitionKey = (table: string, index: string | undefined) => Promise<string | undefined>;

/** Operations on items of one table, and where the partition key's value stands. */
const ONE_ITEM: { readonly [operation: string]: 'Item' | 'Key' } = {
  DeleteItem: 'Key',
  GetItem: 'Key',
  PutItem: 'Item',
  UpdateItem: 'Key',
};
const NO_ITEMS =
  /^(?:Create|Delete|Describe|Update)(?:Table|TimeToLive|ContinuousBackups|Backup|KinesisStreamingDestination)|^(?:List|Tag|Untag)|^DescribeStream$|^Get(?:Records|ShardIterator)$/;

/** @throws Unnamed */
export async function dynamoDbAsked(received: Received, place: Place, partitionKey: PartitionKey): Promise<Asked> {
  const { operation, members } = targetOf('dynamodb', received);
  const question = { operation, members, place, partitionKey };
  if (Object.hasOwn(ONE_ITEM, operation)) {
    const permission = await ofItem(operation, members, members[ONE_ITEM[operation]!], question);
    return { operation, permissions: [permission] };
  }
  switch (operation) {
    case 'Query':
    case 'Scan':
      return { operation, permissions: [await ofSearch(question)] };
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return { operation, permissions: await ofBatch(question) };
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return { operation, permissions: await ofTransaction(question) };
    default:
      if (!NO_ITEMS.test(operation)) throw new Unnamed(`the gate does not know what dynamodb:${operation} touches`);
      return { operation, permissions: [{ action: `dynamodb:${operation}`, resources: ofTable(members, place) }] };
  }
}

interface Question {
  readonly operation: string;
  readonly members: Members;
  readonly place: Place;
  readonly partitionKey: PartitionKey;
}

async function ofItem(
  operation: string,
  members: JsonObject,
  item: Json | undefined,
  question: Question,
): Promise<Permission> {
  const table = text(members, 'TableName');
  const leading = await leadingKey(table, record(item), question.partitionKey);
  return {
    action: `dynamodb:${operation}`,
    resources: [tableArn(table, question.place)],
    context: {
      'dynamodb:LeadingKeys': [leading],
      'dynamodb:Attributes': attributesOf(members),
      'dynamodb:Select':
        members['ProjectionExpression'] || members['AttributesToGet'] ? 'SPECIFIC_ATTRIBUTES' : undefined,
      'dynamodb:ReturnValues': optional(members, 'ReturnValues'),
      'dynamodb:ReturnConsumedCapacity': optional(members, 'ReturnConsumedCapacity'),
    },
  };
}

/** A Scan has no leading keys, so that ForAllValues lets it through. [identity-and-sync 3.8] */
async function ofSearch({ operation, members, place, partitionKey }: Question): Promise<Permission> {
  const table = text(members, 'TableName');
  const index = optional(members, 'IndexName');
  const arn = tableArn(table, place);
  let leading: string | undefined;
  if (operation === 'Query') {
    const key = await partitionKey(table, index);
    // A table that is not there is the database's to refuse; a policy about leading keys allows nothing of it.
    leading = key === undefined ? '' : equalityOf(members, key);
    if (leading === undefined) throw new Unnamed('its key condition does not say which partition key it wants');
  }
  const isSpecific = Boolean(members['ProjectionExpression'] || members['AttributesToGet']);
  return {
    action: `dynamodb:${operation}`,
    resources: [index === undefined ? arn : `${arn}/index/${index}`],
    context: {
      'dynamodb:LeadingKeys': leading === undefined ? undefined : [leading],
      'dynamodb:Attributes': attributesOf(members),
      'dynamodb:Select': optional(members, 'Select') ?? (isSpecific ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES'),
      'dynamodb:ReturnConsumedCapacity': optional(members, 'ReturnConsumedCapacity'),
    },
  };
}

/** Each table is asked for by itself, with every key of it. */
async function ofBatch({ operation, members, place, partitionKey }: Question): Promise<Permission[]> {
  const tables = Object.entries(record(members['RequestItems']));
  if (tables.length === 0) throw new Unnamed('it names no table');
  const permissions: Permission[] = [];
  for (const [table, request] of tables) {
    const isRead = operation === 'BatchGetItem';
    const read = isRead ? record(request) : {};
    const items = isRead ? list(read['Keys']) : list(request).map((entry) => writtenItem(record(entry)));
    const leading: string[] = [];
    for (const item of items) leading.push(await leadingKey(nameOf(table), record(item), partitionKey));
    const attributes = isRead
      ? attributesOf({ ...read, Key: Object.assign({}, ...items.map(record)) as JsonObject })
      : [...new Set(items.flatMap((item) => Object.keys(record(item))))];
    permissions.push({
      action: `dynamodb:${operation}`,
      resources: [tableArn(nameOf(table), place)],
      context: {
        'dynamodb:LeadingKeys': leading,
        'dynamodb:Attributes': attributes,
        'dynamodb:Select': read['ProjectionExpression'] || read['AttributesToGet'] ? 'SPECIFIC_ATTRIBUTES' : undefined,
        'dynamodb:ReturnConsumedCapacity': optional(members, 'ReturnConsumedCapacity'),
      },
    });
  }
  return permissions;
}

function writtenItem(entry: JsonObject): Json {
  const put = record(entry['PutRequest'])['Item'];
  const removed = record(entry['DeleteRequest'])['Key'];
  const item = put ?? removed;
  if (item === undefined || (put !== undefined && removed !== undefined))
    throw new Unnamed('it writes nothing it names');
  return item;
}

const IN_TRANSACTION: { readonly [member: string]: readonly [operation: string, item: 'Item' | 'Key'] } = {
  ConditionCheck: ['ConditionCheckItem', 'Key'],
  Delete: ['DeleteItem', 'Key'],
  Get: ['GetItem', 'Key'],
  Put: ['PutItem', 'Item'],
  Update: ['UpdateItem', 'Key'],
};

/** A transaction is allowed what each of its parts would be. */
async function ofTransaction(question: Question): Promise<Permission[]> {
  const permissions: Permission[] = [];
  for (const entry of list(question.members['TransactItems'])) {
    for (const [member, part] of Object.entries(record(entry))) {
      const known = Object.hasOwn(IN_TRANSACTION, member) ? IN_TRANSACTION[member] : undefined;
      if (!known) throw new Unnamed(`its transaction has ${member.slice(0, 64)}`);
      const [operation, item] = known;
      const members = record(part);
      const permission = await ofItem(operation, members, members[item], question);
      const context = { ...permission.context, 'dynamodb:EnclosingOperation': question.operation };
      permissions.push({ ...permission, context });
    }
  }
  if (permissions.length === 0) throw new Unnamed('its transaction is empty');
  return permissions;
}

async function leadingKey(table: string, item: JsonObject, partitionKey: PartitionKey): Promise<string> {
  const name = await partitionKey(nameOf(table), undefined);
  if (name === undefined) return '';
  const value = scalar(item[name]);
  if (value === undefined) throw new Unnamed(`it has no value for the partition key ${name}`);
  return value;
}

function ofTable(members: Members, place: Place): string[] {
  const name = optional(members, 'TableName');
  const arns = ['ResourceArn', 'StreamArn', 'BackupArn'].flatMap((member) => optional(members, member) ?? []);
  if (name !== undefined) return [tableArn(name, place), ...arns];
  return arns.length > 0 ? arns : ['*'];
}

/** A table may be named by its ARN, too. */
function tableArn(table: string, { account, region }: Place): string {
  if (table.startsWith('arn:')) {
    if (/^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]+$/.test(table)) return table;
    throw new Unnamed('its TableName is no ARN of a table');
  }
  return `arn:aws:dynamodb:${region}:${account}:table/${table}`;
}

function nameOf(table: string): string {
  return table.slice(table.lastIndexOf('/') + 1);
}

function text(members: JsonObject, name: string): string {
  const value = members[name];
  if (typeof value !== 'string' || value === '') throw new Unnamed(`it has no ${name}`);
  return value;
}

function optional(members: JsonObject, name: string): string | undefined {
  const value = members[name];
  return typeof value === 'string' ? value : undefined;
}

function list(value: Json | undefined): readonly Json[] {
  if (!Array.isArray(value) || value.length === 0) throw new Unnamed('a list of its body is empty or missing');
  return value;
}
