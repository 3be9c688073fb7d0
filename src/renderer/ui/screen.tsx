import type { ReactNode } from 'react';
import styles from './screen.module.css';

/** A screen that is read from top to bottom. */
export function Screen({
  title,
  text,
  aside,
  children,
}: {
  readonly title: string;
  readonly text?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles['screen']} tabIndex={-1}>
      <div className={styles['inner']}>
        <header className={styles['header']}>
          <div>
            <h2>{title}</h2>
            {text && <p>{text}</p>}
          </div>
          {aside}
        </header>
        {children}
      </div>
    </div>
  );
}
