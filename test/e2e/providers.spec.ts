import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ListOpenIDConnectProvidersCommand, IAMClient, ListSAMLProvidersCommand } from '@aws-sdk/client-iam';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { expect, test } from './fixtures.ts';

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

async function openProvider(page: Page, name: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page
    .getByRole('list', { name: 'Identity providers' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();
  await expect(page.getByRole('article', { name: `Provider ${name}` })).toBeVisible();
}

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('a token is signed for a ready-made person, and is covered until somebody asks', async ({ page, bench }) => {
  await openProvider(page, 'oidc');
  await page.getByRole('combobox', { name: 'Person' }).selectOption({ label: 'Bob Tanaka · bob@example.test' });
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const result = page.getByRole('region', { name: 'The ID token' });
  await expect(result).toContainText('sound');
  await expect(result.getByRole('row', { name: /^sub/ })).toContainText('bob');
  await expect(result).not.toContainText('eyJ');
  await result.getByRole('button', { name: 'Reveal ID token' }).click();
  const token = (await result.locator('[data-copy^=eyJ]').getAttribute('data-copy')) ?? '';
  const keys = (await (await fetch(`${bench.url}/stand-ins/000000000000/oidc/jwks`)).json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys));
  expect(payload).toMatchObject({ sub: 'bob', department: 'Sales' });
  expect(await violations(page)).toEqual([]);
});

test('a spoil shows on the list and above the form, and ends with the next token', async ({ page }) => {
  await openProvider(page, 'google');
  await page.getByRole('combobox', { name: 'What it hands out is' }).selectOption('wrong-key');
  const row = page.getByRole('list', { name: 'Identity providers' }).getByRole('button', { name: /^google/ });
  await expect(row).toContainText('spoiled: wrong key');
  await expect(page.getByRole('status').filter({ hasText: 'Spoiled' })).toContainText('The next ID token');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByRole('region', { name: 'The ID token' })).toContainText('wrong key');
  await expect(row).not.toContainText('spoiled');
});

test('a provider is made, gets a person and an app, changes its keys, and goes', async ({ page }) => {
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(page.getByText('Choose a provider')).toBeVisible();
  await page.getByRole('button', { name: 'New provider' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Company');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('dialog')).toContainText('InvalidInput');
  await page.getByRole('textbox', { name: 'Name' }).fill('company');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('article', { name: 'Provider company' })).toBeVisible();

  await page.getByRole('tab', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Carol Diaz');
  await page.getByRole('textbox', { name: 'Subject' }).fill('carol');
  await page.getByRole('textbox', { name: /Further claims/ }).fill('{ "department": "Legal" }');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('row', { name: /Carol Diaz/ })).toContainText('department: Legal');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Remove Carol Diaz' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('row', { name: /Carol Diaz/ })).toBeHidden();

  await page.getByRole('tab', { name: 'Apps' }).click();
  await page.getByRole('button', { name: 'Add an app' }).click();
  await page.getByRole('textbox', { name: 'Client id' }).fill('mobile');
  await page.getByRole('textbox', { name: /one a line/ }).fill('myapp://done');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('row', { name: /mobile/ })).toContainText('myapp://done');
  expect(await violations(page)).toEqual([]);

  await page.getByRole('tab', { name: 'Keys' }).click();
  await expect(page.getByText('No key yet')).toBeVisible();
  const rotate = page.getByRole('button', { name: 'Rotate', exact: true });
  await rotate.click();
  await expect(page.getByRole('table', { name: 'Keys' }).getByText('signs')).toBeVisible();
  await rotate.click();
  await expect(page.getByText(/published until/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: /Withdraw key/ }).click();
  await expect(page.getByText(/published until/)).toBeHidden();

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Choose a provider')).toBeVisible();
});

test('providers are registered with IAM by real calls', async ({ page, bench }) => {
  const iam = new IAMClient({
    endpoint: bench.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'any' },
  });
  await openProvider(page, 'oidc');
  await page.getByRole('tab', { name: 'Use with an identity pool' }).click();
  await page.getByRole('button', { name: /^Register by/ }).click();
  await expect(page.getByRole('button', { name: 'Registered' })).toBeVisible();
  const { OpenIDConnectProviderList: made = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  expect(made[0]?.Arn).toMatch(/oidc-provider\/127\.0\.0\.1:\d+\/stand-ins\/000000000000\/oidc$/);
  expect(await violations(page)).toEqual([]);

  await openProvider(page, 'saml');
  await page.getByRole('tab', { name: 'Use with an identity pool' }).click();
  await page.getByRole('button', { name: /^Register by/ }).click();
  await expect(page.getByRole('button', { name: 'Registered' })).toBeVisible();
  const { SAMLProviderList: services = [] } = await iam.send(new ListSAMLProvidersCommand({}));
  expect(services[0]?.Arn).toBe('arn:aws:iam::000000000000:saml-provider/saml');
  await page.getByRole('tab', { name: 'Sign an assertion' }).click();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Response as XML' })).toContainText('alice@example.test');
  expect(await violations(page)).toEqual([]);
  iam.destroy();
});

test('an app’s person chooses who to be on a plain page', async ({ page, bench }) => {
  const back = `${bench.url}/health`;
  const question = new URLSearchParams({
    client_id: 'poolbench-app',
    redirect_uri: back,
    response_type: 'code',
    scope: 'openid',
    state: 'here',
  }).toString();
  await page.goto(`${bench.url}/stand-ins/000000000000/oidc/authorize?${question}`);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: /Alice Moreau/ }).click();
  await expect(page).toHaveURL(/\/health\?code=.+&state=here/);
});
