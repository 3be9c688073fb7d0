import { Reasons } from '../../kernel/reasons.ts';
import { delay } from '../../kernel/scheduler.ts';
import type { BulkPublisher, Services } from '../services.ts';
import { streamChange, type StreamingNeeds } from './streaming.ts';

type Needs = StreamingNeeds & Pick<Services, 'clock' | 'log' | 'scheduler' | 'store'>;

/** Bench time until a publish begins, so that there is a state to see in between. */
const WAIT = 1000;
const DATASETS_A_BATCH = 50;

/**
 * Publishes a pool's datasets in the background, a batch a transaction, so that the bench goes on answering. What a
 * stop of the bench cuts off begins anew with the next start: consumers may see records twice. [SY-BULK-4]
 */
export function createBulkPublisher(needs: Needs): BulkPublisher {
  const { clock, datasets, directory, log, scheduler, store } = needs;
  const stopping = new AbortController();

  /** @returns the id of the last dataset of the batch; `undefined` once the publish has ended */
  const publishBatch = (account: string, identityPoolId: string, afterId: number): number | undefined =>
    store.write((transaction) => {
      const running = datasets.bulkPublish(identityPoolId);
      // A reset, or the pool is gone.
      if (running?.status !== 'IN_PROGRESS' || !directory.identityPool(identityPoolId)) return undefined;
      const { streams } = datasets.hooks(identityPoolId);
      const now = clock.now();
      const end = (failureMessage?: string): undefined => {
        datasets.putBulkPublish(account, identityPoolId, {
          status: failureMessage === undefined ? 'SUCCEEDED' : 'FAILED',
          startedAt: running.startedAt,
          completedAt: now.getTime(),
          ...(failureMessage === undefined ? {} : { failureMessage }),
        });
      };
      if (!streams) return end('Streaming was switched off.');
      const batch = datasets.ofPool(identityPoolId, afterId, DATASETS_A_BATCH);
      for (const dataset of batch) {
        const problem = streamChange(transaction, { account, now, why: new Reasons() }, needs, streams, {
          identityPoolId,
          identityId: dataset.identityId,
          datasetName: dataset.name,
          operation: 'replace',
          records: datasets.changedSince(dataset.id, 0, '', undefined).filter(({ value }) => value !== null),
          modifiedAt: dataset.modifiedAt,
          syncCount: dataset.syncCount,
        });
        if (problem !== undefined) return end(`Streaming was switched off: ${problem}.`);
      }
      return batch.length < DATASETS_A_BATCH ? end() : batch.at(-1)!.id;
    });

  const publish = async (account: string, identityPoolId: string): Promise<void> => {
    let afterId: number | undefined = 0;
    while (afterId !== undefined && !stopping.signal.aborted) {
      afterId = publishBatch(account, identityPoolId, afterId);
      if (afterId !== undefined) await delay(0, stopping.signal);
    }
  };

  const begin = (account: string, identityPoolId: string): void => {
    scheduler.at(new Date(clock.millis() + WAIT), () => {
      publish(account, identityPoolId).catch((error: unknown) => {
        if (!stopping.signal.aborted) log.error({ err: error, identityPoolId }, 'a bulk publish failed');
      });
    });
  };

  for (const { account, identityPoolId } of datasets.bulkPublishing()) begin(account, identityPoolId);
  return { begin, stop: () => stopping.abort() };
}
