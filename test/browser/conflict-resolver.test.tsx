import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { useBench } from '../../src/renderer/data/bench-state.ts';
import { ConflictResolver } from '../../src/renderer/stage/conflict-resolver.tsx';
import type { DeviceState } from '../../src/shared/device.ts';
import { phone } from './samples.ts';

const inConflict: DeviceState = {
  ...phone,
  datasets: [
    {
      name: 'prefs',
      lastSyncCount: 4,
      subscribed: false,
      records: [],
      mergedDatasetNames: [],
      settled: [],
      undoable: [],
      conflicts: [
        {
          key: 'volume',
          local: { value: '7', modifiedAt: '2026-01-01T11:59:00.000Z' },
          remote: { value: '11', modifiedAt: '2026-01-01T11:00:00.000Z', syncCount: 5 },
        },
        {
          key: 'theme',
          local: { value: 'dark', modifiedAt: '2026-01-01T11:00:00.000Z' },
          remote: { value: null, modifiedAt: '2026-01-01T11:30:00.000Z', syncCount: 6 },
        },
      ],
    },
  ],
};

const fetch = vi.fn<typeof globalThis.fetch>();

beforeEach(() => {
  useBench.setState({
    devices: [inConflict],
    clock: { state: { now: '2026-01-01T12:00:00.000Z', mode: 'frozen', offsetSeconds: 0 }, heardAt: 0 },
  });
  fetch.mockReset();
  vi.stubGlobal('fetch', fetch);
});
afterEach(() => vi.unstubAllGlobals());

it('shows both versions with their times, and who would win', async () => {
  const screen = await render(<ConflictResolver deviceId={phone.id} datasetName="prefs" onClose={() => undefined} />);
  const volume = screen.getByRole('region', { name: 'Conflict of volume' });
  await expect.element(volume).toMatchTextContent(/Phone A\s*newer\s*stays\s*7\s*1m ago/);
  await expect.element(volume).toMatchTextContent(/Sync store\s*11\s*1h ago · count 5/);
  await expect.element(volume.getByRole('status')).toMatchTextContent('7');
  const theme = screen.getByRole('region', { name: 'Conflict of theme' });
  await expect.element(theme.getByRole('status')).toMatchTextContent('removed');
});

it('sends the choice for each key, and closes once the device took it', async () => {
  fetch.mockResolvedValue(new Response(JSON.stringify({ ...phone, datasets: [] }), { status: 200 }));
  const onClose = vi.fn();
  const screen = await render(<ConflictResolver deviceId={phone.id} datasetName="prefs" onClose={onClose} />);
  await screen.getByRole('region', { name: 'Conflict of volume' }).getByText('Take theirs').click();
  await screen.getByRole('button', { name: 'Apply and send' }).click();

  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  const [path, request] = fetch.mock.calls[0] ?? [];
  expect(path).toBe('/_bench/devices/phone-a/actions');
  expect(JSON.parse(request?.body as string)).toEqual({
    do: 'resolve',
    dataset: 'prefs',
    choices: { volume: 'remote', theme: 'last-writer' },
  });
});

it('says why the device was refused, and stays open', async () => {
  const error = { code: 'ResourceConflictException', message: 'Current SyncCount is 7.' };
  fetch.mockResolvedValue(new Response(JSON.stringify({ error }), { status: 422 }));
  const onClose = vi.fn();
  const screen = await render(<ConflictResolver deviceId={phone.id} datasetName="prefs" onClose={onClose} />);
  await screen.getByRole('button', { name: 'Keep mine' }).first().click();
  await screen.getByRole('button', { name: 'Apply and send' }).click();
  await expect.element(screen.getByText('ResourceConflictException: Current SyncCount is 7.')).toBeVisible();
  expect(onClose).not.toHaveBeenCalled();
});
