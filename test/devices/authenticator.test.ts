import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../harness/bench.ts';
import { addPerson, challengeOf, makeSecureApp, type SecureApp, setUpAuthenticator, TOTP } from './mfa-scene.ts';
import { addDevice, deviceOf, PASSWORD } from './scene.ts';

let bench: TestBench;
let app: SecureApp;
beforeAll(async () => {
  bench = await startBench();
  app = await makeSecureApp(bench);
});
afterAll(() => bench.stop());

const otherThan = (code: string): string => code.replace(/./g, (digit) => String((Number(digit) + 5) % 10));

describe('the authenticator', () => {
  it('[DV-MFA-2] is set up by whoever is signed in, and answers the next sign-in', async () => {
    await addPerson(app, 'ann');
    const phone = await addDevice(bench, 'Set up', app.pointedAt);
    await expect(phone.act({ do: 'set-up-totp' })).rejects.toThrow('NotSignedIn');
    await phone.act({ do: 'sign-in', username: 'ann', password: PASSWORD });
    await expect(phone.act({ do: 'verify-totp' })).rejects.toThrow('NoSoftwareToken');

    const [waiting] = (await phone.act({ do: 'set-up-totp' })).authenticator;
    expect(waiting).toMatchObject({ username: 'ann', userPoolId: app.userPoolId, pending: true, used: false });
    expect(waiting!.code).toMatch(/^\d{6}$/);
    await expect(phone.act({ do: 'verify-totp', code: otherThan(waiting!.code) })).rejects.toThrow(
      'EnableSoftwareTokenMFAException',
    );
    expect((await phone.state()).authenticator).toMatchObject([{ pending: true }]);
    expect((await phone.act({ do: 'verify-totp' })).authenticator).toMatchObject([{ pending: false, used: true }]);
    await phone.act({ do: 'set-mfa-preference', softwareToken: 'preferred' });
    const factors = await app.userPools.adminGetUser({ UserPoolId: app.userPoolId, Username: 'ann' });
    expect(factors).toMatchObject({ PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' });

    await bench.advance({ seconds: 60 });
    await phone.act({ do: 'sign-out' });
    const asked = await phone.act({ do: 'sign-in', username: 'ann', password: PASSWORD });
    expect(asked.signIn).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA', answersItself: true });
    expect((await phone.act({ do: 'answer' })).signIn).toMatchObject({ status: 'signed-in', username: 'ann' });
  });

  it('[DV-MFA-4] is refused with a code that was used, and marks it', async () => {
    await addPerson(app, 'bob');
    const phone = await addDevice(bench, 'Twice', app.pointedAt);
    await setUpAuthenticator(bench, phone, 'bob');
    const signIn = { do: 'sign-in', username: 'bob', password: PASSWORD } as const;
    await phone.act(signIn);
    expect((await phone.act({ do: 'answer' })).authenticator).toMatchObject([{ used: true }]);
    await phone.act(signIn);
    await expect(phone.act({ do: 'answer' })).rejects.toThrow('ExpiredCodeException');
    expect(challengeOf(await phone.state()).challenge).toBe('SOFTWARE_TOKEN_MFA');

    await bench.advance({ seconds: 30 });
    expect((await phone.state()).authenticator).toMatchObject([{ used: false }]);
    expect((await phone.act({ do: 'answer' })).signIn.status).toBe('signed-in');
  });

  it('[DV-MFA-3] shows codes by the device’s clock: far off they are wrong', async () => {
    await addPerson(app, 'cleo');
    const phone = await addDevice(bench, 'Skewed', app.pointedAt);
    await setUpAuthenticator(bench, phone, 'cleo');
    const [before] = (await phone.state()).authenticator;
    await phone.act({ do: 'sign-in', username: 'cleo', password: PASSWORD });
    const [skewed] = (await phone.act({ do: 'network', clockSkewSeconds: 90 })).authenticator;
    expect(skewed!.code).not.toBe(before!.code);
    expect(skewed!.validUntil).toBe(before!.validUntil);
    await expect(phone.act({ do: 'answer' })).rejects.toThrow('CodeMismatchException');
    await phone.act({ do: 'network', clockSkewSeconds: 0 });
    await expect(phone.act({ do: 'answer', answer: otherThan(before!.code) })).rejects.toThrow('CodeMismatch');
    expect((await phone.act({ do: 'answer', answer: before!.code })).signIn.status).toBe('signed-in');
  });

  it('[DV-MFA-2] is set up in the middle of a sign-in where the pool demands it', async () => {
    const strict = await makeSecureApp(bench, { ...TOTP, MfaConfiguration: 'ON' });
    await addPerson(strict, 'dan');
    const phone = await addDevice(bench, 'Demanded', strict.pointedAt);
    const asked = await phone.act({ do: 'sign-in', username: 'dan', password: PASSWORD });
    expect(asked.signIn).toMatchObject({ challenge: 'MFA_SETUP', choices: ['SOFTWARE_TOKEN_MFA'] });
    const [waiting] = (await phone.act({ do: 'set-up-totp' })).authenticator;
    await expect(phone.act({ do: 'verify-totp', code: otherThan(waiting!.code) })).rejects.toThrow('Exception');
    const done = await phone.act({ do: 'verify-totp' });
    expect(done.signIn).toMatchObject({ status: 'signed-in', username: 'dan' });
    expect(done.authenticator).toMatchObject([{ username: 'dan', pending: false, used: true }]);
  });

  it('[DV-MFA-1] [DV-FILE-1] keeps its secrets to itself, over a restart too; a wipe takes them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'poolbench-authenticator-'));
    try {
      const first = await startBench({ data: folder });
      const own = await makeSecureApp(first);
      await addPerson(own, 'eve');
      const phone = await addDevice(first, 'Kept', own.pointedAt);
      await phone.act({ do: 'sign-in', username: 'eve', password: PASSWORD });
      await phone.act({ do: 'set-up-totp' });
      await phone.act({ do: 'verify-totp' });
      const [before] = (await phone.state()).authenticator;
      expect(Object.keys(before!)).not.toContain('secret');
      await first.stop();

      await using again = await startBench({ data: folder });
      const same = deviceOf(again, phone.id);
      expect((await same.state()).authenticator).toMatchObject([{ username: 'eve', pending: false }]);
      expect((await same.act({ do: 'wipe' })).authenticator).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
