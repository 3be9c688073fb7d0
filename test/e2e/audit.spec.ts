import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  DeleteIdentityPoolCommand,
} from '@aws-sdk/client-cognito-identity';
import type { Page } from '@playwright/test';
import { expect, test, type BuiltBench } from './fixtures.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const identityClient = ({ url }: BuiltBench): CognitoIdentityClient =>
  new CognitoIdentityClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

const create = (client: CognitoIdentityClient, IdentityPoolName: string) =>
  client.send(new CreateIdentityPoolCommand({ IdentityPoolName, AllowUnauthenticatedIdentities: true }));

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

test('the audit trail fills as calls come, is filtered, walked and exported', async ({ page, bench }) => {
  await page.locator('body').press('g');
  await page.keyboard.press('d');
  await expect(page.getByText('Nothing recorded yet')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  const client = identityClient(bench);
  const { IdentityPoolId } = await create(client, 'audited');
  const grid = page.getByRole('grid', { name: 'Events, newest first' });
  await expect(grid.getByRole('row', { name: /CreateIdentityPool.*root.*Done/ })).toBeVisible();
  await client.send(new DeleteIdentityPoolCommand({ IdentityPoolId })).catch(() => {});
  await client.send(new DeleteIdentityPoolCommand({ IdentityPoolId })).catch(() => {});
  const failed = grid.getByRole('row', { name: /DeleteIdentityPool.*ResourceNotFound/ });
  await expect(failed).toBeVisible();

  // Newest first, and j walks down.
  await page.locator('body').press('j');
  const detail = page.getByRole('complementary', { name: 'Record of DeleteIdentityPool' });
  await expect(detail).toContainText('ResourceNotFoundException');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.getByRole('complementary', { name: 'Record of CreateIdentityPool' })).toContainText('audited');
  expect(await violations(page)).toEqual([]);

  await page.getByRole('checkbox', { name: 'Errors only' }).click();
  await expect(grid.getByRole('row')).toHaveCount(2);
  await page.getByRole('checkbox', { name: 'Errors only' }).click();
  await page.getByRole('searchbox', { name: 'Filter events' }).fill('createidentity');
  await expect(grid.getByRole('row')).toHaveCount(2);
  await page.getByRole('searchbox', { name: 'Filter events' }).fill('no such thing');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(grid.getByRole('row')).toHaveCount(4);

  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: /Export/ }).click();
  const file = await (await waiting).path();
  const { Records } = JSON.parse(await readFile(file, 'utf8')) as { Records: { eventName: string }[] };
  expect(Records.map(({ eventName }) => eventName)).toEqual(
    expect.arrayContaining(['CreateIdentityPool', 'DeleteIdentityPool']),
  );

  await failed.click();
  await page.getByRole('link', { name: /on the timeline/ }).click();
  await expect(page).toHaveURL(/#\/e\/\d+$/);
  await expect(page.getByRole('region', { name: 'Timeline' })).toBeVisible();
});

test('the audit trail loads older pages as one scrolls, and keeps its place while new calls come', async ({
  page,
  bench,
}) => {
  const client = identityClient(bench);
  for (let index = 0; index < 260; index += 1) await create(client, `pool ${index}`);
  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Events, newest first' });
  await expect(page.getByText('200+ of', { exact: false })).toBeVisible();
  await grid.press('PageDown');
  const address = page.url();
  await create(client, 'newer');
  await expect(grid).toHaveAttribute('aria-rowcount', '202');
  expect(page.url()).toBe(address);
  await grid.press('End');
  await expect(grid).toHaveAttribute('aria-rowcount', '262');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary', { name: /Record of/ })).toHaveCount(0);
});
