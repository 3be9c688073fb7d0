import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { useBench } from '../../src/renderer/data/bench-state.ts';
import { useAsked } from '../../src/renderer/data/device-actions.ts';
import { ConflictResolver } from '../../src/renderer/stage/conflict-resolver.tsx';
import type { DeviceState, PreviewOutcome } from '../../src/shared/device.ts';
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
          base: { value: '9', syncCount: 4 },
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

const outcome = (by: PreviewOutcome['by'], volume: string): PreviewOutcome => ({
  by,
  devices: [
    { deviceId: phone.id, name: 'Phone A', values: { volume, theme: null }, conflicts: ['volume', 'theme'] },
    { deviceId: 'tablet-b', name: 'Tablet B', values: { volume, theme: null }, conflicts: [] },
  ],
});

/** Answers previews, and actions as told. */
function answer(action: () => Response): void {
  fetch.mockImplementation((path) =>
    Promise.resolve(
      path === '/_bench/devices/phone-a/preview'
        ? Response.json([outcome('choices', '7'), outcome('last-writer', '7'), outcome('remote', '11')])
        : action(),
    ),
  );
}

const asked = (path: string) =>
  fetch.mock.calls.filter(([url]) => url === path).map(([, request]) => JSON.parse(request?.body as string) as unknown);

beforeEach(() => {
  useBench.setState({
    devices: [inConflict],
    clock: { state: { now: '2026-01-01T12:00:00.000Z', mode: 'frozen', offsetSeconds: 0 }, heardAt: 0 },
  });
  useAsked.setState({}, true);
  fetch.mockReset();
  answer(() => Response.json({ ...phone, datasets: [] }));
  vi.stubGlobal('fetch', fetch);
});
afterEach(() => vi.unstubAllGlobals());

const show = (onClose = () => undefined as void) =>
  render(<ConflictResolver deviceId={phone.id} datasetName="prefs" onClose={onClose} />);

it('shows what both began from and what each made of it, and who would win', async () => {
  const screen = await show();
  const volume = screen.getByRole('region', { name: 'Conflict of volume' });
  await expect.element(volume).toMatchTextContent(/Base\s*9\s*count 4/);
  await expect.element(volume).toMatchTextContent(/Phone A\s*newer\s*stays\s*7\s*1m ago · on count 4/);
  await expect.element(volume).toMatchTextContent(/Sync store\s*11\s*1h ago · count 5/);
  const theme = screen.getByRole('region', { name: 'Conflict of theme' });
  await expect.element(theme).toMatchTextContent(/Base\s*none/);
  await expect.element(theme).toMatchTextContent(/Sync store\s*newer\s*stays\s*removed/);
});

it('sends the choice for each key, and closes once the device took it', async () => {
  const onClose = vi.fn();
  const screen = await show(onClose);
  await screen.getByRole('region', { name: 'Conflict of volume' }).getByText('Take theirs').click();
  await screen.getByRole('region', { name: 'Conflict of theme' }).getByText('Delete').click();
  await screen.getByRole('button', { name: 'Apply and send' }).click();

  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(asked('/_bench/devices/phone-a/actions')).toEqual([
    { do: 'resolve', dataset: 'prefs', choices: { volume: 'remote', theme: { value: null } } },
  ]);
});

it('keeps a value of one’s own on the device when it is to be sent later', async () => {
  const screen = await show();
  await screen.getByRole('region', { name: 'Conflict of volume' }).getByText('Own value').click();
  await screen.getByRole('textbox', { name: 'Own value of volume' }).fill('8');
  await screen.getByRole('button', { name: 'Apply, send later' }).click();
  await vi.waitFor(() =>
    expect(asked('/_bench/devices/phone-a/actions')).toEqual([
      { do: 'resolve', dataset: 'prefs', choices: { volume: { value: '8' }, theme: 'last-writer' }, send: false },
    ]),
  );
});

it('shows what every device will see, by the choices and by each resolver', async () => {
  const screen = await show();
  const preview = screen.getByRole('region', { name: 'What every device will see' });
  await expect.element(preview.getByRole('row', { name: /volume/ })).toMatchTextContent(/volume\s*7\s*7/);
  await expect.element(preview).toMatchTextContent(/All devices end the same/);
  expect(asked('/_bench/devices/phone-a/preview')).toEqual([
    { dataset: 'prefs', choices: { volume: 'last-writer', theme: 'last-writer' } },
  ]);
  await preview.getByText('Theirs', { exact: true }).click();
  await expect.element(preview.getByRole('row', { name: /volume/ })).toMatchTextContent(/volume\s*11\s*11/);
});

it('synchronises by a function, and previews it', async () => {
  const onClose = vi.fn();
  const screen = await show(onClose);
  await screen.getByText('By a function').click();
  await screen.getByRole('textbox', { name: 'JavaScript' }).fill("() => 'local'");
  await vi.waitFor(() =>
    expect(asked('/_bench/devices/phone-a/preview')).toContainEqual({ dataset: 'prefs', javascript: "() => 'local'" }),
  );
  await screen.getByRole('button', { name: 'Apply and send' }).click();
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(asked('/_bench/devices/phone-a/actions')).toEqual([
    { do: 'synchronize', dataset: 'prefs', resolver: { javascript: "() => 'local'" } },
  ]);
});

it('says why the device was refused, and stays open', async () => {
  const error = { code: 'ResourceConflictException', message: 'Current SyncCount is 7.' };
  answer(() => Response.json({ error }, { status: 422 }));
  const onClose = vi.fn();
  const screen = await show(onClose);
  await screen.getByRole('group', { name: 'For every key' }).getByText('Keep mine').click();
  await screen.getByRole('button', { name: 'Apply and send' }).click();
  await expect.element(screen.getByText('ResourceConflictException: Current SyncCount is 7.')).toBeVisible();
  expect(onClose).not.toHaveBeenCalled();
});
