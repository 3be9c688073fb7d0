import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { S3 } from '@aws-sdk/client-s3';
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers';
import type { Locator, Page } from '@playwright/test';
import { allow, open, play, write } from './access-steps.ts';
import { expect, test, type BuiltBench } from './fixtures.ts';

const region = 'us-east-1';
const ACCOUNT = '000000000000';
const PASSWORD = 'Correct-Horse-7';
const SIGNED_IN = 'Who signed in through an identity pool';
const SUB = '${cognito-identity.amazonaws.com:sub}';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const developer = (bench: BuiltBench) => ({
  endpoint: bench.url,
  region,
  credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'any' },
});

interface App {
  readonly identityPoolId: string;
  /** Puts an object into the bucket `notes`, with credentials of the SDK's own provider: `allowed`, or the error. */
  put(key: string): Promise<string>;
}

/** Alice, who signs in by a user pool to an identity pool whose signed-in role is `Writers`. */
async function makeApp(bench: BuiltBench): Promise<App> {
  const userPools = new CognitoIdentityProvider(developer(bench));
  const identityPools = new CognitoIdentity(developer(bench));
  const { UserPool } = await userPools.createUserPool({ PoolName: 'people' });
  const UserPoolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await userPools.createUserPoolClient({
    UserPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  const ClientId = UserPoolClient?.ClientId ?? '';
  await userPools.adminCreateUser({ UserPoolId, Username: 'alice', MessageAction: 'SUPPRESS' });
  await userPools.adminSetUserPassword({ UserPoolId, Username: 'alice', Password: PASSWORD, Permanent: true });
  const { AuthenticationResult } = await userPools.initiateAuth({
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'alice', PASSWORD },
  });
  const provider = `cognito-idp.${region}.amazonaws.com/${UserPoolId}`;
  const { IdentityPoolId: identityPoolId = '' } = await identityPools.createIdentityPool({
    IdentityPoolName: 'notes-app',
    AllowUnauthenticatedIdentities: false,
    CognitoIdentityProviders: [{ ProviderName: provider, ClientId }],
  });
  const s3 = new S3({
    endpoint: bench.url,
    region,
    forcePathStyle: true,
    credentials: fromCognitoIdentityPool({
      identityPoolId,
      logins: { [provider]: AuthenticationResult?.IdToken ?? '' },
      clientConfig: { endpoint: bench.url, region },
    }),
  });
  return {
    identityPoolId,
    put: (key) =>
      s3.putObject({ Bucket: 'notes', Key: key, Body: 'hello' }).then(
        () => 'allowed',
        (error: unknown) => (error as Error).name,
      ),
  };
}

const giveRole = (bench: BuiltBench, IdentityPoolId: string, role: string) =>
  new CognitoIdentity(developer(bench)).setIdentityPoolRoles({
    IdentityPoolId,
    Roles: { authenticated: `arn:aws:iam::${ACCOUNT}:role/${role}` },
  });

async function createRole(page: Page, name: string, who?: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Create a role' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a role' });
  if (who !== undefined) await expect(dialog.getByRole('radio', { name: who })).toBeChecked();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  const role = page.getByRole('article', { name: `Role ${name}` });
  await expect(role).toBeVisible();
  return role;
}

test('a role gets a policy that lets an app write, and the change is undone', async ({ page, bench }) => {
  const app = await makeApp(bench);
  await new S3({ ...developer(bench), forcePathStyle: true }).createBucket({ Bucket: 'notes' });
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  const role = await createRole(page, 'Writers', SIGNED_IN);
  await expect(role).toContainText(app.identityPoolId);
  await expect(role).toContainText('None: everything is denied.');
  await giveRole(bench, app.identityPoolId, 'Writers');
  expect(await app.put('a.txt')).toBe('AccessDenied');

  await role.getByRole('button', { name: 'Write a policy', exact: true }).click();
  const editor = page.getByRole('dialog', { name: 'A policy of Writers' });
  await editor.getByRole('textbox', { name: 'Name' }).fill('Writing');
  const findings = editor.getByRole('status');
  await write(editor, '{ "Version": ');
  await expect(findings).toContainText('This is not JSON yet.');
  await expect(editor.getByRole('button', { name: 'Save' })).toBeDisabled();
  await write(editor, allow('s3:PutObject', 'notes/*'));
  await expect(findings).toContainText('IAM refuses');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor.getByRole('alert')).toContainText('MalformedPolicyDocument');
  await write(editor, allow('s3:PutObject', 'arn:aws:s3:::notes'));
  await expect(findings).toContainText('doubtful');
  await write(editor, allow('s3:PutObject', 'arn:aws:s3:::notes/*'));
  await expect(findings).toContainText('Nothing to say about it.');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor).toBeHidden();
  await expect(role.getByRole('region', { name: 'document of Writing' })).toContainText('arn:aws:s3:::notes/*');
  expect(await app.put('a.txt')).toBe('allowed');

  await role.getByRole('button', { name: 'Edit Writing' }).click();
  const edit = page.getByRole('dialog', { name: 'Writing of Writers' });
  await write(edit, allow('s3:PutObject', 'arn:aws:s3:::notes/b.txt'));
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  expect(await app.put('a.txt')).toBe('AccessDenied');
  await role.getByRole('button', { name: 'Undo the change of Writing' }).click();
  await expect(role.getByRole('button', { name: 'Undo the change of Writing' })).toBeHidden();
  expect(await app.put('a.txt')).toBe('allowed');
});

test('the smallest policy is made of what the role’s sessions did and tried', async ({ page, bench }) => {
  const app = await makeApp(bench);
  const s3 = new S3({ ...developer(bench), forcePathStyle: true });
  await s3.createBucket({ Bucket: 'notes' });
  await open(page, bench, 'roles');
  const role = await createRole(page, 'Writers', SIGNED_IN);
  await role.getByRole('button', { name: 'Write a policy from traffic' }).click();
  const dialog = page.getByRole('dialog', { name: 'A policy of Writers, from traffic' });
  await expect(dialog).toContainText('No session of this role has asked');
  await expect(dialog.getByRole('button', { name: 'Continue in the editor' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await giveRole(bench, app.identityPoolId, 'Writers');
  const identityPools = new CognitoIdentity(developer(bench));
  expect(await app.put('shared/a.txt')).toBe('AccessDenied');
  const { Identities } = await identityPools.listIdentities({ IdentityPoolId: app.identityPoolId, MaxResults: 1 });
  const own = `${Identities?.[0]?.IdentityId}/note.txt`;
  expect(await app.put(own)).toBe('AccessDenied');

  await role.getByRole('button', { name: 'Write a policy from traffic' }).click();
  const calls = dialog.getByRole('list', { name: 'Calls to allow' });
  await expect(calls.getByRole('listitem')).toHaveCount(2);
  await expect(calls).toContainText(`arn:aws:s3:::notes/${SUB}/note.txt`);
  await calls.getByRole('checkbox', { name: /shared\/a\.txt/ }).uncheck();
  await dialog.getByRole('button', { name: 'Continue in the editor' }).click();
  const editor = page.getByRole('dialog', { name: 'A policy of Writers' });
  await expect(editor.locator('.cm-content')).toContainText(`notes/${SUB}/note.txt`);
  await editor.getByRole('textbox', { name: 'Name' }).fill('Own');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor).toBeHidden();
  expect(await app.put(own)).toBe('allowed');
  expect(await app.put('shared/a.txt')).toBe('AccessDenied');
});

test('a managed policy has versions, is attached, detached and deleted, and so is its role', async ({
  page,
  bench,
}) => {
  await open(page, bench, 'policies');
  await page.getByRole('button', { name: 'Create a policy' }).click();
  const creating = page.getByRole('dialog', { name: 'Create a managed policy' });
  await creating.getByRole('textbox', { name: 'Name' }).fill('Shared');
  await write(creating, allow('s3:GetObject', 'arn:aws:s3:::one/*'));
  await creating.getByRole('button', { name: 'Save' }).click();
  const policy = page.getByRole('article', { name: 'Policy Shared' });
  await expect(policy).toContainText('arn:aws:s3:::one/*');

  await policy.getByRole('button', { name: 'Write a new version' }).click();
  const editing = page.getByRole('dialog', { name: 'A new version of Shared' });
  await write(editing, allow('s3:GetObject', 'arn:aws:s3:::two/*'));
  await editing.getByRole('button', { name: 'Save' }).click();
  await expect(editing).toBeHidden();
  await expect(page.getByRole('row', { name: 'Shared v2 nobody' })).toBeVisible();
  await policy.getByRole('button', { name: 'Undo the change of Shared' }).click();
  await expect(page.getByRole('row', { name: 'Shared v1 nobody' })).toBeVisible();
  await policy.getByRole('button', { name: 'Let v2 of Shared count' }).click();
  await expect(policy.getByRole('region', { name: 'document of Shared' })).toContainText('two');

  await page.getByRole('tab', { name: 'Roles' }).click();
  const role = await createRole(page, 'Readers');
  await role.getByRole('button', { name: 'Attach a managed policy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Attach', exact: true }).click();
  await expect(role.getByRole('region', { name: /document of .*Shared/ })).toContainText('arn:aws:s3:::two/*');
  await expect(page.getByRole('row', { name: /Readers 1/ })).toBeVisible();

  await open(page, bench, 'policies/Shared');
  await policy.getByRole('button', { name: 'Delete', exact: true }).click();
  const refused = page.getByRole('dialog', { name: 'Delete Shared?' });
  await refused.getByRole('button', { name: 'Delete' }).click();
  await expect(refused.getByRole('alert')).toContainText('DeleteConflict');
  await refused.getByRole('button', { name: 'Cancel' }).click();

  await open(page, bench, 'roles/Readers');
  await role.getByRole('button', { name: /^Detach / }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Detach' }).click();
  await expect(role).toContainText('None: everything is denied.');
  await role.getByRole('button', { name: 'Delete', exact: true }).click();
  const deleting = page.getByRole('dialog', { name: 'Delete Readers?' });
  await expect(deleting.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await deleting.getByRole('textbox').fill('Readers');
  await deleting.getByRole('button', { name: 'Delete' }).click();
  await expect(role).toBeHidden();
  await expect(page.getByRole('row', { name: /Readers/ })).toBeHidden();
});

test('the matrix shows who may do what, why, and what another claim would change', async ({ page, bench }) => {
  await play(bench);
  await open(page, bench, 'matrix');
  const table = page.getByRole('table', { name: 'Users by resources' });
  const cell = (user: string) =>
    table.getByRole('button', { name: new RegExp(`^${user}, s3:PutObject on testapp-drawings/note.txt`) });
  await expect(cell('emma')).toHaveText('allowed');
  await expect(cell('oscar')).toHaveText('not allowed');
  await expect(table.getByRole('button', { name: 'Why emma gets EngineersRole' })).toBeVisible();

  await cell('oscar').click();
  const why = page.getByRole('region', { name: 'Why, for oscar' });
  await expect(why).toBeInViewport({ ratio: 1 });
  await expect(why).toContainText('No rule matches');
  await expect(why).toContainText('No identity-based policy allows it.');
  const claim = why.getByRole('textbox', { name: 'said' });
  await expect(claim).toHaveValue('Sales');
  await claim.fill('');
  await claim.pressSequentially('Engineering');
  await expect(claim).toHaveValue('Engineering');
  await expect(cell('oscar')).toHaveText('allowed');
  await expect(table.getByRole('rowheader', { name: /oscar/ })).toContainText('what if');
  await why.getByRole('button', { name: 'As it really is' }).click();
  await expect(cell('oscar')).toHaveText('not allowed');

  await page.getByRole('textbox', { name: 'Action 1' }).fill('s3:GetObject');
  await expect(table.getByRole('columnheader', { name: /s3:GetObject/ })).toBeVisible();
  await expect(table.getByRole('button', { name: /^emma, s3:GetObject/ })).toHaveText('not allowed');
  await page.getByRole('textbox', { name: 'Action 1' }).fill('s3:PutObject');

  await cell('emma').click();
  await page.getByRole('button', { name: 'Explain with every statement' }).click();
  const verdict = page.getByRole('region', { name: 'The verdict' });
  await expect(verdict.getByRole('status')).toHaveText('Allowed by statement PutDrawings of TestAppEngineerPolicy.');
  await expect(page.getByRole('textbox', { name: 'Resource' })).toHaveValue('arn:aws:s3:::testapp-drawings/note.txt');
  await page.reload();
  await expect(verdict.getByRole('status')).toContainText('PutDrawings');

  // What guests get is less than what the role says.
  await page.goBack();
  await table.getByRole('button', { name: /^guest, cognito-sync:UpdateRecords/ }).click();
  await page.getByRole('button', { name: 'Explain with every statement' }).click();
  await expect(page.getByRole('checkbox', { name: 'As a guest' })).toBeChecked();
  await expect(verdict).toContainText('session policy 1');
});

test('buckets and tables are made and filled, and deleted, by keyboard alone', async ({ page, bench }) => {
  const { keyboard } = page;
  /** Walks on with the Tab key, as far as a page has stops. */
  const reach = async (target: Locator): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
      await keyboard.press('Tab');
    }
    throw new Error(`${String(target)} is not reached by the Tab key`);
  };
  const press = async (name: string | RegExp, within: Page | Locator = page): Promise<void> => {
    const button = within.getByRole('button', { name, exact: true });
    await expect(button).toBeVisible();
    await reach(button);
    await keyboard.press('Enter');
  };
  const dialog = page.getByRole('dialog');

  await keyboard.press('Control+k');
  await expect(dialog).toBeVisible();
  await keyboard.type('buckets');
  await expect(dialog.getByRole('menuitem')).toHaveCount(1);
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect(page.getByText('Nothing to guard yet')).toBeVisible();

  await press('Create a bucket');
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await keyboard.type('photos');
  await keyboard.press('Enter');
  const bucket = page.getByRole('article', { name: 'Bucket photos' });
  await press('Put an object', bucket);
  await expect(dialog.getByRole('textbox', { name: 'Key' })).toBeFocused();
  await keyboard.type('cats/tom & jerry.txt');
  await keyboard.press('Tab');
  await keyboard.type('miaow');
  await press('Put', dialog);
  await expect(dialog).toBeHidden();
  await press('cats/tom & jerry.txt', bucket);
  await expect(bucket.getByRole('region', { name: 'content of cats/tom & jerry.txt' })).toHaveText('miaow');
  await press('Delete', bucket);
  await press('Delete', dialog);
  await expect(dialog.getByRole('alert')).toContainText('BucketNotEmpty');
  await keyboard.press('Escape');
  await press('Delete cats/tom & jerry.txt', bucket);
  await expect(bucket).toContainText('No object has a key that begins so.');
  await press('Delete', bucket);
  await press('Delete', dialog);
  await expect(bucket).toBeHidden();

  await press('Create a table');
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await keyboard.type('Tunes');
  await keyboard.press('Enter');
  const table = page.getByRole('article', { name: 'Table Tunes' });
  await press('Put an item', table);
  await reach(dialog.getByRole('textbox'));
  await keyboard.press('Control+a');
  await keyboard.insertText('{ "id": { "S": "one" }, "stars": { "N": "5" } }');
  await press('Put', dialog);
  await expect(dialog).toBeHidden();
  await expect(table.getByRole('row', { name: /one .*"stars"/ })).toBeVisible();

  // Looking at a table asks once, not over and over.
  const calls = async () => (await bench.call<{ next: number }>('GET', '/trace?since=0&limit=5000')).next;
  await expect
    .poll(async () => {
      const before = await calls();
      await page.waitForTimeout(700);
      return (await calls()) - before;
    })
    .toBe(0);

  await press('Delete one', table);
  await expect(table).toContainText('The table is empty.');
  await press('Delete', table);
  await reach(dialog.getByRole('textbox'));
  await keyboard.type('Tunes');
  await press('Delete', dialog);
  await expect(table).toBeHidden();
  await expect(page.getByText('Nothing to guard yet')).toBeVisible();
});
