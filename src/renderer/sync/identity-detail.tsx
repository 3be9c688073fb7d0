import { ChevronLeft, GitMerge } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import type { DatasetOverview, SyncLimitsView } from '../../shared/sync-views.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { useBench } from '../data/bench-state.ts';
import { useFollowed } from '../data/facts.ts';
import { openAt } from '../data/route.ts';
import { shortId } from '../format/ids.ts';
import { many, size } from '../format/size.ts';
import { ago, dateAndTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { CopyId } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Refusal } from '../ui/form.tsx';
import { Mark } from '../ui/marks.tsx';
import { KindMark } from './identity-list.tsx';
import { SizeBar } from './size-bar.tsx';
import { changesStore, findIdentity, listDatasets } from './sync-calls.ts';
import { devicesOf, useWriters } from './writers.ts';
import styles from './store.module.css';
import table from './table.module.css';

const count = (value: number): string => value.toLocaleString('en');

/** An identity's datasets, against its limits. */
export function IdentityDetail({ identityId }: { readonly identityId: string }) {
  const concerns = (event: Parameters<typeof changesStore>[0]) => changesStore(event, identityId);
  const { value: kept, refused } = useFollowed(identityId, () => listDatasets(identityId), concerns);
  const { value: identity } = useFollowed(`identity ${identityId}`, () => findIdentity(identityId), concerns);
  const pools = useBench((state) => state.resources?.identityPools);
  const devices = useBench((state) => state.devices);
  const holders = devicesOf(identityId, devices);
  const mergedInto = identity?.mergedInto;
  return (
    <>
      <header className={styles['head']}>
        <Button
          size="small"
          variant="quiet"
          icon={ChevronLeft}
          className={styles['back']}
          onPress={() => openAt('sync', 'store')}
        >
          Identities
        </Button>
        <h3>
          <CopyId value={identityId} label="identity id" most={46} />
        </h3>
        {identity && <KindMark identity={identity} />}
      </header>
      <Refusal refused={refused} />
      {kept && (
        <>
          <Facts>
            <Fact name="Identity pool">
              {pools?.find(({ id }) => id === kept.identityPoolId)?.name ?? kept.identityPoolId}
            </Fact>
            {identity && identity.logins.length > 0 && <Fact name="Logins">{identity.logins.join(', ')}</Fact>}
            {holders.length > 0 && <Fact name="On">{holders.map(({ name }) => name).join(', ')}</Fact>}
            {mergedInto !== undefined && (
              <Fact name="Merged into">
                <Button
                  size="small"
                  variant="quiet"
                  icon={GitMerge}
                  onPress={() => openAt('sync', 'store', mergedInto)}
                >
                  {shortId(mergedInto, 46)}
                </Button>
              </Fact>
            )}
          </Facts>
          <div className={styles['bars']}>
            <SizeBar label="Size of all datasets" value={kept.bytes} limit={kept.limits.identityBytes} format={size} />
            <SizeBar
              label="Datasets"
              value={kept.datasets.length}
              limit={kept.limits.identityDatasets}
              format={count}
            />
          </div>
          {kept.datasets.length === 0 ? (
            <p className={styles['none']}>No dataset.</p>
          ) : (
            <Datasets identityId={identityId} datasets={kept.datasets} limits={kept.limits} />
          )}
        </>
      )}
    </>
  );
}

interface DatasetsProps {
  readonly identityId: string;
  readonly datasets: readonly DatasetOverview[];
  readonly limits: SyncLimitsView;
}

function Datasets({ identityId, datasets, limits }: DatasetsProps) {
  const now = useBenchNow();
  const writer = useWriters(identityId);
  return (
    <div className={table['frame']} tabIndex={0} role="region" aria-label="Datasets">
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">Dataset</th>
            <th scope="col" className={table['number']}>
              Count
            </th>
            <th scope="col" className={table['number']}>
              Records
            </th>
            <th scope="col">Size</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {datasets.map((dataset) => (
            <tr key={dataset.name}>
              <th scope="row">
                <AriaButton
                  className={table['link'] ?? ''}
                  onPress={() => openAt('sync', 'store', identityId, dataset.name)}
                >
                  {dataset.name}
                </AriaButton>
                <MergeMarks dataset={dataset} />
              </th>
              <td className={table['number']}>{count(dataset.syncCount)}</td>
              <td className={table['number']}>{count(dataset.records)}</td>
              <td className={styles['sizeCell']}>
                <span>{size(dataset.bytes)}</span>
                <SizeBar
                  label={`Size of ${dataset.name}`}
                  value={dataset.bytes}
                  limit={limits.datasetBytes}
                  format={size}
                  bare
                />
              </td>
              <td title={dateAndTime(Date.parse(dataset.modifiedAt))}>
                {now === undefined ? '' : ago(dataset.modifiedAt, now)} by {shortId(writer(dataset.modifiedBy), 20)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A dataset of a guest who signed in, or one that such a dataset waits to be merged into. */
export function MergeMarks({ dataset }: { readonly dataset: DatasetOverview }) {
  return (
    <>
      {dataset.reportedAs !== undefined && (
        <Mark
          tone="warn"
          icon={GitMerge}
          title={`Came with a guest. Devices are told of it as ${dataset.reportedAs} until they delete it.`}
        >
          from a guest
        </Mark>
      )}
      {dataset.merged.length > 0 && (
        <Mark tone="warn" icon={GitMerge} title={dataset.merged.join('\n')}>
          {many(dataset.merged.length, 'guest dataset')} to merge
        </Mark>
      )}
    </>
  );
}
