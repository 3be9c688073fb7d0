import { family, notBuilt } from '../family.ts';

// Devices that Cognito remembers for a user; the phones that the bench simulates live in src/main/devices.
export const devices = family<'cognito-idp', unknown>('cognito-idp', 'devices', {
  ConfirmDevice: notBuilt('remembered devices', 'access-token'),
  GetDevice: notBuilt('remembered devices', 'access-token'),
  ListDevices: notBuilt('remembered devices', 'access-token'),
  UpdateDeviceStatus: notBuilt('remembered devices', 'access-token'),
  ForgetDevice: notBuilt('remembered devices', 'access-token'),
  AdminGetDevice: notBuilt('remembered devices'),
  AdminListDevices: notBuilt('remembered devices'),
  AdminUpdateDeviceStatus: notBuilt('remembered devices'),
  AdminForgetDevice: notBuilt('remembered devices'),
});
