import { expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { contextOf } from '../../src/renderer/access/context.ts';
import { clientUpdateOf, lifetimeChange, lifetimesOf } from '../../src/renderer/pools/client.ts';
import { previewOf, problemOf } from '../../src/renderer/pools/message-preview.ts';
import { changesMfa, mfaRequestOf, type SignInDraft } from '../../src/renderer/pools/mfa.ts';
import { signInName, updateOf, type Pool, type User } from '../../src/renderer/pools/pool.ts';
import { poolOf, TEMPLATES } from '../../src/renderer/pools/templates.ts';
import { configWith, functionOf } from '../../src/renderer/pools/triggers.ts';
import { filterOf } from '../../src/renderer/pools/user-search.ts';
import { UserTable } from '../../src/renderer/pools/user-table.tsx';
import '../../src/renderer/ui/base.css';

const pool: Pool = {
  Id: 'us-east-1_pool',
  Name: 'shop',
  MfaConfiguration: 'OPTIONAL',
  AutoVerifiedAttributes: ['email'],
  EmailVerificationMessage: 'Code {####}',
  VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE', EmailMessage: 'Code {####}' },
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: true, UnusedAccountValidityDays: 7 },
  UserPoolTier: 'PLUS',
};

it('sends a pool’s other settings along with a change, because AWS resets what it is not told', () => {
  expect(updateOf(pool, { DeletionProtection: 'ACTIVE' })).toEqual({
    UserPoolId: 'us-east-1_pool',
    MfaConfiguration: 'OPTIONAL',
    AutoVerifiedAttributes: ['email'],
    VerificationMessageTemplate: pool.VerificationMessageTemplate,
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    UserPoolTier: 'PLUS',
    DeletionProtection: 'ACTIVE',
  });
});

it('sends a client’s other settings along with a change, and never its secret', () => {
  const client = {
    UserPoolId: 'us-east-1_pool',
    ClientId: 'c',
    ClientName: 'web',
    ClientSecret: 's',
    CreationDate: 1,
    CallbackURLs: ['http://localhost/'],
  };
  expect(clientUpdateOf(pool, client, { ClientName: 'app' })).toEqual({
    UserPoolId: 'us-east-1_pool',
    ClientId: 'c',
    ClientName: 'app',
    CallbackURLs: ['http://localhost/'],
  });
  const lifetimes = lifetimesOf({ AccessTokenValidity: 5, TokenValidityUnits: { AccessToken: 'minutes' } });
  expect(lifetimeChange(lifetimes)).toEqual({
    AccessTokenValidity: 5,
    IdTokenValidity: 1,
    RefreshTokenValidity: 30,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours', RefreshToken: 'days' },
  });
});

it.each([
  [{ attribute: 'email', operator: '^=', value: 'al' }, 'email ^= "al"'],
  [{ attribute: 'username', operator: '=', value: 'a"b\\c' }, 'username = "a\\"b\\\\c"'],
  [{ attribute: 'email', operator: '=', value: '' }, undefined],
] as const)('writes %o as ListUsers reads it', (search, filter) => {
  expect(filterOf(search)).toBe(filter);
});

it('knows people by what they sign in with', () => {
  const user: User = { Username: 'id', Attributes: [{ Name: 'email', Value: 'a@example.test' }] };
  expect(signInName(user, pool)).toBe('id');
  expect(signInName(user, { ...pool, UsernameAttributes: ['phone_number', 'email'] })).toBe('a@example.test');
});

it('makes of each template the pool that it names', () => {
  const [code, totp, passkey] = TEMPLATES.map(({ start }) => poolOf({ name: 'p', ...start }));
  expect(code).toMatchObject({ UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] });
  expect(totp).not.toHaveProperty('UsernameAttributes');
  expect(passkey).toMatchObject({ Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } });
});

const draft: SignInDraft = {
  verify: ['email'],
  beforeUpdate: [],
  selfSignUp: true,
  first: ['PASSWORD'],
  mode: 'ON',
  totp: true,
  sms: true,
  email: false,
  relyingParty: '',
  userVerification: 'preferred',
  twoFactors: false,
  smsRole: 'arn:aws:iam::000000000000:role/sms',
  smsExternalId: '',
};

it('names every second factor that stays on, and none where MFA is off', () => {
  expect(mfaRequestOf(pool, {}, draft)).toEqual({
    UserPoolId: 'us-east-1_pool',
    MfaConfiguration: 'ON',
    SoftwareTokenMfaConfiguration: { Enabled: true },
    SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms' } },
  });
  expect(mfaRequestOf(pool, {}, { ...draft, mode: 'OFF' })).toEqual({
    UserPoolId: 'us-east-1_pool',
    MfaConfiguration: 'OFF',
  });
  expect(changesMfa({ MfaConfiguration: 'OFF' }, { ...draft, mode: 'OFF' })).toBe(false);
  expect(changesMfa({ MfaConfiguration: 'OFF' }, draft)).toBe(true);
});

it('attaches a function to a moment, and takes it away', () => {
  const attached = configWith({ PreTokenGeneration: 'old' }, 'PreTokenGenerationConfig', 'arn', 'V2_0');
  expect(attached).toEqual({ PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: 'arn' } });
  expect(functionOf(attached, 'PreTokenGenerationConfig')).toBe('arn');
  expect(configWith({ PreSignUp: 'a', KMSKeyID: 'k' }, 'PreSignUp', '', 'V1_0')).toEqual({ KMSKeyID: 'k' });
});

it('shows a message as it arrives, and says what is missing in it', () => {
  const sample = { code: '123456', username: 'alice' };
  expect(previewOf('<b>Hi {username}</b>,<br>{####}', sample)).toBe('Hi alice,\n123456');
  expect(previewOf('Click {##here##}', sample)).toBe('Click here');
  expect(problemOf('no place', 'code')).toContain('{####}');
  expect(problemOf('{####}', 'code and name')).toContain('{username}');
  expect(problemOf('{####} {username}', 'code and name')).toBeUndefined();
  expect(problemOf('{####}', 'link')).toContain('link');
});

it('reads the context of a question line by line', () => {
  expect(contextOf('a:b=1\n\na:b=2\nc = x=y')).toEqual({ 'a:b': ['1', '2'], c: 'x=y' });
  expect(contextOf('nothing')).toBeUndefined();
});

it('walks ten thousand users by the keyboard, and draws only those in sight', async () => {
  const users = Array.from({ length: 10_000 }, (_none, index): User => ({ Username: `user-${index}` }));
  const onChoose = vi.fn<(username: string) => void>();
  const onMore = vi.fn<() => void>();
  const screen = await render(
    <div style={{ height: 400, display: 'flex' }}>
      <UserTable pool={pool} users={users} chosen={undefined} hasMore onMore={onMore} onChoose={onChoose} />
    </div>,
  );
  await expect.element(screen.getByRole('row', { name: /user-0/ })).toBeVisible();
  expect(screen.getByRole('row').elements().length).toBeLessThan(60);
  expect(onMore).not.toHaveBeenCalled();
  screen.getByRole('grid').element().focus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  expect(onChoose).toHaveBeenLastCalledWith('user-2');
  await userEvent.keyboard('{End}{Enter}');
  expect(onChoose).toHaveBeenLastCalledWith('user-9999');
  await expect.element(screen.getByRole('row', { name: /user-9999/ })).toBeVisible();
  expect(onMore).toHaveBeenCalled();
});
