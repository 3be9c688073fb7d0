import { expect, it } from 'vitest';
import { applyEvents } from '../../src/renderer/data/apply-events.ts';
import { EMPTY_WORLD, findTrace, type BenchState } from '../../src/renderer/data/bench-state.ts';
import { addressOf, parseAddress, type Place } from '../../src/renderer/data/route.ts';
import type { BenchEvent } from '../../src/shared/events.ts';
import type { TraceRecord } from '../../src/shared/trace.ts';
import { APP, call, phone, refused } from './samples.ts';

const empty: BenchState = { connection: 'open', loaded: true, scenarios: [], ...EMPTY_WORLD };
const account = '000000000000';
const closed = (record: TraceRecord): BenchEvent => ({ type: 'trace.closed', data: { account, record } });

it('counts calls and refusals by lane and by service, and hears no call twice', () => {
  const events = [closed(call(1)), closed(refused(2, 'UserNotFoundException', { lane: APP })), closed(call(2))];
  const state = applyEvents(empty, events, 0);
  expect(state).toMatchObject({ calls: 2, errors: 1, lastTraceId: 2 });
  expect(state.lanes.get('web-shop')).toMatchObject({ calls: 1, errors: 1, recent: [2] });
  expect(state.services.get('cognito-idp')).toMatchObject({ calls: 2, errors: 1, recent: [2, 1] });
  expect(findTrace(state.traces, 2)?.lane.id).toBe('web-shop');
  expect(findTrace(state.traces, 3)).toBeUndefined();
});

it('forgets everything at a reset, but not what came after it', () => {
  const before = applyEvents(empty, [closed(call(1)), { type: 'device.changed', data: { account, device: phone } }], 0);
  const after = applyEvents(before, [{ type: 'account.reset', data: { account } }, closed(call(2))], 0);
  expect(after.devices).toEqual([]);
  expect(after.traces.map(({ id }) => id)).toEqual([2]);
});

it('keeps a changed device in its place', () => {
  const tablet = { ...phone, id: 'tablet-b', name: 'Tablet B' };
  const both = applyEvents(
    empty,
    [phone, tablet].map((device): BenchEvent => ({ type: 'device.changed', data: { account, device } })),
    0,
  );
  const changed = { ...phone, network: { ...phone.network, online: false } };
  const state = applyEvents(both, [{ type: 'device.changed', data: { account, device: changed } }], 0);
  expect(state.devices).toEqual([changed, tablet]);
  expect([...state.lanes.keys()]).toEqual(['phone-a', 'tablet-b']);
});

const stage: Place = { view: 'stage', selection: null, messageId: null, paths: {} };

it.each<[string, Place]>([
  ['#/e/128', { ...stage, selection: { kind: 'event', id: 128 } }],
  ['#/device/phone-a', { ...stage, selection: { kind: 'device', id: 'phone-a' } }],
  ['#/inbox/m%201', { ...stage, view: 'inbox', messageId: 'm 1' }],
  ['#/pools', { ...stage, view: 'pools' }],
])('the address %s leads to its place and back', (address, place) => {
  expect(parseAddress(address, stage)).toEqual(place);
  expect(addressOf(place)).toBe(address);
});

it('stays where it is at an address that leads nowhere', () => {
  expect(parseAddress('#/nowhere', stage)).toEqual(stage);
  expect(parseAddress('#/e/abc', stage)).toEqual(stage);
});
