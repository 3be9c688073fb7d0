import type {
  DescribeIdentityPoolUsageRequest,
  DescribeIdentityPoolUsageResponse,
  DescribeIdentityUsageRequest,
  DescribeIdentityUsageResponse,
  IdentityPoolUsage,
  ListIdentityPoolUsageRequest,
  ListIdentityPoolUsageResponse,
} from '../../../shared/aws/cognito-sync.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterIdentity, enterPool, requireDeveloper } from './access.ts';
import { pageSize, refuseNextToken } from './pages.ts';
import { identityArn, poolArn } from './resources.ts';

type Needs = Pick<Services, 'datasets' | 'directory' | 'identities' | 'identityPools'>;

export const usage = family<'cognito-sync', Needs>('cognito-sync', 'usage', {
  DescribeIdentityUsage: { resources: identityArn, run: describeIdentityUsage },
  DescribeIdentityPoolUsage: { resources: poolArn, run: describeIdentityPoolUsage },
  ListIdentityPoolUsage: { run: listIdentityPoolUsage },
});

// The page size of identity-pool listings; none is known for this one.
const LARGEST_PAGE = 60;

function describeIdentityUsage(
  input: DescribeIdentityUsageRequest,
  call: Call,
  services: Needs,
): DescribeIdentityUsageResponse {
  enterIdentity(call, services, input);
  const { datasets, bytes, modifiedAt } = services.datasets.usage(input.IdentityId);
  call.why.choose('SY-USAGE-1', 'what the identity’s datasets hold', { datasets, bytes });
  return {
    IdentityUsage: {
      IdentityPoolId: input.IdentityPoolId,
      IdentityId: input.IdentityId,
      DatasetCount: datasets,
      DataStorage: bytes,
      ...(modifiedAt === undefined ? {} : { LastModifiedDate: new Date(modifiedAt) }),
    },
  };
}

function describeIdentityPoolUsage(
  input: DescribeIdentityPoolUsageRequest,
  call: Call,
  services: Needs,
): DescribeIdentityPoolUsageResponse {
  enterPool(call, services, input.IdentityPoolId);
  const figures = poolUsage(services, input.IdentityPoolId);
  call.why.choose('SY-USAGE-2', 'the pool’s running figures', { bytes: figures.DataStorage ?? 0 });
  return { IdentityPoolUsage: figures };
}

function listIdentityPoolUsage(
  input: ListIdentityPoolUsageRequest,
  call: Call,
  services: Needs,
): ListIdentityPoolUsageResponse {
  requireDeveloper(call);
  const limit = Math.min(pageSize(call, input.MaxResults ?? undefined) ?? LARGEST_PAGE, LARGEST_PAGE);
  const scope = 'ListIdentityPoolUsage';
  const after = input.NextToken == null ? '' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw refuseNextToken(call);

  const found = services.identityPools.list(call.account, { after, limit: limit + 1 });
  const page = found.slice(0, limit);
  call.why.choose('SY-USAGE-3', 'the account’s identity pools, by id', { count: page.length });
  const answer: ListIdentityPoolUsageResponse = {
    IdentityPoolUsages: page.map((pool) => poolUsage(services, pool.id)),
    MaxResults: limit,
    Count: page.length,
  };
  if (found.length > limit) answer.NextToken = pageToken(scope, page.at(-1)!.id);
  return answer;
}

/** Sessions count once a write ended them: handing out a token writes nothing, so an unused one leaves no trace. */
function poolUsage({ datasets }: Needs, identityPoolId: string): IdentityPoolUsage {
  const { bytes, finishedSessions, modifiedAt } = datasets.poolUsage(identityPoolId);
  return {
    IdentityPoolId: identityPoolId,
    SyncSessionsCount: finishedSessions,
    DataStorage: bytes,
    ...(modifiedAt === undefined ? {} : { LastModifiedDate: new Date(modifiedAt) }),
  };
}
