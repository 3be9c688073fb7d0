import { useMemo } from 'react';
import { create } from 'zustand';
import type { TraceRecord } from '../../shared/trace.ts';
import { findTrace, useBench } from '../data/bench-state.ts';
import { usePreferences } from '../data/preferences.ts';
import { useRoute, type Selection } from '../data/route.ts';
import { parseFilter } from './filter.ts';
import { isPageRead } from './page-reads.ts';

/** What is typed into the filter; the dock and the timeline's own screen share it. */
export const useFilterText = create<{ readonly text: string }>(() => ({ text: '' }));

export interface ShownTraces {
  readonly records: readonly TraceRecord[];
  /** What this page asked for to show something, of what fits the filter. */
  readonly pageReads: number;
  /** So many of them are left out of `records`. */
  readonly hidden: number;
}

const idOf = (selection: Selection | null): number | undefined =>
  selection?.kind === 'event' ? selection.id : undefined;

/** A chosen call stays in the list: an address may lead to one that the page made. */
function shown(traces: readonly TraceRecord[], text: string, hides: boolean, chosen: number | undefined): ShownTraces {
  const fitting = text.trim() === '' ? traces : traces.filter(parseFilter(text));
  const reads = fitting.filter(isPageRead);
  const hidden = hides ? reads.filter(({ id }) => id !== chosen).length : 0;
  if (hidden === 0) return { records: fitting, pageReads: reads.length, hidden };
  const records = fitting.filter((record) => record.id === chosen || !isPageRead(record));
  return { records, pageReads: reads.length, hidden };
}

export function useShownTraces(): ShownTraces {
  const traces = useBench((state) => state.traces);
  const text = useFilterText((state) => state.text);
  const hides = usePreferences((state) => state.hidesPageReads);
  const selected = useRoute(({ selection }) => idOf(selection));
  // Other choices do not change what is shown, so they must not make it anew.
  const record = selected === undefined ? undefined : findTrace(traces, selected);
  const chosen = record && isPageRead(record) ? selected : undefined;
  return useMemo(() => shown(traces, text, hides, chosen), [traces, text, hides, chosen]);
}

export const shownTraces = (): readonly TraceRecord[] =>
  shown(
    useBench.getState().traces,
    useFilterText.getState().text,
    usePreferences.getState().hidesPageReads,
    idOf(useRoute.getState().selection),
  ).records;
