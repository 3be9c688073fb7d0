import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';

/** Nothing to show; the account is that of the role, or of the app client, that the request names. */
export function byNothing(call: ServerCall, { services }: PipelineParts): void {
  const account = /^arn:aws:iam::(\d{12}):/.exec(call.text('RoleArn') ?? '')?.[1];
  if (account !== undefined) {
    call.account = account;
    call.why.note('PR-CALLER-4', 'choose', 'The role that the request names says whose account it is.', { account });
    return;
  }
  const place = services.directory.appClient(call.text('ClientId') ?? '');
  if (place) {
    call.account = place.account;
    call.region = place.region;
  }
}
