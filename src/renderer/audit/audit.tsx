import { Download, ScrollText } from 'lucide-react';
import { ACCOUNT_HEADER, BENCH_PATH, TOKEN_HEADER } from '../../shared/bench-api.ts';
import { notify } from '../data/notices.ts';
import { usePath } from '../data/route.ts';
import { currentAccount, launchToken } from '../data/session.ts';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Empty, Refusal } from '../ui/form.tsx';
import { AuditDetail } from './audit-detail.tsx';
import { filterBy, useAuditList, useLiveAudit } from './audit-list.ts';
import { AuditTable } from './audit-table.tsx';
import styles from './audit.module.css';

/** The audit trail: who called what, as CloudTrail would have it. */
export function Audit() {
  useLiveAudit();
  const [chosen] = usePath('audit');
  const { events, loaded, refused, filter, total } = useAuditList();
  const isFiltered = filter.text.trim() !== '' || filter.errors;
  return (
    <section className={styles['audit']} aria-label="Audit trail">
      <Toolbar />
      <div className={styles['body']}>
        <div className={styles['list']}>
          {refused && <Refusal refused={refused} />}
          {loaded && events.length === 0 && !refused ? (
            <Empty
              icon={ScrollText}
              title={total === 0 ? 'Nothing recorded yet' : 'No event fits'}
              actions={
                total > 0 && (
                  <Button onPress={() => filterBy(isFiltered ? { text: '', errors: false } : { reads: true })}>
                    {isFiltered ? 'Clear the filter' : 'Show reads'}
                  </Button>
                )
              }
            >
              {total === 0
                ? 'Every management call to this bench becomes a record of CloudTrail here, a second after its answer.'
                : isFiltered
                  ? 'Other events are recorded.'
                  : 'Nothing was changed yet; the calls that only read are hidden.'}
            </Empty>
          ) : (
            <AuditTable events={events} chosen={chosen} />
          )}
        </div>
        {chosen !== undefined && <AuditDetail key={chosen} eventId={chosen} />}
      </div>
    </section>
  );
}

function Toolbar() {
  const { filter, events, next, total } = useAuditList();
  return (
    <header className={styles['toolbar']}>
      <h2>Audit</h2>
      <div className={styles['filter']} data-filter>
        <Field
          label="Filter events"
          hideLabel
          type="search"
          placeholder="Filter: event, service, user, key, error, resource"
          value={filter.text}
          onChange={(text) => filterBy({ text })}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
          }}
        />
      </div>
      <Check checked={filter.errors} onChange={(errors) => filterBy({ errors })}>
        Errors only
      </Check>
      <Check checked={filter.reads} onChange={(reads) => filterBy({ reads })}>
        With reads
      </Check>
      <span className={styles['count']} role="status">
        {events.length === total ? total : `${events.length}${next === undefined ? '' : '+'} of ${total}`}
      </span>
      <Button
        size="small"
        variant="quiet"
        icon={Download}
        isDisabled={total === 0}
        onPress={() => void download()}
        aria-label="Export the trail as a CloudTrail log file"
      >
        Export
      </Button>
    </header>
  );
}

/** A link could not carry the launch token. */
async function download(): Promise<void> {
  try {
    const response = await fetch(`${BENCH_PATH}/audit/export`, {
      headers: { [TOKEN_HEADER]: launchToken(), [ACCOUNT_HEADER]: currentAccount() },
    });
    if (!response.ok) throw new Error(`The bench answered ${response.status}.`);
    const address = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = address;
    link.download = 'cloudtrail.json';
    link.click();
    URL.revokeObjectURL(address);
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), 'bad');
  }
}
