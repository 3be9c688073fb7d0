import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import styles from '../pools/pool.module.css';

/** Text that leads to another place of the page. */
export function LinkButton({ onPress, children }: { readonly onPress: () => void; readonly children: ReactNode }) {
  return (
    <Button className={styles['rowButton'] ?? ''} onPress={onPress}>
      {children}
    </Button>
  );
}
