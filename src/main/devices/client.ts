import type { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import type { CognitoSync } from '@aws-sdk/client-cognito-sync';
import type { Clock } from '../kernel/clock.ts';
import { BENCH_APP_ID, DEVICE_APP_ID_PREFIX } from '../../shared/bench-api.ts';
import { followDeviceClock } from './clock.ts';
import type { DeviceCredentials, DeviceProfile } from './device-file.ts';
import type { DeviceNetwork, MiddlewareStack } from './network.ts';

/*
 * The AWS SDK's own clients, on the bench's address: so that a simulated phone's calls cannot be told from a real
 * one's. They are imported with the first call; a bench on which no device acts does not carry them.
 */

interface Disposable {
  destroy(): void;
}

/** The clients of one device. */
export class DeviceClients {
  readonly #profile: DeviceProfile;
  readonly #network: DeviceNetwork;
  readonly #url: () => string;
  readonly #clock: Clock;
  readonly #open = new Map<string, { readonly key: string; readonly client: Disposable }>();

  constructor(profile: DeviceProfile, network: DeviceNetwork, url: () => string, clock: Clock) {
    this.#profile = profile;
    this.#network = network;
    this.#url = url;
    this.#clock = clock;
  }

  async userPools(): Promise<CognitoIdentityProvider> {
    const { CognitoIdentityProvider } = await import('@aws-sdk/client-cognito-identity-provider');
    return this.#client('cognito-idp', '', () => new CognitoIdentityProvider(this.#settings()));
  }

  async identityPools(): Promise<CognitoIdentity> {
    const { CognitoIdentity } = await import('@aws-sdk/client-cognito-identity');
    return this.#client('cognito-identity', '', () => new CognitoIdentity(this.#settings()));
  }

  /** Signs with the credentials that the device's identity was given. */
  async sync(credentials: DeviceCredentials): Promise<CognitoSync> {
    const { CognitoSync } = await import('@aws-sdk/client-cognito-sync');
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    return this.#client(
      'cognito-sync',
      accessKeyId,
      () => new CognitoSync({ ...this.#settings(), credentials: { accessKeyId, secretAccessKey, sessionToken } }),
    );
  }

  close(): void {
    for (const { client } of this.#open.values()) client.destroy();
    this.#open.clear();
  }

  #settings() {
    return {
      endpoint: this.#url(),
      region: this.#profile.app.region,
      maxAttempts: 2,
      retryMode: 'standard',
      userAgentAppId: `${DEVICE_APP_ID_PREFIX}${this.#profile.id}`,
    };
  }

  /** One client a service, made anew when the bench's address or the credentials change. */
  #client<Client extends Disposable & { middlewareStack: unknown; config: unknown }>(
    service: string,
    credentialKey: string,
    make: () => Client,
  ): Client {
    const key = `${this.#url()} ${credentialKey}`;
    const open = this.#open.get(service);
    if (open?.key === key) return open.client as Client;
    open?.client.destroy();
    const client = make();
    this.#network.attach(client.middlewareStack as MiddlewareStack, service);
    followDeviceClock(client, this.#clock, this.#network);
    this.#open.set(service, { key, client });
    return client;
  }
}

/** The clients of the account's developer, for scripts that set a scene. */
export interface DeveloperClients {
  readonly userPools: CognitoIdentityProvider;
  readonly identityPools: CognitoIdentity;
  readonly sync: CognitoSync;
  close(): void;
}

export async function createDeveloperClients(url: string, account: string, region: string): Promise<DeveloperClients> {
  const [{ CognitoIdentityProvider }, { CognitoIdentity }, { CognitoSync }] = await Promise.all([
    import('@aws-sdk/client-cognito-identity-provider'),
    import('@aws-sdk/client-cognito-identity'),
    import('@aws-sdk/client-cognito-sync'),
  ]);
  const settings = {
    endpoint: url,
    region,
    maxAttempts: 2,
    retryMode: 'standard',
    userAgentAppId: BENCH_APP_ID,
    // An access key of twelve digits names the account; any secret will do for it.
    credentials: { accessKeyId: account, secretAccessKey: 'poolbench' },
  };
  const clients = {
    userPools: new CognitoIdentityProvider(settings),
    identityPools: new CognitoIdentity(settings),
    sync: new CognitoSync(settings),
  };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
