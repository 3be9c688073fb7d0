import type { DeviceAction, DeviceState, NetworkState, PushNotification } from '../../shared/device.ts';
import type { Bus } from '../kernel/bus.ts';
import type { Clock } from '../kernel/clock.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Gate } from '../kernel/gate.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Logger } from '../kernel/log.ts';
import type { Powers } from '../kernel/powers.ts';
import type { Random } from '../kernel/random.ts';
import { AppBackend } from './app-backend.ts';
import { DeviceClients } from './client.ts';
import { skewedClock } from './clock.ts';
import {
  deleteDataset,
  merge,
  put,
  remove,
  resolve,
  subscribe,
  synchronize,
  undoResolve,
  unsubscribe,
} from './datasets.ts';
import type { DeviceFile, DeviceProfile } from './device-file.ts';
import { answerChallenge, answerNewPassword } from './challenges.ts';
import { asBenchError, hintFor, isAnswer } from './failure.ts';
import { cacheIdentity, getCredentials } from './identity.ts';
import { developerLogin, linkLogin, unlinkLogin } from './link-login.ts';
import { setMfaPreference, setUpTotp, verifyTotp } from './mfa.ts';
import { DeviceNetwork } from './network.ts';
import type { OutsideProviders } from './outside-providers.ts';
import type { DeviceParts } from './parts.ts';
import { createPasskey, deletePasskey } from './passkeys.ts';
import { changePassword, confirmForgotPassword, forgotPassword } from './passwords.ts';
import type { PreviewSubject } from './preview.ts';
import { fetchesAtOnce, receivePush } from './push-inbox.ts';
import type { ScriptResolvers } from './resolvers/script-resolver.ts';
import { rememberDevice, forgetDevice } from './remembered-device.ts';
import { callResource } from './resource-calls.ts';
import { refreshTokens } from './session.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { confirmSignUp, resendCode, signUp } from './sign-up.ts';
import { viewOf } from './view.ts';

export interface DeviceSurroundings {
  readonly url: () => string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bus: Bus;
  readonly log: Logger;
  readonly powers: Powers;
  readonly gate: Gate;
  readonly random: Random;
  readonly scripts: ScriptResolvers;
  readonly standIns: OutsideProviders;
}

type Switch = DeviceAction & { do: 'network' };
type Queued = Exclude<DeviceAction, Switch>;

/** One simulated device: one action at a time, on its own file, over its own network. */
export class Device {
  readonly #parts: DeviceParts;
  readonly #surroundings: DeviceSurroundings;
  #queue: Promise<unknown> = Promise.resolve();
  #queued = 0;
  #busy: string | undefined;
  #isClosed = false;

  constructor(file: DeviceFile, surroundings: DeviceSurroundings) {
    const { profile } = file;
    const { gate, random, clock, ids, powers, scripts, standIns, url } = surroundings;
    const onSpent = (): void => this.#keepNetwork();
    const network = new DeviceNetwork(profile, file.network, { gate, random, onSpent });
    const clients = new DeviceClients(profile, network, url, clock);
    const backend = new AppBackend(profile, network, url);
    const own = { profile, file, clients, network, clock: skewedClock(clock, network) };
    this.#parts = { ...own, backend, ids, powers, scripts, standIns };
    this.#surroundings = surroundings;
  }

  get profile(): DeviceProfile {
    return this.#parts.profile;
  }

  state(): DeviceState {
    return viewOf(this.#parts, this.#busy);
  }

  /**
   * Does what a person would do on the device, and gives what they would see then. The network switch works at
   * once, also in the middle of another action; everything else waits its turn. [DV-ACT-1]
   * @throws BenchError with the name and message of AWS's error; it stays on the state as `lastError`.
   */
  async act(action: DeviceAction): Promise<DeviceState> {
    if (action.do === 'network') this.#switchNetwork(action);
    else await this.#enqueue(() => this.#run(action));
    return this.state();
  }

  /** The part of the device that a look ahead copies; nothing for another identity or without the dataset. */
  previewSubject(dataset: string, identityId?: string): PreviewSubject | undefined {
    const { profile, file, clock } = this.#parts;
    const own = cacheIdentity(this.#parts);
    if (identityId !== undefined && identityId !== own) return undefined;
    if (file.cache.dataset(own, dataset) === undefined) return undefined;
    const { id, name } = profile;
    return { id, name, identityId: own, cache: file.cache, now: () => clock.millis() };
  }

  /** Resolves once nothing is under way, also nothing that a push or the network switch set off. */
  async settled(): Promise<DeviceState> {
    while (this.#queued > 0) await this.#queue;
    return this.state();
  }

  receive(notification: PushNotification): void {
    const { isDelivered } = receivePush(this.#parts, notification);
    if (!isDelivered) return;
    this.#announce();
    this.#fetch(notification);
  }

  /** Drops what is under way and closes the file. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { network, clients, file } = this.#parts;
    network.close();
    await this.settled();
    clients.close();
    file.close();
  }

  async #run(action: Queued): Promise<void> {
    const { file } = this.#parts;
    const identityBefore = cacheIdentity(this.#parts);
    file.set('lastError', undefined);
    this.#busy = describe(action);
    if (this.#busy !== undefined) this.#announce();
    try {
      await perform(this.#parts, action);
    } catch (error) {
      if (!isAnswer(error)) this.#surroundings.log.error({ err: error, action: action.do }, 'a device action failed');
      const { code, message, status } = asBenchError(error);
      const hint = hintFor(error);
      file.set('lastError', { action: action.do, code, message, ...(hint === undefined ? {} : { hint }) });
      throw new BenchError(code, message, status);
    } finally {
      this.#busy = undefined;
      this.#announce();
      // Somebody else's turn on this device, and what they wished for while it was offline. [DV-NET-3]
      if (cacheIdentity(this.#parts) !== identityBefore) this.#synchronizeWaiting();
    }
  }

  #keepNetwork(): void {
    this.#parts.file.set('network', this.#parts.network.state);
    this.#announce();
  }

  #switchNetwork({ do: _do, ...changes }: Switch): void {
    const { network, file, clock } = this.#parts;
    const before = network.state;
    network.set({ ...before, ...(present(changes) as Partial<NetworkState>) });
    file.set('network', network.state);
    const isBack = !before.online && network.state.online;
    const arrived = isBack ? file.pushes.deliverWaiting(clock.millis()) : [];
    this.#announce();
    if (!isBack) return;
    this.#synchronizeWaiting();
    for (const notification of arrived) this.#fetch(notification);
  }

  #synchronizeWaiting(): void {
    const { network, file } = this.#parts;
    if (!network.state.online) return;
    const identityId = cacheIdentity(this.#parts);
    for (const { name: dataset, waitingResolver } of file.cache.datasets(identityId)) {
      if (waitingResolver === undefined) continue;
      this.#inBackground(async () => {
        // Done meanwhile, or no longer this identity's turn.
        const waiting = file.cache.dataset(identityId, dataset)?.waitingResolver;
        if (waiting === undefined || cacheIdentity(this.#parts) !== identityId) return;
        await this.#run({ do: 'synchronize', dataset, resolver: waiting });
      });
    }
  }

  #fetch(notification: PushNotification): void {
    this.#inBackground(async () => {
      if (!fetchesAtOnce(this.#parts, notification)) return;
      await this.#run({ do: 'synchronize', dataset: notification.datasetName, resolver: 'ask' });
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queued += 1;
    const turn = this.#queue.then(async () => {
      try {
        if (this.#isClosed) throw new BenchError('DeviceRemoved', `${this.profile.name} is no longer there`, 409);
        await work();
      } finally {
        this.#queued -= 1;
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #inBackground(work: () => Promise<void>): void {
    // Nobody waits for it: a failure is on the device's state, as for every action.
    this.#enqueue(work).catch(() => undefined);
  }

  #announce(): void {
    if (this.#isClosed) return;
    this.#surroundings.bus.publish('device.changed', { account: this.profile.account, device: this.state() });
  }
}

async function perform(parts: DeviceParts, action: Queued): Promise<void> {
  switch (action.do) {
    case 'sign-up':
      return signUp(parts, action);
    case 'confirm-sign-up':
      return confirmSignUp(parts, action);
    case 'resend-code':
      return resendCode(parts, action);
    case 'sign-in':
      return signIn(parts, action);
    case 'new-password':
      return answerNewPassword(parts, action);
    case 'answer':
      return answerChallenge(parts, action);
    case 'change-password':
      return changePassword(parts, action);
    case 'forgot-password':
      return forgotPassword(parts, action);
    case 'confirm-forgot-password':
      return confirmForgotPassword(parts, action);
    case 'set-up-totp':
      return setUpTotp(parts);
    case 'verify-totp':
      return verifyTotp(parts, action);
    case 'set-mfa-preference':
      return setMfaPreference(parts, action);
    case 'remember-device':
      return rememberDevice(parts, action);
    case 'forget-device':
      return forgetDevice(parts);
    case 'create-passkey':
      return createPasskey(parts);
    case 'delete-passkey':
      return deletePasskey(parts, action);
    case 'refresh-tokens':
      await refreshTokens(parts);
      return undefined;
    case 'sign-out':
      return signOut(parts, action);
    case 'link-login':
      return linkLogin(parts, action);
    case 'unlink-login':
      return unlinkLogin(parts, action);
    case 'developer-login':
      return developerLogin(parts, action);
    case 'get-credentials':
      await getCredentials(parts);
      return undefined;
    case 'put':
      return put(parts, action);
    case 'remove':
      return remove(parts, action);
    case 'synchronize':
      return synchronize(parts, action);
    case 'resolve':
      return resolve(parts, action);
    case 'undo-resolve':
      return undoResolve(parts, action);
    case 'merge':
      return merge(parts, action);
    case 'delete-dataset':
      return deleteDataset(parts, action);
    case 'subscribe':
      return subscribe(parts, action);
    case 'unsubscribe':
      return unsubscribe(parts, action);
    case 'call-resource':
      return callResource(parts, action);
    case 'wipe':
      return wipe(parts, action);
  }
}

/** A fresh install, or a device without one of its identities. [DV-FILE-3] [DV-FAMILY-2] */
function wipe(parts: DeviceParts, { identityId }: DeviceAction & { do: 'wipe' }): void {
  const { file, clients } = parts;
  if (identityId === undefined) {
    clients.close();
    file.wipe();
    return;
  }
  const isHere =
    identityId === cacheIdentity(parts) || file.cache.shares().some((share) => share.identityId === identityId);
  if (!isHere) throw new BenchError('NoSuchIdentity', `${parts.profile.name} keeps nothing of ${identityId}`, 404);
  if (identityId === cacheIdentity(parts)) clients.close();
  file.wipeIdentity(identityId);
}

function present<Members extends object>(members: Members): Partial<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Members>;
}

/** What the card shows meanwhile; nothing for what is done at once. */
function describe(action: Queued): string | undefined {
  switch (action.do) {
    case 'sign-up':
      return 'Signing up';
    case 'confirm-sign-up':
      return 'Confirming the sign-up';
    case 'resend-code':
      return 'Asking for another code';
    case 'sign-in':
      return 'Signing in';
    case 'new-password':
    case 'change-password':
    case 'confirm-forgot-password':
      return 'Setting a new password';
    case 'answer':
      return 'Answering';
    case 'forgot-password':
      return 'Asking for a code';
    case 'set-up-totp':
      return 'Setting up the authenticator';
    case 'verify-totp':
      return 'Showing a first code';
    case 'set-mfa-preference':
      return 'Switching factors';
    case 'remember-device':
      return action.remembered ? 'Remembering the device' : 'No longer remembering the device';
    case 'forget-device':
      return 'Forgetting the device';
    case 'create-passkey':
      return 'Creating a passkey';
    case 'delete-passkey':
      return 'Deleting the passkey';
    case 'refresh-tokens':
      return 'Refreshing the tokens';
    case 'sign-out':
      return 'Signing out';
    case 'link-login':
      return `Signing in with ${action.provider}`;
    case 'unlink-login':
      return `Unlinking ${action.provider}`;
    case 'developer-login':
      return 'Asking the app’s backend';
    case 'get-credentials':
      return 'Getting credentials';
    case 'synchronize':
    case 'resolve':
      return `Synchronising ${action.dataset}`;
    case 'merge':
      return `Merging ${action.from}`;
    case 'delete-dataset':
      return `Deleting ${action.dataset}`;
    case 'subscribe':
      return `Subscribing to ${action.dataset}`;
    case 'unsubscribe':
      return `Unsubscribing from ${action.dataset}`;
    case 'call-resource':
      return `Calling ${action.operation}`;
    default:
      return undefined;
  }
}
