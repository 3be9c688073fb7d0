import { CircleAlert, PanelBottom, PanelRight, Plug, Unplug } from 'lucide-react';
import { useBench } from '../data/bench-state.ts';
import { prefer, usePreferences } from '../data/preferences.ts';
import { useRoute } from '../data/route.ts';
import { useNotice } from '../data/notices.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import styles from './status-bar.module.css';

const WORDS = { connecting: 'connecting', open: 'connected', lost: 'connection lost' } as const;

export function StatusBar() {
  const connection = useBench((state) => state.connection);
  const calls = useBench((state) => state.calls);
  const errors = useBench((state) => state.errors);
  const health = useBench((state) => state.health);
  const dockOpen = usePreferences((state) => state.dockOpen);
  const inspectorOpen = usePreferences((state) => state.inspectorOpen);
  const view = useRoute((place) => place.view);
  return (
    <footer className={styles['bar']}>
      <span className={cx(styles['item'], connection === 'lost' && styles['bad'])}>
        {connection === 'lost' ? <Unplug size={12} aria-hidden /> : <Plug size={12} aria-hidden />}
        {WORDS[connection]}
      </span>
      <span className={styles['item']}>{calls === 1 ? '1 call' : `${calls.toLocaleString('en')} calls`}</span>
      <span className={cx(styles['item'], errors > 0 && styles['bad'])}>
        {errors > 0 && <CircleAlert size={12} aria-hidden />}
        {errors === 1 ? '1 error' : `${errors.toLocaleString('en')} errors`}
      </span>
      <NoticeLine />
      <span className={styles['space']} />
      {health && (
        <span className={cx(styles['item'], styles['optional'])}>
          issuer {health.issuer} · auth {health.auth}
          {health.memory ? ' · in memory' : ''} · v{health.version}
        </span>
      )}
      {view === 'stage' && (
        <IconButton
          className={styles['toggle']}
          icon={PanelBottom}
          label={dockOpen ? 'Hide the timeline' : 'Show the timeline'}
          shortcut="`"
          pressed={dockOpen}
          onPress={() => prefer({ dockOpen: !dockOpen })}
        />
      )}
      {(view === 'stage' || view === 'timeline') && (
        <IconButton
          className={styles['toggle']}
          icon={PanelRight}
          label={inspectorOpen ? 'Hide the inspector' : 'Show the inspector'}
          shortcut="."
          pressed={inspectorOpen}
          onPress={() => prefer({ inspectorOpen: !inspectorOpen })}
        />
      )}
    </footer>
  );
}

function NoticeLine() {
  const notice = useNotice((state) => state.notice);
  return (
    <div className={styles['notices']} aria-live="polite" role="status">
      {notice && (
        <span key={notice.id} className={cx(styles['notice'], notice.tone === 'bad' && styles['noticeBad'])}>
          {notice.text}
        </span>
      )}
    </div>
  );
}
