import { fault } from '../../kernel/fault.ts';
import type { DatasetRecord } from '../../store/repositories/datasets.ts';
import type { Call } from '../family.ts';
import type { Services } from '../services.ts';

/** @throws Fault `ResourceNotFoundException` for one that was never written or was deleted. */
export function requireDataset(
  call: Call,
  { datasets }: Pick<Services, 'datasets'>,
  place: { readonly IdentityId: string; readonly DatasetName: string },
): DatasetRecord {
  const dataset = datasets.find(place.IdentityId, place.DatasetName);
  if (!dataset?.isPresent) {
    throw call.why.refuse(
      'SY-DATASET-2',
      dataset ? 'the dataset was deleted' : 'the dataset was never written',
      // Guessed wording.
      fault('ResourceNotFoundException', `Dataset '${place.DatasetName}' not found.`),
      { dataset: place.DatasetName },
    );
  }
  call.why.pass('SY-DATASET-2', 'the dataset exists');
  return dataset;
}
