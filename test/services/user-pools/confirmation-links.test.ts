import {
  AdminGetUserCommand,
  CreateUserPoolCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSecretHash } from 'cognito-srp-helper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, startBench, type TestBench } from '../../harness/bench.ts';
import { type App, attributeList, createApp, PASSWORD, refused } from './setup.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const BY_LINK = { VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' as const } };

async function signUp(app: App, username: string, attributes: { [name: string]: string }): Promise<void> {
  await app.idp.send(
    new SignUpCommand({
      ClientId: app.clientId,
      Username: username,
      Password: PASSWORD,
      UserAttributes: attributeList(attributes),
      ...(app.clientSecret === undefined
        ? {}
        : { SecretHash: createSecretHash(username, app.clientId, app.clientSecret) }),
    }),
  );
}

async function statusOf({ idp, userPoolId }: App, username: string): Promise<string | undefined> {
  return (await idp.send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }))).UserStatus;
}

async function open(link: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(link);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('a link in the message', () => {
  it('[UP-LINK-1] takes the place of the code, [UP-LINK-2] and opening it confirms', async () => {
    const app = await createApp(bench, BY_LINK);
    await signUp(app, 'ann', { email: 'ann@example.com' });
    const { link, subject, body } = await bench.messageTo('ann@example.com');
    expect(subject).toBe('Your verification link');
    const href = link!.replaceAll('&', '&amp;');
    expect(body).toBe(
      `Please click the link below to verify your email address. <a href="${href}">Verify Your Email</a> `,
    );
    expect(link).toMatch(
      new RegExp(`^${bench.url}/confirmUser\\?client_id=${app.clientId}&user_name=ann&confirmation_code=[0-9]{6}$`),
    );
    const page = await open(link!);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Your registration has been confirmed!');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await statusOf(app, 'ann')).toBe('CONFIRMED');
    const again = await open(link!);
    expect(again.status).toBe(400);
    expect(again.text).toContain('Current status is CONFIRMED');
  });

  it('[UP-LINK-1] has the pool’s own words, and a phone gets a code all the same', async () => {
    const app = await createApp(bench, {
      AutoVerifiedAttributes: ['email', 'phone_number'],
      VerificationMessageTemplate: {
        DefaultEmailOption: 'CONFIRM_WITH_LINK',
        EmailMessageByLink: 'Click {##here##}, or {##there##}',
        EmailSubjectByLink: 'Welcome',
      },
    });
    await signUp(app, 'ben', { email: 'ben@example.com' });
    const message = await bench.messageTo('ben@example.com');
    expect(message.subject).toBe('Welcome');
    expect(message.body).toMatch(/^Click <a href="[^"]+">here<\/a>, or <a href="[^"]+">there<\/a>$/);
    await signUp(app, 'cid', { phone_number: '+15550202020' });
    expect(await bench.messageTo('+15550202020')).toMatchObject({ link: null });
  });

  it('[UP-LINK-2] works for a client with a secret and a generated user name', async () => {
    const app = await createApp(bench, { ...BY_LINK, UsernameAttributes: ['email'] }, { GenerateSecret: true });
    await signUp(app, 'dan@example.com', { email: 'dan@example.com' });
    expect((await open((await bench.messageTo('dan@example.com')).link!)).status).toBe(200);
    expect(await statusOf(app, 'dan@example.com')).toBe('CONFIRMED');
  });

  it('[UP-LINK-2] that was replaced, is wrong or not complete confirms nobody', async () => {
    const app = await createApp(bench, BY_LINK);
    await signUp(app, 'eve', { email: 'eve@example.com' });
    const { link: first } = await bench.messageTo('eve@example.com');
    await app.idp.send(new ResendConfirmationCodeCommand({ ClientId: app.clientId, Username: 'eve' }));
    const { link: second, trigger } = await bench.messageTo('eve@example.com');
    expect(trigger).toBe('ResendCode');
    if (first !== second) expect((await open(first!)).status).toBe(400);
    const bent = (change: (query: URLSearchParams) => void): string => {
      const url = new URL(second!);
      change(url.searchParams);
      return url.href;
    };
    for (const wrong of [
      bent((query) => query.delete('confirmation_code')),
      bent((query) => query.delete('client_id')),
      bent((query) => query.set('confirmation_code', '<b>x</b>')),
      bent((query) => query.set('client_id', 'nobody')),
      bent((query) => query.set('user_name', '<script>')),
    ]) {
      const page = await open(wrong);
      expect(page.status).toBe(400);
      expect(page.text).not.toMatch(/<b>x|<script>/);
    }
    expect(await statusOf(app, 'eve')).toBe('UNCONFIRMED');
    expect((await open(second!)).status).toBe(200);
  });
});

describe('who e-mail comes from', () => {
  const arn = (identity: string, { region = 'us-east-1', account = ACCOUNT } = {}): string =>
    `arn:aws:ses:${region}:${account}:identity/${identity}`;

  it('[UP-MSG-1] is the pool’s sender, with its address for answers', async () => {
    const app = await createApp(bench, {
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        SourceArn: arn('example.org'),
        From: 'The shop <shop@mail.example.org>',
        ReplyToEmailAddress: 'help@example.org',
      },
    });
    await signUp(app, 'fay', { email: 'fay@example.com' });
    expect(await bench.messageTo('fay@example.com')).toMatchObject({
      from: 'The shop <shop@mail.example.org>',
      replyTo: 'help@example.org',
    });
  });

  it.each([
    ['another address', { From: 'me@example.net' }, 'Provided From email address is invalid'],
    ['a domain that ends alike', { From: 'me@notexample.org' }, 'Provided From email address is invalid'],
    [
      'SES elsewhere',
      { SourceArn: arn('example.org', { region: 'sa-east-1' }) },
      'Provided SourceArn must be in one of the following SES regions: eu-west-1, us-east-1, us-west-2.',
    ],
    [
      'another account’s identity',
      { SourceArn: arn('example.org', { account: '111111111111' }) },
      'Cognito is not allowed to use your email identity',
    ],
    [
      'what is no identity',
      { SourceArn: `arn:aws:sns:us-east-1:${ACCOUNT}:topic` },
      'Provided SourceArn is not the ARN of an SES identity.',
    ],
  ])('[UP-SENDER-1] is not %s', async (_what, settings, message) => {
    const { idp, userPoolId } = await createApp(bench);
    const EmailConfiguration = {
      EmailSendingAccount: 'DEVELOPER' as const,
      SourceArn: arn('example.org'),
      ...settings,
    };
    const expected = refused('InvalidParameterException', message);
    await expect(idp.send(new CreateUserPoolCommand({ PoolName: 'p', EmailConfiguration }))).rejects.toMatchObject(
      expected,
    );
    await expect(
      idp.send(new UpdateUserPoolCommand({ UserPoolId: userPoolId, EmailConfiguration })),
    ).rejects.toMatchObject(expected);
  });

  it('[UP-SENDER-2] is in the list of senders, where the account keeps one', async () => {
    const { idp } = await createApp(bench);
    const create = (identity: string): Promise<unknown> =>
      idp.send(
        new CreateUserPoolCommand({
          PoolName: 'p',
          EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: arn(identity) },
        }),
      );
    await create('anybody@example.net');
    await bench.call('POST', '/senders', { identity: 'Example.ORG' });
    expect(await bench.call('GET', '/senders')).toMatchObject([{ identity: 'example.org' }]);
    const refusal = refused('InvalidParameterException', 'Cognito is not allowed to use your email identity');
    await expect(create('anybody@example.net')).rejects.toMatchObject(refusal);
    await create('example.org');
    await create('someone@example.org');
    await expect(bench.call('POST', '/senders', { identity: 'no address' })).rejects.toThrow('400');
    await bench.call('DELETE', '/senders/example.org');
    await expect(bench.call('DELETE', '/senders/example.org')).rejects.toThrow('404');
    await create('anybody@example.net');
  });
});
