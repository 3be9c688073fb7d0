import AxeBuilder from '@axe-core/playwright';
import {
  CognitoIdentityClient,
  DescribeIdentityPoolCommand,
  UpdateIdentityPoolCommand,
} from '@aws-sdk/client-cognito-identity';
import type { Locator, Page } from '@playwright/test';
import type { DeviceState } from '../../src/shared/device.ts';
import { expect, test, type BuiltBench } from './fixtures.ts';

interface Sandbox {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly identityPoolId: string;
}

async function addPhone(bench: BuiltBench, name: string, app?: Sandbox): Promise<{ app: Sandbox; id: string }> {
  const pools = app ?? (await bench.call<Sandbox>('POST', '/sandbox', {}));
  const { id } = await bench.call<DeviceState>('POST', '/devices', { name, kind: 'phone', app: pools });
  return { app: pools, id };
}

const card = (page: Page, name: string): Locator => page.getByRole('article', { name });

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const signIn = async (page: Page, provider: string, person: string): Promise<void> => {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(`Person of ${provider}`).selectOption({ label: person });
  await dialog.getByRole('button', { name: `Sign in with ${provider}` }).click();
};

test('a guest signs in with providers that are listed on the way, unlinks one, and is told why a token is refused', async ({
  page,
  bench,
}) => {
  test.setTimeout(90_000);
  await addPhone(bench, 'Phone A');
  const phone = card(page, 'Phone A');
  const chips = phone.getByRole('list', { name: 'Logins on Phone A' });
  const identity = phone.getByRole('region', { name: 'Identity on Phone A' });
  await phone.getByRole('button', { name: 'Be a guest' }).click();
  await expect(identity).toContainText('guest');
  const guest = (await bench.call<DeviceState[]>('GET', '/devices'))[0]!.identity!.identityId;

  await test.step('the pool learns of Google and of the OpenID Connect provider', async () => {
    await phone.getByRole('button', { name: 'Sign in with…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('not in the pool')).toHaveCount(8);
    expect(await violations(page)).toEqual([]);
    for (const provider of ['Google', 'OpenID Connect', 'SAML', 'Twitter']) {
      await dialog.getByRole('button', { name: `List it in the pool: ${provider}` }).click();
      await expect(dialog.getByRole('button', { name: `Sign in with ${provider}` })).toBeVisible();
    }
    await expect(dialog.getByText('not in the pool')).toHaveCount(4);
    expect(await violations(page)).toEqual([]);
  });

  await test.step('a new login keeps the identity', async () => {
    await signIn(page, 'Google', 'Alice Moreau');
    await expect(chips.getByRole('button', { name: 'Google: Alice Moreau' })).toBeVisible();
    await expect(identity).toContainText('user');
    for (const provider of ['SAML', 'Twitter']) {
      await phone.getByRole('button', { name: 'Link another login on Phone A' }).click();
      await signIn(page, provider, 'Alice Moreau');
      await expect(chips.getByRole('button', { name: `${provider}: Alice Moreau` })).toBeVisible();
    }
    const [{ identity: now }] = await bench.call<[DeviceState]>('GET', '/devices');
    expect(now).toMatchObject({ identityId: guest, guest: false });
    expect(await violations(page)).toEqual([]);
  });

  await test.step('one is unlinked, another is only signed out of', async () => {
    await chips.getByRole('button', { name: 'Google: Alice Moreau' }).click();
    await page.getByRole('menuitem', { name: 'Unlink Google' }).click();
    await expect(chips.getByRole('listitem')).toHaveCount(2);
    await chips.getByRole('button', { name: 'Twitter: Alice Moreau' }).click();
    await page.getByRole('menuitem', { name: 'Sign out, and stay linked' }).click();
    await expect(chips.getByRole('listitem')).toHaveCount(1);
  });

  await test.step('a spoiled token is refused, and the card says why', async () => {
    await bench.call('POST', '/stand-ins/oidc/spoil', { what: 'wrong-key', once: true });
    await phone.getByRole('button', { name: 'Link another login on Phone A' }).click();
    await expect(page.getByRole('dialog').getByText('wrong key')).toBeVisible();
    await signIn(page, 'OpenID Connect', 'Bob Tanaka');
    await expect(phone).toContainText('NotAuthorizedException');
    await expect(phone).toContainText("Couldn't verify signed token");
    await expect(chips.getByRole('listitem')).toHaveCount(1);
    await phone.getByRole('button', { name: 'Why?' }).click();
    await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('IP-LOGIN-5');
  });

  await test.step('a token that is over shows so', async () => {
    await bench.call('POST', '/clock', { advance: 7200 });
    await expect(chips.getByRole('button', { name: 'SAML: Alice Moreau expired' })).toBeVisible();
    await phone.getByRole('button', { name: 'Get credentials on Phone A' }).click();
    await expect(chips.getByRole('button', { name: 'SAML: Alice Moreau', exact: true })).toBeVisible();
    await phone.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(phone).toContainText('nobody is signed in');
  });
});

test('a guest with a known login is merged, the backend vouches for a user, and people change places', async ({
  page,
  bench,
}) => {
  test.setTimeout(90_000);
  const { app, id } = await addPhone(bench, 'Phone A');
  const identities = new CognitoIdentityClient({
    endpoint: bench.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'any' },
  });
  const { $metadata: _metadata, ...pool } = await identities.send(
    new DescribeIdentityPoolCommand({ IdentityPoolId: app.identityPoolId }),
  );
  const { clients } = await bench.call<{ clients: { id: string }[] }>('GET', '/stand-ins/google');
  await identities.send(
    new UpdateIdentityPoolCommand({
      IdentityPoolId: app.identityPoolId,
      IdentityPoolName: pool.IdentityPoolName,
      AllowUnauthenticatedIdentities: true,
      CognitoIdentityProviders: pool.CognitoIdentityProviders,
      DeveloperProviderName: 'login.my-app',
      SupportedLoginProviders: { 'accounts.google.com': clients[0]!.id },
    }),
  );
  await bench.call('POST', `/devices/${id}/actions`, {
    do: 'link-login',
    provider: 'google',
    person: '104850127309618274501',
  });
  await addPhone(bench, 'Phone B', app);
  const phone = card(page, 'Phone B');
  const identity = phone.getByRole('region', { name: 'Identity on Phone B' });

  await phone.getByRole('button', { name: 'Be a guest' }).click();
  await expect(identity).toContainText('guest');
  await phone.getByRole('button', { name: 'Sign in with…' }).click();
  await signIn(page, 'Google', 'Alice Moreau');
  await expect(identity).toContainText('merged');
  const [first, second] = await bench.call<[DeviceState, DeviceState]>('GET', '/devices');
  expect(second.identity!.identityId).toBe(first.identity!.identityId);
  await bench.call('POST', `/devices/${second.id}/actions`, { do: 'put', dataset: 'prefs', key: 'volume', value: '3' });

  await phone.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(phone).toContainText('nobody is signed in');
  await phone.getByRole('button', { name: 'Sign in with…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User of the backend').fill('user-7');
  await dialog.getByRole('button', { name: 'Sign in with login.my-app' }).click();
  await expect(phone.getByRole('button', { name: 'login.my-app: user-7' })).toBeVisible();

  await phone.getByRole('button', { name: 'More actions of Phone B' }).click();
  await page.getByRole('menuitem', { name: 'People…' }).click();
  const people = page.getByRole('list', { name: 'People' });
  await expect(people).toContainText('user-7');
  await people
    .getByRole('listitem')
    .filter({ hasText: 'Alice Moreau' })
    .getByRole('button', { name: 'Switch' })
    .click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(phone.getByRole('list', { name: 'Logins on Phone B' }).getByRole('listitem')).toHaveText([
    'Google:Alice Moreau',
  ]);
  // Nobody was linked with whoever was here before.
  const [, back] = await bench.call<[DeviceState, DeviceState]>('GET', '/devices');
  expect(back.identity!.identityId).toBe(first.identity!.identityId);
  identities.destroy();
});

test('the scenario of one person with many logins plays on the stage', async ({ page, bench }) => {
  await bench.call('POST', '/scenarios/one-person-many-logins/run', { pace: 0, wait: true });
  const phone = card(page, 'Olivia’s phone');
  await expect(phone.getByRole('button', { name: 'OIDC: Olivia Park' })).toBeVisible();
  await expect(phone).toContainText("Couldn't verify signed token");
  await expect(phone.getByRole('button', { name: 'Why?' })).toBeVisible();
  await expect(card(page, 'Olivia’s tablet').getByRole('region', { name: /^Identity/ })).toContainText('merged');
  expect(await violations(page)).toEqual([]);
});
