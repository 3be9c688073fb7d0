import { fault } from '../../kernel/fault.ts';
import type { TableRecord } from '../../store/repositories/tables.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { schemaOf, type TableSchema } from './keys.ts';
import { notHere } from './refusals.ts';

export function tableArn({ region, account, name }: Pick<TableRecord, 'region' | 'account' | 'name'>): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${name}`;
}

/** A call names its table by name or by ARN. */
export function placeOfTable(call: Call, named: string): Pick<TableRecord, 'region' | 'account' | 'name'> {
  const parts = /^arn:aws[^:]*:dynamodb:([^:]*):(\d{12}):table\/([^/]+)$/.exec(named);
  if (!parts) return { region: call.region, account: call.account, name: named };
  return { region: parts[1]!, account: parts[2]!, name: parts[3]! };
}

export function findTable(call: Call, { tables }: Pick<Services, 'tables'>, named: string): TableRecord | undefined {
  const { region, account, name } = placeOfTable(call, named);
  return account === call.account && region === call.region ? tables.find(account, region, name) : undefined;
}

/** @throws Fault `ResourceNotFoundException`; for another account's table `AccessDeniedException` */
export function requireTable(call: Call, services: Pick<Services, 'tables'>, named: string): TableRecord {
  const table = findTable(call, services, named);
  if (table) return table;
  const { region, account, name } = placeOfTable(call, named);
  if (account !== call.account) {
    throw call.why.refuse(
      'DB-TABLE-3',
      'the table is of another account, and tables have no policies of their own here',
      fault(
        'AccessDeniedException',
        `User: ${callerArn(call)} is not authorized to access this resource: ${tableArn({ region, account, name })} because no resource-based policy allows it`,
      ),
      { table: name, account },
    );
  }
  throw call.why.refuse(
    'DB-TABLE-2',
    'this account has no such table in this region',
    fault('ResourceNotFoundException', 'Requested resource not found'),
    { table: name, region },
  );
}

function callerArn({ caller, account }: Call): string {
  if (caller.kind === 'developer') return caller.arn;
  return caller.kind === 'session' || caller.kind === 'iam-user'
    ? caller.credentials.arn
    : `arn:aws:iam::${account}:root`;
}

export function requireSchema(call: Call, services: Pick<Services, 'tables'>, named: string): TableSchema {
  return schemaOf(requireTable(call, services, named));
}

const LEGACY = [
  'AttributesToGet',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
  'ConditionalOperator',
  'Expected',
  'AttributeUpdates',
] as const;

/** The parameters before expressions: refused by name, rather than ignored. */
export function refuseLegacy(input: object): void {
  const found = LEGACY.find((name) => name in input);
  if (found !== undefined) {
    throw notHere('DB-LEGACY-1', `the legacy parameter ${found}; use expressions`);
  }
}
