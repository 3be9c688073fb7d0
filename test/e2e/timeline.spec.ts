import AxeBuilder from '@axe-core/playwright';
import { CognitoIdentityClient, ListIdentityPoolsCommand } from '@aws-sdk/client-cognito-identity';
import { expect, test } from './fixtures.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('what the page reads for itself is left out of the timeline, and nothing else', async ({ page, bench }) => {
  const client = new CognitoIdentityClient({
    endpoint: bench.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
  });
  // The page makes a pool, and reads it to show it.
  await page.getByRole('link', { name: 'Identities' }).click();
  await page.getByRole('button', { name: 'Guests only' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create the pool' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'my_app' })).toBeVisible();
  await client.send(new ListIdentityPoolsCommand({ MaxResults: 5 }));
  client.destroy();

  await page.getByRole('link', { name: 'Timeline' }).click();
  await page.getByText('List', { exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Calls' });
  await expect(grid.getByRole('row', { name: /CreateIdentityPool/ })).toBeVisible();
  await expect(grid.getByRole('row', { name: /ListIdentityPools/ })).toBeVisible();
  await expect(grid.getByRole('row', { name: /DescribeIdentityPool/ })).toHaveCount(0);
  const reads = page.getByRole('button', { name: /^\d+ (?:hidden: reads|of this page)/ });
  await expect(reads).toHaveText(/^[1-9]\d* hidden$/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await reads.press('Enter');
  const read = grid.getByRole('row', { name: /DescribeIdentityPool/ }).first();
  await expect(read).toBeVisible();
  await expect(reads).toHaveText(/of this page$/);
  // One that somebody chose stays, also by its address.
  await read.click();
  await reads.press('Enter');
  await expect(grid.getByRole('row', { name: /DescribeIdentityPool/ })).toHaveCount(1);
  await page.reload();
  await expect(grid.getByRole('row', { name: /DescribeIdentityPool/ })).toHaveCount(1);
});
