import { isBuilt } from '../../services/family.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';

const EVERYTHING = ['*'];

/** Sessions and IAM users do what their policies allow; developers are root of their account, and unsigned calls carry no policy. */
export function authorize(call: ServerCall, { services }: PipelineParts): void {
  const { caller, row } = call;
  if ((caller.kind !== 'session' && caller.kind !== 'iam-user') || !row || !isBuilt(row) || row.asksPolicies) return;
  const operation = call.operation!;
  services.access.authorize({
    caller,
    account: call.account,
    action: `${operation.service.name}:${operation.name}`,
    resources: row.resources?.(call.input as never, call, services as never) ?? EVERYTHING,
    context: {
      'aws:SourceIp': call.sourceIp,
      'aws:UserAgent': call.userAgent,
      'aws:SecureTransport': 'false',
      'aws:CurrentTime': call.now.toISOString(),
      'aws:EpochTime': String(Math.floor(call.now.getTime() / 1000)),
      'aws:RequestedRegion': call.region,
    },
    why: call.why,
  });
}
