import type {
  AdminForgetDeviceRequest,
  AdminGetDeviceRequest,
  AdminGetDeviceResponse,
  AdminListDevicesRequest,
  AdminListDevicesResponse,
  AdminUpdateDeviceStatusRequest,
  AdminUpdateDeviceStatusResponse,
  AttributeType,
  ConfirmDeviceRequest,
  ConfirmDeviceResponse,
  DeviceType,
  ForgetDeviceRequest,
  GetDeviceRequest,
  GetDeviceResponse,
  ListDevicesRequest,
  ListDevicesResponse,
  UpdateDeviceStatusRequest,
  UpdateDeviceStatusResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import { SRP_MODULUS } from '../../kernel/powers.ts';
import type { RememberedDeviceRecord } from '../../store/repositories/remembered-devices.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import type { PasswordVerifier, UserRecord } from '../../store/repositories/users.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { noSuchDevice, tracksDevices } from './device-tracking.ts';
import { findUser, poolResource, requirePool, requireUser } from './lookup.ts';
import { badPageToken } from './pools.ts';
import { requireSignedInUser } from './signed-in-user.ts';

type Needs = Pick<Services, 'appClients' | 'rememberedDevices' | 'store' | 'userPools' | 'users'>;

// Devices that Cognito remembers for a user; the phones that the bench simulates live in src/main/devices.
export const devices = family<'cognito-idp', Needs>('cognito-idp', 'devices', {
  ConfirmDevice: { auth: 'access-token', run: confirmDevice },
  GetDevice: { auth: 'access-token', run: getDevice },
  ListDevices: { auth: 'access-token', run: listDevices },
  UpdateDeviceStatus: { auth: 'access-token', run: updateDeviceStatus },
  ForgetDevice: { auth: 'access-token', run: forgetDevice },
  AdminGetDevice: { resources: poolResource, run: adminGetDevice },
  AdminListDevices: { resources: poolResource, run: adminListDevices },
  AdminUpdateDeviceStatus: { resources: poolResource, run: adminUpdateDeviceStatus },
  AdminForgetDevice: { resources: poolResource, run: adminForgetDevice },
});

const PAGE = 60;

interface Owner {
  readonly pool: UserPoolRecord;
  readonly user: UserRecord;
}

function signedIn(call: Call, services: Needs): Owner {
  if (call.caller.kind === 'user') return requireSignedInUser(call, services);
  // The model lets AccessToken be left out of GetDevice and ForgetDevice; there is nothing else to know the user by.
  throw call.why.refuse(
    'UP-AUTH-2',
    'AccessToken is missing.',
    // guessed wording: no source found
    fault('InvalidParameterException', 'Missing required parameter AccessToken'),
  );
}

/** AdminGetDevice and AdminListDevices declare no fault for users who are not there. */
function named(
  call: Call,
  input: { readonly UserPoolId: string; readonly Username: string },
  declaresUser: boolean,
  services: Needs,
): Owner {
  const pool = requirePool(call, input.UserPoolId, services);
  if (declaresUser) return { pool, user: requireUser(call, pool, input.Username, services) };
  const user = findUser(pool, input.Username, services);
  if (user) return { pool, user };
  throw call.why.refuse(
    'UP-ADMIN-5',
    'Neither a user name, nor a sub, nor an alias of this pool.',
    // assumed: what the service answers here was not found
    fault('ResourceNotFoundException', 'User does not exist.'),
    { userPool: pool.id, username: input.Username },
  );
}

function requireTracking(call: Call, pool: UserPoolRecord): void {
  if (tracksDevices(pool)) return;
  throw call.why.refuse(
    'UP-DEVICE-1',
    'The pool does not track devices.',
    // guessed wording: no source found
    fault('InvalidUserPoolConfigurationException', 'Device tracking is not enabled for this user pool.'),
  );
}

function requireDevice(
  call: Call,
  { pool, user }: Owner,
  deviceKey: string,
  { rememberedDevices }: Needs,
): RememberedDeviceRecord {
  requireTracking(call, pool);
  const device = rememberedDevices.find(user, deviceKey);
  if (device?.secret) return device;
  throw noSuchDevice(call, deviceKey, 'The user has no such device, or it was not confirmed.');
}

function confirmDevice(input: ConfirmDeviceRequest, call: Call, services: Needs): ConfirmDeviceResponse {
  const { rememberedDevices, store } = services;
  const { why } = call;
  const { pool, user } = signedIn(call, services);
  requireTracking(call, pool);
  const secret = requireVerifier(input, call);
  const asksUser = pool.settings.DeviceConfiguration?.DeviceOnlyRememberedOnUserPrompt ?? false;
  store.write((tx) => {
    const device = rememberedDevices.find(user, input.DeviceKey);
    const signedInOn = call.caller.kind === 'user' ? call.caller.claims.device_key : undefined;
    if (!device || signedInOn !== device.deviceKey) {
      throw why.refuse(
        'UP-DEVICE-3',
        'The key is not the one that the access token was given with.',
        fault('InvalidParameterException', 'Invalid device key given.'),
        { device: input.DeviceKey },
      );
    }
    if (device.secret) {
      throw why.refuse(
        'UP-DEVICE-3',
        'The device was confirmed before.',
        // guessed wording: no source found
        fault('DeviceKeyExistsException', 'Device already exists.'),
        { device: input.DeviceKey },
      );
    }
    rememberedDevices.update(device, {
      name: input.DeviceName,
      secret,
      remembered: !asksUser,
      modifiedAt: call.now,
    });
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  why.choose(
    'UP-DEVICE-3',
    asksUser
      ? 'The device is known; it is remembered once the user says so.'
      : 'The device is known, and remembered at once.',
    { device: input.DeviceKey },
  );
  return { UserConfirmationNecessary: asksUser };
}

/** Salt and verifier as clients send them: the bytes of padded numbers, in Base64. */
function requireVerifier({ DeviceSecretVerifierConfig: config }: ConfirmDeviceRequest, call: Call): PasswordVerifier {
  const hex = (text: string | undefined, longest: number): string | undefined => {
    if (!text || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
    const bytes = Buffer.from(text, 'base64');
    return bytes.length > 0 && bytes.length <= longest ? bytes.toString('hex') : undefined;
  };
  // 3072 bits and a byte of padding.
  const verifier = hex(config?.PasswordVerifier, 385);
  const salt = hex(config?.Salt, 64);
  const v = BigInt(`0x${verifier ?? '0'}`);
  // One is the verifier of every password, and nothing of the group is as great as its modulus.
  if (salt !== undefined && v > 1n && v < SRP_MODULUS) return { salt, verifier: v.toString(16) };
  throw call.why.refuse(
    'UP-DEVICE-3',
    'The device’s verifier or salt is missing, or is no Base64 of a number.',
    // guessed wording: no source found
    fault('InvalidParameterException', 'Invalid device secret verifier config given.'),
  );
}

function getDevice(input: GetDeviceRequest, call: Call, services: Needs): GetDeviceResponse {
  return show(call, signedIn(call, services), input.DeviceKey, services);
}

function adminGetDevice(input: AdminGetDeviceRequest, call: Call, services: Needs): AdminGetDeviceResponse {
  return show(call, named(call, input, false, services), input.DeviceKey, services);
}

function show(call: Call, owner: Owner, deviceKey: string, services: Needs): GetDeviceResponse {
  const device = requireDevice(call, owner, deviceKey, services);
  call.why.choose('UP-DEVICE-8', 'The device as it was last seen.', { device: deviceKey });
  return { Device: deviceType(owner, device) };
}

function listDevices(input: ListDevicesRequest, call: Call, services: Needs): ListDevicesResponse {
  return list(input, call, signedIn(call, services), services);
}

function adminListDevices(input: AdminListDevicesRequest, call: Call, services: Needs): AdminListDevicesResponse {
  return list(input, call, named(call, input, false, services), services);
}

function list(
  { Limit, PaginationToken }: Pick<ListDevicesRequest, 'Limit' | 'PaginationToken'>,
  call: Call,
  owner: Owner,
  { rememberedDevices }: Needs,
): ListDevicesResponse {
  requireTracking(call, owner.pool);
  const scope = `ListDevices:${owner.user.number}`;
  const after = PaginationToken === undefined ? '' : readPageToken(scope, PaginationToken);
  if (after === undefined) throw badPageToken(call);
  const limit = Limit || PAGE;
  const found = rememberedDevices.list(owner.user, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  call.why.choose('UP-DEVICE-8', 'The devices that were confirmed.', { devices: page.length });
  return {
    Devices: page.map((device) => deviceType(owner, device)),
    ...(found.length > page.length && last ? { PaginationToken: pageToken(scope, last.deviceKey) } : {}),
  };
}

function updateDeviceStatus(input: UpdateDeviceStatusRequest, call: Call, services: Needs): UpdateDeviceStatusResponse {
  return setStatus(input, call, signedIn(call, services), services);
}

function adminUpdateDeviceStatus(
  input: AdminUpdateDeviceStatusRequest,
  call: Call,
  services: Needs,
): AdminUpdateDeviceStatusResponse {
  return setStatus(input, call, named(call, input, true, services), services);
}

function setStatus(
  { DeviceKey: key, DeviceRememberedStatus: status }: Omit<UpdateDeviceStatusRequest, 'AccessToken'>,
  call: Call,
  owner: Owner,
  services: Needs,
): UpdateDeviceStatusResponse {
  services.store.write((tx) => {
    const device = requireDevice(call, owner, key, services);
    if (status === undefined) return;
    services.rememberedDevices.update(device, { remembered: status === 'remembered', modifiedAt: call.now });
    tx.announce('user-pool.changed', { account: owner.pool.account, userPoolId: owner.pool.id });
  });
  call.why.choose('UP-DEVICE-8', status ? `The device is ${status}.` : 'Nothing about the device changes.', {
    device: key,
  });
  return {};
}

function forgetDevice(input: ForgetDeviceRequest, call: Call, services: Needs): void {
  forget(call, signedIn(call, services), input.DeviceKey, services);
}

function adminForgetDevice(input: AdminForgetDeviceRequest, call: Call, services: Needs): void {
  forget(call, named(call, input, true, services), input.DeviceKey, services);
}

function forget(call: Call, owner: Owner, deviceKey: string, services: Needs): void {
  services.store.write((tx) => {
    services.rememberedDevices.delete(requireDevice(call, owner, deviceKey, services));
    tx.announce('user-pool.changed', { account: owner.pool.account, userPoolId: owner.pool.id });
  });
  call.why.choose('UP-DEVICE-8', 'The device is forgotten: it spares nobody a factor, and its refresh tokens end.', {
    device: deviceKey,
  });
}

function deviceType({ pool, user }: Owner, device: RememberedDeviceRecord): DeviceType {
  const owner = `${user.username}.${pool.id}`;
  const arn = `arn:aws:cognito-idp:${pool.region}:${pool.account}:owner/${owner}/device/${device.deviceKey}`;
  const attributes: AttributeType[] = [
    { Name: 'device_status', Value: 'valid' },
    ...(device.name === undefined ? [] : [{ Name: 'device_name', Value: device.name }]),
    { Name: 'dev:device_arn', Value: arn },
    { Name: 'dev:device_owner', Value: owner },
    { Name: 'last_ip_used', Value: device.lastIp },
    { Name: 'dev:device_remembered_status', Value: device.remembered ? 'remembered' : 'not_remembered' },
    { Name: 'dev:device_sdk', Value: device.sdk },
  ];
  return {
    DeviceKey: device.deviceKey,
    DeviceAttributes: attributes,
    DeviceCreateDate: device.createdAt,
    DeviceLastModifiedDate: device.modifiedAt,
    DeviceLastAuthenticatedDate: new Date(Math.floor(device.authenticatedAt.getTime() / 1000) * 1000),
  };
}
