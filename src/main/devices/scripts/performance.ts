import type { DeviceAction, DeviceDataset, DeviceState } from '../../../shared/device.ts';
import { createDeveloperClients, type DeveloperClients } from '../client.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { expectThat, until, type Script, type ScriptCard, type Stage } from '../script.ts';
import { isNamed } from '../sync-engine/engine.ts';

export const DATASET = 'prefs';
const PASSWORD = 'Correct-horse-7';

/** One step of a story: what the card says, and what then really happens. */
export interface Act<Play> extends ScriptCard {
  readonly play: (play: Play) => Promise<void>;
}

/** A story, from its acts. */
export function scriptOf<Play extends Performance>(
  story: { readonly name: string; readonly title: string; readonly text: string },
  perform: (stage: Stage) => Play,
  acts: readonly Act<Play>[],
): Script {
  return {
    ...story,
    cards: acts.map(({ title, text }) => ({ title, text })),
    steps: (stage) => {
      const play = perform(stage);
      return acts.map((act) => () => act.play(play));
    },
  };
}

/** One run of a story: the devices and pools that its steps have made so far. */
export class Performance {
  readonly stage: Stage;
  readonly #scenario: string;
  readonly #poolName: string;
  readonly #devices = new Map<string, string>();
  #app: Partial<Sandbox> = {};

  constructor(stage: Stage, scenario: string, poolName = scenario) {
    this.stage = stage;
    this.#scenario = scenario;
    this.#poolName = poolName;
  }

  /** Takes away what an earlier run made, and makes pools for this one. */
  async setTheScene(): Promise<void> {
    const { account, region, fleet } = this.stage;
    await this.asDeveloper(async (developer) => {
      const before = fleet.madeBy(account, this.#scenario);
      for (const { id } of before) await fleet.remove(account, id);
      // The devices of a story share their pools.
      for (const UserPoolId of new Set(before.flatMap(({ app }) => app.userPoolId ?? []))) {
        await unlessGone(developer.userPools.deleteUserPool({ UserPoolId }));
      }
      for (const IdentityPoolId of new Set(before.flatMap(({ app }) => app.identityPoolId ?? []))) {
        await unlessGone(developer.identityPools.deleteIdentityPool({ IdentityPoolId }));
      }
      this.#app = await createSandbox(developer, { account, region }, this.#poolName);
    });
  }

  async asDeveloper<Result>(work: (developer: DeveloperClients) => Promise<Result>): Promise<Result> {
    const { url, account, region } = this.stage;
    const developer = await createDeveloperClients(url, account, region);
    try {
      return await work(developer);
    } finally {
      developer.close();
    }
  }

  /** The pools of this run. */
  get app(): Sandbox {
    const { userPoolId, clientId, identityPoolId } = this.#app;
    expectThat(
      userPoolId !== undefined && clientId !== undefined && identityPoolId !== undefined,
      'There are no pools yet',
    );
    return { userPoolId, clientId, identityPoolId };
  }

  /** Users whom the story does not need to see sign up. */
  async addUsers(...usernames: readonly string[]): Promise<void> {
    for (const username of usernames) await this.addUser(username);
  }

  async addUser(username: string, attributes: { readonly [name: string]: string } = {}): Promise<void> {
    await this.asDeveloper(async ({ userPools }) => {
      const user = { UserPoolId: this.#app.userPoolId, Username: username };
      const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
      await userPools.adminCreateUser({ ...user, MessageAction: 'SUPPRESS', UserAttributes });
      await userPools.adminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true });
    });
  }

  addDevice(name: string, kind: DeviceState['kind'] = 'phone'): string {
    const { fleet, account, region } = this.stage;
    const { id } = fleet.create(account, { name, kind, app: { region, ...this.#app } }, this.#scenario);
    this.#devices.set(name, id);
    return id;
  }

  /** The id of a device by the name that it was added under. */
  idOf(name: string): string {
    const id = this.#devices.get(name);
    expectThat(id !== undefined, `${name} is not there yet`);
    return id;
  }

  on(deviceId: string, action: DeviceAction): Promise<DeviceState> {
    return this.stage.fleet.act(this.stage.account, deviceId, action);
  }

  state(name: string): DeviceState {
    return this.stage.fleet.get(this.stage.account, this.idOf(name));
  }

  /** Signs a user in on a device, and takes up the identity. */
  async signIn(name: string, username: string): Promise<DeviceState> {
    await this.on(this.idOf(name), { do: 'sign-in', username, password: PASSWORD });
    return this.on(this.idOf(name), { do: 'get-credentials' });
  }

  async put(name: string, values: { readonly [key: string]: string }, dataset = DATASET): Promise<void> {
    for (const [key, value] of Object.entries(values)) {
      await this.on(this.idOf(name), { do: 'put', dataset, key, value });
    }
  }

  synchronize(
    name: string,
    resolver: (DeviceAction & { do: 'synchronize' })['resolver'] = 'last-writer',
  ): Promise<DeviceState> {
    return this.on(this.idOf(name), { do: 'synchronize', dataset: DATASET, resolver });
  }

  /** An action that is expected to be refused; gives the code and the message of the refusal. */
  async refused(name: string, action: DeviceAction): Promise<string> {
    try {
      await this.on(this.idOf(name), action);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return `${code}: ${message}`;
    }
    throw new Error(`${name} should have been refused: ${action.do}`);
  }

  settle(deviceId: string, what: string, holds: (device: DeviceState) => boolean): Promise<void> {
    return until(this.stage, deviceId, what, holds);
  }

  /** A step's check of what a device holds, tombstones aside. */
  expectValues(name: string, expected: { readonly [key: string]: string }): void {
    const found = valuesOf(this.state(name));
    expectThat(
      sameValues(found, expected),
      `${name} should hold ${JSON.stringify(expected)}, and holds ${JSON.stringify(found)}`,
    );
  }

  /** What the store holds of an identity's dataset, as a developer sees it. */
  async stored(identityId: string, dataset = DATASET) {
    return this.asDeveloper(({ sync }) =>
      sync.listRecords({ IdentityPoolId: this.#app.identityPoolId, IdentityId: identityId, DatasetName: dataset }),
    );
  }

  identityOf(name: string): string {
    const { identity } = this.state(name);
    expectThat(identity !== undefined, `${name} has no identity yet`);
    return identity.identityId;
  }

  /** Pool and identity of a device, for calls of a developer. */
  placeOf(name: string): { IdentityPoolId: string | undefined; IdentityId: string } {
    return { IdentityPoolId: this.#app.identityPoolId, IdentityId: this.identityOf(name) };
  }
}

export function datasetOf(device: DeviceState, name = DATASET): DeviceDataset | undefined {
  return device.datasets.find((dataset) => dataset.name === name);
}

/** Without the marks that removed keys leave. */
export function valuesOf(device: DeviceState, name = DATASET): { readonly [key: string]: string } {
  const values: { [key: string]: string } = {};
  for (const { key, value } of datasetOf(device, name)?.records ?? []) if (value !== null) values[key] = value;
  return values;
}

function sameValues(a: { readonly [key: string]: string }, b: { readonly [key: string]: string }): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** Somebody may have deleted a story's pool by hand. */
async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
  }
}
