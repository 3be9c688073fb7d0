import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import styles from '../pools/pool.module.css';

/** Text that leads to another place of the page. */
export function LinkButton({
  onPress,
  children,
  step,
}: {
  readonly onPress: () => void;
  readonly children: ReactNode;
  /** A place of a list that keys walk along. */
  readonly step?: boolean;
}) {
  return (
    <Button className={styles['rowButton'] ?? ''} onPress={onPress} {...(step && { 'data-step': true })}>
      {children}
    </Button>
  );
}
