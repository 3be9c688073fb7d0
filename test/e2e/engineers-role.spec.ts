import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { allow, open, play, write } from './access-steps.ts';
import { expect, test } from './fixtures.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

test('the walk of role rules plays step by step, and the page says why for both', async ({ page, bench }) => {
  test.setTimeout(120_000);
  await page.getByRole('link', { name: 'Scenarios' }).click();
  await page.getByRole('button', { name: 'Run Engineers may, others may not' }).click();
  await page.getByRole('link', { name: 'Stage' }).click();
  const card = page.getByRole('region', { name: 'Engineers may, others may not' });
  const scenarios = await bench.call<{ name: string; steps: number }[]>('GET', '/scenarios');
  const steps = scenarios.find(({ name }) => name === 'engineers-role')?.steps ?? 0;
  expect(steps).toBeGreaterThan(5);
  const reasons = page.getByRole('region', { name: 'Inspector' }).getByRole('list', { name: 'Reasons in order' });
  const seen: string[] = [];
  for (let step = 1; step < steps; step += 1) {
    await expect(card.getByRole('img', { name: `Step ${step} of ${steps}` })).toBeVisible({ timeout: 15_000 });
    const next = card.getByRole('button', { name: 'Continue' });
    await expect(next).toBeEnabled({ timeout: 15_000 });
    for (const word of ['Why allowed', 'Why denied']) {
      const why = card.getByRole('button', { name: word });
      if (!(await why.isVisible())) continue;
      await why.click();
      await expect(reasons).toContainText(word === 'Why allowed' ? 'Allowed by statement' : 'No identity-based policy');
      seen.push(word);
    }
    await next.click();
  }
  await expect(card.getByText('That was all of it')).toBeVisible({ timeout: 15_000 });
  await expect(card.getByRole('button', { name: 'Why denied' })).toBeVisible();
  expect(seen).toEqual(['Why allowed', 'Why allowed', 'Why denied']);

  const emma = page.getByRole('article', { name: 'Emma’s phone' });
  const oscar = page.getByRole('article', { name: 'Oscar’s phone' });
  await expect(emma.getByText('allowed', { exact: true })).toHaveCount(2);
  await expect(oscar.getByText('denied', { exact: true })).toHaveCount(2);

  await page.getByRole('button', { name: 'Close the inspector' }).click();
  await oscar.getByRole('button', { name: 'Why PutObject of Oscar’s phone was denied' }).click();
  await expect(page.getByRole('tab', { name: /^Why/, selected: true })).toBeVisible();
  await expect(reasons).toContainText('No identity-based policy allows it.');
  await expect(reasons).toContainText('arn:aws:s3:::testapp-drawings/bridge.txt');
  await emma.getByRole('button', { name: 'Why Query of Emma’s phone was allowed' }).click();
  await expect(reasons).toContainText('Allowed by statement ReadTable of TestAppEngineerPolicy.');

  await page
    .getByRole('region', { name: 'Inspector' })
    .getByRole('button', { name: /^Explain with every/ })
    .click();
  const verdict = page.getByRole('region', { name: 'The verdict' });
  await expect(verdict.getByRole('status')).toHaveText('Allowed by statement ReadTable of TestAppEngineerPolicy.');
  await expect(verdict).toContainText('PutDrawings');
  await expect(verdict).toContainText('does not match: another action');

  await page.getByRole('link', { name: 'Stage' }).click();
  await expect(emma).toBeVisible();
  // The wires are a picture; what they show is said in words elsewhere.
  await expect(page.locator('svg[class*="wires"] path').first()).toBeAttached();
});

test('a call that fails for another reason than permission is not called denied', async ({ page, bench }) => {
  await play(bench);
  const emma = page.getByRole('article', { name: 'Emma’s phone' });
  await emma.getByRole('button', { name: /^Call S3 or DynamoDB/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Operation').selectOption('Query');
  await dialog
    .getByRole('textbox', { name: 'Input (JSON)' })
    .fill(JSON.stringify({ TableName: 'TestAppTable', KeyConditionExpression: 'drawing' }));
  await dialog.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(emma.getByText('refused', { exact: true })).toBeVisible();
  await expect(emma.getByRole('button', { name: 'Why Query of Emma’s phone was refused' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the access screens, ${colorScheme}`, async ({ page, bench }) => {
    test.setTimeout(150_000);
    await page.emulateMedia({ colorScheme });
    await play(bench);
    const isClean = async (what: string) => expect(await violations(page), what).toEqual([]);
    const dialog = page.getByRole('dialog');
    const inDialog = async (button: string | RegExp, what: string): Promise<void> => {
      await page.getByRole('button', { name: button, exact: true }).first().click();
      await expect(dialog).toBeVisible();
      if ((await dialog.locator('.cm-content').count()) > 0 || what.includes('editor')) {
        await expect(dialog.locator('.cm-content')).toBeVisible();
        await expect(dialog.getByRole('status')).not.toBeEmpty();
      }
      await isClean(what);
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    };

    await open(page, bench, 'roles/EngineersRole');
    await expect(page.getByRole('article', { name: 'Role EngineersRole' })).toBeVisible();
    await isClean('roles');
    await inDialog('Create a role', 'create a role');
    await inDialog('Edit the trust policy', 'editor of a trust policy');
    await inDialog('Edit TestAppEngineerPolicy', 'editor of a policy');
    await inDialog('Delete TestAppEngineerPolicy', 'delete a policy');
    await inDialog('Write a policy from traffic', 'policy from traffic');
    await inDialog('Attach a managed policy', 'attach');
    await inDialog('Delete', 'delete a role');
    await page.getByRole('button', { name: 'Edit TestAppEngineerPolicy' }).click();
    await write(dialog, allow('s3:PutObject', 'arn:aws:s3:::testapp-drawings'));
    await expect(dialog.getByRole('status')).toContainText('doubtful');
    await isClean('editor with a finding');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    await open(page, bench, 'policies');
    await inDialog('Create a policy', 'editor of a managed policy');
    await isClean('policies');
    await open(page, bench, 'matrix');
    await page
      .getByRole('button', { name: /^oscar, s3:PutObject/ })
      .first()
      .click();
    await expect(page.getByRole('region', { name: 'Why, for oscar' })).toBeVisible();
    await isClean('matrix');
    await open(page, bench, `resources/${encodeURIComponent('s3:testapp-drawings')}`);
    await page.getByRole('button', { name: 'bridge.txt', exact: true }).click();
    await expect(page.getByRole('region', { name: 'content of bridge.txt' })).toBeVisible();
    await isClean('bucket');
    await inDialog('Create a bucket', 'create a bucket');
    await inDialog('Create a table', 'create a table');
    await inDialog('Put an object', 'put an object');
    await inDialog('Delete', 'delete a bucket');
    await open(page, bench, `resources/${encodeURIComponent('table:TestAppTable')}`);
    await expect(page.getByRole('row', { name: /bridge/ })).toBeVisible();
    await isClean('table');
    await inDialog('Put an item', 'put an item');
    await open(page, bench, 'explain/EngineersRole/s3:PutObject/*');
    await expect(page.getByRole('region', { name: 'The verdict' })).toBeVisible();
    await isClean('explain');

    await page.getByRole('link', { name: 'Stage' }).click();
    await page.getByRole('button', { name: 'Why PutObject of Oscar’s phone was denied' }).click();
    await isClean('stage with why');
    await inDialog(/^Call S3 or DynamoDB/, 'call a resource');
  });
}

for (const width of [900, 600]) {
  test(`the access screens fit ${width} pixels`, async ({ page, bench }) => {
    await play(bench);
    await page.setViewportSize({ width, height: 900 });
    const places = [
      'roles/EngineersRole',
      'policies',
      'matrix',
      `resources/${encodeURIComponent('s3:testapp-drawings')}`,
      `resources/${encodeURIComponent('table:TestAppTable')}`,
      'explain/EngineersRole/s3:PutObject/*',
    ];
    for (const place of places) {
      await open(page, bench, place);
      await expect(page.getByRole('tabpanel')).not.toBeEmpty();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, place).toBeLessThanOrEqual(0);
      // Only a table that says so may be wider than its place.
      const panel = await page.getByRole('tabpanel').evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(panel, place).toBeLessThanOrEqual(0);
    }
    await open(page, bench, 'matrix');
    const cell = page.getByRole('button', { name: /^oscar, cognito-sync:UpdateRecords/ });
    await cell.click();
    await expect(cell).toBeInViewport();
    await expect(page.getByRole('region', { name: 'Why, for oscar' })).toBeInViewport({ ratio: 0.9 });

    await page.getByRole('link', { name: 'Stage' }).click();
    const tops = await page
      .getByRole('region', { name: 'Services' })
      .getByRole('listitem')
      .evaluateAll((nodes) => nodes.map((node) => Math.round(node.getBoundingClientRect().top)));
    expect(tops).toHaveLength(7);
    expect(new Set(tops).size, 'one row of services').toBe(1);
  });
}
