import { fault } from '../../kernel/fault.ts';
import type { ServerCall } from '../call.ts';
import type { PipelineParts } from '../pipeline.ts';

/** `IdentityPoolId` or `IdentityId` names account and region; the handler judges the login tokens. */
export function byLoginTokens(call: ServerCall, { services }: PipelineParts): void {
  const identityPoolId = call.text('IdentityPoolId');
  const identityId = call.text('IdentityId');
  if (identityPoolId === undefined && identityId === undefined) return;
  const place =
    identityPoolId === undefined
      ? services.directory.identity(identityId!)
      : services.directory.identityPool(identityPoolId);
  if (!place) {
    // Amplify compares the text about the identity to decide that it must forget it. [identity-and-sync 1.4]
    const message =
      identityPoolId === undefined
        ? `Identity '${identityId}' not found.`
        : `IdentityPool '${identityPoolId}' not found.`;
    throw call.why.refuse(
      'PR-CALLER-3',
      identityPoolId === undefined ? 'No account has this identity.' : 'No account has this identity pool.',
      fault('ResourceNotFoundException', message),
    );
  }
  call.account = place.account;
  call.region = place.region;
}
