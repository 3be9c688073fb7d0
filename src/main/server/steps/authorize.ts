import { isBuilt } from '../../services/family.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';

const EVERYTHING = ['*'];

/** Sessions do what their policies allow; developers are root of their account, and unsigned calls carry no policy. */
export function authorize(call: ServerCall, { services }: PipelineParts): void {
  const { caller, row } = call;
  if (caller.kind !== 'session' || !row || !isBuilt(row)) return;
  const operation = call.operation!;
  services.access.authorize({
    caller,
    account: call.account,
    action: `${operation.service.name}:${operation.name}`,
    resources: row.resources?.(call.input as never, call) ?? EVERYTHING,
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
