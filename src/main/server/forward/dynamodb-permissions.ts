import type { KeysAndAttributes } from '../../../shared/aws/dynamodb.ts';
import type { ServiceModel } from '../../model/operations.ts';
import { placeOfTable } from '../../services/dynamodb/lookup.ts';
import { isBuilt } from '../../services/family.ts';
import type { ServerCall } from '../call.ts';
import type { OperationTable } from '../operations.ts';
import { decode } from '../steps/decode.ts';
import { validate } from '../steps/validate.ts';
import { Unnamed, type Asked, type Place } from './asked.ts';
import { withoutLegacy } from './dynamodb-legacy.ts';
import { targetOf, type Members } from './named-services.ts';
import type { TableRecord } from './table-keys.ts';

/** A table as only its own database knows it; `undefined` where there is none, or none with this index. */
export type DescribedTable = (table: string, index: string | undefined) => Promise<TableRecord | undefined>;

/** What touches no items, of what the bench itself does not have. */
const NO_ITEMS =
  /^(?:Create|Delete|Describe|Update)(?:Table|TimeToLive|ContinuousBackups|Backup|KinesisStreamingDestination)|^(?:List|Tag|Untag)|^DescribeStream$|^Get(?:Records|ShardIterator)$/;

/**
 * The same questions as of the bench's own DynamoDB, about tables as the target describes them.
 *
 * @throws Unnamed, Fault where the input is none
 */
export async function dynamoDbAsked(
  call: ServerCall,
  { model, table }: { readonly model: ServiceModel; readonly table: OperationTable },
  described: DescribedTable,
): Promise<Asked> {
  const { operation, members } = targetOf('dynamodb', call.received);
  const modelled = model.operations.get(operation);
  const row = modelled && table.get(modelled);
  const permissions = row && isBuilt(row) ? row.permissions : undefined;
  if (!permissions) {
    if (!NO_ITEMS.test(operation)) throw new Unnamed(`the gate does not know what dynamodb:${operation} touches`);
    return { operation, permissions: [{ action: `dynamodb:${operation}`, resources: ofTable(members, call) }] };
  }
  // Nobody asks what a developer may do, nor has the target to agree with the bench about expressions.
  if (call.caller.kind === 'developer') return { operation, permissions: [] };
  call.operation = modelled;
  decode(call);
  validate(call);
  const input = modern(call.input);
  const known = new Map<string, TableRecord>();
  for (const named of tablesOf(input)) {
    const { account, region, name } = placeOfTable(call, named);
    if (account !== call.account || region !== call.region) continue;
    const found = await described(name, textOf(input['IndexName']));
    if (found) known.set(name, found);
  }
  const tables = { find: (_account: string, _region: string, name: string) => known.get(name) };
  return { operation, permissions: permissions(input as never, call, { tables } as never) };
}

type Input = { readonly [member: string]: unknown };

/** Each table of a BatchGetItem has parameters of its own. */
function modern(input: Input): Input {
  const { RequestItems } = input;
  if (RequestItems === undefined) return withoutLegacy(input);
  const tables = Object.entries(RequestItems as { [table: string]: KeysAndAttributes | readonly unknown[] });
  const items = tables.map(([name, asked]) => [name, Array.isArray(asked) ? asked : withoutLegacy(asked)] as const);
  return { ...input, RequestItems: Object.fromEntries(items) };
}

function tablesOf({ TableName, RequestItems = {}, TransactItems = [] }: Input): Set<string> {
  const parts = (TransactItems as readonly { readonly [part: string]: { readonly TableName: string } }[]).flatMap(
    (item) => Object.values(item).map((part) => part.TableName),
  );
  const named = textOf(TableName);
  return new Set([...(named === undefined ? [] : [named]), ...Object.keys(RequestItems as object), ...parts]);
}

function ofTable(members: Members, place: Place): string[] {
  const arns = ['ResourceArn', 'StreamArn', 'BackupArn'].flatMap((member) => textOf(members[member]) ?? []);
  const name = textOf(members['TableName']);
  if (name === undefined) return arns.length > 0 ? arns : ['*'];
  return [name.startsWith('arn:') ? name : `arn:aws:dynamodb:${place.region}:${place.account}:table/${name}`, ...arns];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
