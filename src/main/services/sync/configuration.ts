import type {
  GetIdentityPoolConfigurationRequest,
  GetIdentityPoolConfigurationResponse,
  PushSync,
  SetIdentityPoolConfigurationRequest,
  SetIdentityPoolConfigurationResponse,
} from '../../../shared/aws/cognito-sync.ts';
import { fault } from '../../kernel/fault.ts';
import type { SyncSettings } from '../../store/repositories/datasets.ts';
import { family, notBuilt, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterPool } from './access.ts';
import { poolArn } from './resources.ts';

type Needs = Pick<Services, 'datasets' | 'directory' | 'identities' | 'store'>;

export const configuration = family<'cognito-sync', Needs>('cognito-sync', 'configuration', {
  GetIdentityPoolConfiguration: { resources: poolArn, run: getIdentityPoolConfiguration },
  SetIdentityPoolConfiguration: { resources: poolArn, run: setIdentityPoolConfiguration },
  GetCognitoEvents: notBuilt('sync triggers'),
  SetCognitoEvents: notBuilt('sync triggers'),
});

function getIdentityPoolConfiguration(
  input: GetIdentityPoolConfigurationRequest,
  call: Call,
  services: Needs,
): GetIdentityPoolConfigurationResponse {
  enterPool(call, services, input.IdentityPoolId);
  return toConfiguration(input.IdentityPoolId, services.datasets.settings(input.IdentityPoolId));
}

function setIdentityPoolConfiguration(
  input: SetIdentityPoolConfigurationRequest,
  call: Call,
  services: Needs,
): SetIdentityPoolConfigurationResponse {
  enterPool(call, services, input.IdentityPoolId);
  if (input.CognitoStreams?.StreamingStatus === 'ENABLED') {
    throw call.why.refuse(
      'SY-CONFIG-3',
      'streams are not built yet, and enabling them would promise records that never come',
      fault('NotBuiltException', 'Poolbench does not stream dataset changes yet: CognitoStreams cannot be ENABLED.'),
    );
  }
  return services.store.write(() => {
    const before = services.datasets.settings(input.IdentityPoolId);
    const pushSync = input.PushSync == null ? before.pushSync : whenSet(input.PushSync);
    const streams = input.CognitoStreams ?? before.streams;
    const after: SyncSettings = { ...(pushSync ? { pushSync } : {}), ...(streams ? { streams } : {}) };
    services.datasets.putSettings(call.account, input.IdentityPoolId, after);
    call.why.choose('SY-CONFIG-1', pushSync ? 'push sync is set' : 'push sync is not set', {
      applications: pushSync?.ApplicationArns ?? [],
    });
    return toConfiguration(input.IdentityPoolId, after);
  });
}

/** Setting an empty one clears it. [SY-CONFIG-2] */
function whenSet(pushSync: PushSync): PushSync | undefined {
  return pushSync.ApplicationArns?.length || pushSync.RoleArn ? pushSync : undefined;
}

function toConfiguration(identityPoolId: string, settings: SyncSettings): GetIdentityPoolConfigurationResponse {
  return {
    IdentityPoolId: identityPoolId,
    ...(settings.pushSync ? { PushSync: settings.pushSync } : {}),
    ...(settings.streams ? { CognitoStreams: settings.streams } : {}),
  };
}
