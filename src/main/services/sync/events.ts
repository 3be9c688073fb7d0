import type {
  GetCognitoEventsRequest,
  GetCognitoEventsResponse,
  SetCognitoEventsRequest,
} from '../../../shared/aws/cognito-sync.ts';
import { fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterPool } from './access.ts';
import { poolArn } from './resources.ts';

type Needs = Pick<Services, 'datasets' | 'directory' | 'identities' | 'lambda' | 'store'>;

export const events = family<'cognito-sync', Needs>('cognito-sync', 'events', {
  GetCognitoEvents: { resources: poolArn, run: getCognitoEvents },
  SetCognitoEvents: { resources: poolArn, run: setCognitoEvents },
});

/** The only event that there is. */
const SYNC_TRIGGER = 'SyncTrigger';

function getCognitoEvents(input: GetCognitoEventsRequest, call: Call, services: Needs): GetCognitoEventsResponse {
  enterPool(call, services, input.IdentityPoolId);
  return { Events: { ...services.datasets.events(input.IdentityPoolId) } };
}

function setCognitoEvents(input: SetCognitoEventsRequest, call: Call, services: Needs): void {
  enterPool(call, services, input.IdentityPoolId);
  for (const [event, arn] of Object.entries(input.Events)) checkEvent(call, services, event, arn);
  services.store.write(() => {
    const events = { ...services.datasets.events(input.IdentityPoolId), ...input.Events };
    const kept = Object.fromEntries(Object.entries(events).filter(([, arn]) => arn !== ''));
    services.datasets.putEvents(call.account, input.IdentityPoolId, kept);
    call.why.choose(
      'SY-EVENT-1',
      kept[SYNC_TRIGGER] === undefined ? 'no function sees the writes' : 'the function sees each write first',
      { function: kept[SYNC_TRIGGER] ?? '' },
    );
  });
}

function checkEvent(call: Call, { lambda }: Needs, event: string, arn: string): void {
  if (event !== SYNC_TRIGGER) {
    throw call.why.refuse(
      'SY-EVENT-2',
      'the only event is SyncTrigger',
      // Guessed wording.
      fault('InvalidParameterException', `Unknown event: ${event.slice(0, 100)}`),
    );
  }
  if (arn !== '' && (!arn.startsWith('arn:') || !lambda.address(arn, call))) {
    throw call.why.refuse(
      'SY-EVENT-2',
      'this is not the ARN of a function',
      // Guessed wording.
      fault('InvalidParameterException', `Not the ARN of a Lambda function: ${arn.slice(0, 200)}`),
    );
  }
}
