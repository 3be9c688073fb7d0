import { ChevronDown, IdCard, LogOut, Plus, Unlink } from 'lucide-react';
import type { DeviceLogin, DeviceState } from '../../shared/device.ts';
import { useBenchNow } from '../data/bench-clock.ts';
import { act } from '../data/device-actions.ts';
import { openDialog } from '../data/dialogs.ts';
import { openAt } from '../data/route.ts';
import { timeLeft } from '../format/time.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { MenuButton, type MenuEntry } from '../ui/menu.tsx';
import { providerOf } from './owners.ts';
import card from './device-card.module.css';
import styles from './logins.module.css';

interface PartProps {
  readonly device: DeviceState;
  readonly busy: boolean;
}

/** What the device shows of outside providers, beside what the user pool gave. */
export function LoginsPart({ device, busy }: PartProps) {
  if (device.logins.length === 0) return null;
  return (
    <div className={card['line']}>
      <span className={card['what']}>Logins</span>
      <ul className={styles['chips']} aria-label={`Logins on ${device.name}`}>
        {device.logins.map((login) => (
          <li key={login.provider}>
            <Chip device={device} login={login} busy={busy} />
          </li>
        ))}
      </ul>
      <IconButton
        icon={Plus}
        label={`Link another login on ${device.name}`}
        isDisabled={busy}
        className={card['end']}
        onPress={() => openDialog({ name: 'link-login', deviceId: device.id })}
      />
    </div>
  );
}

interface ChipProps extends PartProps {
  readonly login: DeviceLogin;
}

function Chip({ device, login, busy }: ChipProps) {
  const now = useBenchNow();
  const { provider, person, expiresAt, standIn } = login;
  const left = expiresAt !== undefined && now !== undefined ? timeLeft(expiresAt, now) : undefined;
  const isExpired = left?.expired === true;
  const name = providerOf(login);
  const entries: MenuEntry[] = [
    {
      id: 'unlink',
      text: `Unlink ${name}`,
      icon: Unlink,
      disabled: busy || !device.identity,
      run: () => void act(device.id, { do: 'unlink-login', provider }),
    },
    {
      id: 'sign-out',
      text: `Sign out, and stay linked`,
      icon: LogOut,
      disabled: busy,
      run: () => void act(device.id, { do: 'sign-out', provider }),
    },
    ...(standIn === undefined
      ? []
      : [{ id: 'show', text: `Show ${name}`, icon: IdCard, apart: true, run: () => openAt('providers', standIn) }]),
  ];
  return (
    <MenuButton label={`Login of ${name}`} entries={entries} placement="bottom start">
      <Button size="small" className={cx(styles['chip'], isExpired && styles['expired'])}>
        <span className={styles['provider']}>{name}:</span>
        <span className={styles['person']}>{person}</span>
        {isExpired && <span className={styles['state']}>expired</span>}
        <ChevronDown size={12} aria-hidden />
      </Button>
    </MenuButton>
  );
}
