import {
  BellOff,
  Eraser,
  Eye,
  Fingerprint,
  Gauge,
  IdCard,
  KeyRound,
  LogOut,
  MoreHorizontal,
  RefreshCw,
  ShieldCheck,
  Trash2,
  Users,
} from 'lucide-react';
import { useRef, useState } from 'react';
import type { DeviceState } from '../../shared/device.ts';
import { act } from '../data/device-actions.ts';
import { openDialog } from '../data/dialogs.ts';
import { select } from '../data/route.ts';
import { IconButton } from '../ui/button.tsx';
import { MenuButton, type MenuEntry } from '../ui/menu.tsx';
import { NetworkPopover } from './network-popover.tsx';

export function DeviceMenu({ device }: { readonly device: DeviceState }) {
  const [networkOpen, setNetworkOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const isSignedIn = device.signIn.status === 'signed-in';
  const entries: MenuEntry[] = [
    { id: 'inspect', text: 'Inspect', icon: Eye, run: () => select({ kind: 'device', id: device.id }) },
    { id: 'network', text: 'Network and clock…', icon: Gauge, run: () => setNetworkOpen(true) },
    { id: 'people', text: 'People…', icon: Users, run: () => openDialog({ name: 'people', deviceId: device.id }) },
    {
      id: 'provider',
      text: 'Sign in with a provider…',
      icon: IdCard,
      disabled: device.app.identityPoolId === undefined,
      run: () => openDialog({ name: 'link-login', deviceId: device.id }),
    },
    {
      id: 'credentials',
      text: 'Get credentials',
      icon: KeyRound,
      apart: true,
      run: () => void act(device.id, { do: 'get-credentials' }),
    },
    {
      id: 'authenticator',
      text: 'Set up the authenticator',
      icon: ShieldCheck,
      disabled: !isSignedIn,
      apart: true,
      run: () => void act(device.id, { do: 'set-up-totp' }),
    },
    {
      id: 'passkey',
      text: 'Create a passkey',
      icon: Fingerprint,
      disabled: !isSignedIn,
      run: () => void act(device.id, { do: 'create-passkey' }),
    },
    {
      id: 'refresh',
      text: 'Refresh tokens',
      icon: RefreshCw,
      apart: true,
      disabled: !isSignedIn,
      run: () => void act(device.id, { do: 'refresh-tokens' }),
    },
    {
      id: 'everywhere',
      text: 'Sign out everywhere',
      icon: LogOut,
      disabled: !isSignedIn,
      run: () => void act(device.id, { do: 'sign-out', everywhere: true }),
    },
    ...device.datasets.flatMap((dataset): MenuEntry[] => [
      ...(dataset.subscribed
        ? [
            {
              id: `silence-${dataset.name}`,
              text: `Stop pushes of ${dataset.name}`,
              icon: BellOff,
              apart: true,
              run: () => void act(device.id, { do: 'unsubscribe' as const, dataset: dataset.name }),
            },
          ]
        : []),
      {
        id: `delete-${dataset.name}`,
        text: `Delete ${dataset.name}…`,
        icon: Trash2,
        apart: !dataset.subscribed,
        run: () => openDialog({ name: 'delete-dataset', deviceId: device.id, dataset: dataset.name }),
      },
    ]),
    { id: 'wipe', text: 'Wipe', icon: Eraser, apart: true, run: () => void act(device.id, { do: 'wipe' }) },
    {
      id: 'remove',
      text: 'Remove…',
      icon: Trash2,
      danger: true,
      run: () => openDialog({ name: 'remove-device', deviceId: device.id }),
    },
  ];
  return (
    <span ref={anchor}>
      <MenuButton label={`Actions of ${device.name}`} entries={entries}>
        <IconButton icon={MoreHorizontal} label={`More actions of ${device.name}`} />
      </MenuButton>
      <NetworkPopover device={device} anchor={anchor} isOpen={networkOpen} onOpenChange={setNetworkOpen} />
    </span>
  );
}
