import type {
  GetLogDeliveryConfigurationRequest,
  GetLogDeliveryConfigurationResponse,
  LogConfigurationType,
  SetLogDeliveryConfigurationRequest,
  SetLogDeliveryConfigurationResponse,
} from '../../../shared/aws/cognito-idp.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enforce } from './enforce.ts';
import { requirePool } from './lookup.ts';
import { logProblem } from './policies/log-configuration.ts';

type Needs = Pick<Services, 'poolDocuments' | 'store' | 'userPools'>;

export const LOG_NOTE =
  'kept; the bench has no CloudWatch, S3 or Firehose to deliver to, its timeline shows everything';

export function getLogDeliveryConfiguration(
  input: GetLogDeliveryConfigurationRequest,
  call: Call,
  services: Needs,
): GetLogDeliveryConfigurationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const kept = services.poolDocuments.find(pool.id, 'log-delivery')?.document.LogConfigurations;
  return answer(pool.id, kept ?? []);
}

export function setLogDeliveryConfiguration(
  input: SetLogDeliveryConfigurationRequest,
  call: Call,
  services: Needs,
): SetLogDeliveryConfigurationResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const { LogConfigurations } = input;
  enforce(
    call.why,
    'UP-LOG-1',
    'Each source of logs has a level and one place that fit it.',
    logProblem(LogConfigurations, pool.settings.UserPoolTier),
    { sources: LogConfigurations.map(({ EventSource }) => EventSource) },
  );
  services.store.write((tx) => {
    services.poolDocuments.set(pool, 'log-delivery', { LogConfigurations }, call.now);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-LOG-2', 'The whole list is replaced; nothing is delivered anywhere.');
  return answer(pool.id, LogConfigurations);
}

function answer(userPoolId: string, logs: readonly LogConfigurationType[]): GetLogDeliveryConfigurationResponse {
  return { LogDeliveryConfiguration: { UserPoolId: userPoolId, LogConfigurations: [...logs] } };
}
