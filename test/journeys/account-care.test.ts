import {
  AuthenticationDetails,
  type CodeDeliveryDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../harness/bench.ts';
import { addUser, type App, createApp, PASSWORD } from '../services/user-pools/setup.ts';

/** What people do with their own account, through the library that browsers use. */

let bench: TestBench;
let app: App;

beforeAll(async () => {
  bench = await startBench();
  app = await createApp(bench, { AutoVerifiedAttributes: ['email'] });
});
afterAll(() => bench.stop());

/** Each device has a storage of its own. */
class Storage {
  readonly #items = new Map<string, string>();
  setItem(key: string, value: string): string {
    this.#items.set(key, value);
    return value;
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  removeItem(key: string): boolean {
    return this.#items.delete(key);
  }
  clear(): object {
    this.#items.clear();
    return {};
  }
}

function userNamed(username: string): CognitoUser {
  const storage = new Storage();
  const pool = new CognitoUserPool({
    UserPoolId: app.userPoolId,
    ClientId: app.clientId,
    endpoint: bench.url,
    Storage: storage,
  });
  return new CognitoUser({ Username: username, Pool: pool, Storage: storage });
}

function signIn(user: CognitoUser, password = PASSWORD): Promise<CognitoUserSession> {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password: password });
  return new Promise((resolve, reject) =>
    user.authenticateUser(details, { onSuccess: (session) => resolve(session), onFailure: reject }),
  );
}

/** A call of the library as a promise. */
function done<Value>(call: (back: (error: Error | null | undefined, value?: Value) => void) => void): Promise<Value> {
  return new Promise((resolve, reject) =>
    call((error, value) => {
      if (error) reject(error);
      else resolve(value as Value);
    }),
  );
}

async function attributesOf(user: CognitoUser): Promise<{ [name: string]: string }> {
  const attributes = await done<CognitoUserAttribute[]>((back) =>
    user.getUserAttributes((error, list) => back(error, list)),
  );
  return Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]));
}

async function codeTo(address: string): Promise<string> {
  return (await bench.messageTo(address)).code!;
}

const attribute = (Name: string, Value: string): CognitoUserAttribute => new CognitoUserAttribute({ Name, Value });

describe('amazon-cognito-identity-js', () => {
  it('[UP-FORGOT-1] helps somebody who forgot the password', async () => {
    await addUser(app, 'ann', { email: 'ann@example.com', email_verified: 'true' });
    const user = userNamed('ann');
    const delivery = await new Promise<{ CodeDeliveryDetails: CodeDeliveryDetails }>((resolve, reject) =>
      user.forgotPassword({ onSuccess: () => {}, onFailure: reject, inputVerificationCode: resolve }),
    );
    expect(delivery.CodeDeliveryDetails.Destination).toBe('a***@e***');
    const confirm = (code: string): Promise<string> =>
      new Promise((resolve, reject) =>
        user.confirmPassword(code, 'N3w-Password', { onSuccess: resolve, onFailure: reject }),
      );
    await expect(confirm('000000x')).rejects.toMatchObject({ name: 'CodeMismatchException' });
    expect(await confirm(await codeTo('ann@example.com'))).toBe('SUCCESS');
    await expect(signIn(user)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await signIn(user, 'N3w-Password');
  });

  it('[UP-CHANGE-1] changes a password, [UP-ATTR-3] an address, [UP-VERIFY-3] and verifies it', async () => {
    await addUser(app, 'ben', { email: 'ben@example.com', email_verified: 'true', nickname: 'b' });
    const user = userNamed('ben');
    await signIn(user);
    expect(await done<string>((back) => user.changePassword(PASSWORD, 'N3w-Password', back))).toBe('SUCCESS');
    await done((back) =>
      user.updateAttributes([attribute('email', 'ben2@example.com'), attribute('name', 'Ben')], back),
    );
    expect(await attributesOf(user)).toMatchObject({ email: 'ben2@example.com', email_verified: 'false', name: 'Ben' });
    await new Promise<void>((resolve, reject) =>
      user.getAttributeVerificationCode('email', {
        onSuccess: () => {},
        onFailure: reject,
        inputVerificationCode: () => resolve(),
      }),
    );
    const code = await codeTo('ben2@example.com');
    const verified = await new Promise<string>((resolve, reject) =>
      user.verifyAttribute('email', code, { onSuccess: resolve, onFailure: reject }),
    );
    expect(verified).toBe('SUCCESS');
    await done((back) => user.deleteAttributes(['nickname'], back));
    const after = await attributesOf(user);
    expect(after).toMatchObject({ email_verified: 'true' });
    expect(after).not.toHaveProperty('nickname');
    await expect(
      done((back) => user.updateAttributes([attribute('email_verified', 'true')], back)),
    ).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('[TK-REFRESH-5] refreshes, [UP-USER-2] and deletes the account', async () => {
    await addUser(app, 'cid');
    const user = userNamed('cid');
    const session = await signIn(user);
    const fresh = await done<CognitoUserSession>((back) =>
      user.refreshSession(session.getRefreshToken(), (error: Error | null, next: CognitoUserSession) =>
        back(error, next),
      ),
    );
    expect(fresh.getAccessToken().getJwtToken()).not.toBe(session.getAccessToken().getJwtToken());
    expect(await done<string>((back) => user.deleteUser(back))).toBe('SUCCESS');
    await expect(signIn(user)).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });
});
