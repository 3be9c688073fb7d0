import type { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import type { CognitoSync } from '@aws-sdk/client-cognito-sync';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { IAM } from '@aws-sdk/client-iam';
import type { S3 } from '@aws-sdk/client-s3';
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

interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly retryMode: string;
  readonly userAgentAppId: string;
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
    return this.#signed('cognito-sync', credentials, (settings) => new CognitoSync(settings));
  }

  async s3(credentials: DeviceCredentials): Promise<S3> {
    const { S3 } = await import('@aws-sdk/client-s3');
    // The bench answers at one address, which no bucket can be a part of.
    return this.#signed('s3', credentials, (settings) => new S3({ ...settings, forcePathStyle: true }));
  }

  async dynamoDb(credentials: DeviceCredentials): Promise<DynamoDB> {
    const { DynamoDB } = await import('@aws-sdk/client-dynamodb');
    return this.#signed('dynamodb', credentials, (settings) => new DynamoDB(settings));
  }

  close(): void {
    for (const { client } of this.#open.values()) client.destroy();
    this.#open.clear();
  }

  #settings(): Settings {
    return {
      endpoint: this.#url(),
      region: this.#profile.app.region,
      maxAttempts: 2,
      retryMode: 'standard',
      userAgentAppId: `${DEVICE_APP_ID_PREFIX}${this.#profile.id}`,
    };
  }

  #signed<Client extends Disposable & { middlewareStack: unknown; config: unknown }>(
    service: string,
    { accessKeyId, secretAccessKey, sessionToken }: DeviceCredentials,
    make: (settings: Settings & { readonly credentials: Omit<DeviceCredentials, 'expiresAt'> }) => Client,
  ): Client {
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    return this.#client(service, accessKeyId, () => make({ ...this.#settings(), credentials }));
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
  const settings = developerSettings(url, account, region);
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

/** The developer's clients for roles and for what they guard. */
export interface ResourceDeveloperClients {
  readonly iam: IAM;
  readonly s3: S3;
  readonly dynamoDb: DynamoDB;
  close(): void;
}

export async function createResourceDeveloperClients(
  url: string,
  account: string,
  region: string,
): Promise<ResourceDeveloperClients> {
  const [{ IAM }, { S3 }, { DynamoDB }] = await Promise.all([
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-dynamodb'),
  ]);
  const settings = developerSettings(url, account, region);
  const clients = {
    iam: new IAM(settings),
    s3: new S3({ ...settings, forcePathStyle: true }),
    dynamoDb: new DynamoDB(settings),
  };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

function developerSettings(url: string, account: string, region: string) {
  return {
    endpoint: url,
    region,
    maxAttempts: 2,
    retryMode: 'standard',
    userAgentAppId: BENCH_APP_ID,
    // An access key of twelve digits names the account; any secret will do for it.
    credentials: { accessKeyId: account, secretAccessKey: 'poolbench' },
  };
}
