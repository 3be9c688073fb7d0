import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { UsageLine, UsageReport } from '../../shared/sync-views.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { call } from '../data/call.ts';
import { useFollowed } from '../data/facts.ts';
import { size } from '../format/size.ts';
import { IconButton } from '../ui/button.tsx';
import { Refusal } from '../ui/form.tsx';
import { DayChart } from './day-chart.tsx';
import { SizeBar } from './size-bar.tsx';
import styles from './usage.module.css';
import sync from './sync.module.css';
import table from './table.module.css';

const LEAST = 0.000_001;

const count = (value: number): string =>
  value > 0 && value < LEAST ? `under ${LEAST.toFixed(6)}` : value.toLocaleString('en', { maximumFractionDigits: 6 });

function dollars(value: number): string {
  if (value > 0 && value < LEAST) return `under $${LEAST.toFixed(6)}`;
  if (value > 0 && value < 0.01) return `$${value.toFixed(6)}`;
  return `$${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** `2026-11`, so many months on. */
function monthFrom(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

const monthName = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** What AWS would bill for a month of this bench. */
export function Usage() {
  const now = useBenchNow();
  const current = now === undefined ? undefined : new Date(now).toISOString().slice(0, 7);
  const [chosen, setChosen] = useState<string>();
  const month = chosen ?? current;
  const { value, refused } = useFollowed(
    month ?? null,
    () => call<UsageReport>('GET', `/usage?month=${month}`),
    ({ type }) => type === 'trace.closed' || type === 'clock.changed' || type === 'account.reset',
  );
  return (
    <div className={sync['part']}>
      <header>
        <IconButton icon={ChevronLeft} label="Month before" onPress={() => month && setChosen(monthFrom(month, -1))} />
        <h3 className={styles['month']} aria-live="polite">
          {month && monthName(month)}
        </h3>
        <IconButton
          icon={ChevronRight}
          label="Month after"
          isDisabled={month === undefined || month === current}
          onPress={() => month && setChosen(monthFrom(month, 1))}
        />
        <span className={sync['text']}>What AWS would bill, by its documents’ prices.</span>
      </header>
      <Refusal refused={refused} />
      {value && <Report report={value} />}
    </div>
  );
}

function Report({ report }: { readonly report: UsageReport }) {
  const { syncOperations, storage, activeUsers, days } = report;
  return (
    <>
      <div className={styles['tiles']}>
        <Tile
          title="Sync operations"
          value={count(syncOperations.api.count)}
          note={`${count(syncOperations.sdk.count)} by the SDK’s definition`}
        >
          <SizeBar label="Free tier" value={syncOperations.api.count} limit={syncOperations.api.free} format={count} />
          <DayChart
            label="Sync operations by day"
            days={days.map(({ day, apiOperations, sdkOperations }) => ({
              day,
              values: [apiOperations, sdkOperations],
            }))}
            series={['sessions, as the API counts', 'synchronises, as the SDK counts']}
            format={count}
          />
        </Tile>
        <Tile title="Store" value={size(storage.bytesNow)} note={`${count(storage.count)} GB-months so far`}>
          <SizeBar label="Free tier, GB-months" value={storage.count} limit={storage.free} format={count} />
          <DayChart
            label="Stored on average by day"
            days={days.map(({ day, bytes }) => ({ day, values: [bytes] }))}
            series={['stored']}
            format={size}
          />
        </Tile>
        <Tile
          title="Active users"
          value={count(activeUsers.count)}
          note={activeUsers.byPool.length > 1 ? `in ${activeUsers.byPool.length} user pools` : 'this month, each once'}
        >
          <SizeBar label="Free tier" value={activeUsers.count} limit={activeUsers.free} format={count} />
          <DayChart
            label="First active, by day"
            days={days.map(({ day, newActiveUsers }) => ({ day, values: [newActiveUsers] }))}
            series={['users']}
            format={count}
          />
        </Tile>
      </div>
      <section className={sync['block']} aria-label="Bill">
        <h3>Bill</h3>
        <Bill report={report} />
      </section>
    </>
  );
}

interface TileProps {
  readonly title: string;
  readonly value: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Tile({ title, value, note, children }: TileProps) {
  return (
    <section className={styles['tile']} aria-label={title}>
      <h4>{title}</h4>
      <p className={styles['value']}>{value}</p>
      <p className={styles['note']}>{note}</p>
      {children}
    </section>
  );
}

function Bill({ report }: { readonly report: UsageReport }) {
  const { syncOperations, storage, activeUsers, total } = report;
  const lines: readonly (readonly [string, UsageLine])[] = [
    ['Sync operations, by the API’s definition', syncOperations.api],
    ['Sync operations, by the SDK’s definition', syncOperations.sdk],
    ['Store, GB-months', storage],
    ['Monthly active users', activeUsers],
  ];
  return (
    <div className={table['frame']} tabIndex={0} role="region" aria-label="Lines of the bill">
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">What</th>
            {['Used', 'Free', 'Billed', 'Price', 'Without the free tier'].map((name) => (
              <th key={name} scope="col" className={table['number']}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(([name, line]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={table['number']}>{count(line.count)}</td>
              <td className={table['number']}>{count(line.free)}</td>
              <td className={table['number']}>{count(line.billable)}</td>
              <td className={table['number']}>{dollars(line.cost)}</td>
              <td className={table['number']}>{dollars(line.costWithoutFreeTier)}</td>
            </tr>
          ))}
          <tr className={styles['total']}>
            <th scope="row" colSpan={4}>
              Total, with sync by the API’s definition
            </th>
            <td className={table['number']}>{dollars(total)}</td>
            <td className={table['number']}>
              {dollars(
                [syncOperations.api, storage, activeUsers].reduce((sum, line) => sum + line.costWithoutFreeTier, 0),
              )}
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
