import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { CognitoIdentityProviderClient, ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider';
import { expect, test, type BuiltBench } from './fixtures.ts';

/** A bench on which something has happened: the demo's devices, calls, a message, a conflict and an outside app. */
async function fill(bench: BuiltBench): Promise<void> {
  await bench.call('POST', '/scenarios/first-run/run', { pace: 0, wait: true });
  const [phone, tablet] = await bench.call<{ id: string }[]>('GET', '/devices');
  const act = (id: string | undefined, action: object) => bench.call('POST', `/devices/${id}/actions`, action);
  const put = (value: string) => ({ do: 'put', dataset: 'prefs', key: 'volume', value });
  await act(tablet?.id, { do: 'network', online: false });
  await act(tablet?.id, put('4'));
  await act(phone?.id, put('12'));
  await act(phone?.id, { do: 'synchronize', dataset: 'prefs' });
  await act(tablet?.id, { do: 'network', online: true });
  await act(tablet?.id, { do: 'synchronize', dataset: 'prefs', resolver: 'ask' });
  await outsideCall(bench, 'web-shop');
}

async function outsideCall(bench: BuiltBench, appId: string): Promise<void> {
  const client = new CognitoIdentityProviderClient({
    endpoint: bench.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'any' },
    userAgentAppId: appId,
  });
  await client.send(new ListUserPoolsCommand({ MaxResults: 10 }));
  client.destroy();
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Tooltips, fading dialogs and packets would be judged half way. */
test.use({ contextOptions: { reducedMotion: 'reduce' } });

for (const theme of ['light', 'dark'] as const) {
  test(`every screen is accessible, ${theme}`, async ({ page, bench }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    expect(await violations(page), 'empty stage').toEqual([]);
    await fill(bench);
    await expect(page.getByRole('article', { name: 'App web-shop' })).toBeVisible();
    expect(await violations(page), 'stage').toEqual([]);

    await page.getByRole('button', { name: 'Resolve prefs on Tablet B' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page), 'conflict resolver').toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Inspect Phone A' }).click();
    for (const tab of ['State', 'Calls', 'Tokens', 'Raw']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await violations(page), `device inspector, ${tab}`).toEqual([]);
    }
    const signIn = page.getByRole('option', { name: /RespondToAuthChallenge, 200/ }).last();
    await page.getByRole('searchbox', { name: 'Filter calls' }).fill('op:RespondToAuthChallenge');
    await signIn.click();
    for (const tab of ['Summary', /^Why/, 'Wire', 'Tokens']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await violations(page), `inspector, ${String(tab)}`).toEqual([]);
    }

    await page.getByRole('link', { name: 'Timeline' }).click();
    expect(await violations(page), 'sequence').toEqual([]);
    await page.getByText('List', { exact: true }).click();
    await expect(page.getByRole('grid')).toBeVisible();
    expect(await violations(page), 'list').toEqual([]);
    for (const screen of [/Inbox/, 'Pools', 'Scenarios', 'Settings']) {
      await page.getByRole('link', { name: screen }).click();
      await expect(page.getByRole('heading', { level: 2, name: screen })).toBeVisible();
      expect(await violations(page), String(screen)).toEqual([]);
    }
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
    expect(await violations(page), 'keyboard sheet').toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Search and commands' })).toBeVisible();
    expect(await violations(page), 'palette').toEqual([]);
  });
}

test('the demo plays through by the Enter key alone', async ({ page, bench }) => {
  test.setTimeout(120_000);
  const [demo] = await bench.call<{ steps: number }[]>('GET', '/scenarios');
  await expect(page.getByRole('button', { name: 'Start the demo' })).toBeFocused();
  await page.keyboard.press('Enter');
  for (let step = 1; step < (demo?.steps ?? 0); step += 1) {
    await expect(page.getByRole('img', { name: `Step ${step} of` })).toBeVisible({ timeout: 15_000 });
    const next = page.getByRole('button', { name: 'Continue' });
    await expect(next).toBeEnabled({ timeout: 15_000 });
    await expect(next).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await expect(page.getByText('That was all of it')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('article', { name: 'Phone A' }).getByRole('row', { name: /volume 7/ })).toBeVisible();
  await page.getByRole('button', { name: 'Close the scenario' }).click();
  await page.getByRole('link', { name: 'Scenarios' }).click();
  await expect(page.getByRole('button', { name: 'Run Two phones, one user' })).toBeEnabled();
});

test('the stage says in words what it shows', async ({ page, bench }) => {
  await fill(bench);
  await expect(page.getByRole('article', { name: 'App web-shop' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Devices and apps' })).toMatchAriaSnapshot(`
    - list "Devices and apps":
      - listitem:
        - article "Phone A":
          - heading "Phone A" [level=3]
          - switch "Network of Phone A" [checked]
          - button "More actions of Phone A"
          - region "Account on Phone A":
            - text: Account alice signed in
          - region "Identity on Phone A":
            - text: Identity user
          - region "Datasets on Phone A":
            - heading "prefs" [level=4]
            - text: count 5
            - table "Records of prefs on Phone A":
              - rowgroup:
                - row /theme dark 2/
                - row /volume 12 5/
          - region "Pushes on Phone A":
            - text: Pushes
            - button "2 received"
            - text: prefs at count 4
      - listitem:
        - article "Tablet B":
          - heading "Tablet B" [level=3]
          - region "Datasets on Tablet B":
            - text: count 4 1 to send
            - text: 1 conflict
            - button "Resolve prefs on Tablet B"
            - table "Records of prefs on Tablet B":
              - rowgroup:
                - row /volume 4 4 conflict/
      - listitem:
        - article "App web-shop":
          - heading "web-shop" [level=3]
          - paragraph: 1 call
          - list "Latest calls":
            - listitem:
              - button "ListUserPools 200"
      - listitem:
        - button "Add device"
  `);
});

test('everything on the stage is reached by the Tab key', async ({ page, bench }) => {
  await fill(bench);
  await expect(page.getByRole('article', { name: 'App web-shop' })).toBeVisible();
  const reached = new Set<string>();
  await page.locator('body').press('Home');
  for (let presses = 0; presses < 90; presses += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused?.getAttribute('aria-label') ?? focused?.textContent ?? '';
    });
    reached.add(name.trim());
  }
  expect([...reached]).toEqual(
    expect.arrayContaining([
      'Stage',
      'Settings',
      'Inspect Phone A',
      'More actions of Phone A',
      'Sync prefs on Phone A',
      'Resolve prefs on Tablet B',
      'Add device',
      'Calls in sequence',
      'Time cursor',
    ]),
  );
});

test('keys walk through the calls and the screens', async ({ page, bench }) => {
  await fill(bench);
  await expect(page.getByRole('article', { name: 'App web-shop' })).toBeVisible();
  const chosen = page.getByRole('option', { selected: true });
  await page.keyboard.press('k');
  await expect(chosen).toHaveAccessibleName(/web-shop to User pool: ListUserPools/);
  await page.keyboard.press('k');
  await page.keyboard.press('Shift+K');
  await expect(chosen).toHaveAccessibleName(/Tablet B to Sync store/);
  await expect(page).toHaveURL(/#\/e\/\d+$/);
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Filter messages' })).toBeFocused();
  await page.keyboard.type('gs');
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();

  await page.getByRole('link', { name: 'Stage' }).click();
  await page.getByRole('button', { name: 'Inspect Phone A' }).click();
  await page.keyboard.press('o');
  await expect(page.getByRole('switch', { name: 'Network of Phone A' })).not.toBeChecked();
  await page.getByRole('article', { name: 'Phone A' }).getByText('offline').click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
});

test('an address leads to its call, also after a reload', async ({ page, bench }) => {
  await outsideCall(bench, 'web-shop');
  await page.goto(`${bench.ui}#/e/1`);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('ListUserPools');
  await expect(page.getByRole('heading', { level: 2, name: 'Timeline' })).toBeVisible();
});

test('an outside app is called by its name, and the clock can be frozen and moved', async ({ page, bench }) => {
  await outsideCall(bench, 'web-shop');
  await expect(page.getByRole('article', { name: 'App web-shop' })).toContainText('1 call');
  const clock = page.getByRole('button', { name: /Bench clock/ });
  await clock.click();
  await page.getByRole('menuitem', { name: 'Freeze the clock' }).click();
  await expect(clock).toContainText('frozen');
  const before = await bench.call<{ now: string }>('GET', '/clock');
  await clock.click();
  await page.getByRole('menuitem', { name: 'Advance 1 hour' }).click();
  await expect
    .poll(async () => Date.parse((await bench.call<{ now: string }>('GET', '/clock')).now) - Date.parse(before.now))
    .toBe(3_600_000);
});

test('a theme that is chosen stays chosen', async ({ page }) => {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText('Dark', { exact: true }).click();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark');
});

test('an account is a world of its own', async ({ page, bench }) => {
  await outsideCall(bench, 'web-shop');
  await expect(page.getByRole('article', { name: 'App web-shop' })).toBeVisible();
  await page.getByRole('button', { name: /account 000000000000/ }).click();
  await page.getByLabel('Account', { exact: true }).last().fill('111122223333');
  await page.getByRole('button', { name: 'Show this account' }).click();
  await expect(page.getByRole('button', { name: /account 111122223333/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start the demo' })).toBeVisible();
});

test('reset empties the bench after a question', async ({ page, bench }) => {
  await fill(bench);
  await expect(page.getByRole('article', { name: 'Phone A' })).toBeVisible();
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Reset this account?' });
  await question.getByRole('button', { name: 'Keep everything' }).click();
  await expect(page.getByRole('article', { name: 'Phone A' })).toBeVisible();
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await question.getByRole('button', { name: 'Reset' }).click();
  await expect(page.getByRole('button', { name: 'Start the demo' })).toBeVisible();
  expect(await bench.call('GET', '/devices')).toEqual([]);
});

for (const [width, height] of [
  [1024, 768],
  [700, 900],
] as const) {
  test(`nothing is cut off sideways at ${width} pixels`, async ({ page, bench }) => {
    await fill(bench);
    await page.setViewportSize({ width, height });
    for (const screen of ['Stage', 'Timeline', /Inbox/, 'Pools', 'Scenarios', 'Settings']) {
      await page.getByRole('link', { name: screen }).click();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, String(screen)).toBeLessThanOrEqual(0);
    }
    await page.getByRole('link', { name: 'Stage' }).click();
    await page.getByRole('button', { name: 'Inspect Phone A' }).click();
    await expect(page.getByRole('region', { name: 'Inspector' })).toBeInViewport({ ratio: 0.9 });
  });
}
