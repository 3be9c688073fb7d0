import type { Capacity, ConsumedCapacity } from '../../../shared/aws/dynamodb.ts';
import type { IndexSchema, TableSchema } from './keys.ts';

/** What a call costs, as the service counts it: reads by 4 KB, writes by 1 KB, a transaction twice. [docs] */
export class Units {
  table = 0;
  readonly indexes = new Map<IndexSchema, number>();

  addIndex(index: IndexSchema, units: number): void {
    if (units > 0) this.indexes.set(index, (this.indexes.get(index) ?? 0) + units);
  }

  add(other: Units): void {
    this.table += other.table;
    for (const [index, units] of other.indexes) this.addIndex(index, units);
  }

  get total(): number {
    let sum = this.table;
    for (const units of this.indexes.values()) sum += units;
    return sum;
  }
}

/** An eventually consistent read is half of a consistent one; nothing found costs as much as the least. */
export function readUnits(bytes: number, isConsistent: boolean | undefined): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (isConsistent ? 1 : 0.5);
}

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

export type Asked = 'INDEXES' | 'TOTAL' | 'NONE' | undefined;

interface Reported {
  readonly schema: TableSchema;
  readonly units: Units;
  /** Transactions cost twice as much, and say which kind of units they took. */
  readonly transaction?: 'read' | 'write';
}

/** As a member of the answer; empty unless it was asked for. */
export function consumed(asked: Asked, reported: Reported): { ConsumedCapacity?: ConsumedCapacity } {
  return asked === 'TOTAL' || asked === 'INDEXES' ? { ConsumedCapacity: report(asked, reported) } : {};
}

export function consumedList(asked: Asked, reported: readonly Reported[]): { ConsumedCapacity?: ConsumedCapacity[] } {
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return {};
  return { ConsumedCapacity: reported.map((each) => report(asked, each)) };
}

function report(asked: 'INDEXES' | 'TOTAL', { schema, units, transaction }: Reported): ConsumedCapacity {
  const capacity = (value: number): Capacity & { CapacityUnits: number } => {
    const all = transaction ? value * 2 : value;
    return {
      CapacityUnits: all,
      ...(transaction === 'read' ? { ReadCapacityUnits: all } : {}),
      ...(transaction === 'write' ? { WriteCapacityUnits: all } : {}),
    };
  };
  const total = { TableName: schema.table.name, ...capacity(units.total) };
  if (asked === 'TOTAL') return total;
  const ofKind = (kind: IndexSchema['kind']): { [name: string]: Capacity } | undefined => {
    const entries = [...units.indexes].filter(([index]) => index.kind === kind);
    if (entries.length === 0) return undefined;
    return Object.fromEntries(entries.map(([index, value]) => [index.name, capacity(value)]));
  };
  const global = ofKind('global');
  const local = ofKind('local');
  return {
    ...total,
    Table: capacity(units.table),
    ...(global && { GlobalSecondaryIndexes: global }),
    ...(local && { LocalSecondaryIndexes: local }),
  };
}
