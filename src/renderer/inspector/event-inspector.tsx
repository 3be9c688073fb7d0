import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TraceRecord } from '../../shared/trace.ts';
import { findTrace, useBench } from '../data/bench-state.ts';
import { call } from '../data/call.ts';
import { useInspectorTab } from '../data/inspector-tab.ts';
import { select, selectEvent } from '../data/route.ts';
import { tokensIn } from '../format/jwt.ts';
import { laneColor, laneName } from '../format/lanes.ts';
import { serviceNode } from '../format/services.ts';
import { milliseconds, timeOfDay } from '../format/time.ts';
import { shownTraces } from '../timeline/shown-traces.ts';
import { IconButton } from '../ui/button.tsx';
import { LaneIcon, StatusMark } from '../ui/marks.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { SummaryTab } from './summary-tab.tsx';
import { TokenTab } from './token-tab.tsx';
import { WhyTab } from './why-tab.tsx';
import { WireTab } from './wire-tab.tsx';
import styles from './inspector.module.css';

export function EventInspector({ id }: { readonly id: number }) {
  const record = useRecord(id);
  const tab = useInspectorTab((state) => state.tab);
  if (record === undefined) return null;
  if (record === null) {
    return (
      <div className={styles['gone']}>
        <p>Call {id} is not kept any more.</p>
      </div>
    );
  }
  const tokens = tokensIn(record.response.body);
  const tabs = [
    {
      id: 'summary',
      title: 'Summary',
      content: <SummaryTab record={record} onTab={(next) => useInspectorTab.setState({ tab: next })} />,
    },
    { id: 'why', title: `Why (${record.reasons.length})`, content: <WhyTab record={record} /> },
    { id: 'wire', title: 'Wire', content: <WireTab record={record} /> },
    ...(tokens.length > 0
      ? [{ id: 'token', title: tokens.length === 1 ? 'Token' : 'Tokens', content: <TokenTab tokens={tokens} /> }]
      : []),
  ];
  return (
    <>
      <EventHeader record={record} />
      <Tabs
        label="About this call"
        fill
        tabs={tabs}
        selected={tabs.some((entry) => entry.id === tab) ? tab : 'summary'}
        onSelect={(next) => useInspectorTab.setState({ tab: next })}
      />
    </>
  );
}

function EventHeader({ record }: { readonly record: TraceRecord }) {
  const color = useBench((state) => laneColor(state.lanes, record.lane.id));
  const name = useBench((state) => laneName(state.lanes, record.lane));
  const neighbour = (by: 1 | -1) => {
    const shown = shownTraces();
    const next = shown[shown.findIndex(({ id }) => id === record.id) + by];
    if (next) selectEvent(next.id);
  };
  return (
    <header className={styles['header']}>
      <div className={styles['top']}>
        <span className={styles['number']}>#{record.id}</span>
        <h2 className={styles['title']} title={record.operation ?? record.request.path}>
          {record.operation ?? record.request.path}
        </h2>
        <span className={styles['space']} />
        <IconButton icon={ChevronUp} label="Previous call" shortcut="k" onPress={() => neighbour(-1)} />
        <IconButton icon={ChevronDown} label="Next call" shortcut="j" onPress={() => neighbour(1)} />
        <IconButton icon={X} label="Close the inspector" shortcut="Esc" onPress={() => select(null)} />
      </div>
      <p className={styles['sub']}>
        <StatusMark record={record} />
        <span className={styles['lane']} style={{ color }}>
          <LaneIcon lane={record.lane} />
          {name}
        </span>
        <span>→ {serviceNode(record.service).name}</span>
        <time>{timeOfDay(record.at)}</time>
        <span>{milliseconds(record.milliseconds)} ms</span>
      </p>
    </header>
  );
}

/** The call with this id; `undefined` while it is being asked for, `null` when the bench has it no more. */
function useRecord(id: number): TraceRecord | null | undefined {
  const kept = useBench((state) => findTrace(state.traces, id));
  const loaded = useBench((state) => state.loaded);
  const [fetched, setFetched] = useState<TraceRecord | null>();
  const missing = loaded && kept === undefined;
  useEffect(() => {
    if (!missing) return;
    call<TraceRecord>('GET', `/trace/${id}`).then(setFetched, () => setFetched(null));
  }, [id, missing]);
  return kept ?? fetched;
}
