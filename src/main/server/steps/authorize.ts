import { contextOf, isBuilt, type Permission } from '../../services/family.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';

const EVERYTHING = ['*'];

/** Sessions and IAM users do what their policies allow; developers are root of their account, and unsigned calls carry no policy. */
export function authorize(call: ServerCall, { services }: PipelineParts): void {
  const { caller, row } = call;
  if ((caller.kind !== 'session' && caller.kind !== 'iam-user') || !row || !isBuilt(row) || row.asksPolicies) return;
  const { name, service } = call.operation!;
  const input = call.input as never;
  const permissions: readonly Permission[] = row.permissions?.(input, call, services as never) ?? [
    { action: `${service.name}:${name}`, resources: row.resources?.(input, call, services as never) ?? EVERYTHING },
  ];
  for (const permission of permissions) {
    const { action, resources } = permission;
    services.access.authorize({
      caller,
      account: call.account,
      action,
      resources,
      context: contextOf(call, permission),
      why: call.why,
    });
  }
}
