import { family } from '../family.ts';
import type { Services } from '../services.ts';
import { getLogDeliveryConfiguration, LOG_NOTE, setLogDeliveryConfiguration } from './log-delivery.ts';
import { poolResource } from './lookup.ts';
import { getProvisionedLimit, LIMIT_NOTE, updateProvisionedLimit } from './provisioned-limits.ts';
import { describeRiskConfiguration, RISK_NOTE, setRiskConfiguration } from './risk-configuration.ts';
import { getUserPoolSessionConfiguration, setUserPoolSessionConfiguration } from './session-configuration.ts';
import { getSigningCertificate } from './signing-certificate.ts';

type Needs = Pick<
  Services,
  'appClients' | 'config' | 'poolDocuments' | 'provisionedLimits' | 'signingKeys' | 'store' | 'userPools'
>;

export const poolSettingsFamily = family<'cognito-idp', Needs>('cognito-idp', 'pool-settings', {
  DescribeRiskConfiguration: { resources: poolResource, run: describeRiskConfiguration },
  SetRiskConfiguration: { resources: poolResource, note: RISK_NOTE, run: setRiskConfiguration },
  GetLogDeliveryConfiguration: { resources: poolResource, run: getLogDeliveryConfiguration },
  SetLogDeliveryConfiguration: { resources: poolResource, note: LOG_NOTE, run: setLogDeliveryConfiguration },
  GetSigningCertificate: { resources: poolResource, run: getSigningCertificate },
  GetUserPoolSessionConfiguration: { resources: poolResource, run: getUserPoolSessionConfiguration },
  SetUserPoolSessionConfiguration: { resources: poolResource, run: setUserPoolSessionConfiguration },
  GetProvisionedLimit: { note: LIMIT_NOTE, run: getProvisionedLimit },
  UpdateProvisionedLimit: { note: LIMIT_NOTE, run: updateProvisionedLimit },
});
