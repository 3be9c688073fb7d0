import { CircleAlert, CircleCheck, HelpCircle, Plug, ShieldX } from 'lucide-react';
import type { DeviceState, ResourceCall } from '../../shared/device.ts';
import { useBench } from '../data/bench-state.ts';
import { openDialog } from '../data/dialogs.ts';
import { showWhy } from '../data/inspector-tab.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Mark } from '../ui/marks.tsx';
import card from './device-card.module.css';
import styles from './resources-part.module.css';

const SHOWN = 4;
/** Everything else, such as an object that is not there, is refused for reasons of its own. */
const DENIALS = new Set(['AccessDenied', 'AccessDeniedException']);

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
  const word = refused === undefined ? 'allowed' : DENIALS.has(refused.code) ? 'denied' : 'refused';
  const event = useBench(({ traces }) => traces.findLast((trace) => trace.requestId === call.requestId)?.id);
  return (
    <li className={styles['call']}>
      <Mark
        tone={word === 'allowed' ? 'ok' : word === 'denied' ? 'bad' : 'warn'}
        icon={word === 'allowed' ? CircleCheck : word === 'denied' ? ShieldX : CircleAlert}
        title={refused?.message ?? answer ?? ''}
      >
        {word}
      </Mark>
      <span className={styles['operation']}>{operation}</span>
      <span className={card['muted']} title={target}>
        {target}
      </span>
      {event !== undefined && (
        <IconButton
          icon={HelpCircle}
          label={`Why ${operation} of ${device.name} was ${word}`}
          onPress={() => showWhy(event)}
        />
      )}
    </li>
  );
}
