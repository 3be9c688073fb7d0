import {
  AdminForgetDeviceCommand,
  AdminUpdateDeviceStatusCommand,
  AssociateSoftwareTokenCommand,
  type ChallengeNameType,
  CreateUserPoolClientCommand,
  type DeviceConfigurationType,
  type InitiateAuthResponse,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { ALL_FACTORS, answer, choose, otherThan, prefer, SES, start, totp } from './factors.ts';
import { KnownDevice } from './known-device.ts';
import { addUser, ALL_FLOWS, type App, createApp, passwordAuth } from './setup.ts';

type Factor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP';
type Name = 'ann' | 'bob';

interface Settings {
  readonly mode: 'OFF' | 'OPTIONAL' | 'ON';
  readonly offered: readonly Factor[];
  readonly device: DeviceConfigurationType | undefined;
  readonly annHas: readonly Factor[];
  readonly withCodes: boolean;
}

/** What the walk itself knows to be true: it never asks the bench what was proven. */
interface Shown {
  readonly user: Name;
  readonly first: boolean;
  readonly second: boolean;
  readonly device?: KnownDevice;
}

interface Session {
  readonly asked: InitiateAuthResponse;
  readonly client: App;
  readonly shown: Shown;
  /** The code that was sent for this very session. */
  readonly code?: string | undefined;
  /** Set while a software token is being set up. */
  readonly secret?: string;
  readonly verified?: boolean;
}

const settings = fc.record<Settings>({
  mode: fc.constantFrom('OFF', 'OPTIONAL', 'ON'),
  offered: fc.subarray<Factor>(['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'], { minLength: 1 }),
  device: fc.option(
    fc.record({ ChallengeRequiredOnNewDevice: fc.boolean(), DeviceOnlyRememberedOnUserPrompt: fc.boolean() }),
    { nil: undefined },
  ),
  annHas: fc.subarray<Factor>(['SMS_MFA', 'EMAIL_OTP']),
  withCodes: fc.boolean(),
});

const name = fc.constantFrom<Name>('ann', 'bob');
const pick = fc.nat({ max: 7 });
const likely = fc.nat({ max: 7 }).map((of) => of > 0);

const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('begin' as const), user: name, right: likely, device: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin by code' as const), user: name }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('answer' as const), session: pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('cheat' as const),
      session: pick,
      how: fc.constantFrom('wrong', 'other user', 'other client', 'other challenge', 'other session’s code', 'nothing'),
      other: pick,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('set up' as const), session: pick, right: likely }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(31, 31, 31, 200) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('change device' as const),
      device: pick,
      how: fc.constantFrom('remember', 'not', 'forget'),
    }),
  },
);
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

const ADDRESS = { ann: 'ann@example.com', bob: 'bob@example.com' };
const PHONE = '+15550701';
const OTHER_CHALLENGES: readonly ChallengeNameType[] = [
  'SMS_MFA',
  'EMAIL_OTP',
  'SOFTWARE_TOKEN_MFA',
  'MFA_SETUP',
  'DEVICE_SRP_AUTH',
];

let bench: TestBench;
let reached = 0;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

/** One pool, two users, and everything that was tried on them. */
class Walk {
  readonly sessions: Session[] = [];
  readonly devices: KnownDevice[] = [];
  readonly #forgotten = new Set<string>();
  readonly #remembered = new Map<string, boolean>();
  /** Software tokens that were set up on the way. */
  readonly #tokens = new Map<Name, string>();
  readonly #emails = new Set<Name>();

  private constructor(
    readonly chosen: Settings,
    readonly app: App,
    readonly otherClient: App,
  ) {}

  static async begin(chosen: Settings): Promise<Walk> {
    const codes = chosen.withCodes && chosen.mode !== 'ON' ? (['EMAIL_OTP'] as const) : [];
    const client = { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH' as const] };
    const app = await createApp(
      bench,
      {
        EmailConfiguration: SES,
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', ...codes] } },
        DeviceConfiguration: chosen.device,
      },
      client,
    );
    if (chosen.mode !== 'OFF') {
      const { offered } = chosen;
      await app.idp.send(
        new SetUserPoolMfaConfigCommand({
          UserPoolId: app.userPoolId,
          MfaConfiguration: chosen.mode,
          ...(offered.includes('SMS_MFA') && { SmsMfaConfiguration: ALL_FACTORS.SmsMfaConfiguration }),
          ...(offered.includes('SOFTWARE_TOKEN_MFA') && { SoftwareTokenMfaConfiguration: { Enabled: true } }),
          ...(offered.includes('EMAIL_OTP') && { EmailMfaConfiguration: ALL_FACTORS.EmailMfaConfiguration }),
        }),
      );
    }
    await addUser(app, 'ann', { email: ADDRESS.ann, phone_number: PHONE });
    await addUser(app, 'bob', { email: ADDRESS.bob });
    await prefer(app, 'ann', {
      SMSMfaSettings: { Enabled: chosen.annHas.includes('SMS_MFA') },
      EmailMfaSettings: { Enabled: chosen.annHas.includes('EMAIL_OTP') },
    });
    const { UserPoolClient } = await app.idp.send(
      new CreateUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientName: 'other', ...client }),
    );
    return new Walk(chosen, app, { ...app, clientId: UserPoolClient!.ClientId! });
  }

  /** Counted from the newest, so that most moves meet a session that still counts. */
  #session(back: number): Session | undefined {
    return this.sessions.at(-1 - (back % Math.max(this.sessions.length, 1)));
  }

  /** Whether a second factor must have been shown, by the settings alone. */
  #demandsSecond(user: Name): boolean {
    const { mode, offered, annHas } = this.chosen;
    if (mode === 'OFF') return false;
    if (mode === 'ON') return true;
    const has = new Set<Factor>(user === 'ann' ? annHas : []);
    if (this.#tokens.has(user)) has.add('SOFTWARE_TOKEN_MFA');
    if (this.#emails.has(user)) has.add('EMAIL_OTP');
    return offered.some((factor) => has.has(factor));
  }

  #isSpared({ device }: Shown): boolean {
    return (
      device !== undefined &&
      this.chosen.device?.ChallengeRequiredOnNewDevice === true &&
      this.#remembered.get(device.key) === true &&
      !this.#forgotten.has(device.key)
    );
  }

  /** Takes what the bench answered to an honest move. Tokens must have been earned. */
  async take(shown: Shown, client: App, given: InitiateAuthResponse): Promise<void> {
    if (given.AuthenticationResult) {
      reached += 1;
      expect(shown.first, 'tokens without a first factor').toBe(true);
      const isEarned = !this.#demandsSecond(shown.user) || shown.second || this.#isSpared(shown);
      expect(isEarned, `tokens for ${shown.user} without a second factor`).toBe(true);
      if (given.AuthenticationResult.NewDeviceMetadata) {
        const device = KnownDevice.of(this.app, shown.user, given);
        const asksUser = await device.confirm();
        this.#remembered.set(device.key, asksUser === false);
        this.devices.push(device);
      }
      return;
    }
    expect(given.Session).toBeTruthy();
    const address = { SMS_MFA: PHONE, EMAIL_OTP: ADDRESS[shown.user] }[given.ChallengeName as string];
    const code = address === undefined ? undefined : (await bench.messageTo(address)).code!;
    this.sessions.push({ asked: given, client, shown, code });
  }

  async step(move: Move): Promise<void> {
    switch (move.do) {
      case 'begin': {
        const shown = { user: move.user, first: true, second: false };
        if (!move.right) {
          await refuses(this.app.idp.send(passwordAuth(this.app, move.user, 'Wr0ngWr0ng!')));
          await bench.advance({ minutes: 16 });
          return;
        }
        const device = this.devices.at(-1 - move.device);
        const named: { [name: string]: string } = device ? { DEVICE_KEY: device.key } : {};
        const isForeign = device && (device.username !== move.user || this.#forgotten.has(device.key));
        if (isForeign && this.chosen.device) return refuses(start(this.app, move.user, named));
        // SMS may be required of somebody who has no phone.
        return this.#went(await start(this.app, move.user, named).catch(isRefusal), shown, this.app);
      }
      case 'begin by code': {
        const asked = await choose(this.app, move.user, { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
        if (asked.ChallengeName !== 'EMAIL_OTP') return;
        return this.take({ user: move.user, first: false, second: false }, this.app, asked);
      }
      case 'answer':
        return this.#answerHonestly(this.#session(move.session));
      case 'cheat':
        return this.#cheat(move);
      case 'set up':
        return this.#setUp(move);
      case 'wait':
        return void (await bench.advance({ seconds: move.seconds }));
      case 'change device':
        return this.#changeDevice(move);
    }
  }

  /** The right answer, as far as there is one; a session that was used or is too old may refuse it. */
  async #answerHonestly(session: Session | undefined): Promise<void> {
    if (!session) return;
    const { asked, client, shown, code, secret, verified } = session;
    const { user } = shown;
    const reply = (responses: { [name: string]: string }): Promise<InitiateAuthResponse | undefined> =>
      answer(client, asked, user, responses).catch(isRefusal);
    switch (asked.ChallengeName) {
      case 'SMS_MFA':
        return this.#went(await reply({ SMS_MFA_CODE: code! }), { ...shown, second: true }, client);
      case 'EMAIL_OTP': {
        const after = shown.first ? { ...shown, second: true } : { ...shown, first: true };
        return this.#went(await reply({ EMAIL_OTP_CODE: code! }), after, client);
      }
      case 'SOFTWARE_TOKEN_MFA': {
        const token = this.#tokens.get(user);
        if (token === undefined) return;
        const shows = await totp(bench, token);
        return this.#went(await reply({ SOFTWARE_TOKEN_MFA_CODE: shows }), { ...shown, second: true }, client);
      }
      case 'SELECT_MFA_TYPE': {
        const [first] = JSON.parse(asked.ChallengeParameters!['MFAS_CAN_CHOOSE']!) as Factor[];
        return this.#went(await reply({ ANSWER: first! }), shown, client);
      }
      case 'MFA_SETUP': {
        if (verified) {
          const given = await reply({});
          if (given) this.#tokens.set(user, secret!);
          return this.#went(given, { ...shown, second: true }, client);
        }
        if (!this.chosen.offered.includes('EMAIL_OTP')) return;
        const given = await reply({ EMAIL: ADDRESS[user] });
        if (given) this.#emails.add(user);
        return this.#went(given, shown, client);
      }
      case 'DEVICE_SRP_AUTH': {
        const device = this.devices.find(({ username }) => username === user);
        if (!device) return;
        const given = await device.prove(asked).catch(isRefusal);
        return this.#went(given, { ...shown, device }, client);
      }
    }
  }

  async #went(given: InitiateAuthResponse | undefined, shown: Shown, client: App): Promise<void> {
    if (given) await this.take(shown, client, given);
  }

  /** An answer that shows nothing: whatever the session is worth, it must lead nowhere. */
  async #cheat({ session: index, how, other }: Extract<Move, { do: 'cheat' }>): Promise<void> {
    const session = this.#session(index);
    if (!session) return;
    const { asked, client, shown, code } = session;
    const right: { [name: string]: string } =
      code === undefined ? {} : { SMS_MFA_CODE: code, EMAIL_OTP_CODE: code, SOFTWARE_TOKEN_MFA_CODE: code };
    const wrong = (text: string): { [name: string]: string } => ({
      SMS_MFA_CODE: text,
      EMAIL_OTP_CODE: text,
      SOFTWARE_TOKEN_MFA_CODE: '000000',
      ANSWER: 'NONE',
      DEVICE_KEY: 'us-east-1_0',
      SRP_A: 'ab',
    });
    const stranger: Name = shown.user === 'ann' ? 'bob' : 'ann';
    switch (how) {
      case 'wrong':
        return refuses(answer(client, asked, shown.user, wrong(otherThan(code ?? '123456'))));
      case 'nothing':
        if (asked.ChallengeName === 'MFA_SETUP' && session.verified) return;
        return refuses(answer(client, asked, shown.user, {}));
      case 'other user':
        return refuses(answer(client, asked, stranger, right));
      case 'other client':
        return refuses(answer(this.otherClient, asked, shown.user, right));
      case 'other challenge': {
        const pretended = OTHER_CHALLENGES.filter((known) => known !== asked.ChallengeName)[other % 4]!;
        return refuses(answer(client, { ...asked, ChallengeName: pretended }, shown.user, right));
      }
      default: {
        const foreign = this.sessions[other % this.sessions.length]?.code;
        if (foreign === undefined || foreign === code) return;
        return refuses(answer(client, asked, shown.user, wrong(foreign)));
      }
    }
  }

  async #setUp({ session: index, right }: Extract<Move, { do: 'set up' }>): Promise<void> {
    const session = this.#session(index);
    if (!session) return;
    const { asked, secret, verified } = session;
    const { idp } = this.app;
    if (asked.ChallengeName !== 'MFA_SETUP') {
      return refuses(idp.send(new AssociateSoftwareTokenCommand({ Session: asked.Session })));
    }
    if (verified) return;
    if (secret === undefined) {
      const given = await idp.send(new AssociateSoftwareTokenCommand({ Session: asked.Session })).catch(isRefusal);
      if (given)
        this.sessions.push({ ...session, asked: { ...asked, Session: given.Session }, secret: given.SecretCode! });
      return;
    }
    const code = await totp(bench, secret);
    const verify = (UserCode: string) => idp.send(new VerifySoftwareTokenCommand({ Session: asked.Session, UserCode }));
    if (!right) return refuses(verify(otherThan(code)));
    const given = await verify(code).catch(isRefusal);
    if (given) this.sessions.push({ ...session, asked: { ...asked, Session: given.Session }, verified: true });
  }

  async #changeDevice({ device: index, how }: Extract<Move, { do: 'change device' }>): Promise<void> {
    const device = this.devices[index % Math.max(this.devices.length, 1)];
    if (!device || this.#forgotten.has(device.key)) return;
    const which = { UserPoolId: this.app.userPoolId, Username: device.username, DeviceKey: device.key };
    if (how === 'forget') {
      await this.app.idp.send(new AdminForgetDeviceCommand(which));
      this.#forgotten.add(device.key);
      return;
    }
    const isRemembered = how === 'remember';
    const DeviceRememberedStatus = isRemembered ? 'remembered' : 'not_remembered';
    await this.app.idp.send(new AdminUpdateDeviceStatusCommand({ ...which, DeviceRememberedStatus }));
    this.#remembered.set(device.key, isRemembered);
  }
}

/** Refused by name; an unexpected error of the bench is none. */
function isRefusal(error: unknown): undefined {
  expect(error).toBeInstanceOf(Error);
  const { name: refusal } = error as Error;
  expect(refusal).toMatch(/Exception$/);
  expect(refusal).not.toBe('InternalErrorException');
  return undefined;
}

async function refuses(attempt: Promise<unknown>): Promise<void> {
  const given = await attempt.catch(isRefusal);
  expect(given, 'an answer that shows nothing was taken').toBeUndefined();
}

it('[UP-SESSION-5] no walk through the challenges reaches tokens without every proof that is demanded', async () => {
  await fc.assert(
    fc.asyncProperty(settings, fc.array(move, { minLength: 20, maxLength: 60 }), async (chosen, moves) => {
      const walk = await Walk.begin(chosen);
      for (const user of ['ann', 'bob'] as const) await walk.step({ do: 'begin', user, right: true, device: 7 });
      for (const next of moves) await walk.step(next);
    }),
    { numRuns: 60, interruptAfterTimeLimit: 15_000, endOnFailure: true },
  );
  // A walk that never gets in would prove nothing.
  expect(reached).toBeGreaterThan(10);
}, 40_000);
