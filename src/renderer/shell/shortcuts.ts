import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { chooseAudit, stepAudit } from '../audit/audit-list.ts';
import { closeDetail, stepList } from './list-steps.ts';
import { findTrace, isFailure, useBench } from '../data/bench-state.ts';
import { act } from '../data/device-actions.ts';
import { openDialog, useDialog } from '../data/dialogs.ts';
import { copyText } from '../data/notices.ts';
import { prefer, usePreferences } from '../data/preferences.ts';
import { go, select, selectEvent, useRoute } from '../data/route.ts';
import { shownTraces } from '../timeline/shown-traces.ts';
import { masked } from '../format/masking.ts';
import type { DeviceState } from '../../shared/device.ts';
import type { TraceRecord } from '../../shared/trace.ts';

/** The keys of the whole page. None acts while somebody types, or while a dialog or a menu is open. */
export function useShortcuts(): void {
  useEffect(() => {
    const single = (run: () => void) => (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
      event.preventDefault();
      run();
    };
    return tinykeys(
      window,
      {
        '$mod+k': (event) => {
          event.preventDefault();
          openDialog('palette');
        },
        // Before the single keys: the first that fits is the only one that acts, so `g s` does not end as `s`.
        'g s': single(() => go('stage')),
        'g t': single(() => go('timeline')),
        'g m': single(() => go('inbox')),
        'g u': single(() => go('pools')),
        'g p': single(() => go('providers')),
        'g i': single(() => go('identities')),
        'g y': single(() => go('sync')),
        'g f': single(() => go('functions')),
        'g a': single(() => go('access')),
        'g d': single(() => go('audit')),
        'g c': single(() => go('scenarios')),
        j: single(() => (isAudit() ? stepAudit(1) : stepList(1) || step(1))),
        k: single(() => (isAudit() ? stepAudit(-1) : stepList(-1) || step(-1))),
        'Shift+J': single(() => step(1, sameLane())),
        'Shift+K': single(() => step(-1, sameLane())),
        ']': single(() => step(1, isFailure)),
        '[': single(() => step(-1, isFailure)),
        '/': single(focusFilter),
        '.': single(() => prefer({ inspectorOpen: !usePreferences.getState().inspectorOpen })),
        '`': single(() => prefer({ dockOpen: !usePreferences.getState().dockOpen })),
        'Shift+?': single(() => openDialog('keys')),
        '?': single(() => openDialog('keys')),
        o: single(() => withDevice((device) => void act(device.id, { do: 'network', online: !device.network.online }))),
        s: single(() => withDevice((device) => void synchronizeAll(device))),
        c: single(copyChosen),
        Escape: single(() => (isAudit() ? chooseAudit(null) : closeDetail() || select(null))),
      },
      { ignore: () => false },
    );
  }, []);
}

/** Where keys mean something else: text, menus and dialogs. Switches and sliders leave letters alone. */
const TAKEN =
  'input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select, [contenteditable], [role="menu"], [role="dialog"]';

function isTaken(event: KeyboardEvent): boolean {
  if (useDialog.getState().open) return true;
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest(TAKEN) != null;
}

const isAudit = (): boolean => useRoute.getState().view === 'audit';

/** Selects the next call in this direction that fits, among those that the filter shows. */
function step(by: 1 | -1, fits: (record: TraceRecord) => boolean = () => true): void {
  const shown = shownTraces();
  const { selection } = useRoute.getState();
  const at =
    selection?.kind === 'event' ? shown.findIndex(({ id }) => id === selection.id) : by === 1 ? -1 : shown.length;
  for (let index = at + by; index >= 0 && index < shown.length; index += by) {
    const record = shown[index];
    if (record && fits(record)) return selectEvent(record.id);
  }
}

function sameLane(): (record: TraceRecord) => boolean {
  const lane = selectedRecord()?.lane.id;
  return (record) => lane === undefined || record.lane.id === lane;
}

function selectedRecord(): TraceRecord | undefined {
  const { selection } = useRoute.getState();
  return selection?.kind === 'event' ? findTrace(useBench.getState().traces, selection.id) : undefined;
}

/** The selected device, or that of the selected call. */
function withDevice(run: (device: DeviceState) => void): void {
  const { selection } = useRoute.getState();
  const id = selection?.kind === 'device' ? selection.id : selectedRecord()?.lane.id;
  const device = useBench.getState().devices.find((candidate) => candidate.id === id);
  if (device) run(device);
}

async function synchronizeAll(device: DeviceState): Promise<void> {
  for (const { name } of device.datasets) await act(device.id, { do: 'synchronize', dataset: name, resolver: 'ask' });
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>('[data-filter] input')?.focus();
}

function copyChosen(): void {
  const near = document.activeElement?.closest('[data-copy]') ?? document.querySelector('[data-copy]:hover');
  if (near instanceof HTMLElement) {
    void copyText(near.dataset['copy'] ?? '', near.dataset['copyLabel'] ?? 'the value');
    return;
  }
  const { selection } = useRoute.getState();
  const record = selectedRecord();
  if (record) void copyText(asText(record), `call ${record.id}`);
  else if (selection?.kind === 'device') void copyText(selection.id, 'the device’s id');
}

function asText(record: TraceRecord): string {
  const { request, response } = record;
  return JSON.stringify(
    {
      ...record,
      request: { ...request, headers: undefined, body: masked(request.body, request.secrets) },
      response: { ...response, headers: undefined, body: masked(response.body, response.secrets) },
    },
    null,
    2,
  );
}
