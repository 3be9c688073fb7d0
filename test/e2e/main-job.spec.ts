import { expect, test } from './fixtures.ts';

test('two devices sign up, sign in, synchronise, disagree and agree again, by the page alone', async ({ page }) => {
  test.setTimeout(120_000);
  const phone = page.getByRole('article', { name: 'Phone A' });
  const tablet = page.getByRole('article', { name: 'Tablet B' });
  const identityOf = (card: typeof phone) =>
    card
      .getByRole('button', { name: /^Copy identity id/ })
      .locator('.visually-hidden')
      .textContent()
      .then((text) => text?.split(' ').at(-1));

  await test.step('a phone, with pools made for it, comes as a guest', async () => {
    await page.getByRole('button', { name: 'Add a phone' }).click();
    await phone.getByRole('button', { name: 'Be a guest' }).click();
    await expect(phone.getByText('guest', { exact: true })).toBeVisible();
  });
  const guest = await identityOf(phone);

  await test.step('the guest keeps a value on the store', async () => {
    await phone.getByRole('button', { name: 'Put a value' }).click();
    await phone.getByLabel('Key', { exact: true }).fill('volume');
    await phone.getByLabel('Value', { exact: true }).fill('11');
    await phone.getByRole('button', { name: 'Put', exact: true }).click();
    await expect(phone.getByRole('row', { name: /volume 11 .*not sent yet/ })).toBeVisible();
    await phone.getByRole('button', { name: 'Sync prefs on Phone A' }).click();
    await expect(phone.getByText('count 1', { exact: true })).toBeVisible();
    await expect(phone.getByText('not sent yet')).toHaveCount(0);
  });

  await test.step('sign-up sends a code, and the code is used from the inbox', async () => {
    await phone.getByRole('button', { name: 'Sign up' }).click();
    const form = phone.getByRole('form', { name: 'Sign up on Phone A' });
    await form.getByLabel('User name').fill('alice');
    await form.getByRole('textbox', { name: 'Password' }).fill('Correct-Horse-7');
    await form.getByLabel('E-mail').fill('alice@example.test');
    await form.getByRole('button', { name: 'Sign up' }).click();
    await expect(phone.getByText('waits for code')).toBeVisible();
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: /Inbox/ }).click();
    await expect(page.getByRole('article')).toContainText('alice@example.test');
    await page.getByRole('button', { name: 'Use code on Phone A' }).click();
    await expect(page.getByText('alice is confirmed on Phone A')).toBeVisible();
    await page.getByRole('link', { name: 'Stage' }).click();
  });

  await test.step('a wrong password is refused, in the words of AWS and with the reason behind them', async () => {
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    const form = phone.getByRole('form', { name: 'Sign in on Phone A' });
    await form.getByLabel('User name').fill('alice');
    await form.getByRole('textbox', { name: 'Password' }).fill('Wrong-Horse-8');
    await form.getByRole('button', { name: 'Sign in' }).click();
    await expect(phone).toContainText('NotAuthorizedExceptionIncorrect username or password.');
    await phone.getByRole('button', { name: 'Why?' }).click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.getByRole('tab', { name: /^Why/ }).click();
    await expect(inspector.getByRole('listitem').last()).toContainText(/Refused.*password is wrong/);
  });

  await test.step('the right one signs in by SRP, and the guest becomes the user', async () => {
    const form = phone.getByRole('form', { name: 'Sign in on Phone A' });
    await form.getByRole('textbox', { name: 'Password' }).fill('Correct-Horse-7');
    await form.getByRole('button', { name: 'Sign in' }).click();
    await expect(phone.getByText('signed in', { exact: true })).toBeVisible();
    await expect(page.getByRole('option', { name: /Phone A to User pool: RespondToAuthChallenge, 200/ })).toBeVisible();
    await phone.getByRole('button', { name: 'Get credentials on Phone A' }).click();
    await expect(phone.getByText('user', { exact: true })).toBeVisible();
    expect(await identityOf(phone)).toBe(guest);
  });

  await test.step('it asks to be told of changes', async () => {
    await phone.getByRole('button', { name: 'Subscribe to pushes of prefs on Phone A' }).click();
    await expect(phone.getByRole('button', { name: 'Unsubscribe from pushes of prefs on Phone A' })).toBeVisible();
  });

  await test.step('a tablet joins as the same user and finds the value', async () => {
    await page.getByRole('button', { name: 'Add device' }).click();
    await page.getByRole('menuitem', { name: 'Tablet' }).click();
    await page.getByRole('dialog', { name: 'Add a tablet' }).getByRole('button', { name: 'Add', exact: true }).click();
    await tablet.getByRole('button', { name: 'Sign in', exact: true }).click();
    const form = tablet.getByRole('form', { name: 'Sign in on Tablet B' });
    await expect(form.getByLabel('User name')).toHaveValue('alice');
    await form.getByRole('button', { name: 'Sign in' }).click();
    await expect(tablet.getByText('signed in', { exact: true })).toBeVisible();
    await tablet.getByRole('button', { name: 'Get credentials' }).click();
    await expect(tablet.getByText('user', { exact: true })).toBeVisible();
    expect(await identityOf(tablet)).toBe(guest);
    await tablet.getByRole('button', { name: 'Put a value' }).click();
    await tablet.getByLabel('Key', { exact: true }).fill('theme');
    await tablet.getByLabel('Value', { exact: true }).fill('dark');
    await tablet.getByRole('button', { name: 'Put', exact: true }).click();
    await tablet.getByRole('button', { name: 'Sync prefs on Tablet B' }).click();
    await expect(tablet.getByRole('row', { name: /volume 11/ })).toBeVisible();
  });

  await test.step('a push brings the tablet’s change to the phone', async () => {
    await expect(phone.getByRole('row', { name: /theme dark/ })).toBeVisible();
    await expect(phone.getByRole('region', { name: 'Pushes on Phone A' })).toContainText('prefs at count 2');
  });

  await test.step('offline, the tablet changes what the phone changes too', async () => {
    await tablet.getByText('online').click();
    await expect(tablet.getByText('offline')).toBeVisible();
    await tablet.getByLabel('Key for prefs on Tablet B').fill('volume');
    await tablet.getByLabel('Value for prefs on Tablet B').fill('7');
    await tablet.getByRole('button', { name: 'Put into prefs on Tablet B' }).click();
    await expect(tablet.getByRole('row', { name: /volume 7 .*not sent yet/ })).toBeVisible();

    await phone.getByLabel('Key for prefs on Phone A').fill('volume');
    await phone.getByLabel('Value for prefs on Phone A').fill('9');
    await phone.getByRole('button', { name: 'Put into prefs on Phone A' }).click();
    await phone.getByRole('button', { name: 'Sync prefs on Phone A' }).click();
    await expect(phone.getByText('count 3', { exact: true })).toBeVisible();
  });

  await test.step('back online it finds a conflict, and a choice settles it', async () => {
    await tablet.getByText('offline').click();
    await expect(tablet.getByText('online')).toBeVisible();
    await tablet.getByRole('button', { name: 'Sync prefs on Tablet B' }).click();
    await expect(tablet.getByText('1 conflict', { exact: true })).toBeVisible();
    await tablet.getByRole('button', { name: 'Resolve prefs on Tablet B' }).click();
    const resolver = page.getByRole('dialog', { name: 'Resolve prefs on Tablet B' });
    const volume = resolver.getByRole('region', { name: 'Conflict of volume' });
    await expect(volume).toContainText('Tablet B');
    await volume.getByText('Keep mine').click();
    await expect(volume.getByRole('radio', { name: 'Keep mine' })).toBeChecked();
    await resolver.getByRole('button', { name: 'Apply and send' }).click();
    await expect(resolver).toBeHidden();
    await expect(tablet.getByText('count 4', { exact: true })).toBeVisible();
  });

  await test.step('a push tells the phone, and both agree', async () => {
    await expect(phone.getByRole('row', { name: /volume 7/ })).toBeVisible();
    await expect(tablet.getByRole('row', { name: /volume 7/ })).toBeVisible();
    await expect(page.getByText('1 error', { exact: true })).toBeVisible();
  });
});
