import type {
  DeleteDatasetRequest,
  DeleteDatasetResponse,
  DescribeDatasetRequest,
  DescribeDatasetResponse,
  ListDatasetsRequest,
  ListDatasetsResponse,
} from '../../../shared/aws/cognito-sync.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterIdentity, modifier } from './access.ts';
import { requireDataset } from './existence.ts';
import { pageSize, refuseNextToken } from './pages.ts';
import { datasetArn, listingArn } from './resources.ts';
import { streamChange, type StreamingNeeds } from './streaming.ts';
import { toDataset } from './wire.ts';

type Needs = StreamingNeeds & Pick<Services, 'identities' | 'store'>;

export const datasets = family<'cognito-sync', Needs>('cognito-sync', 'datasets', {
  ListDatasets: { resources: listingArn, run: listDatasets },
  DescribeDataset: { resources: datasetArn, run: describeDataset },
  DeleteDataset: { resources: datasetArn, run: deleteDataset },
});

// Far above the quota of datasets, for benches that run without limits.
const LARGEST_PAGE = 1_000;

function listDatasets(input: ListDatasetsRequest, call: Call, services: Needs): ListDatasetsResponse {
  enterIdentity(call, services, input, 'both', 'NotAuthorizedException');
  const limit = Math.min(pageSize(call, input.MaxResults ?? undefined) ?? LARGEST_PAGE, LARGEST_PAGE);
  const scope = `ListDatasets\n${input.IdentityId}`;
  const after = input.NextToken == null ? '' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw refuseNextToken(call);

  const found = services.datasets.list(input.IdentityId, after, limit + 1);
  const page = found.slice(0, limit);
  call.why.choose('SY-DATASET-1', 'the datasets that exist, by name', { count: page.length });
  const answer: ListDatasetsResponse = { Datasets: page.map(toDataset), Count: page.length };
  if (found.length > limit) answer.NextToken = pageToken(scope, page.at(-1)!.name);
  return answer;
}

function describeDataset(input: DescribeDatasetRequest, call: Call, services: Needs): DescribeDatasetResponse {
  enterIdentity(call, services, input);
  return { Dataset: toDataset(requireDataset(call, services, input)) };
}

async function deleteDataset(input: DeleteDatasetRequest, call: Call, services: Needs): Promise<DeleteDatasetResponse> {
  enterIdentity(call, services, input);
  await call.decision('SY-DATASET-3');
  return services.store.write((transaction) => {
    const dataset = requireDataset(call, services, input);
    services.datasets.remove(dataset.id, call.now.getTime(), modifier(call));
    const syncCount = dataset.syncCount + 1;
    const change = {
      identityPoolId: input.IdentityPoolId,
      identityId: input.IdentityId,
      datasetName: input.DatasetName,
      syncCount,
      operation: 'remove' as const,
    };
    const { streams } = services.datasets.hooks(input.IdentityPoolId);
    streamChange(transaction, call, services, streams, { ...change, modifiedAt: call.now.getTime() });
    transaction.announce('dataset.synchronised', { account: call.account, ...change });
    call.why.pass('SY-DATASET-3', `its records are gone for good, and its count goes on to ${syncCount}`, {
      records: dataset.recordCount,
      syncCount,
    });
    return { Dataset: toDataset(dataset) };
  });
}
