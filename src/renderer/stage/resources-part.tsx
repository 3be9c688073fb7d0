import { CircleCheck, HelpCircle, Plug, ShieldX } from 'lucide-react';
import type { DeviceState, ResourceCall } from '../../shared/device.ts';
import { useBench } from '../data/bench-state.ts';
import { openDialog } from '../data/dialogs.ts';
import { select } from '../data/route.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Mark } from '../ui/marks.tsx';
import card from './device-card.module.css';
import styles from './resources-part.module.css';

const SHOWN = 4;

/** What the device asked of S3 and DynamoDB as its identity, and whether policies let it. */
export function ResourcesPart({ device, busy }: { readonly device: DeviceState; readonly busy: boolean }) {
  const { identity, resourceCalls } = device;
  if (!identity && resourceCalls.length === 0) return null;
  return (
    <section aria-label={`Resources called by ${device.name}`}>
      {resourceCalls.length > 0 && (
        <ul className={styles['calls']}>
          {resourceCalls.slice(0, SHOWN).map((call) => (
            <Call key={`${call.at} ${call.operation} ${call.target}`} device={device} call={call} />
          ))}
        </ul>
      )}
      <Button
        size="small"
        variant="quiet"
        icon={Plug}
        className={styles['add']}
        isDisabled={busy}
        onPress={() => openDialog({ name: 'call-resource', deviceId: device.id })}
      >
        Call S3 or DynamoDB
        <span className="visually-hidden"> from {device.name}</span>
      </Button>
    </section>
  );
}

function Call({ device, call }: { readonly device: DeviceState; readonly call: ResourceCall }) {
  const { operation, target, refused, answer } = call;
  const event = useBench(({ traces }) => traces.findLast((trace) => trace.requestId === call.requestId)?.id);
  return (
    <li className={styles['call']}>
      <Mark
        tone={refused ? 'bad' : 'ok'}
        icon={refused ? ShieldX : CircleCheck}
        title={refused?.message ?? answer ?? ''}
      >
        {refused ? 'denied' : 'allowed'}
      </Mark>
      <span className={styles['operation']}>{operation}</span>
      <span className={card['muted']} title={target}>
        {target}
      </span>
      {event !== undefined && (
        <IconButton
          icon={HelpCircle}
          label={`Why ${operation} of ${device.name} was ${refused ? 'denied' : 'allowed'}`}
          onPress={() => select({ kind: 'event', id: event })}
        />
      )}
    </li>
  );
}
