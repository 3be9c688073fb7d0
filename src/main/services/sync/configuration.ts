import type {
  CognitoStreams,
  GetIdentityPoolConfigurationRequest,
  GetIdentityPoolConfigurationResponse,
  PushSync,
  SetIdentityPoolConfigurationRequest,
  SetIdentityPoolConfigurationResponse,
} from '../../../shared/aws/cognito-sync.ts';
import { fault } from '../../kernel/fault.ts';
import type { SyncSettings } from '../../store/repositories/datasets.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterPool } from './access.ts';
import { poolArn } from './resources.ts';
import { streamProblem, type StreamingNeeds } from './streaming.ts';

type Needs = StreamingNeeds & Pick<Services, 'identities' | 'push' | 'store'>;

export const configuration = family<'cognito-sync', Needs>('cognito-sync', 'configuration', {
  GetIdentityPoolConfiguration: { resources: poolArn, run: getIdentityPoolConfiguration },
  SetIdentityPoolConfiguration: { resources: poolArn, run: setIdentityPoolConfiguration },
});

function getIdentityPoolConfiguration(
  input: GetIdentityPoolConfigurationRequest,
  call: Call,
  services: Needs,
): GetIdentityPoolConfigurationResponse {
  enterPool(call, services, input.IdentityPoolId);
  const settings = services.datasets.settings(input.IdentityPoolId);
  if (settings.streamsDisabledReason !== undefined) {
    call.why.note('SY-STREAM-4', 'note', `streaming was switched off: ${settings.streamsDisabledReason}`);
  }
  return toConfiguration(input.IdentityPoolId, settings);
}

function setIdentityPoolConfiguration(
  input: SetIdentityPoolConfigurationRequest,
  call: Call,
  services: Needs,
): SetIdentityPoolConfigurationResponse {
  enterPool(call, services, input.IdentityPoolId);
  return services.store.write(() => {
    const before = services.datasets.settings(input.IdentityPoolId);
    const pushSync = input.PushSync == null ? before.pushSync : whenSet(input.PushSync);
    if (input.PushSync != null) acceptApplications(call, services, pushSync?.ApplicationArns ?? []);
    const streams = input.CognitoStreams == null ? before.streams : { ...before.streams, ...input.CognitoStreams };
    if (input.CognitoStreams != null) acceptStreams(call, services, input.IdentityPoolId, streams!);
    const keepsReason = input.CognitoStreams == null && before.streamsDisabledReason !== undefined;
    const after: SyncSettings = {
      ...(pushSync ? { pushSync } : {}),
      ...(streams ? { streams } : {}),
      ...(keepsReason ? { streamsDisabledReason: before.streamsDisabledReason } : {}),
    };
    services.datasets.putSettings(call.account, input.IdentityPoolId, after);
    call.why.choose('SY-CONFIG-1', pushSync ? 'push sync is set' : 'push sync is not set', {
      applications: pushSync?.ApplicationArns ?? [],
      streaming: streams?.StreamingStatus ?? 'never set',
    });
    return toConfiguration(input.IdentityPoolId, after);
  });
}

/** Setting an empty one clears it. [SY-CONFIG-2] */
function whenSet(pushSync: PushSync): PushSync | undefined {
  return pushSync.ApplicationArns?.length || pushSync.RoleArn ? pushSync : undefined;
}

function acceptApplications(call: Call, { push }: Needs, arns: readonly string[]): void {
  for (const arn of arns) {
    const verdict = push.acceptApplication(call.account, arn, call.now);
    if (verdict === 'refused') {
      throw call.why.refuse(
        'SY-CONFIG-4',
        'a strict bench knows only platform applications that CreatePlatformApplication made',
        // Guessed wording.
        fault('InvalidParameterException', `Platform application '${arn}' not found.`),
        { arn },
      );
    }
    if (verdict === 'made') {
      call.why.choose('SY-CONFIG-4', 'nobody made this platform application, so it is made now', { arn });
    }
  }
}

/** Streaming is enabled only where it works, so that no record is promised that never comes. */
function acceptStreams(call: Call, services: Needs, identityPoolId: string, streams: CognitoStreams): void {
  if (streams.StreamingStatus !== 'ENABLED') return;
  const problem = streamProblem(call, services, identityPoolId, streams);
  if (problem !== undefined) {
    throw call.why.refuse(
      'SY-STREAM-1',
      `streaming cannot be enabled: ${problem}`,
      // Guessed wording.
      fault('InvalidParameterException', `CognitoStreams cannot be enabled: ${problem}.`),
    );
  }
  call.why.pass('SY-STREAM-1', 'stream and role are there, so streaming is enabled');
}

function toConfiguration(identityPoolId: string, settings: SyncSettings): GetIdentityPoolConfigurationResponse {
  return {
    IdentityPoolId: identityPoolId,
    ...(settings.pushSync ? { PushSync: settings.pushSync } : {}),
    ...(settings.streams ? { CognitoStreams: settings.streams } : {}),
  };
}
