import { Ban, LoaderCircle, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { DeviceState } from '../../shared/device.ts';
import { isFailure, useBench } from '../data/bench-state.ts';
import { dismissFailure } from '../data/device-actions.ts';
import { showWhy } from '../data/inspector-tab.ts';
import { Button, IconButton } from '../ui/button.tsx';
import styles from './card-footer.module.css';

interface CardFooterProps {
  readonly device: DeviceState;
  readonly busy: string | undefined;
  readonly failed: { readonly action: string; readonly code: string; readonly message: string } | undefined;
}

/** What the device is doing, or why the last thing it did was refused, in AWS's words. */
export function CardFooter({ device, busy, failed }: CardFooterProps) {
  const refusedCall = useBench((state) =>
    failed ? state.traces.findLast((record) => record.lane.id === device.id && isFailure(record))?.id : undefined,
  );
  const footer = useRef<HTMLDivElement>(null);
  const shownBefore = useRef(failed?.message);
  useEffect(() => {
    // A card may be longer than the stage is high, and a refusal that nobody sees is none.
    if (failed && !busy && failed.message !== shownBefore.current) footer.current?.scrollIntoView({ block: 'nearest' });
    if (!busy) shownBefore.current = failed?.message;
  }, [failed, busy]);
  const { lastError } = device;
  const hint = lastError?.message === failed?.message ? lastError?.hint : undefined;
  return (
    <div aria-live="polite" ref={footer}>
      {busy && (
        <p className={styles['busy']}>
          <LoaderCircle size={13} aria-hidden className={styles['turning']} />
          {busy}…
        </p>
      )}
      {failed && !busy && (
        <div className={styles['failed']}>
          <Ban size={14} aria-hidden />
          <div className={styles['words']}>
            <p className={styles['code']}>{failed.code}</p>
            <p>{failed.message}</p>
            {hint !== undefined && <p>{hint}</p>}
            {refusedCall !== undefined && (
              <Button size="small" variant="quiet" className={styles['why']} onPress={() => showWhy(refusedCall)}>
                Why?
              </Button>
            )}
          </div>
          <IconButton
            icon={X}
            label="Dismiss the error"
            className={styles['close']}
            onPress={() => dismissFailure(device)}
          />
        </div>
      )}
    </div>
  );
}
