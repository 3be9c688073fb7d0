import { create } from 'zustand';

export const VIEWS = [
  'stage',
  'timeline',
  'inbox',
  'pools',
  'identities',
  'providers',
  'sync',
  'functions',
  'access',
  'audit',
  'scenarios',
  'settings',
] as const;
export type View = (typeof VIEWS)[number];

/** What the inspector shows. */
export type Selection =
  | { readonly kind: 'event'; readonly id: number }
  | { readonly kind: 'device'; readonly id: string };

export interface Place {
  readonly view: View;
  readonly selection: Selection | null;
  readonly messageId: string | null;
  /** Where each screen was left that has places of its own, such as `['us-east-1_abc', 'users', 'alice']` in pools. */
  readonly paths: { readonly [Name in View]?: readonly string[] };
}

const START: Place = { view: 'stage', selection: null, messageId: null, paths: {} };

export const useRoute = create<Place>(() => START);

/** Reads an address such as `#/e/128`, `#/device/…`, `#/inbox/…`, `#/timeline`; what it leaves open stays as it was. */
export function parseAddress(hash: string, before: Place): Place {
  const [first = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  const [second] = rest;
  const underneath = before.view === 'timeline' || before.view === 'stage' ? before.view : undefined;
  if (first === 'e' && /^\d+$/.test(second ?? '')) {
    return { ...before, view: underneath ?? 'timeline', selection: { kind: 'event', id: Number(second) } };
  }
  if (first === 'device' && second) {
    return { ...before, view: underneath ?? 'stage', selection: { kind: 'device', id: second } };
  }
  if (first === 'inbox') return { ...before, view: 'inbox', messageId: second ?? before.messageId };
  const view = VIEWS.find((name) => name === first);
  if (!view) return before;
  return {
    ...before,
    view,
    ...(rest.length > 0 || before.paths[view] ? { paths: { ...before.paths, [view]: rest } } : {}),
  };
}

export function addressOf(place: Place): string {
  if (place.view === 'inbox') return place.messageId ? `#/inbox/${encodeURIComponent(place.messageId)}` : '#/inbox';
  if (place.view === 'stage' || place.view === 'timeline') {
    if (place.selection?.kind === 'event') return `#/e/${place.selection.id}`;
    if (place.selection?.kind === 'device') return `#/device/${encodeURIComponent(place.selection.id)}`;
  }
  return ['#', place.view, ...(place.paths[place.view] ?? []).map(encodeURIComponent)].join('/');
}

export function followAddress(): void {
  const read = () => useRoute.setState((before) => parseAddress(location.hash, before));
  // An event opened by its address shows the timeline, where its neighbours are.
  if (location.hash.startsWith('#/e/')) useRoute.setState({ view: 'timeline' });
  read();
  window.addEventListener('hashchange', read);
}

/** Shows a screen where it was left; asked for once more, from its beginning. */
export function go(view: View): void {
  const { view: before, paths } = useRoute.getState();
  const path = before === view ? [] : (paths[view] ?? []);
  useRoute.setState({ view, paths: { ...paths, [view]: path } });
  if (before !== view || paths[view]?.length) {
    history.pushState(null, '', ['#', view, ...path.map(encodeURIComponent)].join('/'));
  }
}

/** Shows a place within a screen. */
export function openAt(view: View, ...path: string[]): void {
  const before = useRoute.getState();
  const after = { ...before, view, paths: { ...before.paths, [view]: path } };
  useRoute.setState(after);
  const address = addressOf(after);
  if (address !== location.hash) history.pushState(null, '', address);
}

const NOWHERE: readonly string[] = [];

export const usePath = (view: View): readonly string[] => useRoute((place) => place.paths[view] ?? NOWHERE);

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
