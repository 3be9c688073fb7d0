import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoSync } from '@aws-sdk/client-cognito-sync';
import type { DeviceAction, DeviceApp, DeviceDataset, DeviceState } from '../../src/shared/device.ts';
import { ACCOUNT, REGION, type TestBench } from '../harness/bench.ts';

export const PASSWORD = 'Correct-horse-7';

/** Pools for devices to be pointed at, made as a developer makes them. */
export async function makePools(bench: TestBench): Promise<DeviceApp & Required<DeviceApp>> {
  const userPools = new CognitoIdentityProvider(bench.sdk);
  const identityPools = new CognitoIdentity(bench.sdk);
  const sync = new CognitoSync(bench.sdk);
  const { UserPool } = await userPools.createUserPool({ PoolName: 'app', AutoVerifiedAttributes: ['email'] });
  const userPoolId = UserPool!.Id!;
  const { UserPoolClient } = await userPools.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  const clientId = UserPoolClient!.ClientId!;
  const { IdentityPoolId } = await identityPools.createIdentityPool({
    IdentityPoolName: 'app',
    AllowUnauthenticatedIdentities: true,
    CognitoIdentityProviders: [
      { ProviderName: `cognito-idp.${REGION}.amazonaws.com/${userPoolId}`, ClientId: clientId },
    ],
  });
  await identityPools.setIdentityPoolRoles({
    IdentityPoolId,
    Roles: {
      authenticated: `arn:aws:iam::${ACCOUNT}:role/Auth`,
      unauthenticated: `arn:aws:iam::${ACCOUNT}:role/Unauth`,
    },
  });
  await sync.setIdentityPoolConfiguration({
    IdentityPoolId,
    PushSync: { ApplicationArns: [`arn:aws:sns:${REGION}:${ACCOUNT}:app/GCM/app`] },
  });
  return { region: REGION, userPoolId, clientId, identityPoolId: IdentityPoolId! };
}

/** A user who can sign in with {@link PASSWORD}. */
export async function addUser(bench: TestBench, app: DeviceApp, username: string): Promise<void> {
  const userPools = new CognitoIdentityProvider(bench.sdk);
  const user = { UserPoolId: app.userPoolId, Username: username };
  await userPools.adminCreateUser({ ...user, MessageAction: 'SUPPRESS' });
  await userPools.adminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true });
}

/** A device, asked over the bench's own calls as the page does. */
export interface TestDevice {
  readonly id: string;
  act(action: DeviceAction): Promise<DeviceState>;
  state(): Promise<DeviceState>;
}

export async function addDevice(bench: TestBench, name: string, app: DeviceApp): Promise<TestDevice> {
  const { id } = await bench.call<DeviceState>('POST', '/devices', { name, kind: 'phone', app });
  return deviceOf(bench, id);
}

export function deviceOf(bench: TestBench, id: string): TestDevice {
  return {
    id,
    act: (action) => bench.call('POST', `/devices/${id}/actions`, action),
    state: () => bench.call('GET', `/devices/${id}`),
  };
}

/** A device on which this user is signed in. */
export async function addSignedIn(
  bench: TestBench,
  name: string,
  app: DeviceApp,
  username: string,
): Promise<TestDevice> {
  const device = await addDevice(bench, name, app);
  await device.act({ do: 'sign-in', username, password: PASSWORD });
  return device;
}

export function prefs(state: DeviceState): DeviceDataset {
  const dataset = state.datasets.find(({ name }) => name === 'prefs');
  if (!dataset) throw new Error(`no prefs on ${state.name}`);
  return dataset;
}

export function valuesOf(state: DeviceState): { readonly [key: string]: string | null } {
  return Object.fromEntries(prefs(state).records.map(({ key, value }) => [key, value]));
}

/** Resolves once the device looks as it should; for what a push or the network switch set off. */
export function reaches(
  bench: TestBench,
  device: TestDevice,
  holds: (state: DeviceState) => boolean,
): Promise<DeviceState> {
  return new Promise((resolve, reject) => {
    const stop = bench.follow((event) => {
      if (event.type === 'device.changed' && event.data.device.id === device.id) look(event.data.device);
    });
    const look = (state: DeviceState): void => {
      if (!holds(state) || state.busy !== undefined) return;
      stop();
      resolve(state);
    };
    device.state().then(look, reject);
  });
}
