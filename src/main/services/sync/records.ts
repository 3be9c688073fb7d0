import type {
  ListRecordsRequest,
  ListRecordsResponse,
  Record,
  RecordPatch,
  UpdateRecordsRequest,
  UpdateRecordsResponse,
} from '../../../shared/aws/cognito-sync.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { DatasetRecord } from '../../store/repositories/datasets.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { enterIdentity, isIdentity, modifier } from './access.ts';
import { mergePatches, syncLimits, type MergeOutcome } from './merge.ts';
import { metered } from './metered.ts';
import { pageSize, refuseNextToken } from './pages.ts';
import { datasetArn } from './resources.ts';
import type { SessionPlace } from './session-token.ts';
import { openSession, requireSession, spendSession } from './sessions.ts';
import { streamChange, type StreamingNeeds } from './streaming.ts';
import { askSyncTrigger } from './sync-trigger.ts';
import { toRecord } from './wire.ts';

type Needs = StreamingNeeds & Pick<Services, 'identities' | 'meter' | 'random' | 'store' | 'triggers'>;

export const records = family<'cognito-sync', Needs>('cognito-sync', 'records', {
  ListRecords: { resources: datasetArn, run: listRecords },
  UpdateRecords: { resources: datasetArn, run: updateRecords },
});

function listRecords(input: ListRecordsRequest, call: Call, services: Needs): ListRecordsResponse {
  enterIdentity(call, services, input, 'both', 'NotAuthorizedException');
  const place = placeOf(input);
  let token = input.SyncSessionToken ?? undefined;
  if (token === undefined) token = openSession(call, services, place);
  else requireSession(call, services, token, place);

  const isNewSession = input.SyncSessionToken == null;
  const since = input.LastSyncCount ?? 0;
  const dataset = services.datasets.find(input.IdentityId, input.DatasetName);
  const syncCount = dataset?.syncCount ?? 0;
  if (since < 0 || since > syncCount) {
    throw call.why.refuse(
      'SY-LIST-2',
      'the client knows a count that this dataset never had',
      // Recorded.
      fault('InvalidParameterException', `No such SyncCount: ${since} exists for this Dataset`),
      { lastSyncCount: since, datasetSyncCount: syncCount },
    );
  }

  const limit = pageSize(call, input.MaxResults ?? undefined);
  const from = pageStart(call, input, since);
  const page = dataset?.isPresent ? readPage(services, dataset, from, limit) : { records: [] };
  // A client that knows nothing yet has nothing to lose, so count 0 is never told of a deletion. [SY-LIST-6]
  const wasDeleted = dataset !== undefined && since > 0 && since < dataset.deletedAtCount;
  if (wasDeleted) call.why.note('SY-LIST-6', 'note', 'the dataset was deleted after the count that the client knows');

  const answer: ListRecordsResponse = {
    Records: page.records,
    Count: page.records.length,
    DatasetSyncCount: syncCount,
    DatasetExists: dataset?.isPresent ?? false,
    DatasetDeletedAfterRequestedSyncCount: wasDeleted,
    SyncSessionToken: token,
  };
  if (dataset) answer.LastModifiedBy = dataset.modifiedBy;
  if (page.nextKey !== undefined) answer.NextToken = pageToken(pageScope(input), page.nextKey);
  const merged = services.datasets.mergedNames(input.IdentityId, input.DatasetName);
  if (merged.length > 0) {
    answer.MergedDatasetNames = merged;
    call.why.note('SY-MERGE-2', 'note', 'datasets of a merged identity wait under this name', { merged });
  }
  call.why.choose('SY-LIST-1', `records changed after count ${since}, tombstones included`, {
    lastSyncCount: since,
    datasetSyncCount: syncCount,
    records: page.records.length,
  });
  if (isNewSession) services.meter.sessionBegan(metered(call, input), page.records.length > 0, call.now);
  return answer;
}

interface PageStart {
  readonly syncCount: number;
  readonly key: string;
}

/** One record more than asked for tells whether there is another page. */
function readPage(
  { datasets }: Pick<Services, 'datasets'>,
  dataset: DatasetRecord,
  from: PageStart,
  limit: number | undefined,
): { records: Record[]; nextKey?: string } {
  const found = datasets.changedSince(
    dataset.id,
    from.syncCount,
    from.key,
    limit === undefined ? undefined : limit + 1,
  );
  if (limit === undefined || found.length <= limit) return { records: found.map(toRecord) };
  found.pop();
  const last = found.at(-1)!;
  return { records: found.map(toRecord), nextKey: `${last.syncCount}:${last.key}` };
}

function pageStart(call: Call, input: ListRecordsRequest, since: number): PageStart {
  // No key is empty, so this place is just before the first record of the next count.
  if (input.NextToken == null) return { syncCount: since + 1, key: '' };
  const [, syncCount, key] = readPageToken(pageScope(input), input.NextToken)?.match(/^(\d+):(.*)$/s) ?? [];
  if (syncCount === undefined || key === undefined) throw refuseNextToken(call);
  return { syncCount: Number(syncCount), key };
}

function pageScope(input: ListRecordsRequest): string {
  return `ListRecords\n${input.IdentityId}\n${input.DatasetName}`;
}

async function updateRecords(input: UpdateRecordsRequest, call: Call, services: Needs): Promise<UpdateRecordsResponse> {
  enterIdentity(call, services, input);
  const { syncTrigger, streams } = services.datasets.hooks(input.IdentityPoolId);
  const patches = await patchesToWrite(input, call, services, syncTrigger);
  // The last moment at which another device may still come first.
  await call.decision('SY-UPDATE-3');
  const answer = services.store.write((transaction) => {
    const session = requireSession(call, services, input.SyncSessionToken, placeOf(input));
    if (patches.length === 0) {
      spendSession(call, services, input.IdentityPoolId, session);
      call.why.note('SY-UPDATE-7', 'note', 'no patches, so nothing changes');
      return { Records: [] };
    }

    const by = modifier(call, input.DeviceId ?? undefined);
    const known = services.datasets.find(input.IdentityId, input.DatasetName);
    const outcome = merge(input, call, services, known, patches);
    if (!outcome.ok) throw refused(input, call, services, outcome);

    const dataset = known?.isPresent ? known : createDataset(call, services, input, call.now.getTime(), by);
    services.datasets.change(call.account, dataset.id, outcome.change);
    spendSession(call, services, input.IdentityPoolId, session);
    const { syncCount, records, bytes } = outcome.change;
    const change = { ...placeOf(input), operation: 'replace' as const, syncCount };
    streamChange(transaction, call, services, streams, { ...change, records, modifiedAt: call.now.getTime() });
    transaction.announce('dataset.synchronised', {
      account: call.account,
      ...change,
      ...(input.DeviceId ? { byDeviceId: input.DeviceId } : {}),
    });
    call.why.pass('SY-UPDATE-1', `every patch is taken, and the dataset is at count ${syncCount}`, {
      patches: patches.length,
      syncCount,
      bytes,
      by,
    });
    return { Records: records.map(toRecord) };
  });
  services.meter.sessionEnded(metered(call, input), call.now);
  return answer;
}

/**
 * The caller's patches, or what the pool's function makes of them. It is asked only for a write that would be taken,
 * and never for a developer's. [SY-EVENT-3]
 */
async function patchesToWrite(
  input: UpdateRecordsRequest,
  call: Call,
  services: Needs,
  syncTrigger: string | undefined,
): Promise<readonly RecordPatch[]> {
  const patches = input.RecordPatches ?? [];
  if (syncTrigger === undefined || patches.length === 0) return patches;
  if (!isIdentity(call)) {
    call.why.note('SY-EVENT-3', 'note', 'the function is not asked about a developer’s write');
    return patches;
  }
  requireSession(call, services, input.SyncSessionToken, placeOf(input));
  const known = services.datasets.find(input.IdentityId, input.DatasetName);
  const outcome = merge(input, call, services, known, patches);
  if (!outcome.ok) throw refused(input, call, services, outcome);
  return askSyncTrigger(input, call, services, syncTrigger);
}

function merge(
  input: UpdateRecordsRequest,
  call: Call,
  { config, datasets }: Pick<Services, 'config' | 'datasets'>,
  known: DatasetRecord | undefined,
  patches: readonly RecordPatch[],
): MergeOutcome {
  return mergePatches({
    dataset: known ?? { isPresent: false, syncCount: 0, recordCount: 0, bytes: 0 },
    identity: datasets.usage(input.IdentityId),
    current: (key) => (known ? datasets.record(known.id, key) : undefined),
    patches,
    limits: syncLimits(config.limits),
    now: call.now.getTime(),
    by: modifier(call, input.DeviceId ?? undefined),
  });
}

function refused(
  input: UpdateRecordsRequest,
  call: Call,
  { meter }: Pick<Services, 'meter'>,
  { refusal }: Extract<MergeOutcome, { ok: false }>,
): Error {
  if (refusal.fault.code === 'ResourceConflictException') meter.sessionConflicted(metered(call, input), call.now);
  return call.why.refuse(refusal.rule, refusal.decided, refusal.fault, refusal.inputs);
}

function createDataset(
  call: Call,
  { datasets }: Pick<Services, 'datasets'>,
  input: UpdateRecordsRequest,
  now: number,
  by: string,
): DatasetRecord {
  call.why.choose('SY-UPDATE-8', 'the dataset does not exist, so this write makes it');
  return datasets.create(
    {
      account: call.account,
      identityPoolId: input.IdentityPoolId,
      identityId: input.IdentityId,
      name: input.DatasetName,
    },
    now,
    by,
  );
}

function placeOf(input: ListRecordsRequest | UpdateRecordsRequest): SessionPlace {
  return { identityPoolId: input.IdentityPoolId, identityId: input.IdentityId, datasetName: input.DatasetName };
}
