import { ArrowDownToLine, ChevronDown, ClipboardCopy, Eye, EyeOff, Maximize2 } from 'lucide-react';
import { Radio, RadioGroup } from 'react-aria-components';
import { findTrace, useBench } from '../data/bench-state.ts';
import { copyText } from '../data/notices.ts';
import { prefer, usePreferences } from '../data/preferences.ts';
import { go, useRoute } from '../data/route.ts';
import { ConnectLines } from '../settings/connect-lines.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { asCurl, asMermaid } from './copy-as.ts';
import { CallTable } from './call-table.tsx';
import { Sequence } from './sequence.tsx';
import { useFilterText, useShownTraces } from './shown-traces.ts';
import { TimeCursor } from './time-cursor.tsx';
import styles from './timeline.module.css';

/** Every call, as a sequence picture or as a list; under the stage or on a screen of its own. */
export function Timeline({ place }: { readonly place: 'main' | 'dock' }) {
  const { records, hidden } = useShownTraces();
  const shownAs = usePreferences((state) => state.timelineAs);
  const filter = useFilterText((state) => state.text);
  const isFiltered = filter.trim() !== '';
  return (
    <section className={styles['timeline']} aria-label="Timeline">
      <Toolbar place={place} />
      {records.length === 0 && !isFiltered ? (
        <Waiting place={place} />
      ) : records.length === 0 ? (
        <div className={styles['none']}>
          <p>
            No {hidden > 0 && 'other '}call fits <code>{filter}</code>.
          </p>
          <Button onPress={() => useFilterText.setState({ text: '' })}>Clear the filter</Button>
        </div>
      ) : shownAs === 'sequence' ? (
        <Sequence records={records} />
      ) : (
        <CallTable records={records} />
      )}
      {records.length > 1 && <TimeCursor records={records} />}
    </section>
  );
}

function Toolbar({ place }: { readonly place: 'main' | 'dock' }) {
  const { records, pageReads, hidden } = useShownTraces();
  const total = useBench((state) => state.traces.length);
  const endpoint = useBench((state) => state.health?.url ?? location.origin);
  const chosen = useRoute(({ selection }) => (selection?.kind === 'event' ? selection.id : undefined));
  const shownAs = usePreferences((state) => state.timelineAs);
  const filter = useFilterText((state) => state.text);
  const record = () => findTrace(useBench.getState().traces, chosen ?? -1);
  return (
    <header className={styles['toolbar']}>
      <h2 className={place === 'dock' ? 'visually-hidden' : styles['title']}>Timeline</h2>
      <RadioGroup
        className={styles['segments'] ?? ''}
        aria-label="Show as"
        value={shownAs}
        onChange={(value) => prefer({ timelineAs: value as 'sequence' | 'list' })}
        orientation="horizontal"
      >
        <Radio value="sequence" className={styles['segment'] ?? ''}>
          Sequence
        </Radio>
        <Radio value="list" className={styles['segment'] ?? ''}>
          List
        </Radio>
      </RadioGroup>
      <div className={styles['filter']} data-filter>
        <Field
          label="Filter calls"
          hideLabel
          type="search"
          placeholder="Filter: text, status:4xx, lane:phone, op:SignUp"
          value={filter}
          onChange={(text) => useFilterText.setState({ text })}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
          }}
        />
      </div>
      <span className={styles['count']}>{filter.trim() === '' ? records.length : `${records.length} of ${total}`}</span>
      {pageReads > 0 && <PageReads all={pageReads} hidden={hidden} />}
      <MenuButton
        label="Copy as"
        entries={[
          {
            id: 'mermaid',
            text: 'The sequence as Mermaid',
            disabled: records.length === 0,
            run: () => void copyText(asMermaid(records), 'the sequence as Mermaid'),
          },
          {
            id: 'curl',
            text: chosen === undefined ? 'A chosen call as curl' : `Call ${chosen} as curl`,
            disabled: chosen === undefined,
            run: () => {
              const call = record();
              if (call) void copyText(asCurl(call, endpoint), `call ${call.id} as curl`);
            },
          },
        ]}
      >
        <Button size="small" variant="quiet" icon={ClipboardCopy} aria-label="Copy as">
          <ChevronDown size={12} aria-hidden />
        </Button>
      </MenuButton>
      {place === 'dock' && (
        <IconButton icon={Maximize2} label="Open the timeline alone" shortcut="g t" onPress={() => go('timeline')} />
      )}
    </header>
  );
}

/** The page asks the bench for what it shows; those calls are rarely what somebody looks for. */
function PageReads({ all, hidden }: { readonly all: number; readonly hidden: number }) {
  const hides = usePreferences((state) => state.hidesPageReads);
  return (
    <Button
      size="small"
      variant="quiet"
      icon={hides ? EyeOff : Eye}
      className={styles['reads']}
      aria-label={hides ? `${hidden} hidden: reads by this page. Show them` : `${all} of this page: hide these reads`}
      onPress={() => prefer({ hidesPageReads: !hides })}
    >
      <span>{hides ? `${hidden} hidden` : `${all} of this page`}</span>
    </Button>
  );
}

function Waiting({ place }: { readonly place: 'main' | 'dock' }) {
  return (
    <div className={styles['none']}>
      <p>Waiting for the first call.</p>
      {place === 'main' && (
        <div className={styles['connect']}>
          <ConnectLines />
        </div>
      )}
    </div>
  );
}

/** Takes the eye back to the newest call after it was scrolled away. */
export function ToEnd({ onPress }: { readonly onPress: () => void }) {
  return (
    <Button size="small" variant="plain" icon={ArrowDownToLine} className={styles['toEnd']} onPress={onPress}>
      Newest
    </Button>
  );
}
