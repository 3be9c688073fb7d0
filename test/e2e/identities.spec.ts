import AxeBuilder from '@axe-core/playwright';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoIdentityClient, GetIdCommand } from '@aws-sdk/client-cognito-identity';
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers';
import type { Locator, Page } from '@playwright/test';
import type { StandInView } from '../../src/shared/stand-ins.ts';
import { expect, test, type BuiltBench } from './fixtures.ts';

const REGION = 'us-east-1';
const PASSWORD = 'Correct-Horse-7';

interface People {
  readonly userPoolId: string;
  readonly provider: string;
  readonly idToken: string;
}

const developer = (bench: BuiltBench) => ({
  endpoint: bench.url,
  region: REGION,
  credentials: { accessKeyId: '000000000000', secretAccessKey: 'any' },
});

/** A user pool with alice of Engineering, who has signed in. */
async function makePeople(bench: BuiltBench): Promise<People> {
  const idp = new CognitoIdentityProviderClient(developer(bench));
  const { UserPool } = await idp.send(
    new CreateUserPoolCommand({ PoolName: 'people', Schema: [{ Name: 'department', AttributeDataType: 'String' }] }),
  );
  const UserPoolId = UserPool?.Id;
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'web',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  const Username = 'alice';
  await idp.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'custom:department', Value: 'Engineering' }],
    }),
  );
  await idp.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }));
  const { AuthenticationResult } = await idp.send(
    new InitiateAuthCommand({
      ClientId: UserPoolClient?.ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD },
    }),
  );
  idp.destroy();
  const userPoolId = UserPoolId ?? '';
  return {
    userPoolId,
    provider: `cognito-idp.${REGION}.amazonaws.com/${userPoolId}`,
    idToken: AuthenticationResult?.IdToken ?? '',
  };
}

/** The role that an app gets by the SDK's own credential provider. */
async function roleOf(bench: BuiltBench, identityPoolId: string, people?: People): Promise<string> {
  const credentials = fromCognitoIdentityPool({
    identityPoolId,
    ...(people && { logins: { [people.provider]: people.idToken } }),
    clientConfig: { endpoint: bench.url, region: REGION },
  });
  const sts = new STSClient({ endpoint: bench.url, region: REGION, credentials });
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  return Arn.split('/')[1] ?? '';
}

/** Makes an identity pool by the page, and gives its id. */
async function makePool(page: Page, template: string, name: string): Promise<string> {
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByRole('button', { name: 'New identity pool' }).click();
  const dialog = page.getByRole('dialog', { name: 'New identity pool' });
  await dialog.getByText(template, { exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Create the pool' }).click();
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
  await expect(dialog).toBeHidden();
  return decodeURIComponent(page.url().split('/').at(-1) ?? '');
}

async function addRule(page: Page, match: string, value: string, role: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'New rule' });
  await dialog.getByLabel('Match').selectOption(match);
  await dialog.getByRole('textbox', { name: 'Value' }).fill(value);
  await dialog.getByRole('combobox', { name: 'Role' }).fill(role);
  await dialog.getByRole('combobox', { name: 'Role' }).blur();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toBeHidden();
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('button', { name: 'Save changes' })).toBeHidden();
}

async function makeRules(page: Page): Promise<Locator> {
  await page.getByRole('tab', { name: 'Roles & rules' }).click();
  await page.getByText('By rules', { exact: true }).click();
  await addRule(page, 'Contains', 'Eng', 'Supporters');
  await addRule(page, 'Equals', 'Engineering', 'Engineers');
  return page.getByRole('grid', { name: 'Rules of people' });
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('rules are dragged by keyboard and by pointer, and real clients get their roles', async ({ page, bench }) => {
  const people = await makePeople(bench);
  const poolId = await makePool(page, 'With a user pool', 'shop');
  const rules = await makeRules(page);
  const trying = page.getByRole('complementary', { name: 'Try it' });
  await expect(trying.getByRole('list', { name: 'How the role was chosen' })).toContainText('Supporters');
  await save(page);
  expect(await roleOf(bench, poolId, people)).toBe('Supporters');

  await rules.getByRole('button', { name: 'Drag rule 2' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(rules.getByRole('row').first()).toContainText('Engineers');
  // Before anything is saved, the try knows, and clients do not.
  await expect(trying.getByText(/Rule 1 is the first that matches.*equals/i)).toBeVisible();
  expect(await roleOf(bench, poolId, people)).toBe('Supporters');
  await save(page);
  expect(await roleOf(bench, poolId, people)).toBe('Engineers');

  await rules
    .getByRole('row')
    .nth(1)
    .dragTo(rules.getByRole('row').first(), { targetPosition: { x: 60, y: 3 } });
  await expect(rules.getByRole('row').first()).toContainText('Supporters');
  await save(page);
  expect(await roleOf(bench, poolId, people)).toBe('Supporters');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rules.getByRole('row').first()).toContainText('Engineers');
  expect(await roleOf(bench, poolId, people)).toBe('Engineers');
});

test('a try takes a user’s claims, and claims that nobody has yet', async ({ page, bench }) => {
  await makePeople(bench);
  await makePool(page, 'With a user pool', 'shop');
  await makeRules(page);
  const trying = page.getByRole('complementary', { name: 'Try it' });
  const chain = trying.getByRole('list', { name: 'How the role was chosen' });
  await trying.getByText('A user’s claims').click();
  await trying.getByLabel('User', { exact: true }).selectOption('alice');
  await expect(chain).toContainText('token says “Engineering”');
  await trying.getByText('These claims').click();
  await trying.getByRole('textbox', { name: /Claims/ }).fill('{"custom:department":"Law"}');
  await expect(chain).toContainText('Cognito_shopAuth_Role');
  await page.getByText('Deny', { exact: true }).click();
  await expect(chain).toContainText('denies the request');
});

test('a try takes the people of a provider that stands in, and ends with the role’s trust', async ({ page, bench }) => {
  const oidc = (await bench.call<StandInView[]>('GET', '/stand-ins')).find(({ kind }) => kind === 'oidc');
  const iam = new IAMClient(developer(bench));
  await iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: oidc?.issuer, ClientIDList: oidc?.clients.map(({ id }) => id) }),
  );
  const closed = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'Closed',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: closed }),
    }),
  );
  iam.destroy();
  await makePool(page, 'Guests only', 'shop');
  await page.getByRole('tab', { name: 'Providers' }).click();
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByRole('dialog').getByText('OpenID Connect', { exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Providers' }).getByText('oidc', { exact: true })).toBeVisible();

  await page.getByRole('tab', { name: 'Roles & rules' }).click();
  const role = page.getByRole('combobox', { name: 'Authenticated', exact: true });
  await role.fill('Clo');
  await page.getByRole('option', { name: /^Closed/ }).click();
  await expect(role).toHaveValue('Closed');
  await expect(page.getByText('arn:aws:iam::000000000000:role/Closed')).toBeVisible();
  const trying = page.getByRole('complementary', { name: 'Try it' });
  await trying.getByText('A person’s claims').click();
  await trying.getByLabel('Person', { exact: true }).selectOption({ label: 'Bob Tanaka · bob@example.test' });
  await expect(trying.getByRole('status')).toContainText('Sales');
  const chain = trying.getByRole('list', { name: 'How the role was chosen' });
  await expect(chain).toContainText(/No statement of the role.s trust policy lets this principal in/);
  expect(await violations(page)).toEqual([]);
  await trying.getByLabel('Who').selectOption('a guest');
  await expect(chain).toContainText('Cognito_shopUnauth_Role');
  await expect(chain).toContainText('lets this principal in');
});

test('identities and providers are walked by keys', async ({ page, bench }) => {
  const poolId = await makePool(page, 'Guests only', 'kiosk');
  const client = new CognitoIdentityClient(developer(bench));
  for (let index = 0; index < 3; index += 1) await client.send(new GetIdCommand({ IdentityPoolId: poolId }));
  client.destroy();
  await page.getByRole('tab', { name: 'Identities' }).click();
  await expect(page.getByRole('table', { name: 'Identities' }).getByRole('row')).toHaveCount(4);
  const chosen = page.getByRole('table', { name: 'Identities' }).locator('tr[data-chosen]');
  const first = await page.locator('tbody tr').first().locator('td').first().getAttribute('title');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(page.getByRole('article', { name: `Identity ${first}` })).toBeVisible();
  await expect(chosen.getByRole('button')).toBeFocused();
  await page.reload();
  await expect(page.getByRole('article', { name: `Identity ${first}` })).toBeVisible();
  await page.locator('body').press('Escape');
  await expect(page.getByRole('article')).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(page.getByRole('button', { name: /^google/ })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.getByRole('article', { name: 'Provider facebook' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Choose a provider')).toBeVisible();
});

test('the inspector says why this role', async ({ page, bench }) => {
  const people = await makePeople(bench);
  const poolId = await makePool(page, 'With a user pool', 'shop');
  await makeRules(page);
  await save(page);
  await roleOf(bench, poolId, people);
  await page.getByRole('link', { name: 'Timeline' }).click();
  await page.getByText('List', { exact: true }).click();
  await page.getByRole('row', { name: /GetCredentialsForIdentity 200/ }).click();
  await page.getByRole('button', { name: 'Why this role' }).click();
  const chain = page.getByRole('list', { name: 'How the role was chosen' });
  await expect(chain).toContainText('people');
  await expect(chain.getByRole('list', { name: 'Rules' }).getByRole('listitem')).toHaveCount(2);
  await expect(chain).toContainText('not needed');
  await expect(chain).toContainText('trust policy lets this principal in');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'The pool’s rules' }).click();
  await expect(page.getByRole('grid', { name: 'Rules of people' })).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'What it may do' }).click();
  await expect(page.getByRole('textbox', { name: /access key/ })).toHaveValue(/^ASIA/);
});

test('a merge is seen in the lineage, and a developer writes for another identity', async ({ page, bench }) => {
  const people = await makePeople(bench);
  const poolId = await makePool(page, 'With a user pool', 'shop');
  await page.getByRole('tab', { name: 'Identities' }).click();
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByRole('menuitem', { name: 'A guest, by GetId' }).click();
  await expect(page.getByRole('article', { name: /^Identity / })).toBeVisible();
  const guest = decodeURIComponent(page.url().split('/').at(-1) ?? '');

  await page.getByRole('button', { name: 'Put a record' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Dataset' }).fill('prefs');
  await dialog.getByRole('textbox', { name: 'Key' }).fill('volume');
  await dialog.getByRole('textbox', { name: 'Value' }).fill('7');
  await dialog.getByRole('button', { name: 'Write' }).click();
  await expect(page.getByText('Sync count')).toBeVisible();
  const row = page.getByRole('row', { name: /volume/ });
  await expect(row).toContainText('7');
  await page.getByRole('button', { name: 'Edit volume' }).click();
  await dialog.getByRole('textbox', { name: 'Value' }).fill('11');
  await dialog.getByRole('button', { name: 'Write' }).click();
  await expect(row.getByRole('cell').nth(0)).toHaveText('11');
  await expect(row.getByRole('cell').nth(1)).toHaveText('2');

  // Alice has an identity; then the guest signs in as alice.
  await roleOf(bench, poolId, people);
  await fetch(bench.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityService.GetCredentialsForIdentity',
    },
    body: JSON.stringify({ IdentityId: guest, Logins: { [people.provider]: people.idToken } }),
  });
  await page.goto(`${bench.ui}#/identities/${encodeURIComponent(poolId)}/identities/${encodeURIComponent(guest)}`);
  const article = page.getByRole('article', { name: `Identity ${guest}` });
  await expect(article.getByText('Merged into')).toBeVisible();
  const happened = article.getByRole('table', { name: 'What happened' });
  await expect(happened).toContainText(`prefs became prefs.${guest}`);
  const graph = article.getByRole('application');
  await expect(graph.getByText('disabled', { exact: true })).toBeVisible();
  await expect(graph.getByText('authenticated', { exact: true })).toBeVisible();
  await expect(graph.getByText('merged, with prefs')).toBeVisible();

  // Before the merge it was a guest.
  const time = article.getByRole('slider', { name: 'Time' });
  await time.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(graph.getByText('guest', { exact: true })).toBeVisible();
  await expect(graph.getByText('authenticated', { exact: true })).toBeHidden();
  await page.keyboard.press('End');

  const survivor = graph.getByRole('group', { name: /authenticated$/ });
  await survivor.focus();
  await page.keyboard.press('Enter');
  const chosen = article.getByRole('region', { name: 'The chosen identity' });
  await expect(chosen).toContainText(`Owns now: prefs.${guest}`);
  await graph.getByText('disabled', { exact: true }).click();
  await expect(chosen).toContainText('Still owns now: no dataset');

  // No words are over a node, and the large one shows the same.
  await article.getByRole('button', { name: 'Open large' }).click();
  const large = page.getByRole('dialog', { name: /^Lineage of/ });
  const label = await large.getByText('merged, with prefs').boundingBox();
  for (const node of await large.getByRole('application').getByRole('group').all()) {
    const box = await node.boundingBox();
    if (!box || !label) throw new Error('the graph is not drawn');
    const isApart =
      box.x + box.width <= label.x ||
      label.x + label.width <= box.x ||
      box.y + box.height <= label.y ||
      label.y + label.height <= box.y;
    expect(isApart).toBe(true);
  }
  expect(await violations(page)).toEqual([]);
  await large.getByRole('button', { name: 'Larger' }).click();
  await page.keyboard.press('Escape');
  await expect(large).toBeHidden();
  await expect(article).toBeVisible();
});

test('a pool is set up, searched and deleted', async ({ page, bench }) => {
  const poolId = await makePool(page, 'Guests only', 'kiosk');
  expect(await roleOf(bench, poolId)).toBe('Cognito_kioskUnauth_Role');
  await page.getByRole('tab', { name: 'Overview' }).click();
  await expect(page.getByRole('region', { name: 'Identities' })).toContainText(/guest\s*1/);

  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('textbox', { name: 'Developer provider name' }).fill('login.kiosk');
  await page.getByRole('textbox', { name: 'Tags, one a line' }).fill('team=shop');
  await save(page);
  await expect(page.getByRole('textbox', { name: 'Developer provider name' })).toBeDisabled();
  await page.getByRole('tab', { name: 'Providers' }).click();
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByRole('dialog').getByText('Social', { exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('textbox', { name: /app’s id/ })
    .fill('1234.apps.example');
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Providers' })).toContainText('Google');
  await page.getByRole('button', { name: 'Principal tags' }).click();
  await page.getByText('Defaults', { exact: true }).click();
  await page.getByRole('button', { name: 'Save the tags' }).click();
  await expect(page.getByText('username = sub')).toBeVisible();
  // Nothing else was lost by it.
  await page.getByRole('tab', { name: 'Settings' }).click();
  await expect(page.getByRole('textbox', { name: 'Tags, one a line' })).toHaveValue('team=shop');

  await page.getByRole('tab', { name: 'Identities' }).click();
  const table = page.getByRole('table', { name: 'Identities' });
  await expect(table.getByRole('row')).toHaveCount(2);
  await page.getByRole('searchbox', { name: 'Search identities by id' }).fill('zzz');
  await expect(page.getByText('No identity fits')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await table.getByRole('button').first().click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the identity' }).click();
  await expect(page.getByRole('article').getByText('deleted', { exact: true }).first()).toBeVisible();

  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Delete the pool' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('kiosk');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the pool' }).click();
  await expect(page.getByText('No identity pool yet')).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  test(`every screen of an identity pool is accessible, ${theme}`, async ({ page, bench }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await expect(page.getByText('No identity pool yet')).toBeVisible();
    expect(await violations(page), 'no pools').toEqual([]);
    const people = await makePeople(bench);
    const poolId = await makePool(page, 'With a user pool', 'shop');
    await makeRules(page);
    await save(page);
    await roleOf(bench, poolId, people);
    await roleOf(bench, poolId);
    const tabs = await page.getByRole('tab').allInnerTexts();
    expect(tabs).toHaveLength(5);
    for (const tab of tabs) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      await expect(page.getByRole('tabpanel')).not.toBeEmpty();
      expect(await violations(page), tab).toEqual([]);
    }
    await page.getByRole('tab', { name: 'Providers' }).click();
    await page.getByRole('button', { name: 'Principal tags' }).click();
    expect(await violations(page), 'principal tags').toEqual([]);
    await page.getByRole('tab', { name: 'Identities' }).click();
    await page
      .getByRole('row', { name: /authenticated/ })
      .getByRole('button')
      .click();
    await expect(page.getByRole('application')).toContainText('Supporters');
    expect(await violations(page), 'an identity').toEqual([]);
  });
}
