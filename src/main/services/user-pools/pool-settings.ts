import { family, notBuilt } from '../family.ts';

export const poolSettingsFamily = family<'cognito-idp', unknown>('cognito-idp', 'pool-settings', {
  DescribeRiskConfiguration: notBuilt('risk configuration'),
  SetRiskConfiguration: notBuilt('risk configuration'),
  GetLogDeliveryConfiguration: notBuilt('log delivery'),
  SetLogDeliveryConfiguration: notBuilt('log delivery'),
  GetSigningCertificate: notBuilt('SAML signing certificates'),
  GetUserPoolSessionConfiguration: notBuilt('session configuration'),
  SetUserPoolSessionConfiguration: notBuilt('session configuration'),
  GetProvisionedLimit: notBuilt('provisioned limits'),
  UpdateProvisionedLimit: notBuilt('provisioned limits'),
});
