import { useMemo } from 'react';
import { create } from 'zustand';
import type { TraceRecord } from '../../shared/trace.ts';
import { useBench } from '../data/bench-state.ts';
import { parseFilter } from './filter.ts';

/** What is typed into the filter; the dock and the timeline's own screen share it. */
export const useFilterText = create<{ readonly text: string }>(() => ({ text: '' }));

const filtered = (traces: readonly TraceRecord[], text: string): readonly TraceRecord[] =>
  text.trim() === '' ? traces : traces.filter(parseFilter(text));

export function useShownTraces(): readonly TraceRecord[] {
  const traces = useBench((state) => state.traces);
  const text = useFilterText((state) => state.text);
  return useMemo(() => filtered(traces, text), [traces, text]);
}

export const shownTraces = (): readonly TraceRecord[] =>
  filtered(useBench.getState().traces, useFilterText.getState().text);
