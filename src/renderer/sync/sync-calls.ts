import type { BenchEvent } from '../../shared/events.ts';
import type {
  DatasetOverview,
  DatasetView,
  IdentityOverview,
  KeyChange,
  SyncLimitsView,
} from '../../shared/sync-views.ts';
import { call } from '../data/call.ts';

export interface IdentityPage {
  readonly identities: readonly IdentityOverview[];
  readonly nextToken?: string;
}

export interface IdentityFilter {
  readonly pool: string;
  readonly search: string;
  readonly empty: boolean;
}

export interface IdentityDatasets {
  readonly identityPoolId: string;
  readonly datasets: readonly DatasetOverview[];
  readonly bytes: number;
  readonly limits: SyncLimitsView;
}

export type Patch =
  | { readonly op: 'replace'; readonly key: string; readonly value: string; readonly syncCount?: number }
  | { readonly op: 'remove'; readonly key: string; readonly syncCount?: number };

const PAGE = 50;

const at = (identityId: string, name?: string): string =>
  `/sync/identities/${encodeURIComponent(identityId)}/datasets${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;

export function listIdentities({ pool, search, empty }: IdentityFilter, nextToken?: string): Promise<IdentityPage> {
  const query = new URLSearchParams({ empty: String(empty), limit: String(PAGE) });
  if (pool !== '') query.set('pool', pool);
  if (search !== '') query.set('search', search);
  if (nextToken !== undefined) query.set('nextToken', nextToken);
  return call('GET', `/sync/identities?${query}`);
}

export async function findIdentity(identityId: string): Promise<IdentityOverview | null> {
  const query = new URLSearchParams({ empty: 'true', limit: '1', search: identityId });
  const { identities } = await call<IdentityPage>('GET', `/sync/identities?${query}`);
  return identities[0] ?? null;
}

export const listDatasets = (identityId: string): Promise<IdentityDatasets> => call('GET', at(identityId));

export const getDataset = (identityId: string, name: string): Promise<DatasetView> => call('GET', at(identityId, name));

export const getHistory = (identityId: string, name: string, key: string): Promise<KeyChange[]> =>
  call('GET', `${at(identityId, name)}/keys/${encodeURIComponent(key)}/history`);

export const writeRecords = (identityId: string, name: string, patches: readonly Patch[]): Promise<unknown> =>
  call('POST', `${at(identityId, name)}/records`, { patches });

export const deleteDataset = (identityId: string, name: string): Promise<unknown> =>
  call('DELETE', at(identityId, name));

const CHANGES_DATASETS = new Set(['DeleteDataset', 'SubscribeToDataset', 'UnsubscribeFromDataset']);

/** Whether the store, of one identity or of any, may hold something else since. */
export function changesStore(event: BenchEvent, identityId?: string): boolean {
  switch (event.type) {
    case 'dataset.synchronised':
      return identityId === undefined || event.data.identityId === identityId;
    case 'identity.created':
    case 'identity.linked':
    case 'identity.merged':
    case 'account.reset':
    case 'bench.reset':
      return true;
    case 'trace.closed':
      return CHANGES_DATASETS.has(event.data.record.operation ?? '') && event.data.record.response.status < 400;
    default:
      return false;
  }
}
