import type { Credentials } from '../../../shared/aws/sts.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { Call } from '../family.ts';
import type { Services, TemporaryCredentials } from '../services.ts';

/** What the operations that vend credentials answer and refuse alike. */

export const DEFAULT_SECONDS = 3600;

export function credentialsToWire(credentials: TemporaryCredentials): Credentials {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretKey,
    SessionToken: credentials.sessionToken,
    Expiration: credentials.expiresAt,
  };
}

export function assumedRoleUser({ roleId, sessionName, arn }: TemporaryCredentials): {
  AssumedRoleId: string;
  Arn: string;
} {
  return { AssumedRoleId: `${roleId}:${sessionName}`, Arn: arn };
}

/** [STS-WEB-5] wording from memory */
export function noRoleArn(arn: string, { why }: Call): Fault {
  return why.refuse('STS-WEB-5', 'This is not the ARN of a role.', fault('ValidationError', 'Request ARN is invalid'), {
    role: arn,
  });
}

/** No session is longer than its role lets it be. [STS-WEB-3] */
export function checkDuration(
  durationSeconds: number,
  role: { readonly account: string; readonly name: string },
  { why }: Call,
  { iamRoles }: Pick<Services, 'iamRoles'>,
): void {
  const longest = iamRoles.find(role.account, role.name)?.maxSessionSeconds ?? DEFAULT_SECONDS;
  if (durationSeconds <= longest) return;
  throw why.refuse(
    'STS-WEB-3',
    'The session would be longer than the role allows.',
    fault('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
    { durationSeconds, longest },
  );
}

/** Condition keys of the tags that a request brings along. */
export function tagContext(tags: { readonly [key: string]: string }): {
  readonly [key: string]: string | readonly string[];
} {
  const keys = Object.keys(tags);
  if (keys.length === 0) return {};
  return {
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': keys,
  };
}
