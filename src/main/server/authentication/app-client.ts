import { fault } from '../../kernel/fault.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';
import { declares } from './declared.ts';

/** `ClientId` names the app client, and with it account, region and pool. The handler checks its secret's hash. */
export function byAppClient(call: ServerCall, { services }: PipelineParts): void {
  const clientId = call.text('ClientId');
  if (clientId === undefined) return;
  const place = services.directory.appClient(clientId);
  if (!place) {
    // RevokeToken declares no other fault for a client that it does not know.
    const code = declares(call, 'ResourceNotFoundException') ? 'ResourceNotFoundException' : 'UnauthorizedException';
    throw call.why.refuse(
      'PR-CALLER-1',
      'No user pool has this app client.',
      fault(code, `User pool client ${clientId} does not exist.`),
      { clientId },
    );
  }
  call.account = place.account;
  call.region = place.region;
  call.caller = { kind: 'app-client', clientId, userPoolId: place.userPoolId };
  call.why.pass('PR-CALLER-1', `The app client belongs to the user pool ${place.userPoolId}.`, { clientId });
}
