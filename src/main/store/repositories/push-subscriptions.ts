import type { Database } from '../database.ts';

export type PushPlatform = 'APNS' | 'APNS_SANDBOX' | 'GCM' | 'ADM';

/** A device that an identity registered for silent pushes. */
export interface PushDevice {
  readonly account: string;
  readonly id: string;
  readonly identityPoolId: string;
  readonly identityId: string;
  readonly platform: PushPlatform;
  readonly token: string;
  readonly applicationArn: string;
  readonly endpointArn: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

const DEVICE = `account, id, identity_pool_id AS identityPoolId, identity_id AS identityId, platform, token,
  application_arn AS applicationArn, endpoint_arn AS endpointArn, created_at AS createdAt`;

export class PushSubscriptions {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      device: database.prepare<[string], PushDevice>(`SELECT ${DEVICE} FROM push_devices WHERE id = ?`),
      deviceOfToken: database.prepare<[string, string, string], PushDevice>(
        `SELECT ${DEVICE} FROM push_devices WHERE identity_id = ? AND platform = ? AND token = ?`,
      ),
      addDevice: database.prepare<PushDevice>(
        `INSERT INTO push_devices (account, id, identity_pool_id, identity_id, platform, token, application_arn,
             endpoint_arn, created_at)
           VALUES (@account, @id, @identityPoolId, @identityId, @platform, @token, @applicationArn, @endpointArn,
             @createdAt)`,
      ),
      moveDevice: database.prepare<[string, string, string]>(
        'UPDATE push_devices SET application_arn = ?, endpoint_arn = ? WHERE id = ?',
      ),
      subscribe: database.prepare<[string, string, string, string]>(
        `INSERT INTO push_subscriptions (account, device_id, identity_id, dataset_name) VALUES (?, ?, ?, ?)
           ON CONFLICT DO NOTHING`,
      ),
      unsubscribe: database.prepare<[string, string]>(
        'DELETE FROM push_subscriptions WHERE device_id = ? AND dataset_name = ?',
      ),
      subscribers: database.prepare<[string, string], PushDevice>(
        `SELECT ${DEVICE} FROM push_devices WHERE id IN
           (SELECT device_id FROM push_subscriptions WHERE identity_id = ? AND dataset_name = ?)
           ORDER BY rowid`,
      ),
    };
  }

  device(id: string): PushDevice | undefined {
    return this.#statements.device.get(id);
  }

  deviceOfToken(identityId: string, platform: PushPlatform, token: string): PushDevice | undefined {
    return this.#statements.deviceOfToken.get(identityId, platform, token);
  }

  addDevice(device: PushDevice): void {
    this.#statements.addDevice.run(device);
  }

  /** To another application's endpoint, when the pool's settings changed since. */
  moveDevice(id: string, applicationArn: string, endpointArn: string): void {
    this.#statements.moveDevice.run(applicationArn, endpointArn, id);
  }

  subscribe(device: PushDevice, datasetName: string): void {
    this.#statements.subscribe.run(device.account, device.id, device.identityId, datasetName);
  }

  /** Whether there was a subscription to end. */
  unsubscribe(deviceId: string, datasetName: string): boolean {
    return this.#statements.unsubscribe.run(deviceId, datasetName).changes > 0;
  }

  subscribers(identityId: string, datasetName: string): PushDevice[] {
    return this.#statements.subscribers.all(identityId, datasetName);
  }
}
