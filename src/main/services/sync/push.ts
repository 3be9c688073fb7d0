import type {
  RegisterDeviceRequest,
  RegisterDeviceResponse,
  SubscribeToDatasetRequest,
  SubscribeToDatasetResponse,
  UnsubscribeFromDatasetRequest,
  UnsubscribeFromDatasetResponse,
} from '../../../shared/aws/cognito-sync.ts';
import { fault } from '../../kernel/fault.ts';
import type { PushDevice } from '../../store/repositories/push-subscriptions.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterIdentity } from './access.ts';
import { requireDataset } from './existence.ts';
import { datasetArn, identityArn } from './resources.ts';

type Needs = Pick<Services, 'datasets' | 'directory' | 'identities' | 'ids' | 'push' | 'pushSubscriptions' | 'store'>;

export const push = family<'cognito-sync', Needs>('cognito-sync', 'push', {
  RegisterDevice: { resources: identityArn, run: registerDevice },
  SubscribeToDataset: { resources: datasetArn, run: subscribeToDataset },
  UnsubscribeFromDataset: { resources: datasetArn, run: unsubscribeFromDataset },
});

function registerDevice(input: RegisterDeviceRequest, call: Call, services: Needs): RegisterDeviceResponse {
  enterIdentity(call, services, input, 'identity');
  if (input.Token === '') {
    throw call.why.refuse(
      'SY-PUSH-2',
      'a device is reached by its token, and this one is empty',
      // Guessed wording.
      fault('InvalidParameterException', 'Token must not be empty'),
    );
  }
  const applicationArn = requireApplication(call, services, input);
  const { pushSubscriptions: pushes, ids } = services;
  return services.store.write(() => {
    const known = pushes.deviceOfToken(input.IdentityId, input.Platform, input.Token);
    const endpointArn = services.push.endpointOf(call.account, applicationArn, input.Token, call.now);
    if (known?.endpointArn === endpointArn) {
      call.why.choose('SY-PUSH-3', 'this token is registered already, and keeps its device id', { deviceId: known.id });
      return { DeviceId: known.id };
    }
    if (known) {
      pushes.moveDevice(known.id, applicationArn, endpointArn);
      call.why.choose('SY-PUSH-3', 'the token is known and moves to the platform application set now', {
        deviceId: known.id,
      });
      return { DeviceId: known.id };
    }
    const device: PushDevice = {
      account: call.account,
      id: ids.uuid(),
      identityPoolId: input.IdentityPoolId,
      identityId: input.IdentityId,
      platform: input.Platform,
      token: input.Token,
      applicationArn,
      endpointArn,
      createdAt: call.now.getTime(),
    };
    pushes.addDevice(device);
    call.why.choose('SY-PUSH-3', 'a new device with an endpoint of the platform’s application', {
      deviceId: device.id,
      endpointArn,
    });
    return { DeviceId: device.id };
  });
}

function subscribeToDataset(input: SubscribeToDatasetRequest, call: Call, services: Needs): SubscribeToDatasetResponse {
  enterIdentity(call, services, input, 'identity');
  const device = requireDevice(call, services, input);
  return services.store.write(() => {
    requireDataset(call, services, input);
    services.pushSubscriptions.subscribe(device, input.DatasetName);
    call.why.pass('SY-PUSH-5', 'changes of the dataset by others are pushed to this device');
    return {};
  });
}

function unsubscribeFromDataset(
  input: UnsubscribeFromDatasetRequest,
  call: Call,
  services: Needs,
): UnsubscribeFromDatasetResponse {
  enterIdentity(call, services, input, 'identity');
  const device = requireDevice(call, services, input);
  return services.store.write(() => {
    if (!services.pushSubscriptions.unsubscribe(device.id, input.DatasetName)) {
      throw call.why.refuse(
        'SY-PUSH-6',
        'the device is not subscribed to this dataset',
        // Guessed wording.
        fault('ResourceNotFoundException', `Device '${device.id}' is not subscribed to '${input.DatasetName}'.`),
      );
    }
    call.why.pass('SY-PUSH-6', 'the subscription ends');
    return {};
  });
}

/** `arn:aws:sns:REGION:ACCOUNT:app/PLATFORM/NAME` of the platform that the device names. */
function requireApplication(call: Call, { datasets, push }: Needs, input: RegisterDeviceRequest): string {
  const applications = datasets.settings(input.IdentityPoolId).pushSync?.ApplicationArns ?? [];
  const found = applications.find((arn) => arn.split(':app/')[1]?.split('/')[0] === input.Platform);
  if (found === undefined) {
    throw call.why.refuse(
      'SY-PUSH-1',
      'the pool has no SNS platform application for this platform; SetIdentityPoolConfiguration sets them',
      // Guessed wording.
      fault('InvalidConfigurationException', `Identity pool isn't set up for push sync on ${input.Platform}`),
      { platform: input.Platform, applications },
    );
  }
  if (push.acceptApplication(call.account, found, call.now) === 'refused') {
    throw call.why.refuse(
      'SY-PUSH-8',
      'the platform application that the pool names is gone',
      // Guessed wording.
      fault('InvalidConfigurationException', `Platform application '${found}' not found.`),
      { applicationArn: found },
    );
  }
  call.why.choose('SY-PUSH-1', 'the first platform application of this platform', { applicationArn: found });
  return found;
}

function requireDevice(
  call: Call,
  { pushSubscriptions }: Needs,
  input: { readonly IdentityId: string; readonly DeviceId: string },
): PushDevice {
  const device = pushSubscriptions.device(input.DeviceId);
  if (device?.identityId !== input.IdentityId) {
    throw call.why.refuse(
      'SY-PUSH-4',
      'this identity registered no such device',
      // Guessed wording.
      fault('ResourceNotFoundException', `Device '${input.DeviceId}' not found.`),
      { deviceId: input.DeviceId },
    );
  }
  return device;
}
