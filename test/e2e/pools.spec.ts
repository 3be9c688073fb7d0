import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { CognitoIdentityProviderClient, AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { expect, test, type BuiltBench } from './fixtures.ts';

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Makes a pool by the page, and gives its id. */
async function makePool(page: Page, template: string, name: string): Promise<string> {
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('button', { name: 'New user pool' }).click();
  const dialog = page.getByRole('dialog', { name: 'New user pool' });
  await dialog.getByText(template, { exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Create the pool' }).click();
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
  await expect(dialog).toBeHidden();
  return decodeURIComponent(page.url().split('/').at(-1) ?? '');
}

async function newUser(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New user' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New user' });
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(name);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('article', { name: `User ${name}` })).toContainText('confirmed');
}

async function fillByClient(bench: BuiltBench, poolId: string, count: number): Promise<void> {
  const client = new CognitoIdentityProviderClient({
    endpoint: bench.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'any' },
  });
  for (let index = 0; index < count; index += 1) {
    const Username = `user${index}@example.test`;
    const attributes = [{ Name: 'email', Value: Username }];
    await client.send(
      new AdminCreateUserCommand({
        UserPoolId: poolId,
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: attributes,
      }),
    );
  }
  client.destroy();
}

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('a person is made, put into a group, and signed in as on a phone', async ({ page }) => {
  await makePool(page, 'E-mail and code', 'shop');
  await newUser(page, 'alice@example.test');

  await page.getByRole('tab', { name: 'Groups' }).click();
  await page.getByRole('button', { name: 'New group' }).first().click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('AdminGroup');
  await page.getByRole('textbox', { name: /Precedence/ }).fill('0');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByRole('textbox', { name: 'User name' }).fill('alice@example.test');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'alice@example.test', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Groups' })).toContainText('AdminGroup');

  await page.getByRole('button', { name: 'Sign in as…' }).click();
  await page.getByRole('textbox', { name: 'Password' }).fill('Correct-Horse-7');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('article', { name: 'Phone A' })).toContainText('signed in');
});

test('AWS’s refusal stands where it was caused, and the call is on the timeline as the bench’s', async ({ page }) => {
  await makePool(page, 'E-mail and code', 'shop');
  await newUser(page, 'alice@example.test');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('textbox', { name: 'New password' }).fill('short');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('InvalidPasswordException');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: 'Timeline' }).click();
  await page.getByText('List', { exact: true }).click();
  await expect(page.getByRole('row', { name: /Bench AdminSetUserPassword 400/ })).toBeVisible();
});

test('the launch token goes to the bench’s own calls alone', async ({ page }) => {
  const toAws: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/') toAws.push(request.headers()['x-poolbench-token']);
  });
  await makePool(page, 'E-mail and code', 'shop');
  expect(toAws.length).toBeGreaterThan(0);
  expect(toAws.filter((token) => token !== undefined)).toEqual([]);
});

test('users are searched in ListUsers’ own grammar and read page by page', async ({ page, bench }) => {
  const poolId = await makePool(page, 'E-mail and code', 'crowd');
  await fillByClient(bench, poolId, 130);
  await expect(page.getByRole('status').filter({ hasText: 'users' })).toContainText('of 130 users');
  const grid = page.getByRole('grid', { name: 'Users' });
  await grid.focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('status').filter({ hasText: 'users' })).toContainText(/^1[23]\d( of 130)? users/);
  await page.getByRole('searchbox', { name: 'Search users' }).fill('user12');
  await expect(page.getByText('email ^= "user12"')).toBeVisible();
  await expect(grid.getByRole('row')).toHaveCount(12);
  await page.getByLabel('How to compare').selectOption('=');
  await page.getByRole('searchbox', { name: 'Search users' }).fill('user12@example.test');
  await expect(grid.getByRole('row')).toHaveCount(2);
});

test('settings are saved one at a time and nothing else is lost', async ({ page }) => {
  await makePool(page, 'User name and authenticator app', 'strict');
  await page.getByRole('tab', { name: 'Passwords' }).click();
  await page.getByRole('textbox', { name: /At least so many/ }).fill('12');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('button', { name: 'Save changes' })).toBeHidden();
  await page.getByRole('tab', { name: 'Sign-in & MFA' }).click();
  await expect(page.getByRole('radio', { name: 'Required' }).first()).toBeChecked();
  await page.getByRole('tab', { name: 'Raw' }).click();
  await page.getByText('Text to copy').click();
  await expect(page.getByRole('region', { name: 'the pool as JSON' })).toContainText('"MinimumLength": 12');
});

test('a function is written, attached, asked, and seen', async ({ page, bench }) => {
  await makePool(page, 'E-mail and code', 'shop');
  await page.getByRole('link', { name: 'Functions' }).click();
  await page.getByRole('button', { name: 'New function' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('welcome');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByRole('button', { name: 'Invoke' }).click();
  await expect(page.getByRole('list', { name: 'Invocations, newest first' })).toContainText('by hand');

  await page.getByRole('link', { name: 'Pools' }).click();
  await page.getByRole('tab', { name: 'Functions' }).click();
  await page.getByLabel('Function before sign-up').selectOption('welcome');
  await expect(page.getByRole('button', { name: 'Show' })).toBeVisible();
  const { userPools } = await bench.call<{ userPools: { id: string; clients: { id: string }[] }[] }>(
    'GET',
    '/resources',
  );
  const app = { userPoolId: userPools[0]?.id, clientId: userPools[0]?.clients[0]?.id };
  const phone = await bench.call<{ id: string }>('POST', '/devices', { name: 'Phone', kind: 'phone', app });
  await bench.call('POST', `/devices/${phone.id}/actions`, {
    do: 'sign-up',
    username: 'zoe@example.test',
    password: 'Correct-Horse-7',
    email: 'zoe@example.test',
  });
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByRole('list', { name: 'Invocations, newest first' })).toContainText('PreSignUp_SignUp');
});

test('users come in from a file, line by line', async ({ page }) => {
  await makePool(page, 'E-mail and code', 'shop');
  await page.getByRole('tab', { name: 'Import jobs' }).click();
  await page.getByRole('button', { name: 'New import' }).first().click();
  const header = await page.getByRole('region', { name: 'the header' }).innerText();
  const row = (email: string): string =>
    header
      .trim()
      .split(',')
      .map((name) => {
        if (name === 'cognito:username' || name === 'email') return email;
        return /verified|mfa/.test(name) ? String(name === 'email_verified').toUpperCase() : '';
      })
      .join(',');
  const text = [header.trim(), row('zoe@example.test'), 'broken'].join('\n');
  await page.getByRole('textbox', { name: 'Or the text itself' }).fill(text);
  await page.getByRole('button', { name: 'Upload and start' }).click();
  const job = page.getByRole('article', { name: 'Import job import' });
  await expect(job).toContainText('Succeeded');
  await expect(job.getByRole('list', { name: 'Lines of the file' }).getByRole('listitem')).toHaveCount(2);
});

for (const theme of ['light', 'dark'] as const) {
  test(`every screen of a pool is accessible, ${theme}`, async ({ page, bench }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await makePool(page, 'Passkey', 'shop');
    await newUser(page, 'alice@example.test');
    expect(await violations(page), 'a user').toEqual([]);
    const tabs = await page.getByRole('tab').allInnerTexts();
    expect(tabs).toHaveLength(10);
    for (const tab of tabs) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      await expect(page.getByRole('tabpanel')).not.toBeEmpty();
      expect(await violations(page), tab).toEqual([]);
    }
    await bench.call('POST', '/sandbox', {});
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('table', { name: 'Roles' }).getByRole('button').first().click();
    expect(await violations(page), 'a role').toEqual([]);
    await page.getByRole('button', { name: 'What may it do?' }).click();
    await page.getByRole('button', { name: 'Explain' }).click();
    await expect(page.getByRole('region', { name: 'The verdict' })).toContainText('allowed');
    expect(await violations(page), 'explain').toEqual([]);
  });
}

test('a pool is deleted only after its name was typed', async ({ page }) => {
  await makePool(page, 'E-mail and code', 'short-lived');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Delete the pool' })).toBeDisabled();
  await dialog.getByRole('textbox').fill('short-lived');
  await dialog.getByRole('button', { name: 'Delete the pool' }).click();
  await expect(page.getByText('No user pool yet')).toBeVisible();
});
