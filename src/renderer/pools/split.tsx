import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import styles from './pool.module.css';

/** A list with what is chosen from it beside it; on narrow screens in its place. */
export function Split({ list, detail }: { readonly list: ReactNode; readonly detail: ReactNode }) {
  return (
    <div className={cx(styles['split'], detail !== null && styles['withDetail'])}>
      <div className={styles['list']}>{list}</div>
      {detail !== null && <div className={styles['detail']}>{detail}</div>}
    </div>
  );
}

export function DetailHead({
  title,
  children,
  onClose,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly onClose: () => void;
}) {
  return (
    <header className={styles['detailHead']}>
      <h3>{title}</h3>
      {children}
      <IconButton icon={X} label="Back to the list" shortcut="Esc" data-close onPress={onClose} />
    </header>
  );
}
