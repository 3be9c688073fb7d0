import { BellRing } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button as AriaButton, Dialog, Popover } from 'react-aria-components';
import type { DeviceState, ReceivedPush } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import { timeOfDay } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/marks.tsx';
import menu from '../ui/menu.module.css';
import card from './device-card.module.css';
import styles from './pushes-part.module.css';

/** So many are listed; the inspector has the others. */
const MOST = 12;

export function PushesPart({ device, busy }: { readonly device: DeviceState; readonly busy: boolean }) {
  const opener = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const pushes = device.pushes.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const [newest] = pushes;
  if (!newest) return null;
  const unhandled = pushes.filter((push) => !push.handled).length;
  return (
    <section aria-label={`Pushes on ${device.name}`}>
      <div className={card['line']}>
        <span className={card['what']}>Pushes</span>
        <span className={card['says']}>
          <AriaButton
            ref={opener}
            className={styles['open'] ?? ''}
            aria-haspopup="dialog"
            aria-expanded={isOpen}
            onPress={() => setOpen(true)}
          >
            {unhandled > 0 ? (
              <Mark tone="accent" icon={BellRing}>{`${unhandled} new`}</Mark>
            ) : (
              <Mark icon={BellRing}>{`${pushes.length} received`}</Mark>
            )}
          </AriaButton>
          <Popover
            className={menu['popover'] ?? ''}
            triggerRef={opener}
            isOpen={isOpen}
            onOpenChange={setOpen}
            placement="bottom start"
            offset={4}
          >
            <Dialog className={styles['list'] ?? ''} aria-label={`Pushes received on ${device.name}`}>
              <ul>
                {pushes.slice(0, MOST).map((push, index) => (
                  // A push that is delivered twice is twice the same.
                  // oxlint-disable-next-line react/no-array-index-key
                  <Received key={pushes.length - index} push={push} />
                ))}
              </ul>
            </Dialog>
          </Popover>
          <span className={card['muted']}>
            {newest.notification.datasetName} at count {newest.notification.syncCount}
          </span>
        </span>
        {unhandled > 0 && (
          <Button
            size="small"
            variant="quiet"
            className={card['end']}
            isDisabled={busy}
            onPress={() =>
              void act(device.id, { do: 'synchronize', dataset: newest.notification.datasetName, resolver: 'ask' })
            }
          >
            Fetch
          </Button>
        )}
      </div>
    </section>
  );
}

function Received({ push: { at, notification, handled } }: { readonly push: ReceivedPush }) {
  return (
    <li className={styles['push']}>
      <time dateTime={at}>{timeOfDay(at).slice(0, 8)}</time>
      <span>
        {notification.datasetName} at count {notification.syncCount}
      </span>
      <Mark tone={handled ? 'plain' : 'accent'}>{handled ? 'fetched' : 'not fetched'}</Mark>
    </li>
  );
}
