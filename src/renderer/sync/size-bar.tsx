import styles from './size-bar.module.css';

interface SizeBarProps {
  readonly label: string;
  readonly value: number;
  /** `null` where there is none. */
  readonly limit: number | null;
  readonly format: (value: number) => string;
  /** Without words beside it, for a cell of a table. */
  readonly bare?: boolean;
}

/** How much of a limit is used: a bar, and the same in words. */
export function SizeBar({ label, value, limit, format, bare }: SizeBarProps) {
  const share = limit === null || limit === 0 ? 0 : Math.min(value / limit, 1);
  const words = limit === null ? format(value) : `${format(value)} of ${format(limit)}`;
  return (
    <div className={styles['size']} data-bare={bare || undefined}>
      {!bare && (
        <div className={styles['words']}>
          <span>{label}</span>
          <span>{words}</span>
        </div>
      )}
      <svg
        className={styles['bar']}
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={limit ?? value}
        // In a form without an exponent, which ARIA does not know.
        aria-valuenow={Number(Math.min(value, limit ?? value).toFixed(6))}
        aria-valuetext={words}
        data-full={share >= 0.9 || undefined}
      >
        <rect className={styles['track']} width={100} height={4} />
        <rect className={styles['used']} width={value === 0 ? 0 : Math.max(share * 100, 1)} height={4} />
      </svg>
    </div>
  );
}
