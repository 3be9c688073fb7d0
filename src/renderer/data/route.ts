import { create } from 'zustand';

export const VIEWS = ['stage', 'timeline', 'inbox', 'pools', 'scenarios', 'settings'] as const;
export type View = (typeof VIEWS)[number];

/** What the inspector shows. */
export type Selection =
  | { readonly kind: 'event'; readonly id: number }
  | { readonly kind: 'device'; readonly id: string };

export interface Place {
  readonly view: View;
  readonly selection: Selection | null;
  readonly messageId: string | null;
}

const START: Place = { view: 'stage', selection: null, messageId: null };

export const useRoute = create<Place>(() => START);

/** Reads an address such as `#/e/128`, `#/device/…`, `#/inbox/…`, `#/timeline`; what it leaves open stays as it was. */
export function parseAddress(hash: string, before: Place): Place {
  const [first = '', second] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  const underneath = before.view === 'timeline' || before.view === 'stage' ? before.view : undefined;
  if (first === 'e' && /^\d+$/.test(second ?? '')) {
    return { ...before, view: underneath ?? 'timeline', selection: { kind: 'event', id: Number(second) } };
  }
  if (first === 'device' && second) {
    return { ...before, view: underneath ?? 'stage', selection: { kind: 'device', id: second } };
  }
  if (first === 'inbox') return { ...before, view: 'inbox', messageId: second ?? before.messageId };
  const view = VIEWS.find((name) => name === first);
  return view ? { ...before, view } : before;
}

export function addressOf(place: Place): string {
  if (place.view === 'inbox') return place.messageId ? `#/inbox/${encodeURIComponent(place.messageId)}` : '#/inbox';
  if (place.view === 'stage' || place.view === 'timeline') {
    if (place.selection?.kind === 'event') return `#/e/${place.selection.id}`;
    if (place.selection?.kind === 'device') return `#/device/${encodeURIComponent(place.selection.id)}`;
  }
  return `#/${place.view}`;
}

export function followAddress(): void {
  const read = () => useRoute.setState((before) => parseAddress(location.hash, before));
  // An event opened by its address shows the timeline, where its neighbours are.
  if (location.hash.startsWith('#/e/')) useRoute.setState({ view: 'timeline' });
  read();
  window.addEventListener('hashchange', read);
}

export function go(view: View): void {
  const place = useRoute.getState();
  useRoute.setState({ view });
  if (place.view !== view) history.pushState(null, '', `#/${view}`);
}

export function select(selection: Selection | null): void {
  move({ selection });
}

export function selectEvent(id: number): void {
  select({ kind: 'event', id });
}

export function openMessage(messageId: string): void {
  move({ view: 'inbox', messageId });
}

/** Walking along a list must not fill the browser's history: only a new view is a new entry. */
function move(change: Partial<Place>): void {
  const before = useRoute.getState();
  const after = { ...before, ...change };
  useRoute.setState(after);
  const address = addressOf(after);
  if (address === location.hash) return;
  if (after.view === before.view) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
}
