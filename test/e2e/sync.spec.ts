import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expect, test, type BuiltBench } from './fixtures.ts';

interface Device {
  readonly id: string;
}

/** The demo's devices, signed in as one user, both subscribed to `prefs`. */
async function demo(bench: BuiltBench) {
  await bench.call('POST', '/scenarios/first-run/run', { pace: 0, wait: true });
  const [phone, tablet] = await bench.call<Device[]>('GET', '/devices');
  const act = (device: Device | undefined, action: object) =>
    bench.call('POST', `/devices/${device?.id}/actions`, action);
  const put = (device: Device | undefined, key: string, value: string) =>
    act(device, { do: 'put', dataset: 'prefs', key, value });
  const synchronize = (device: Device | undefined, resolver = 'last-writer') =>
    act(device, { do: 'synchronize', dataset: 'prefs', resolver });
  return { phone, tablet, act, put, synchronize };
}

/** `volume` is 12 on the store and 4 on the tablet, which was asked to ask. */
async function conflict({ phone, tablet, act, put, synchronize }: Awaited<ReturnType<typeof demo>>): Promise<void> {
  await act(tablet, { do: 'network', online: false });
  await put(tablet, 'volume', '4');
  await put(phone, 'volume', '12');
  await synchronize(phone);
  await act(tablet, { do: 'network', online: true });
  await synchronize(tablet, 'ask');
}

async function openPart(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Sync', exact: true }).click();
  await page.getByRole('tab', { name }).click();
}

async function openPrefs(page: Page): Promise<void> {
  await openPart(page, 'Store');
  await page.getByRole('list', { name: 'Identities' }).getByRole('button').first().click();
  await page.getByRole('button', { name: 'prefs', exact: true }).click();
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('the store shows identity, dataset, records and what was made of a key', async ({ page, bench }) => {
  await demo(bench);
  await page.locator('body').press('g');
  await page.keyboard.press('y');
  await expect(page.getByRole('tab', { name: 'Store', selected: true })).toBeVisible();
  await openPrefs(page);
  await expect(page.getByRole('meter', { name: 'Records' })).toHaveAttribute('aria-valuetext', '2 of 1,024');
  const records = page.getByRole('region', { name: 'Records of prefs' });
  await expect(records.getByRole('row', { name: /volume 7/ })).toBeVisible();
  await page.getByRole('button', { name: 'History of volume' }).click();
  await expect(page.getByRole('list', { name: 'History of volume' }).getByRole('listitem')).toHaveText([
    /7.*Tablet B/,
    /9.*Phone A/,
    /11/,
  ]);
  await page.reload();
  await expect(records.getByRole('row', { name: /volume 7/ })).toBeVisible();
});

test('a developer edits a record, is told of a stale count, and deletes the dataset', async ({ page, bench }) => {
  const { phone } = await demo(bench);
  await openPrefs(page);
  await page.getByRole('button', { name: 'Edit volume' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit volume' });
  await dialog.getByRole('textbox', { name: 'Value' }).fill('3');
  await dialog.getByRole('textbox', { name: 'Based on count' }).fill('1');
  await dialog.getByRole('button', { name: 'Write' }).click();
  await expect(dialog.getByRole('alert')).toContainText('ResourceConflictException');
  await dialog.getByRole('textbox', { name: 'Based on count' }).fill('');
  await dialog.getByRole('button', { name: 'Write' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('row', { name: /volume 3 .* by the developer/ })).toBeVisible();
  // The phone subscribed: it is told, and fetches by itself.
  await expect
    .poll(async () => JSON.stringify(await bench.call('GET', `/devices/${phone?.id}`)))
    .toContain('"key":"volume","value":"3"');

  await page.getByRole('button', { name: 'Remove theme' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('row', { name: /theme tombstone/ })).toBeVisible();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog', { name: 'Delete prefs?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText(/deleted at count/)).toBeVisible();
});

test('a conflict is settled by hand, taken back, and settled by a function', async ({ page, bench }) => {
  await conflict(await demo(bench));
  const tablet = page.getByRole('article', { name: 'Tablet B' });
  await page.getByRole('button', { name: 'Resolve prefs on Tablet B' }).click();
  const preview = page.getByRole('region', { name: 'What every device will see' });
  await expect(preview.getByRole('row', { name: /volume/ })).toHaveText(/volume\s*12\s*12/);
  await page.getByRole('region', { name: 'Conflict of volume' }).getByText('Own value').click();
  await page.getByRole('textbox', { name: 'Own value of volume' }).fill('8');
  await expect(preview.getByRole('row', { name: /volume/ })).toHaveText(/volume\s*8\s*8/);
  await page.getByRole('button', { name: 'Apply, send later' }).click();
  await expect(tablet.getByRole('row', { name: /volume 8/ })).toBeVisible();
  await page.getByRole('button', { name: 'Undo the settling of prefs on Tablet B' }).click();
  await expect(tablet.getByText('1 conflict')).toBeVisible();

  await page.getByRole('button', { name: 'Resolve prefs on Tablet B' }).click();
  await page.getByText('By a function').click();
  await page.getByRole('textbox', { name: 'JavaScript' }).fill("() => ({ value: 'both' })");
  await expect(preview.getByRole('row', { name: /volume/ })).toHaveText(/volume\s*both\s*both/);
  await page.getByRole('button', { name: 'Apply and send' }).click();
  await expect(tablet.getByText('1 conflict settled by itself')).toBeVisible();
  await expect(page.getByRole('article', { name: 'Phone A' }).getByRole('row', { name: /volume both/ })).toBeVisible();
});

test('faults of a network are set, seen and cleared', async ({ page, bench }) => {
  await demo(bench);
  await page.getByRole('button', { name: 'More actions of Phone A' }).click();
  await page.getByRole('menuitem', { name: 'Network and clock…' }).click();
  await page.getByRole('textbox', { name: 'Answers lost, the next' }).fill('1');
  await page.getByRole('textbox', { name: /Clock ahead/ }).fill('-300');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Faults on Phone A' })).toContainText(
    'next unanswered · clock 5m behind',
  );
  const networks = async () =>
    (await bench.call<{ network: { loseNextAnswers: number; clockSkewSeconds: number } }[]>('GET', '/devices'))[0]
      ?.network;
  expect(await networks()).toMatchObject({ loseNextAnswers: 1, clockSkewSeconds: -300 });
  await page.getByRole('button', { name: 'Clear the faults on Phone A' }).click();
  await expect(page.getByRole('region', { name: 'Faults on Phone A' })).toBeHidden();
  expect(await networks()).toMatchObject({ loseNextAnswers: 0, clockSkewSeconds: 0 });
});

test('a pool streams, its tail is live, and its history answers in SQL', async ({ page, bench }) => {
  const { phone, put, synchronize } = await demo(bench);
  await openPart(page, 'Streams');
  await page
    .getByRole('button', { name: /^Stream / })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stream', exact: true }).click();
  await expect(page.getByText('Nothing was written to it yet.')).toBeVisible();
  await put(phone, 'volume', '5');
  await synchronize(phone);
  await expect(page.getByRole('row', { name: /prefs at count 5: volume/ })).toBeVisible();
  await page.getByRole('button', { name: /Publish all of/ }).click();
  await expect(page.getByRole('row', { name: /prefs at count 5: 2 records/ })).toBeVisible({ timeout: 15_000 });

  await page.getByRole('tab', { name: 'History' }).click();
  const sql = page.getByRole('textbox', { name: 'SQL' });
  await sql.fill("SELECT key, value FROM changes WHERE key = 'volume' LIMIT 1");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('region', { name: 'Rows' }).getByRole('row')).toHaveText(['keyvalue', 'volume5']);
  await sql.fill('SELECT value FROM nowhere');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('no such table: nowhere');
  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Changes, CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('changes.csv');
  expect(await readFile(await file.path(), 'utf8')).toContain('volume,5');
});

test('pushes are held up, delivered by hand, and doubled', async ({ page, bench }) => {
  const { tablet, put, synchronize } = await demo(bench);
  await openPart(page, 'Pushes');
  await page.getByRole('textbox', { name: /^Delay of pushes/ }).fill('600');
  await expect.poll(() => bench.call('GET', '/pushes/faults')).toMatchObject({ delaySeconds: 600 });
  await put(tablet, 'volume', '6');
  await synchronize(tablet);
  const waiting = page.getByRole('row', { name: /Phone A.*waits/ });
  await waiting.getByRole('button', { name: /^Deliver/ }).click();
  await expect(waiting).toBeHidden();
  await page.getByRole('textbox', { name: /^Delay of pushes/ }).fill('0');
  await page.getByText('arrive twice').click();
  await expect.poll(() => bench.call('GET', '/pushes/faults')).toMatchObject({ duplicate: true, delaySeconds: 0 });
  await put(tablet, 'volume', '7');
  await synchronize(tablet);
  await expect(page.getByRole('row', { name: /Phone A.*2 times/ })).toBeVisible();
});

test('usage counts the month, and the explorer finds a resolver’s shortest failure', async ({ page, bench }) => {
  await demo(bench);
  await openPart(page, 'Usage');
  await expect(page.getByRole('row', { name: /Monthly active users 1 50,000 0 \$0.00/ })).toBeVisible();
  await page.getByRole('button', { name: 'Month before' }).click();
  await expect(page.getByRole('row', { name: /Monthly active users 0 50,000/ })).toBeVisible();

  await page.getByRole('tab', { name: 'Explorer' }).click();
  await page
    .getByRole('textbox', { name: 'JavaScript' })
    .fill("({ device }) => (device.name.endsWith('1') ? 'local' : 'remote')");
  await page.getByRole('textbox', { name: 'Seed' }).fill('7');
  await page.getByRole('button', { name: 'Explore', exact: true }).click();
  await expect(page.getByText('The shortest story that fails')).toBeVisible({ timeout: 30_000 });
});

test('the empty stage has the whole height, so that nothing of it is cut off', async ({ page }) => {
  await expect(page.getByRole('region', { name: 'Connect your own app' })).toBeInViewport({ ratio: 1 });
});

for (const theme of ['light', 'dark'] as const) {
  test(`every part of sync is accessible and fits 700 pixels, ${theme}`, async ({ page, bench }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await conflict(await demo(bench));
    await page.getByRole('button', { name: 'Resolve prefs on Tablet B' }).click();
    await expect(page.getByText('All devices end the same.')).toBeVisible();
    expect(await violations(page), 'conflict resolver').toEqual([]);
    await page.keyboard.press('Escape');
    for (const name of ['Network and clock…', 'People…']) {
      await page.getByRole('button', { name: 'More actions of Phone A' }).click();
      await page.getByRole('menuitem', { name }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await violations(page), name).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await page.setViewportSize({ width: 700, height: 900 });
    await page.getByRole('link', { name: 'Sync', exact: true }).click();
    for (const name of ['Store', 'Streams', 'History', 'Pushes', 'Usage', 'Explorer']) {
      await page.getByRole('tab', { name }).click();
      await expect(page.getByRole('tabpanel', { name })).toBeVisible();
      expect(await violations(page), name).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
    }
    await openPrefs(page);
    await expect(page.getByRole('region', { name: 'Records of prefs' })).toBeVisible();
    expect(await violations(page), 'dataset').toEqual([]);
  });
}
