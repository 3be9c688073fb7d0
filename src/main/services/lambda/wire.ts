import type { FunctionConfiguration } from '../../../shared/aws/lambda.ts';
import type { FunctionRecord } from '../../store/repositories/functions.ts';

/** Lambda's own defaults. */
export const TIMEOUT = 3;
export const MEMORY = 128;

export function functionConfiguration(record: FunctionRecord): FunctionConfiguration {
  const { settings } = record;
  return {
    FunctionName: record.name,
    FunctionArn: record.arn,
    Runtime: settings.Runtime ?? 'nodejs24.x',
    ...(settings.Role === undefined ? {} : { Role: settings.Role }),
    Handler: settings.Handler ?? 'index.handler',
    CodeSize: settings.CodeSize ?? (record.kind === 'source' ? Buffer.byteLength(record.target) : 0),
    Description: settings.Description ?? '',
    Timeout: settings.Timeout ?? TIMEOUT,
    MemorySize: settings.MemorySize ?? MEMORY,
    // The only form without a colon in its offset that AWS writes.
    LastModified: record.modifiedAt.toISOString().replace('Z', '+0000'),
    ...(settings.CodeSha256 === undefined ? {} : { CodeSha256: settings.CodeSha256 }),
    Version: '$LATEST',
    ...(settings.Variables ? { Environment: { Variables: { ...settings.Variables } } } : {}),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: record.revision,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: settings.Architectures ?? ['x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
  };
}
