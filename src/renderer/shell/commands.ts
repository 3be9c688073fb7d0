import {
  ArrowLeftRight,
  Boxes,
  Copy,
  Database,
  EyeOff,
  FastForward,
  Fingerprint,
  Hash,
  IdCard,
  Keyboard,
  LayoutDashboard,
  Mail,
  Moon,
  Pause,
  Play,
  RefreshCw,
  RotateCcw,
  ScrollText,
  Settings,
  ShieldCheck,
  Smartphone,
  SquareFunction,
  Sun,
  SunMoon,
  Tablet,
  Wifi,
  WifiOff,
  type LucideIcon,
} from 'lucide-react';
import { findTrace, type BenchState } from '../data/bench-state.ts';
import { act } from '../data/device-actions.ts';
import { openDialog } from '../data/dialogs.ts';
import { copyText } from '../data/notices.ts';
import { prefer, usePreferences } from '../data/preferences.ts';
import { go, openAt, select, selectEvent } from '../data/route.ts';
import { runScenario } from '../data/scenario-actions.ts';
import { setClock } from './clock-menu.tsx';

export interface Command {
  readonly id: string;
  readonly group: string;
  readonly text: string;
  /** Other words by which it is found. */
  readonly words?: string;
  readonly icon: LucideIcon;
  readonly keys?: string;
  readonly run: () => void;
}

/** What the palette offers, for the bench as it is and the text as typed. */
export function commands(bench: BenchState, typed: string): Command[] {
  return [
    ...eventCommands(bench, typed),
    ...deviceCommands(bench),
    ...poolCommands(bench),
    ...identityPoolCommands(bench),
    ...scenarioCommands(bench),
    ...CLOCK,
    ...PLACES,
    ...pageCommands(bench),
  ];
}

function eventCommands({ traces }: BenchState, typed: string): Command[] {
  const number = /^\s*#?(\d+)\s*$/.exec(typed)?.[1];
  const record = number === undefined ? undefined : findTrace(traces, Number(number));
  if (!record) return [];
  const text = `Call ${record.id}: ${record.operation ?? record.request.path}`;
  return [{ id: 'event', group: 'Calls', text, words: typed, icon: Hash, run: () => selectEvent(record.id) }];
}

function deviceCommands({ devices }: BenchState): Command[] {
  return [
    ...devices.flatMap((device): Command[] => [
      {
        id: `${device.id}-show`,
        group: 'Devices',
        text: `Show ${device.name}`,
        icon: device.kind === 'tablet' ? Tablet : Smartphone,
        run: () => (go('stage'), select({ kind: 'device', id: device.id })),
      },
      ...device.datasets.map(({ name }): Command => ({
        id: `${device.id}-sync-${name}`,
        group: 'Devices',
        text: `Synchronise ${name} on ${device.name}`,
        words: 'sync',
        icon: RefreshCw,
        run: () => void act(device.id, { do: 'synchronize', dataset: name, resolver: 'ask' }),
      })),
      {
        id: `${device.id}-provider`,
        group: 'Devices',
        text: `Sign in with a provider on ${device.name}`,
        words: 'link login google facebook apple oidc saml developer',
        icon: IdCard,
        run: () => openDialog({ name: 'link-login', deviceId: device.id }),
      },
      {
        id: `${device.id}-network`,
        group: 'Devices',
        text: `Take ${device.name} ${device.network.online ? 'offline' : 'online'}`,
        icon: device.network.online ? WifiOff : Wifi,
        run: () => void act(device.id, { do: 'network', online: !device.network.online }),
      },
    ]),
    {
      id: 'add-phone',
      group: 'Devices',
      text: 'Add a phone',
      icon: Smartphone,
      run: () => openDialog({ name: 'add-device', kind: 'phone' }),
    },
    {
      id: 'add-tablet',
      group: 'Devices',
      text: 'Add a tablet',
      icon: Tablet,
      run: () => openDialog({ name: 'add-device', kind: 'tablet' }),
    },
  ];
}

function poolCommands({ resources }: BenchState): Command[] {
  return (resources?.userPools ?? []).map(({ id, name }) => ({
    id: `pool-${id}`,
    group: 'User pools',
    text: `Show ${name}`,
    words: `pool users ${id}`,
    icon: Boxes,
    run: () => openAt('pools', id),
  }));
}

function identityPoolCommands({ resources }: BenchState): Command[] {
  return (resources?.identityPools ?? []).map(({ id, name }) => ({
    id: `identity-pool-${id}`,
    group: 'Identity pools',
    text: `Show ${name}`,
    words: `pool identities roles rules ${id}`,
    icon: Fingerprint,
    run: () => openAt('identities', id),
  }));
}

function scenarioCommands({ scenarios }: BenchState): Command[] {
  return scenarios.map(({ name, title }) => ({
    id: `scenario-${name}`,
    group: 'Scenarios',
    text: `Run: ${title}`,
    words: 'demo',
    icon: Play,
    run: () => void runScenario(name),
  }));
}

const CLOCK: readonly Command[] = [
  { id: 'freeze', group: 'Clock', text: 'Freeze the clock', icon: Pause, run: () => setClock({ freeze: true }) },
  { id: 'resume', group: 'Clock', text: 'Let the clock run', icon: Play, run: () => setClock({ resume: true }) },
  {
    id: 'minute',
    group: 'Clock',
    text: 'Advance the clock 1 minute',
    icon: FastForward,
    run: () => setClock({ advance: 60 }),
  },
  {
    id: 'hour',
    group: 'Clock',
    text: 'Advance the clock 1 hour',
    icon: FastForward,
    run: () => setClock({ advance: 3600 }),
  },
  {
    id: 'day',
    group: 'Clock',
    text: 'Advance the clock 1 day',
    icon: FastForward,
    run: () => setClock({ advance: 86_400 }),
  },
  {
    id: 'real',
    group: 'Clock',
    text: 'Set the clock back to real time',
    icon: RotateCcw,
    run: () => setClock({ reset: true }),
  },
];

const PLACES: readonly Command[] = [
  { id: 'stage', group: 'Go to', text: 'Stage', icon: LayoutDashboard, keys: 'g s', run: () => go('stage') },
  { id: 'timeline', group: 'Go to', text: 'Timeline', icon: ArrowLeftRight, keys: 'g t', run: () => go('timeline') },
  { id: 'inbox', group: 'Go to', text: 'Inbox', icon: Mail, keys: 'g m', run: () => go('inbox') },
  { id: 'pools', group: 'Go to', text: 'Pools', icon: Boxes, keys: 'g u', run: () => go('pools') },
  {
    id: 'identities',
    group: 'Go to',
    text: 'Identity pools',
    words: 'guests roles rules lineage',
    icon: Fingerprint,
    keys: 'g i',
    run: () => go('identities'),
  },
  {
    id: 'providers',
    group: 'Go to',
    text: 'Identity providers',
    words: 'google facebook amazon apple oidc saml tokens stand-in federation',
    icon: IdCard,
    keys: 'g p',
    run: () => go('providers'),
  },
  {
    id: 'sync',
    group: 'Go to',
    text: 'Sync',
    words: 'store datasets streams pushes usage explorer',
    icon: Database,
    keys: 'g y',
    run: () => go('sync'),
  },
  {
    id: 'functions',
    group: 'Go to',
    text: 'Functions',
    words: 'lambda triggers',
    icon: SquareFunction,
    keys: 'g f',
    run: () => go('functions'),
  },
  {
    id: 'access',
    group: 'Go to',
    text: 'Access',
    words: 'roles policies explain',
    icon: ShieldCheck,
    keys: 'g a',
    run: () => go('access'),
  },
  {
    id: 'matrix',
    group: 'Go to',
    text: 'Access: users by resources',
    words: 'matrix who may what',
    icon: ShieldCheck,
    run: () => openAt('access', 'matrix'),
  },
  {
    id: 'guarded',
    group: 'Go to',
    text: 'Access: buckets and tables',
    words: 'resources s3 dynamodb objects items',
    icon: ShieldCheck,
    run: () => openAt('access', 'resources'),
  },
  {
    id: 'audit',
    group: 'Go to',
    text: 'Audit',
    words: 'cloudtrail trail events who records',
    icon: ScrollText,
    keys: 'g d',
    run: () => go('audit'),
  },
  { id: 'scenarios', group: 'Go to', text: 'Scenarios', icon: Play, keys: 'g c', run: () => go('scenarios') },
  {
    id: 'settings',
    group: 'Go to',
    text: 'Settings and how to connect an app',
    icon: Settings,
    run: () => go('settings'),
  },
];

function pageCommands({ health }: BenchState): Command[] {
  return [
    {
      id: 'endpoint',
      group: 'Page',
      text: 'Copy the endpoint',
      icon: Copy,
      run: () => void copyText(health?.url ?? location.origin, 'endpoint'),
    },
    {
      id: 'page-reads',
      group: 'Page',
      text: 'Timeline: show or hide what this page reads',
      icon: EyeOff,
      run: () => prefer({ hidesPageReads: !usePreferences.getState().hidesPageReads }),
    },
    { id: 'light', group: 'Page', text: 'Theme: light', icon: Sun, run: () => prefer({ theme: 'light' }) },
    { id: 'dark', group: 'Page', text: 'Theme: dark', icon: Moon, run: () => prefer({ theme: 'dark' }) },
    {
      id: 'system',
      group: 'Page',
      text: 'Theme: as the system',
      icon: SunMoon,
      run: () => prefer({ theme: 'system' }),
    },
    { id: 'keys', group: 'Page', text: 'Keyboard shortcuts', icon: Keyboard, keys: '?', run: () => openDialog('keys') },
    { id: 'reset', group: 'Page', text: 'Reset this account…', icon: RotateCcw, run: () => openDialog('reset') },
  ];
}
