import type { DeviceState, PushNotification } from './device.ts';
import type { ClockState, FunctionInvocation, InboxMessage, ScenarioProgress } from './bench-api.ts';
import type { PushView } from './sync-views.ts';
import type { TraceRecord } from './trace.ts';

/** What the bus carries: facts in the past tense, published after the write that made them true. */
export interface BenchEvents {
  'trace.closed': { account: string; record: TraceRecord };
  'message.sent': { account: string; message: InboxMessage };
  'messages.cleared': { account: string };
  'clock.changed': ClockState;
  'user-pool.changed': { account: string; userPoolId: string };
  'user.signed-up': { account: string; userPoolId: string; username: string };
  'user.confirmed': { account: string; userPoolId: string; username: string };
  'user.signed-in': { account: string; userPoolId: string; username: string; clientId: string };
  'user.signed-out': { account: string; userPoolId: string; username: string };
  'identity-pool.changed': { account: string; identityPoolId: string };
  'identity.created': { account: string; identityPoolId: string; identityId: string };
  'identity.linked': { account: string; identityPoolId: string; identityId: string; provider: string };
  'identity.merged': { account: string; identityPoolId: string; from: string; into: string };
  'dataset.synchronised': {
    account: string;
    identityPoolId: string;
    identityId: string;
    datasetName: string;
    syncCount: number;
    /** The pushed-to device that made the change, which gets no notification of it. */
    byDeviceId?: string;
    operation: 'replace' | 'remove';
  };
  /** A push arrives at a device; one that is duplicated arrives twice. */
  'push.sent': { account: string; token: string; platform: string; notification: PushNotification };
  /** A push was sent, held up, delivered or dropped: the push lane's row as it is now. */
  'push.changed': { account: string; push: PushView };
  'stream.written': { account: string; region: string; streamName: string; number: number };
  /** The service switched streaming off, because the stream or its role fails. */
  'streaming.stopped': { account: string; identityPoolId: string; reason: string };
  'device.changed': { account: string; device: DeviceState };
  'device.removed': { account: string; deviceId: string };
  'function.changed': { account: string; name: string };
  'function.invoked': { account: string; invocation: FunctionInvocation };
  'scenario.progressed': { account: string; progress: ScenarioProgress };
  /** New records in the audit trail, once a second at most. */
  'audit.recorded': { account: string; last: number };
  'account.reset': { account: string };
  'bench.reset': Record<string, never>;
}

export type BenchEventName = keyof BenchEvents;

export type BenchEvent = {
  [Name in BenchEventName]: { readonly type: Name; readonly data: BenchEvents[Name] };
}[BenchEventName];
