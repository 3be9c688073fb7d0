import { expect, it } from 'vitest';
import { render } from 'vitest-browser-react';
import { networkFaults } from '../../src/renderer/stage/network-faults.ts';
import { size } from '../../src/renderer/format/size.ts';
import { DayChart } from '../../src/renderer/sync/day-chart.tsx';
import { SizeBar } from '../../src/renderer/sync/size-bar.tsx';
import { changesStore } from '../../src/renderer/sync/sync-calls.ts';
import { writerName } from '../../src/renderer/sync/writers.ts';
import { call, phone } from './samples.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KB'],
  [4198, '4.1 KB'],
  [1_048_576, '1 MB'],
  [20_971_520, '20 MB'],
])('writes %i bytes as %s', (bytes, words) => {
  expect(size(bytes)).toBe(words);
});

const own = { ...phone, profiles: [profile('us-east-1:one')] };

function profile(identityId: string) {
  return { identityId, owners: [], current: true, datasets: 1, records: 1, unsent: 0 };
}

it.each([
  ['the account’s number is the developer', '000000000000', 'the developer'],
  ['an identity on one device is that device', 'us-east-1:one', 'Phone A'],
  ['a registered device is called by its name', 'registered-1', 'Tablet B'],
  ['anything else stays as it is', 'somebody', 'somebody'],
])('%s', (_title, by, name) => {
  const registered = new Map([['registered-1', 'Tablet B']]);
  expect(writerName(by, { devices: [own], identityId: 'us-east-1:one', registered })).toBe(name);
});

it('does not guess which of two devices an identity was', () => {
  const devices = [own, { ...own, id: 'tablet', name: 'Tablet B' }];
  expect(writerName('us-east-1:one', { devices, identityId: 'us-east-1:one' })).toBe('this identity');
});

it('tells a network’s faults in words, and nothing where there are none', () => {
  expect(networkFaults(phone.network)).toEqual([]);
  expect(
    networkFaults({
      ...phone.network,
      lossRate: 0.25,
      duplicateNext: 2,
      faultsOn: 'UpdateRecords',
      clockSkewSeconds: -300,
    }),
  ).toEqual(['25 % lost', 'next 2 twice', 'only UpdateRecords', 'clock 5m behind']);
});

it('looks again at the store only for what concerns the identity', () => {
  const written = (identityId: string) =>
    ({
      type: 'dataset.synchronised',
      data: { account: '', identityPoolId: '', identityId, datasetName: 'prefs', syncCount: 1, operation: 'replace' },
    }) as const;
  expect(changesStore(written('us-east-1:one'), 'us-east-1:one')).toBe(true);
  expect(changesStore(written('us-east-1:two'), 'us-east-1:one')).toBe(false);
  const trace = (operation: string) =>
    ({ type: 'trace.closed', data: { account: '', record: call(1, { service: 'cognito-sync', operation }) } }) as const;
  expect(changesStore(trace('ListRecords'))).toBe(false);
  expect(changesStore(trace('DeleteDataset'))).toBe(true);
});

it('says a limit in words and as a meter', async () => {
  const screen = await render(<SizeBar label="Size" value={524_288} limit={1_048_576} format={size} />);
  const meter = screen.getByRole('meter', { name: 'Size' });
  await expect.element(meter).toHaveAttribute('aria-valuetext', '512 KB of 1 MB');
  await expect.element(meter).toHaveAttribute('aria-valuenow', '524288');
});

it('has the figures of a chart for those who do not see it', async () => {
  const days = [
    { day: '2026-01-01', values: [3, 2] },
    { day: '2026-01-02', values: [0, 0] },
  ];
  const screen = await render(
    <DayChart label="Operations" days={days} series={['sessions', 'calls']} format={String} />,
  );
  await expect.element(screen.getByRole('row', { name: /2026-01-01/ })).toMatchTextContent(/3 sessions\s*2 calls/);
  expect(screen.getByRole('row').elements()).toHaveLength(1);
});
