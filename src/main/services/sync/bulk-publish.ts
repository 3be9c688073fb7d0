import type {
  BulkPublishRequest,
  BulkPublishResponse,
  GetBulkPublishDetailsRequest,
  GetBulkPublishDetailsResponse,
} from '../../../shared/aws/cognito-sync.ts';
import { fault } from '../../kernel/fault.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterPool } from './access.ts';
import { poolArn } from './resources.ts';

type Needs = Pick<Services, 'bulkPublisher' | 'datasets' | 'directory' | 'identities' | 'store'>;

export const bulkPublish = family<'cognito-sync', Needs>('cognito-sync', 'bulk-publish', {
  BulkPublish: { resources: poolArn, run: startBulkPublish },
  GetBulkPublishDetails: { resources: poolArn, run: getBulkPublishDetails },
});

const PAUSE = 24 * 3_600_000;

function startBulkPublish(input: BulkPublishRequest, call: Call, services: Needs): BulkPublishResponse {
  const { IdentityPoolId } = input;
  enterPool(call, services, IdentityPoolId);
  services.store.write(() => {
    const now = call.now.getTime();
    if (!services.datasets.hooks(IdentityPoolId).streams) {
      throw call.why.refuse(
        'SY-BULK-1',
        'the pool streams to nowhere, so there is nothing to publish to',
        // Guessed choice and wording.
        fault('InvalidParameterException', `Identity pool '${IdentityPoolId}' has no enabled stream.`),
      );
    }
    const last = services.datasets.bulkPublish(IdentityPoolId);
    if (last?.status === 'IN_PROGRESS') {
      throw call.why.refuse(
        'SY-BULK-2',
        'a bulk publish of this pool is under way',
        // Guessed wording.
        fault('DuplicateRequestException', `A bulk publish of '${IdentityPoolId}' is already in progress.`),
      );
    }
    if (last?.status === 'SUCCEEDED' && now - last.completedAt! < PAUSE) {
      throw call.why.refuse(
        'SY-BULK-3',
        'the pool was published within the last 24 hours',
        // Guessed wording.
        fault('AlreadyStreamedException', `'${IdentityPoolId}' was published within the last 24 hours.`),
        { completed: new Date(last.completedAt!).toISOString() },
      );
    }
    services.datasets.putBulkPublish(call.account, IdentityPoolId, { status: 'IN_PROGRESS', startedAt: now });
  });
  services.bulkPublisher.begin(call.account, IdentityPoolId);
  call.why.pass('SY-BULK-4', 'every dataset of the pool goes to the stream, in the background');
  return { IdentityPoolId };
}

function getBulkPublishDetails(
  { IdentityPoolId }: GetBulkPublishDetailsRequest,
  call: Call,
  services: Needs,
): GetBulkPublishDetailsResponse {
  enterPool(call, services, IdentityPoolId);
  const last = services.datasets.bulkPublish(IdentityPoolId);
  return {
    IdentityPoolId,
    BulkPublishStatus: last?.status ?? 'NOT_STARTED',
    ...(last ? { BulkPublishStartTime: new Date(last.startedAt) } : {}),
    ...(last?.completedAt === undefined ? {} : { BulkPublishCompleteTime: new Date(last.completedAt) }),
    ...(last?.failureMessage === undefined ? {} : { FailureMessage: last.failureMessage }),
  };
}
