import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { TraceRecord } from '../../shared/trace.ts';
import { selectEvent, useRoute } from '../data/route.ts';

interface CallList {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>;
  readonly chosen: number | undefined;
  /** Whether the newest call is in sight; as long as it is, newer ones are scrolled to. */
  readonly atEnd: boolean;
  readonly toEnd: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** So near to the end, in pixels, counts as at the end. */
const NEAR_END = 60;

/** How both pictures of the timeline scroll: only what is in sight is drawn, the newest stays in sight. */
export function useCallList(
  records: readonly TraceRecord[],
  heightOf: (index: number) => number,
  header: number,
): CallList {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const selection = useRoute((place) => place.selection);
  const chosen = selection?.kind === 'event' ? selection.id : undefined;
  const chosenIndex = chosen === undefined ? -1 : records.findIndex(({ id }) => id === chosen);

  const virtualizer = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf,
    getItemKey: (index) => records[index]?.id ?? index,
    overscan: 8,
    scrollPaddingStart: header + 4,
    scrollPaddingEnd: 4,
    scrollMargin: 0,
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let stays = true;
    const look = () => {
      stays = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
      setAtEnd(stays);
    };
    const observer = new ResizeObserver(() => {
      if (stays) element.scrollTop = element.scrollHeight;
    });
    element.addEventListener('scroll', look, { passive: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, []);

  const toEnd = () => {
    setAtEnd(true);
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  };

  const count = records.length;
  // The whole height is known only after the rows were counted.
  useEffect(() => {
    if (atEnd && chosenIndex < 0) toEnd();
  }, [count, atEnd, chosenIndex]);

  useEffect(() => {
    if (chosenIndex >= 0) virtualizer.scrollToIndex(chosenIndex, { align: 'auto' });
  }, [chosenIndex, virtualizer]);

  const onKeyDown = (event: KeyboardEvent) => {
    const from = chosenIndex >= 0 ? chosenIndex : records.length;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / Math.max(heightOf(0), 1)) - 2);
    const moves: Record<string, number> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: records.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const record = records[Math.min(Math.max(to, 0), records.length - 1)];
    if (record) selectEvent(record.id);
  };

  return { scroller, virtualizer, chosen, atEnd, toEnd, onKeyDown };
}
