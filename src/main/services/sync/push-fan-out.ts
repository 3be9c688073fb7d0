import type { PushNotification } from '../../../shared/device.ts';
import { Reasons } from '../../kernel/reasons.ts';
import type { OutgoingPush, Services } from '../services.ts';
import { pushPayload } from './push-payload.ts';
import { roleProblem } from './service-role.ts';

type Needs = Pick<
  Services,
  'access' | 'bus' | 'config' | 'datasets' | 'directory' | 'iamRoles' | 'push' | 'pushSubscriptions'
>;

/**
 * Tells an identity's subscribed devices of a change that another made. It runs after the commit and answers to
 * nobody: a push that fails must not fail the sync. [SY-PUSH-7]
 * @returns the way to stop
 */
export function createPushFanOut(needs: Needs): () => void {
  const { bus, push, pushSubscriptions } = needs;
  return bus.on('dataset.synchronised', (change) => {
    const { account, identityPoolId, identityId, datasetName, syncCount } = change;
    // The device that wrote knows its own change.
    const devices = pushSubscriptions.subscribers(identityId, datasetName).filter(({ id }) => id !== change.byDeviceId);
    if (devices.length === 0) return;
    const notification: PushNotification = {
      source: 'cognito-sync',
      identityPoolId,
      identityId,
      datasetName,
      syncCount,
    };
    const problem = pushRoleProblem(account, identityPoolId, devices[0]!.applicationArn, needs);
    push.send(
      account,
      'cognito-sync',
      devices.map(({ endpointArn, platform }): OutgoingPush => ({
        endpointArn,
        payload: pushPayload(platform, notification),
        ...(problem === undefined ? {} : { problem }),
      })),
    );
  });
}

/** Nobody waits for these reasons: the push lane shows why a push was not sent. [SY-PUSH-10] */
function pushRoleProblem(account: string, identityPoolId: string, resource: string, needs: Needs): string | undefined {
  const roleArn = needs.datasets.settings(identityPoolId).pushSync?.RoleArn;
  if (!roleArn) return undefined;
  const region = needs.directory.identityPool(identityPoolId)?.region ?? needs.config.region;
  const identityPoolArn = `arn:aws:cognito-identity:${region}:${account}:identitypool/${identityPoolId}`;
  return roleProblem({ account, roleArn, identityPoolArn, action: 'sns:Publish', resource, why: new Reasons() }, needs);
}
