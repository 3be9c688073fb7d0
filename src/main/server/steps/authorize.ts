import { isBuilt, requestKeys, type Permission } from '../../services/family.ts';
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
  const ofRequest = requestKeys(call);
  for (const { action, resources, context } of permissions) {
    services.access.authorize({
      caller,
      account: call.account,
      action,
      resources,
      context: context ? { ...ofRequest, ...present(context) } : ofRequest,
      why: call.why,
    });
  }
}

function present(context: NonNullable<Permission['context']>): { readonly [key: string]: string | readonly string[] } {
  const keys: { [key: string]: string | readonly string[] } = {};
  for (const [key, value] of Object.entries(context)) if (value !== undefined) keys[key] = value;
  return keys;
}
