import type { Operation, ServiceModel } from '../model/operations.ts';
import type { AnyRow, Family, ServiceName } from '../services/family.ts';

/** The services whose every operation has a row. */
export const ROW_SERVICES: readonly ServiceName[] = [
  'cognito-idp',
  'cognito-identity',
  'cognito-sync',
  'sts',
  'iam',
  'lambda',
  'kinesis',
  'sns',
  's3',
  'dynamodb',
  'cloudtrail',
];

/** The families' rows in one table, found by the model's operation. */
export type OperationTable = ReadonlyMap<Operation, AnyRow>;

/**
 * Gathers the services' tables. A bench does not start when the model and the handlers disagree: an
 * operation without a row, a row without an operation, two rows for one, or a row that lets callers in
 * another way than the model says.
 */
export function gatherOperations(
  models: ReadonlyMap<string, ServiceModel>,
  families: readonly Family[],
): OperationTable {
  const table = new Map<Operation, AnyRow>();
  const owners = new Map<Operation, string>();
  const faults: string[] = [];

  for (const { service, name, rows } of families) {
    for (const [operationName, row] of Object.entries(rows)) {
      const operation = models.get(service)?.operations.get(operationName);
      if (!operation) {
        faults.push(`${service} ${name} has a row ${operationName}, which the model does not know`);
        continue;
      }
      const owner = owners.get(operation);
      if (owner !== undefined) faults.push(`${service} ${operationName} has two rows, in ${owner} and in ${name}`);
      owners.set(operation, name);
      table.set(operation, row);
      const signed = (row.auth ?? 'signature') === 'signature';
      if (signed === operation.unsigned) {
        faults.push(
          `${service} ${operationName} is ${operation.unsigned ? 'unsigned' : 'signed'} in the model, but its row says ${row.auth ?? 'signature'}`,
        );
      }
    }
  }
  for (const service of ROW_SERVICES) {
    for (const operation of models.get(service)!.operations.values()) {
      if (!table.has(operation)) faults.push(`${service} ${operation.name} has no row`);
    }
  }
  if (faults.length > 0) throw new Error(`the service models and the handlers disagree:\n  ${faults.join('\n  ')}`);
  return table;
}
