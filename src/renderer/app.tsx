import type { ComponentType } from 'react';
import { Access } from './access/access.tsx';
import { Audit } from './audit/audit.tsx';
import { Functions } from './functions/functions.tsx';
import { Identities } from './identities/identities.tsx';
import { Inbox } from './inbox/inbox.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { useBench } from './data/bench-state.ts';
import { useRoute, type View } from './data/route.ts';
import { Pools } from './pools/pools.tsx';
import { Providers } from './providers/providers.tsx';
import { Scenarios } from './scenarios/scenarios.tsx';
import { Settings } from './settings/settings.tsx';
import { Dialogs } from './shell/dialogs.tsx';
import { Layout } from './shell/layout.tsx';
import { useShortcuts } from './shell/shortcuts.ts';
import { Stage } from './stage/stage.tsx';
import { Sync } from './sync/sync.tsx';
import { Timeline } from './timeline/timeline.tsx';

export function App() {
  useShortcuts();
  const view = useRoute((place) => place.view);
  // As long as the stage offers how to begin, it gets the whole height.
  const isEmpty = useBench(
    ({ devices, lanes }) => devices.length === 0 && ![...lanes.values()].some(({ lane }) => lane.kind === 'app'),
  );
  // Only where calls are at hand do the dock and the inspector have something to show.
  const withCalls = view === 'stage' || view === 'timeline';
  return (
    <>
      <Layout
        main={<Main />}
        dock={view === 'stage' && !isEmpty ? <Timeline place="dock" /> : null}
        inspector={withCalls ? <Inspector /> : null}
      />
      <Dialogs />
    </>
  );
}

const SCREENS: Readonly<Record<View, ComponentType>> = {
  stage: Stage,
  timeline: () => <Timeline place="main" />,
  inbox: Inbox,
  pools: Pools,
  identities: Identities,
  providers: Providers,
  sync: Sync,
  functions: Functions,
  access: Access,
  audit: Audit,
  scenarios: Scenarios,
  settings: Settings,
};

function Main() {
  const Screen = SCREENS[useRoute((place) => place.view)];
  return <Screen />;
}
