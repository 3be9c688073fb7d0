import { useEffect } from 'react';
import { create } from 'zustand';
import type { AuditLine, AuditPage } from '../../shared/audit.ts';
import type { Refused } from '../data/answers.ts';
import { asRefusal, call } from '../data/call.ts';
import { onFacts } from '../data/facts.ts';
import { addressOf, useRoute } from '../data/route.ts';

export interface AuditFilter {
  readonly text: string;
  readonly errors: boolean;
  /** Also calls that only read. */
  readonly reads: boolean;
}

interface AuditList {
  readonly filter: AuditFilter;
  /** Newest first. */
  readonly events: readonly AuditLine[];
  readonly next: string | undefined;
  readonly total: number;
  readonly loaded: boolean;
  readonly refused: Refused | undefined;
}

const PAGE = 200;
/** When more than this came at once, the list begins anew. */
const MOST_NEW = 1000;
const TYPING_PAUSE_MS = 200;

export const useAuditList = create<AuditList>(() => ({
  filter: { text: '', errors: false, reads: false },
  events: [],
  next: undefined,
  total: 0,
  loaded: false,
  refused: undefined,
}));

function queryOf({ text, errors, reads }: AuditFilter): string {
  return new URLSearchParams({
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(errors ? { errors: 'true' } : {}),
    reads: String(reads),
  }).toString();
}

/** Answers of an older question are let go. */
let round = 0;
let isAsking = false;

async function begin(): Promise<void> {
  const mine = (round += 1);
  isAsking = true;
  const { filter } = useAuditList.getState();
  try {
    const { events, next, total } = await call<AuditPage>('GET', `/audit?limit=${PAGE}&${queryOf(filter)}`);
    if (mine === round) useAuditList.setState({ events, next, total, loaded: true, refused: undefined });
  } catch (error) {
    if (mine === round) useAuditList.setState({ refused: asRefusal(error), loaded: true });
  } finally {
    if (mine === round) isAsking = false;
  }
}

/** The next older page. */
export async function loadOlder(): Promise<void> {
  const { filter, next } = useAuditList.getState();
  if (next === undefined || isAsking) return;
  const mine = round;
  isAsking = true;
  try {
    const page = await call<AuditPage>('GET', `/audit?limit=${PAGE}&before=${next}&${queryOf(filter)}`);
    if (mine !== round) return;
    useAuditList.setState(({ events }) => ({ events: [...events, ...page.events], next: page.next }));
  } catch (error) {
    if (mine === round) useAuditList.setState({ refused: asRefusal(error) });
  } finally {
    if (mine === round) isAsking = false;
  }
}

async function loadNewer(): Promise<void> {
  const { filter, events } = useAuditList.getState();
  // Numbers count up as things are recorded, wherever the bench's clock stands.
  const since = events.reduce((newest, { number }) => Math.max(newest, number), 0);
  if (since === 0 || isAsking) return begin();
  const mine = round;
  try {
    const page = await call<AuditPage>('GET', `/audit?since=${since}&limit=${MOST_NEW}&${queryOf(filter)}`);
    if (mine !== round) return;
    if (page.events.length === MOST_NEW) return begin();
    useAuditList.setState((state) => ({
      events: [...page.events.toReversed(), ...state.events],
      total: page.total,
      refused: undefined,
    }));
  } catch (error) {
    if (mine === round) useAuditList.setState({ refused: asRefusal(error) });
  }
}

let typing: ReturnType<typeof setTimeout> | undefined;

export function filterBy(change: Partial<AuditFilter>): void {
  useAuditList.setState(({ filter }) => ({ filter: { ...filter, ...change } }));
  clearTimeout(typing);
  typing = setTimeout(() => void begin(), change.text === undefined ? 0 : TYPING_PAUSE_MS);
}

/** Keeps the list true as long as the screen is shown. */
export function useLiveAudit(): void {
  useEffect(() => {
    void begin();
    return onFacts((facts) => {
      if (facts.some(({ type }) => type === 'account.reset' || type === 'bench.reset')) void begin();
      else if (facts.some(({ type }) => type === 'audit.recorded')) void loadNewer();
    });
  }, []);
}

/** Walking along the list must not fill the browser's history. */
export function chooseAudit(eventId: string | null): void {
  const before = useRoute.getState();
  const after = { ...before, paths: { ...before.paths, audit: eventId === null ? [] : [eventId] } };
  useRoute.setState(after);
  history.replaceState(null, '', addressOf(after));
}

/** Chooses the line below or above. */
export function stepAudit(by: number): void {
  const { events } = useAuditList.getState();
  const chosen = useRoute.getState().paths.audit?.[0];
  const at = events.findIndex(({ eventId }) => eventId === chosen);
  const to = at < 0 ? (by > 0 ? 0 : -1) : Math.min(Math.max(at + by, 0), events.length - 1);
  const event = events.at(to);
  if (event) chooseAudit(event.eventId);
}
