import type { PushNotification } from '../../../shared/device.ts';
import type { Services } from '../services.ts';

/**
 * Tells an identity's subscribed devices of a change that another made. It runs after the commit and answers to
 * nobody: a push that fails must not fail the sync. [SY-PUSH-7]
 * @returns the way to stop
 */
export function createPushFanOut({ bus, pushSubscriptions }: Pick<Services, 'bus' | 'pushSubscriptions'>): () => void {
  return bus.on('dataset.synchronised', (change) => {
    const notification: PushNotification = {
      source: 'cognito-sync',
      identityPoolId: change.identityPoolId,
      identityId: change.identityId,
      datasetName: change.datasetName,
      syncCount: change.syncCount,
    };
    for (const device of pushSubscriptions.subscribers(change.identityId, change.datasetName)) {
      // The device that wrote knows its own change.
      if (device.id === change.byDeviceId) continue;
      bus.publish('push.sent', {
        account: change.account,
        token: device.token,
        platform: device.platform,
        notification,
      });
    }
  });
}
