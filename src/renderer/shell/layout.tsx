import { useEffect, useState, type ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { usePreferences } from '../data/preferences.ts';
import { select, useRoute } from '../data/route.ts';
import { cx } from '../ui/class-names.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import styles from './layout.module.css';

interface LayoutProps {
  readonly main: ReactNode;
  readonly dock: ReactNode;
  readonly inspector: ReactNode;
}

/** Below this width the inspector lies over the page instead of beside it. */
const NARROW = '(max-width: 960px)';

export function Layout({ main, dock, inspector }: LayoutProps) {
  const isNarrow = useMedia(NARROW);
  const dockOpen = usePreferences((state) => state.dockOpen);
  const inspectorOpen = usePreferences((state) => state.inspectorOpen);
  const selection = useRoute((place) => place.selection);
  const showDock = dock !== null && dockOpen;
  const showInspector = inspector !== null && inspectorOpen && selection !== null;
  const beside = showInspector && !isNarrow;

  return (
    <div className={styles['page']}>
      <TopBar />
      <ConnectionBanner />
      <div className={styles['body']}>
        <Rail />
        <main className={styles['content']}>
          <Columns aside={beside ? inspector : null}>
            <Rows below={showDock ? dock : null}>{main}</Rows>
          </Columns>
          {showInspector && isNarrow && (
            <>
              <button
                type="button"
                className={styles['shade']}
                aria-label="Close the inspector"
                onClick={() => select(null)}
              />
              <div className={styles['drawer']}>{inspector}</div>
            </>
          )}
        </main>
      </div>
      <StatusBar />
    </div>
  );
}

function Columns({ children, aside }: { readonly children: ReactNode; readonly aside: ReactNode }) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id: 'poolbench.columns',
    panelIds: aside ? ['main', 'inspector'] : ['main'],
    storage: localStorage,
  });
  return (
    <Group
      className={styles['columns'] ?? ''}
      orientation="horizontal"
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
    >
      <Panel id="main" minSize={320}>
        {children}
      </Panel>
      {aside && (
        <Separator className={cx(styles['separator'], styles['upright'])} aria-label="Width of the inspector" />
      )}
      {aside && (
        <Panel id="inspector" defaultSize={400} minSize={300} maxSize="60%" groupResizeBehavior="preserve-pixel-size">
          {aside}
        </Panel>
      )}
    </Group>
  );
}

function Rows({ children, below }: { readonly children: ReactNode; readonly below: ReactNode }) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id: 'poolbench.rows',
    panelIds: below ? ['view', 'dock'] : ['view'],
    storage: localStorage,
  });
  return (
    <Group
      className={styles['rows'] ?? ''}
      orientation="vertical"
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
    >
      <Panel id="view" minSize={160}>
        <div className={styles['main']}>{children}</div>
      </Panel>
      {below && <Separator className={cx(styles['separator'], styles['flat'])} aria-label="Height of the timeline" />}
      {below && (
        <Panel id="dock" defaultSize="34%" minSize={120} maxSize="75%">
          {below}
        </Panel>
      )}
    </Group>
  );
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => setMatches(list.matches);
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, [query]);
  return matches;
}
