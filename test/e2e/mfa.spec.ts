import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import type { DeviceState } from '../../src/shared/device.ts';
import { expect, test, type BuiltBench } from './fixtures.ts';

const PASSWORD = 'Correct-Horse-7';

/** A pool that lets its users have second factors and remembers devices, a user, and a phone pointed at it. */
async function prepare(bench: BuiltBench, mode: 'OPTIONAL' | 'ON'): Promise<CognitoIdentityProvider> {
  const sdk = await import('@aws-sdk/client-cognito-identity-provider');
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'test' };
  const pools = new sdk.CognitoIdentityProvider({ endpoint: bench.url, region: 'us-east-1', credentials });
  const { UserPool } = await pools.createUserPool({
    PoolName: 'secure',
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
  });
  const UserPoolId = UserPool!.Id!;
  await pools.setUserPoolMfaConfig({
    UserPoolId,
    MfaConfiguration: mode,
    SoftwareTokenMfaConfiguration: { Enabled: true },
    SmsMfaConfiguration: {
      SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms', ExternalId: 'x' },
    },
  });
  const { UserPoolClient } = await pools.createUserPoolClient({
    UserPoolId,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_AUTH'],
  });
  const user = { UserPoolId, Username: 'alice' };
  await pools.adminCreateUser({
    ...user,
    UserAttributes: [
      { Name: 'phone_number', Value: '+15550100' },
      { Name: 'phone_number_verified', Value: 'true' },
    ],
    MessageAction: 'SUPPRESS',
  });
  await pools.adminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true });
  await bench.call<DeviceState>('POST', '/devices', {
    name: 'Phone A',
    kind: 'phone',
    app: { userPoolId: UserPoolId, clientId: UserPoolClient!.ClientId },
  });
  return pools;
}

test('an authenticator is set up, answers the next sign-in, and a remembered device goes without', async ({
  page,
  bench,
}) => {
  test.setTimeout(120_000);
  const pools = await prepare(bench, 'OPTIONAL');
  const phone = page.getByRole('article', { name: 'Phone A' });
  const menu = async (entry: string): Promise<void> => {
    await phone.getByRole('button', { name: 'More actions of Phone A' }).click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  const signIn = async (): Promise<void> => {
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    const form = phone.getByRole('form', { name: 'Sign in on Phone A' });
    await form.getByLabel('User name').fill('alice');
    await form.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await form.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  const codes = phone.getByRole('region', { name: 'Authenticator on Phone A' });

  await test.step('the authenticator waits for its first code, and is switched on by it', async () => {
    await signIn();
    await expect(phone.getByText('signed in', { exact: true })).toBeVisible();
    await menu('Set up the authenticator');
    await expect(codes).toContainText(/\d{3} \d{3}/);
    await expect(codes.getByText('new', { exact: true })).toBeVisible();
    await codes.getByRole('button', { name: 'Verify and switch on' }).click();
    await expect(codes.getByText('new', { exact: true })).toBeHidden();
    await expect(codes).toContainText('used');
  });

  await test.step('codes follow the bench’s clock', async () => {
    await expect(codes).toContainText('used');
    await bench.call('POST', '/clock', { advance: 60 });
    await expect(codes.getByText('used')).toBeHidden();
  });

  await test.step('the next sign-in asks for it, and a wrong code is refused', async () => {
    await phone.getByRole('button', { name: 'Sign out' }).click();
    await signIn();
    const form = phone.getByRole('form', { name: 'Answer on Phone A' });
    await form.getByLabel('Code').fill('12345x');
    await form.getByRole('button', { name: 'Answer', exact: true }).click();
    await expect(phone).toContainText('CodeMismatchException');
    await form.getByRole('button', { name: /^Use the authenticator’s \d{6}$/ }).click();
    await expect(phone.getByText('signed in', { exact: true })).toBeVisible();
  });

  await test.step('remembered, the device is enough; forgotten, it is not', async () => {
    const known = phone.getByRole('region', { name: 'Remembered on Phone A' });
    await expect(known).toContainText('tracked');
    await known.getByRole('button', { name: 'Remember Phone A' }).click();
    await expect(known).toContainText('remembered');
    await phone.getByRole('button', { name: 'Sign out' }).click();
    await signIn();
    await expect(phone.getByText('signed in', { exact: true })).toBeVisible();

    await known.getByRole('button', { name: 'Have the pool forget Phone A' }).click();
    await expect(known).toBeHidden();
    await phone.getByRole('button', { name: 'Sign out' }).click();
    await signIn();
    await expect(phone.getByText('authenticator', { exact: true })).toBeVisible();
    await phone.getByRole('button', { name: 'Give up' }).click();
  });
  pools.destroy();
});

test('a code by SMS is used from the card, and from the inbox', async ({ page, bench }) => {
  const pools = await prepare(bench, 'ON');
  const phone = page.getByRole('article', { name: 'Phone A' });
  for (const place of ['card', 'inbox']) {
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    const form = phone.getByRole('form', { name: 'Sign in on Phone A' });
    await form.getByLabel('User name').fill('alice');
    await form.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await form.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(phone.getByText('SMS code', { exact: true })).toBeVisible();
    if (place === 'card') {
      await phone.getByRole('button', { name: /^Use code \d{6}$/ }).click();
    } else {
      await page.getByRole('link', { name: /Inbox/ }).click();
      await page.getByRole('button', { name: 'Use code on Phone A' }).first().click();
      await expect(page.getByText('alice is past the code on Phone A')).toBeVisible();
      await page.getByRole('link', { name: 'Stage' }).click();
    }
    await expect(phone.getByText('signed in', { exact: true })).toBeVisible();
    await phone.getByRole('button', { name: 'Sign out' }).click();
  }
  pools.destroy();
});
