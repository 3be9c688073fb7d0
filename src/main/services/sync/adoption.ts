import { DATASET_NAME_MAX_LENGTH } from '../../../shared/sync-wire.ts';
import type { DatasetAdoption, Services } from '../services.ts';

/**
 * A merged identity's datasets go to the survivor as `NAME.<old identity>` and are reported on `NAME` until they
 * are deleted; combining them is the client's duty. One that came from an earlier merge is still reported on the
 * name that it began with, because that is the dataset which apps open. [SY-MERGE-1]
 */
export function createDatasetAdoption({ datasets }: Pick<Services, 'datasets'>): DatasetAdoption {
  return {
    adopt({ from, into }) {
      return datasets.adoptable(from).map((dataset) => {
        const as = freeName(dataset.name, from, (taken) => datasets.find(into, taken)?.isPresent === true);
        datasets.move(dataset.id, into, as, dataset.reportedAs);
        return { name: dataset.name, as };
      });
    },
  };
}

/** Assumed: a name too long for the suffix is cut, since a dataset whose name nobody may say would be lost. */
function freeName(name: string, from: string, isTaken: (name: string) => boolean): string {
  const suffix = `.${from}`;
  for (let attempt = 0; ; attempt += 1) {
    const mark = attempt === 0 ? '' : `.${attempt}`;
    const candidate = name.slice(0, DATASET_NAME_MAX_LENGTH - suffix.length - mark.length) + mark + suffix;
    if (!isTaken(candidate)) return candidate;
  }
}
