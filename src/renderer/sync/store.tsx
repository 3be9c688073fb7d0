import { Database } from 'lucide-react';
import { useState } from 'react';
import { useBench } from '../data/bench-state.ts';
import { usePath } from '../data/route.ts';
import { Check } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Empty } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { DatasetDetail } from './dataset-detail.tsx';
import { IdentityDetail } from './identity-detail.tsx';
import { IdentityList } from './identity-list.tsx';
import { useSettled } from './use-settled.ts';
import styles from './store.module.css';

/** Identities on the left; what one of them keeps on the right. */
export function Store() {
  const pools = useBench((state) => state.resources?.identityPools);
  const [, identityId, datasetName] = usePath('sync');
  const [pool, setPool] = useState('');
  const [typed, setTyped] = useState('');
  const [empty, setEmpty] = useState(false);
  const search = useSettled(typed.trim());
  return (
    <div className={styles['store']} data-open={identityId !== undefined || undefined}>
      <section className={styles['side']} aria-label="Identities">
        <div className={styles['filters']}>
          <div data-filter>
            <Field
              label="Search identities by id"
              hideLabel
              placeholder="part of an identity id"
              type="search"
              value={typed}
              onChange={setTyped}
              mono
            />
          </div>
          {(pools?.length ?? 0) > 1 && (
            <Select
              label="Identity pool"
              hideLabel
              value={pool}
              options={[
                { value: '', text: 'every identity pool' },
                ...(pools ?? []).map(({ id, name }) => ({ value: id, text: name })),
              ]}
              onChange={setPool}
            />
          )}
          <Check checked={empty} onChange={setEmpty}>
            also those without data
          </Check>
        </div>
        <IdentityList key={`${pool} ${search} ${empty}`} filter={{ pool, search, empty }} chosen={identityId} />
      </section>
      <div className={styles['detail']}>
        {identityId === undefined ? (
          <Empty icon={Database} title="The sync store">
            An identity keeps datasets, and a dataset keeps records. Choose an identity to look into it.
          </Empty>
        ) : datasetName === undefined ? (
          <IdentityDetail key={identityId} identityId={identityId} />
        ) : (
          <DatasetDetail key={`${identityId} ${datasetName}`} identityId={identityId} name={datasetName} />
        )}
      </div>
    </div>
  );
}
