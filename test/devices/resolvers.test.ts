import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScriptResolvers, type ScriptResolvers } from '../../src/main/devices/resolvers/script-resolver.ts';
import type { DeviceApp, DeviceState, PreviewOutcome, ResolverConflict, Settlement } from '../../src/shared/device.ts';
import { startBench, type TestBench } from '../harness/bench.ts';
import { addSignedIn, addUser, makePools, prefs, valuesOf, type TestDevice } from './scene.ts';

describe('a resolver of the user’s own', () => {
  let scripts: ScriptResolvers;
  beforeAll(() => {
    scripts = createScriptResolvers();
  });
  afterAll(() => scripts.stop());

  const conflict: ResolverConflict = {
    key: 'volume',
    dataset: 'prefs',
    device: { id: 'phone-a-0001', name: 'Phone A' },
    base: { value: '11', syncCount: 1 },
    local: { value: '7', modifiedAt: '2026-01-01T00:00:00.000Z' },
    remote: { value: '9', modifiedAt: '2026-01-01T00:00:01.000Z', syncCount: 2, modifiedBy: 'somebody' },
  };
  const settle = (javascript: string): Promise<Settlement> => scripts.settle(javascript, conflict);

  it.each<[string, Settlement]>([
    ["() => 'local'", 'local'],
    ["() => 'remote'", 'remote'],
    ["function resolve() { return 'last-writer'; }", 'last-writer'],
    ["() => 'remove'", { value: null }],
    ['({ local, remote }) => ({ value: local.value + remote.value })', { value: '79' }],
    ['(conflict) => ({ value: JSON.stringify(conflict.base) })', { value: '{"value":"11","syncCount":1}' }],
    [
      '({ dataset, device, key }) => ({ value: [dataset, device.name, key].join() })',
      { value: 'prefs,Phone A,volume' },
    ],
    ['() => ({ value: null })', { value: null }],
    ["// a comment\n() => 'local' // and another", 'local'],
  ])('[DV-RESOLVE-1] %s', async (javascript, expected) => {
    expect(await settle(javascript)).toEqual(expected);
  });

  it.each([
    ['', 'SyntaxError'],
    ['const a = 1', 'SyntaxError'],
    ['7', 'not a function'],
    ['() => {', 'SyntaxError'],
    ['() => { throw new Error("no idea"); }', 'no idea'],
    ['() => { throw null; }', 'cannot be shown'],
    ['() => undefined', 'nothing'],
    ["() => 'mine'", '"mine"'],
    ['() => ({ value: 7 })', '{"value":7}'],
    ['() => ({ val: "x" })', 'is asked for'],
    ['() => [1, 2, 3]', '[1,2,3]'],
    ["async () => 'local'", 'promise'],
    ['() => { while (true); }', 'longer than 250 ms'],
    ['() => Promise.resolve().then(function again() { return Promise.resolve().then(again); })', 'longer than'],
    ['() => { const all = []; for (;;) all.push(new Array(1e6).fill("x")); }', 'The resolver failed on volume'],
    ['() => { JSON.stringify = () => "nonsense"; return "local"; }', 'is asked for'],
  ])('[DV-RESOLVE-2] %s fails, and the next one does not', { timeout: 10_000 }, async (javascript, why) => {
    await expect(settle(javascript)).rejects.toMatchObject({
      code: 'ResolverFailed',
      message: expect.stringContaining(why) as string,
    });
    expect(await settle("() => 'remote'")).toBe('remote');
  });

  it.each([
    'process',
    'require("node:fs")',
    'globalThis.constructor.constructor("return process")()',
    'this.constructor.constructor("return process")()',
    'new Function("return 1")()',
    'eval("1")',
    'fetch("http://127.0.0.1")',
    'setTimeout(() => {}, 0)',
    'import("node:fs")',
    '(() => { Error.prepareStackTrace = (_e, sites) => sites.map((s) => s.getFunction() || s.getThis()).find(Boolean).constructor.constructor("return process")(); return new Error().stack; })()',
  ])('[DV-RESOLVE-2] cannot reach out of itself by %s', async (expression) => {
    await expect(settle(`() => ({ value: String(${expression}) })`)).rejects.toMatchObject({ code: 'ResolverFailed' });
  });
});

describe('conflicts on devices', () => {
  let bench: TestBench;
  let app: DeviceApp;
  beforeAll(async () => {
    bench = await startBench();
    app = await makePools(bench);
  });
  afterAll(() => bench.stop());

  const put = (device: TestDevice, key: string, value: string): Promise<DeviceState> =>
    device.act({ do: 'put', dataset: 'prefs', key, value });
  const sync = (device: TestDevice): Promise<DeviceState> => device.act({ do: 'synchronize', dataset: 'prefs' });
  const preview = (device: TestDevice, wish: object = {}): Promise<PreviewOutcome[]> =>
    bench.call('POST', `/devices/${device.id}/preview`, { dataset: 'prefs', ...wish });

  /** The tablet is asked about volume (7 against 9) and theme (blue against dark). */
  async function inConflict(username: string): Promise<[phone: TestDevice, tablet: TestDevice]> {
    await addUser(bench, app, username);
    const phone = await addSignedIn(bench, 'Phone A', app, username);
    const tablet = await addSignedIn(bench, 'Tablet B', app, username);
    await put(phone, 'volume', '11');
    await put(phone, 'theme', 'light');
    await sync(phone);
    await sync(tablet);
    await put(phone, 'volume', '9');
    await put(phone, 'theme', 'dark');
    await sync(phone);
    await bench.advance({ seconds: 5 });
    await put(tablet, 'volume', '7');
    await put(tablet, 'theme', 'blue');
    const asked = await tablet.act({ do: 'synchronize', dataset: 'prefs', resolver: 'ask' });
    expect(prefs(asked).conflicts).toHaveLength(2);
    return [phone, tablet];
  }

  it('[DV-RESOLVE-1] [DV-RESOLVE-4] are settled by a function, and shown as settled', async () => {
    const [phone, tablet] = await inConflict('by-function');
    const state = await tablet.act({
      do: 'synchronize',
      dataset: 'prefs',
      resolver: {
        javascript: `({ key, local, remote }) =>
          key === 'volume' ? { value: String(Math.max(local.value, remote.value)) } : { value: local.value + '+' + remote.value }`,
      },
    });
    expect(valuesOf(state)).toEqual({ volume: '9', theme: 'blue+dark' });
    expect(prefs(state).settled).toMatchObject([
      { key: 'theme', local: { value: 'blue' }, remote: { value: 'dark' }, kept: 'blue+dark' },
      { key: 'volume', base: { value: '11' }, local: { value: '7' }, remote: { value: '9' }, kept: '9' },
    ]);
    expect(valuesOf(await sync(phone))).toEqual(valuesOf(state));
    expect(prefs(await sync(tablet)).settled).toEqual([]);
  });

  it('[DV-RESOLVE-3] stay as they were when the function fails', async () => {
    const [, tablet] = await inConflict('failing');
    const before = prefs(await tablet.state());
    const failing = {
      javascript: "({ key }) => { if (key === 'volume') throw new Error('no idea'); return 'local'; }",
    };
    await expect(tablet.act({ do: 'synchronize', dataset: 'prefs', resolver: failing })).rejects.toThrow(
      'ResolverFailed',
    );
    const after = await tablet.state();
    expect(prefs(after)).toEqual(before);
    expect(after.lastError).toMatchObject({ action: 'synchronize', code: 'ResolverFailed' });
  });

  it('[DV-RESOLVE-3] a function asked for offline is remembered with its text', async () => {
    const [, tablet] = await inConflict('remembered-function');
    await tablet.act({ do: 'network', online: false });
    const resolver = { javascript: "() => 'remote'" };
    await expect(tablet.act({ do: 'synchronize', dataset: 'prefs', resolver })).rejects.toThrow('NetworkError');
    await tablet.act({ do: 'network', online: true });
    await tablet.act({ do: 'put', dataset: 'other', key: 'after', value: 'that' });
    expect(valuesOf(await tablet.state())).toEqual({ volume: '9', theme: 'dark' });
  });

  it('[DV-SYNC-12] take a third value, or a removal, by hand', async () => {
    const [phone, tablet] = await inConflict('third');
    const state = await tablet.act({
      do: 'resolve',
      dataset: 'prefs',
      choices: { volume: { value: '8' }, theme: { value: null } },
    });
    expect(valuesOf(state)).toEqual({ volume: '8', theme: null });
    expect(valuesOf(await sync(phone))).toEqual({ volume: '8', theme: null });
  });

  it('[DV-SYNC-12] a custom value that is the store’s takes the store’s record', async () => {
    const [, tablet] = await inConflict('same-as-theirs');
    const state = await tablet.act({
      do: 'resolve',
      dataset: 'prefs',
      choices: { volume: { value: '9' }, theme: 'remote' },
    });
    expect(prefs(state)).toMatchObject({ lastSyncCount: 2, records: [{ syncCount: 2 }, { syncCount: 2, value: '9' }] });
  });

  it('[DV-RESOLVE-5] can be had back until something is sent', async () => {
    const [, tablet] = await inConflict('undo');
    const before = prefs(await tablet.state());
    await tablet.act({ do: 'resolve', dataset: 'prefs', choices: { volume: 'remote' } });
    const both = await tablet.act({
      do: 'resolve',
      dataset: 'prefs',
      choices: { theme: { value: 'green' } },
      send: false,
    });
    expect(prefs(both)).toMatchObject({ conflicts: [], undoable: ['volume', 'theme'] });
    expect(prefs(await tablet.act({ do: 'undo-resolve', dataset: 'prefs' }))).toEqual(before);
    await expect(tablet.act({ do: 'undo-resolve', dataset: 'prefs' })).rejects.toThrow('NothingToUndo');

    await tablet.act({ do: 'resolve', dataset: 'prefs', choices: { volume: 'remote', theme: 'remote' } });
    await expect(tablet.act({ do: 'undo-resolve', dataset: 'prefs' })).rejects.toThrow('NothingToUndo');
  });

  it('[DV-SYNC-3] refuses choices for what is not in conflict, and settles nothing', async () => {
    const [, tablet] = await inConflict('unknown-keys');
    const choices = { volume: 'local', colour: 'remote' } as const;
    await expect(tablet.act({ do: 'resolve', dataset: 'prefs', choices })).rejects.toThrow(
      'Not in conflict in prefs: colour',
    );
    expect(prefs(await tablet.state()).conflicts).toHaveLength(2);
    await expect(tablet.act({ do: 'resolve', dataset: 'prefs', choices: {} })).rejects.toThrow('NoSuchConflict');
    await expect(
      tablet.act({ do: 'resolve', dataset: 'prefs', choices: { toString: 'local' } as never }),
    ).rejects.toThrow('NoSuchConflict');
  });

  it('[DV-PREVIEW-1] [DV-PREVIEW-2] are looked ahead at, for all resolvers, without a change or a call', async () => {
    const [phone, tablet] = await inConflict('preview');
    const before = [await phone.state(), await tablet.state()];
    const calls: string[] = [];
    const stop = bench.follow((event) => {
      if (event.type === 'trace.closed') calls.push(event.data.record.operation ?? '');
    });
    const outcomes = await preview(tablet, {
      choices: { volume: { value: '8' }, theme: 'remote' },
      javascript: "({ key }) => (key === 'volume' ? 'remote' : 'remove')",
    });
    stop();

    const ends = outcomes.map(({ by, devices }) => [by, ...devices.map(({ name, values }) => [name, values])]);
    const both = (values: object): unknown[] => [
      ['Tablet B', values],
      ['Phone A', values],
    ];
    expect(ends).toEqual([
      ['choices', ...both({ volume: '8', theme: 'dark' })],
      ['javascript', ...both({ volume: '9', theme: null })],
      ['last-writer', ...both({ volume: '7', theme: 'blue' })],
      ['local', ...both({ volume: '7', theme: 'blue' })],
      ['remote', ...both({ volume: '9', theme: 'dark' })],
    ]);
    expect(calls).toEqual([]);
    expect([await phone.state(), await tablet.state()]).toEqual(before);

    await tablet.act({ do: 'resolve', dataset: 'prefs', choices: { volume: { value: '8' }, theme: 'remote' } });
    expect(valuesOf(await sync(phone))).toEqual({ volume: '8', theme: 'dark' });
  });

  it('[DV-PREVIEW-2] say where another device will be in conflict, and which resolver leads nowhere', async () => {
    const [phone, tablet] = await inConflict('preview-others');
    await put(phone, 'volume', '1');
    const outcomes = await preview(tablet, { javascript: '() => "mine"' });
    expect(outcomes[0]).toMatchObject({
      by: 'javascript',
      devices: [],
      error: expect.stringContaining('"mine"') as string,
    });
    const local = outcomes.find(({ by }) => by === 'local');
    expect(local?.devices).toMatchObject([
      { name: 'Tablet B', conflicts: ['theme', 'volume'], values: { volume: '7', theme: 'blue' } },
      { name: 'Phone A', conflicts: ['volume'], values: { volume: '1', theme: 'blue' } },
    ]);
  });
});
