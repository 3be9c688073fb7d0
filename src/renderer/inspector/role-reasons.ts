import type { Json } from '../../shared/json.ts';
import type { Reason, TraceRecord } from '../../shared/trace.ts';

/** What a call's reasons say of the role that it gave, or would not give. */
export interface RoleReasons {
  /** The identity pool's own choice; absent where the client named the role. */
  readonly choice: Reason | undefined;
  /** The role that the client named, in the basic flow. */
  readonly named: string | undefined;
  readonly trust: Reason | undefined;
  readonly identityPoolId: string | undefined;
  /** The credentials, once there are some. */
  readonly accessKeyId: string | undefined;
}

const CHOICES = new Set(['IP-CREDS-1', 'IP-CREDS-2', 'IP-MAP-2', 'IP-MAP-3', 'IP-MAP-5']);
/** The last word on trust comes first: a refusal by the operation says the same as the policy's, with less. */
const TRUST = ['AC-TRUST-1', 'AC-MODE-2', 'IP-ABAC-3', 'IP-CREDS-3', 'STS-WEB-2'];
const OPERATIONS = new Set(['GetCredentialsForIdentity', 'AssumeRoleWithWebIdentity']);

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** `undefined` for calls that give no role by an identity, and for those refused before it came to that. */
export function roleReasons({ operation = '', reasons, request }: TraceRecord): RoleReasons | undefined {
  if (!OPERATIONS.has(operation)) return undefined;
  const choice = reasons.find(
    ({ rule, outcome }) => CHOICES.has(rule) && (outcome === 'choose' || outcome === 'refuse'),
  );
  const token = reasons.find(({ rule, outcome }) => rule === 'STS-WEB-1' && outcome === 'pass');
  if (!choice && !token) return undefined;
  const body = (request.body ?? {}) as { [name: string]: Json };
  const trust = TRUST.flatMap((rule) => reasons.filter((reason) => reason.rule === rule))[0];
  return {
    choice,
    named: choice ? undefined : text(body['RoleArn']),
    trust,
    identityPoolId: text(choice?.inputs?.['identityPoolId']) ?? text(token?.inputs?.['pool']),
    accessKeyId: reasons.map(({ inputs }) => text(inputs?.['accessKeyId'])).find((key) => key?.startsWith('ASIA')),
  };
}
