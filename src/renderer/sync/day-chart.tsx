import { useId } from 'react';
import styles from './usage.module.css';

interface DayChartProps {
  readonly label: string;
  readonly days: readonly { readonly day: string; readonly values: readonly number[] }[];
  /** What each value of a day is; the first is drawn full, the second beside it. */
  readonly series: readonly string[];
  readonly format: (value: number) => string;
}

const HEIGHT = 56;
const DAY = 10;

/** A bar a day, with the same figures in a table for those who do not see it. */
export function DayChart({ label, days, series, format }: DayChartProps) {
  const id = useId();
  const highest = Math.max(...days.flatMap(({ values }) => values), 0);
  const width = days.length * DAY;
  const bar = (DAY - 2) / series.length;
  return (
    <figure className={styles['chart']}>
      <figcaption id={id}>
        {label}
        <span>{highest > 0 && `up to ${format(highest)}`}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        <line x1={0} x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={styles['axis']} />
        {days.map(({ day, values }, at) =>
          values.map((value, place) => {
            const tall = highest === 0 || value === 0 ? 0 : Math.max((value / highest) * (HEIGHT - 2), 2);
            return (
              <rect
                key={`${day} ${series[place]}`}
                className={styles[place === 0 ? 'first' : 'second']}
                x={at * DAY + 1 + place * bar}
                y={HEIGHT - tall}
                width={bar}
                height={tall}
              >
                <title>{`${day}: ${format(value)} ${series[place]}`}</title>
              </rect>
            );
          }),
        )}
      </svg>
      <div className={styles['ends']} aria-hidden>
        <span>{days[0]?.day.slice(5)}</span>
        <span>{days.at(-1)?.day.slice(5)}</span>
      </div>
      {series.length > 1 && (
        <ul className={styles['legend']}>
          {series.map((name, place) => (
            <li key={name} data-second={place > 0}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <table className="visually-hidden" aria-labelledby={id}>
        <tbody>
          {days
            .filter(({ values }) => values.some((value) => value > 0))
            .map(({ day, values }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                {values.map((value, place) => (
                  <td key={series[place]}>{`${format(value)} ${series[place]}`}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </figure>
  );
}
