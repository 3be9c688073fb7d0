import type { ExplorerFailure } from '../../shared/bench-api.ts';
import type { Json } from '../../shared/json.ts';
import { JsonTree } from '../ui/json-tree.tsx';
import styles from './explorer.module.css';
import table from './table.module.css';

/** The shortest failing story, the conflict at which it went wrong, and what was left at the end. */
export function ExplorerStory({ failure }: { readonly failure: ExplorerFailure }) {
  const { steps, conflict, end } = failure;
  return (
    <>
      <h4 className={styles['title']}>The shortest story that fails</h4>
      <ol className={styles['steps']}>
        {steps.map((step, index) => (
          // The same step may come twice.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>{step}</li>
        ))}
      </ol>
      {conflict && (
        <>
          <h4 className={styles['title']}>The conflict that the resolver was given</h4>
          <JsonTree value={conflict as unknown as Json} open={2} />
        </>
      )}
      {end && <End end={end} />}
    </>
  );
}

function End({ end }: { readonly end: NonNullable<ExplorerFailure['end']> }) {
  const holders = Object.keys(end);
  const keys = [...new Set(Object.values(end).flatMap((values) => Object.keys(values)))].toSorted();
  return (
    <>
      <h4 className={styles['title']}>What they held at the end</h4>
      <div className={table['frame']} tabIndex={0} role="region" aria-label="What they held at the end">
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Key</th>
              {holders.map((holder) => (
                <th key={holder} scope="col">
                  {holder}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key}>
                <th scope="row" className={table['mono']}>
                  {key}
                </th>
                {holders.map((holder) => (
                  <td key={holder} className={table['cell']}>
                    {end[holder]?.[key] ?? <em>none</em>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
