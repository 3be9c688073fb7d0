import {
  CompleteWebAuthnRegistrationCommand,
  type CreateUserPoolCommandInput,
  DeleteWebAuthnCredentialCommand,
  GetUserAuthFactorsCommand,
  type InitiateAuthResponse,
  ListWebAuthnCredentialsCommand,
  SetUserPoolMfaConfigCommand,
  StartWebAuthnRegistrationCommand,
  type WebAuthnConfigurationType,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { Authenticator, type Bent, type CreationOptions, type RequestOptions } from './authenticator.ts';
import { answer, choose, prefer, SMS, USED_SESSION } from './factors.ts';
import { addClient, addUser, ALL_FLOWS, type App, createApp, INCORRECT, PASSWORD, refused, signIn } from './setup.ts';

let bench: TestBench;
let app: App;

const FACTORS: Partial<CreateUserPoolCommandInput> = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
};
const WITH_CHOICE = { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH' as const] };

beforeAll(async () => {
  bench = await startBench();
  app = await passkeyApp({ RelyingPartyId: 'example.com', UserVerification: 'preferred' });
});
afterAll(() => bench.stop());

async function passkeyApp(
  WebAuthnConfiguration: WebAuthnConfigurationType,
  pool: Partial<CreateUserPoolCommandInput> = {},
): Promise<App> {
  const own = await createApp(bench, { ...FACTORS, ...pool }, WITH_CHOICE);
  await own.idp.send(new SetUserPoolMfaConfigCommand({ UserPoolId: own.userPoolId, WebAuthnConfiguration }));
  return own;
}

async function begin(own: App, AccessToken: string): Promise<CreationOptions & { [member: string]: unknown }> {
  const { CredentialCreationOptions } = await own.idp.send(new StartWebAuthnRegistrationCommand({ AccessToken }));
  return CredentialCreationOptions as unknown as CreationOptions & { [member: string]: unknown };
}

function complete(own: App, AccessToken: string, Credential: unknown): Promise<unknown> {
  return own.idp.send(
    new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential: Credential as { [member: string]: string } }),
  );
}

async function register(own: App, username: string, authenticator = new Authenticator()): Promise<Authenticator> {
  const { access } = await signIn(own, username);
  await complete(own, access, authenticator.create(await begin(own, access)));
  return authenticator;
}

function optionsOf(asked: InitiateAuthResponse): RequestOptions & { [member: string]: unknown } {
  return JSON.parse(asked.ChallengeParameters!['CREDENTIAL_REQUEST_OPTIONS']!) as RequestOptions & {
    [member: string]: unknown;
  };
}

async function enter(own: App, username: string, key: Authenticator, bent: Bent = {}): Promise<unknown> {
  const asked = await choose(own, username, { PREFERRED_CHALLENGE: 'WEB_AUTHN' });
  return answer(own, asked, username, { CREDENTIAL: JSON.stringify(key.get(optionsOf(asked), bent)) });
}

describe('adding a passkey', () => {
  it('[UP-PASSKEY-3] begins with what a browser needs, for the pool’s relying party', async () => {
    await addUser(app, 'ann', { email: 'ann@example.com' });
    const { access, id: _ } = await signIn(app, 'ann');
    const options = await begin(app, access);
    expect(options).toMatchObject({
      rp: { id: 'example.com' },
      user: { name: 'ann@example.com' },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    });
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32);
  });

  it('[UP-PASSKEY-4] ends with a passkey that is listed, and is not made twice', async () => {
    await addUser(app, 'bob');
    const key = await register(app, 'bob');
    const { access: AccessToken } = await signIn(app, 'bob');
    const { Credentials } = await app.idp.send(new ListWebAuthnCredentialsCommand({ AccessToken }));
    expect(Credentials).toMatchObject([
      {
        CredentialId: key.id,
        RelyingPartyId: 'example.com',
        AuthenticatorAttachment: 'platform',
        AuthenticatorTransports: ['internal'],
        FriendlyCredentialName: expect.any(String) as string,
        CreatedAt: expect.any(Date) as Date,
      },
    ]);
    const factors = await app.idp.send(new GetUserAuthFactorsCommand({ AccessToken }));
    expect(factors.ConfiguredUserAuthFactors).toEqual(['PASSWORD', 'WEB_AUTHN']);
    const options = await begin(app, AccessToken);
    expect(options['excludeCredentials']).toMatchObject([{ id: key.id }]);
    await expect(complete(app, AccessToken, key.create(options))).rejects.toMatchObject({
      name: 'WebAuthnCredentialNotSupportedException',
    });
  });

  it('[UP-PASSKEY-4] answers a request once, in time, and only the newest one', async () => {
    await addUser(app, 'cid');
    const { access } = await signIn(app, 'cid');
    const unasked = { name: 'WebAuthnChallengeNotFoundException' };
    const key = new Authenticator();
    const invented = { rp: { id: 'example.com' }, challenge: Buffer.alloc(32).toString('base64url') };
    await expect(complete(app, access, key.create(invented))).rejects.toMatchObject(unasked);
    const older = await begin(app, access);
    const options = await begin(app, access);
    await expect(complete(app, access, key.create(older))).rejects.toMatchObject(unasked);
    const made = key.create(options);
    await complete(app, access, made);
    await expect(complete(app, access, made)).rejects.toMatchObject(unasked);
    const late = await begin(app, access);
    await bench.advance({ minutes: 6 });
    await expect(complete(app, access, new Authenticator().create(late))).rejects.toMatchObject(unasked);
  });

  it('[UP-PASSKEY-5] belongs to the client that it began with', async () => {
    await addUser(app, 'dan');
    const other = { ...app, ...(await addClient(app.idp, app.userPoolId, WITH_CHOICE)) };
    const { access } = await signIn(app, 'dan');
    const { access: elsewhere } = await signIn(other, 'dan');
    const options = await begin(app, access);
    await expect(complete(other, elsewhere, new Authenticator().create(options))).rejects.toMatchObject({
      name: 'WebAuthnClientMismatchException',
    });
    await complete(app, access, new Authenticator().create(options));
  });

  it.each([
    ['another challenge', { challenge: 'AAAA' }, 'WebAuthnChallengeNotFoundException'],
    ['a page of somebody else', { origin: 'https://evil.example' }, 'WebAuthnOriginNotAllowedException'],
    ['a page whose name only ends alike', { origin: 'https://evilexample.com' }, 'WebAuthnOriginNotAllowedException'],
    ['a page without TLS', { origin: 'http://app.example.com' }, 'WebAuthnOriginNotAllowedException'],
    ['another relying party', { relyingParty: 'other.com' }, 'WebAuthnRelyingPartyMismatchException'],
    ['an algorithm that was not offered', { algorithm: -8 }, 'WebAuthnCredentialNotSupportedException'],
    ['a sign-in’s answer', { type: 'webauthn.get' }, 'WebAuthnCredentialNotSupportedException'],
  ])('[UP-PASSKEY-6] is refused with %s', async (_what, bent: Bent, name) => {
    const { access } = await signIn(app, await addUser(app, crypto.randomUUID()));
    const options = await begin(app, access);
    await expect(complete(app, access, new Authenticator().create(options, bent))).rejects.toMatchObject({ name });
    const { Credentials } = await app.idp.send(new ListWebAuthnCredentialsCommand({ AccessToken: access }));
    expect(Credentials).toEqual([]);
  });

  it('[UP-PASSKEY-6] is refused where the user had to be verified and was not', async () => {
    const careful = await passkeyApp({ RelyingPartyId: 'example.com', UserVerification: 'required' });
    await addUser(careful, 'fay');
    const { access } = await signIn(careful, 'fay');
    const options = await begin(careful, access);
    await expect(
      complete(careful, access, new Authenticator().create(options, { userVerified: false })),
    ).rejects.toMatchObject({ name: 'WebAuthnCredentialNotSupportedException' });
    await complete(careful, access, new Authenticator().create(options));
  });

  it.each([
    [{}],
    [{ id: 'x', response: {} }],
    [{ id: 'x', response: { attestationObject: 'AAAA', clientDataJSON: '!!' } }],
    [{ id: 'x', response: { attestationObject: 'AAAA', transports: [7] } }],
    [{ id: 7, response: null }],
  ])('[UP-PASSKEY-6] is refused where %j is no credential', async (credential) => {
    const { access } = await signIn(app, await addUser(app, crypto.randomUUID()));
    await begin(app, access);
    await expect(complete(app, access, credential)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-PASSKEY-6] is refused where the attestation is no CBOR', async () => {
    await addUser(app, 'hal');
    const { access } = await signIn(app, 'hal');
    const made = new Authenticator().create(await begin(app, access));
    const broken = { ...made, response: { ...made.response, attestationObject: 'AAAA' } };
    await expect(complete(app, access, broken)).rejects.toMatchObject({
      name: 'WebAuthnCredentialNotSupportedException',
    });
  });

  it('[UP-PASSKEY-1] is refused where the pool lets nobody begin with one', async () => {
    const plain = await createApp(bench, {}, WITH_CHOICE);
    await addUser(plain, 'ida');
    const { access } = await signIn(plain, 'ida');
    const notEnabled = { name: 'WebAuthnNotEnabledException' };
    await expect(begin(plain, access)).rejects.toMatchObject(notEnabled);
    await expect(complete(plain, access, {})).rejects.toMatchObject(notEnabled);
  });

  it('[UP-PASSKEY-3] is refused where nobody says whose passkeys they are', async () => {
    const nameless = await createApp(bench, FACTORS, WITH_CHOICE);
    await addUser(nameless, 'jan');
    const { access } = await signIn(nameless, 'jan');
    await expect(begin(nameless, access)).rejects.toMatchObject({ name: 'WebAuthnConfigurationMissingException' });
  });

  it('[UP-PASSKEY-2] stops at twenty', async () => {
    await addUser(app, 'kim');
    const { access: AccessToken } = await signIn(app, 'kim');
    for (let count = 0; count < 20; count += 1) {
      await complete(app, AccessToken, new Authenticator().create(await begin(app, AccessToken)));
    }
    await expect(begin(app, AccessToken)).rejects.toMatchObject({ name: 'LimitExceededException' });
    const first = await app.idp.send(new ListWebAuthnCredentialsCommand({ AccessToken, MaxResults: 15 }));
    const rest = await app.idp.send(new ListWebAuthnCredentialsCommand({ AccessToken, NextToken: first.NextToken }));
    expect([first.Credentials!.length, rest.Credentials!.length]).toEqual([15, 5]);
    await expect(
      app.idp.send(new ListWebAuthnCredentialsCommand({ AccessToken, NextToken: 'nonsense' })),
    ).rejects.toMatchObject(refused('InvalidParameterException', 'Invalid pagination token given.'));
  });
});

describe('signing in with a passkey', () => {
  it('[UP-PASSKEY-7] works directly and by choice', async () => {
    await addUser(app, 'lou');
    const key = await register(app, 'lou');
    const asked = await choose(app, 'lou', { PREFERRED_CHALLENGE: 'WEB_AUTHN' });
    expect(asked).toMatchObject({
      ChallengeName: 'WEB_AUTHN',
      AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'WEB_AUTHN'],
    });
    expect(optionsOf(asked)).toMatchObject({
      rpId: 'example.com',
      allowCredentials: [{ id: key.id, type: 'public-key', transports: ['internal'] }],
      userVerification: 'preferred',
    });
    const CREDENTIAL = JSON.stringify(key.get(optionsOf(asked)));
    const done = await answer(app, asked, 'lou', { CREDENTIAL });
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
    await expect(answer(app, asked, 'lou', { CREDENTIAL })).rejects.toMatchObject(USED_SESSION);

    const chosen = await answer(app, await choose(app, 'lou'), 'lou', { ANSWER: 'WEB_AUTHN' });
    expect(chosen.ChallengeName).toBe('WEB_AUTHN');
    const again = await answer(app, chosen, 'lou', { CREDENTIAL: JSON.stringify(key.get(optionsOf(chosen))) });
    expect(again.AuthenticationResult?.AccessToken).toBeTruthy();
  });

  it.each([
    ['another challenge', { challenge: 'AAAA' }],
    ['a page of somebody else', { origin: 'https://evil.example' }],
    ['another relying party', { relyingParty: 'other.com' }],
    ['a registration’s answer', { type: 'webauthn.create' }],
  ])('[UP-PASSKEY-7] refuses %s, and takes the right answer after that', async (_what, bent: Bent) => {
    const username = await addUser(app, crypto.randomUUID());
    const key = await register(app, username);
    const asked = await choose(app, username, { PREFERRED_CHALLENGE: 'WEB_AUTHN' });
    const attempt = (bentNow: Bent): Promise<unknown> =>
      answer(app, asked, username, { CREDENTIAL: JSON.stringify(key.get(optionsOf(asked), bentNow)) });
    await expect(attempt(bent)).rejects.toMatchObject(INCORRECT);
    expect(await attempt({})).toHaveProperty('AuthenticationResult.AccessToken');
  });

  it('[UP-PASSKEY-7] refuses a stranger’s passkey, an unknown one, a wrong signature and nonsense', async () => {
    await addUser(app, 'nia');
    await addUser(app, 'ole');
    const key = await register(app, 'nia');
    const foreign = await register(app, 'ole');
    await expect(enter(app, 'nia', foreign)).rejects.toMatchObject(INCORRECT);
    await expect(enter(app, 'nia', new Authenticator())).rejects.toMatchObject(INCORRECT);
    const asked = await choose(app, 'nia', { PREFERRED_CHALLENGE: 'WEB_AUTHN' });
    const right = key.get(optionsOf(asked));
    const forged = { ...foreign.get(optionsOf(asked)), id: key.id, rawId: key.id };
    for (const CREDENTIAL of [
      JSON.stringify(forged),
      JSON.stringify({ ...right, response: { ...right.response, signature: 'AAAA' } }),
      JSON.stringify({ id: key.id }),
      'null',
      'nonsense',
    ]) {
      await expect(answer(app, asked, 'nia', { CREDENTIAL })).rejects.toMatchObject(INCORRECT);
    }
    await expect(answer(app, asked, 'nia')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('[UP-PASSKEY-8] refuses a counter that does not move on, and takes one that never counts', async () => {
    await addUser(app, 'pam');
    const key = await register(app, 'pam');
    expect(await enter(app, 'pam', key, { counter: 7 })).toHaveProperty('AuthenticationResult.AccessToken');
    await expect(enter(app, 'pam', key, { counter: 7 })).rejects.toMatchObject(INCORRECT);
    await expect(enter(app, 'pam', key, { counter: 3 })).rejects.toMatchObject(INCORRECT);
    expect(await enter(app, 'pam', key, { counter: 8 })).toHaveProperty('AuthenticationResult.AccessToken');

    await addUser(app, 'quo');
    const { access } = await signIn(app, 'quo');
    const still = new Authenticator();
    await complete(app, access, still.create(await begin(app, access), { counter: 0 }));
    for (let use = 0; use < 2; use += 1) {
      expect(await enter(app, 'quo', still, { counter: 0 })).toHaveProperty('AuthenticationResult.AccessToken');
    }
  });

  it('[UP-PASSKEY-9] ends when the passkey is deleted, by its user alone', async () => {
    await addUser(app, 'ray');
    await addUser(app, 'sam');
    const key = await register(app, 'ray');
    const { access: stranger } = await signIn(app, 'sam');
    await expect(
      app.idp.send(new DeleteWebAuthnCredentialCommand({ AccessToken: stranger, CredentialId: key.id })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const { access: AccessToken } = await signIn(app, 'ray');
    const asked = await choose(app, 'ray', { PREFERRED_CHALLENGE: 'WEB_AUTHN' });
    await app.idp.send(new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId: key.id }));
    await expect(
      answer(app, asked, 'ray', { CREDENTIAL: JSON.stringify(key.get(optionsOf(asked))) }),
    ).rejects.toMatchObject(INCORRECT);
    expect((await choose(app, 'ray')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD']);
  });

  it('[UP-PASSKEY-10] stands for two factors where pool and user want that and the user was verified', async () => {
    const strict = await passkeyApp({
      RelyingPartyId: 'example.com',
      UserVerification: 'preferred',
      FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
    });
    await strict.idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: strict.userPoolId,
        MfaConfiguration: 'OPTIONAL',
        SmsMfaConfiguration: { SmsConfiguration: SMS },
      }),
    );
    await addUser(strict, 'tom', { phone_number: '+15550401' });
    const key = await register(strict, 'tom');
    await prefer(strict, 'tom', { SMSMfaSettings: { Enabled: true } });
    expect((await choose(strict, 'tom')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD']);
    await prefer(strict, 'tom', { WebAuthnMfaSettings: { Enabled: true } });
    expect((await choose(strict, 'tom')).AvailableChallenges).toContain('WEB_AUTHN');
    await expect(enter(strict, 'tom', key, { userVerified: false })).rejects.toMatchObject(INCORRECT);
    expect(await enter(strict, 'tom', key)).toHaveProperty('AuthenticationResult.AccessToken');
    expect(await choose(strict, 'tom', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })).toMatchObject({
      ChallengeName: 'SMS_MFA',
    });
  });

  it('[UP-PASSKEY-6] counts localhost as safe without TLS', async () => {
    const local = await passkeyApp({ RelyingPartyId: 'localhost' });
    await addUser(local, 'una');
    const key = await register(local, 'una', new Authenticator('http://localhost:5173'));
    expect(await enter(local, 'una', key)).toHaveProperty('AuthenticationResult.AccessToken');
  });
});
