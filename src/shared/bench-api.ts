import type { BenchEvent } from './events.ts';
import type { Json } from './json.ts';
import type { DeviceApp, ResolverConflict, ScriptResolver, ConflictChoice } from './device.ts';

/** Where the bench's own calls live; nothing of AWS ever starts so. */
export const BENCH_PATH = '/_bench';
export const UI_PATH = '/_bench/ui/';
/** The WebSocket that carries {@link BenchEvent}s of one account, one JSON text each. */
export const EVENTS_PATH = '/_bench/events';
export const ACCOUNT_HEADER = 'x-poolbench-account';
export const TOKEN_HEADER = 'x-poolbench-token';
export const DEFAULT_ACCOUNT = '000000000000';
export const DEFAULT_PORT = 9330;
/** Prefix of the app id in the user agent by which a simulated device's calls find their lane. */
export const DEVICE_APP_ID_PREFIX = 'poolbench-device-';
/** The app id in the user agent of the bench's own calls (demo, page). */
export const BENCH_APP_ID = 'poolbench-bench';

export interface Health {
  readonly status: 'ok';
  readonly version: string;
  readonly url: string;
  readonly region: string;
  readonly account: string;
  readonly issuer: 'local' | 'aws';
  readonly auth: 'enforce' | 'strict' | 'soft' | 'off';
  readonly limits: 'seed' | 'current' | 'off';
  readonly memory: boolean;
  readonly services: { readonly [service: string]: 'running' };
}

export interface InboxMessage {
  readonly id: string;
  readonly to: string;
  readonly medium: 'EMAIL' | 'SMS';
  readonly from: string;
  /** Where answers go, where the pool says so. */
  readonly replyTo?: string;
  readonly subject: string | null;
  readonly body: string;
  readonly code: string | null;
  readonly link: string | null;
  /** Which event sent it, named as in the CustomMessage trigger: `SignUp`, `ResendCode`, `AdminCreateUser`, … */
  readonly trigger: string;
  readonly userPoolId: string;
  readonly username: string;
  /** Bench time, ISO 8601. */
  readonly sentAt: string;
}

/** What pools may send e-mail from: an address, or a domain with all of its addresses. */
export interface Sender {
  readonly identity: string;
  readonly addedAt: string;
}

export interface ClockState {
  readonly now: string;
  readonly mode: 'real' | 'frozen';
  /** How far the bench's clock is ahead of real time, in seconds. */
  readonly offsetSeconds: number;
}

export type ClockChange =
  | { readonly advance: number }
  | { readonly set: string }
  | { readonly freeze: true }
  | { readonly resume: true }
  | { readonly reset: true };

export interface FunctionSummary {
  readonly name: string;
  readonly arn: string;
  /** Its own text, a file, an address, or an archive that was handed to Lambda's CreateFunction. */
  readonly kind: 'source' | 'file' | 'url' | 'zip';
  /** The file's path or the address. */
  readonly target?: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** A function with what it runs, for an editor. */
export interface FunctionDescription extends FunctionSummary {
  readonly source?: string;
  readonly timeoutSeconds: number;
  readonly environment: { readonly [name: string]: string };
}

/** What a function says of its own failure. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** One run of a function, kept for a while. */
export interface FunctionInvocation {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** What asked for it: a trigger's source such as `PreSignUp_SignUp`, `SyncTrigger`, `Invoke`, or `by hand`. */
  readonly purpose: string;
  /** Bench time, ISO 8601. */
  readonly at: string;
  /** Real time. */
  readonly milliseconds: number;
  /** The AWS call that it belongs to; the same as in its trace. */
  readonly requestId: string | null;
  readonly payload: Json;
  /**
   * `failed`: it threw, crashed, or could not be loaded. `timed-out`: the caller's limit passed. `unreadable`: the
   * endpoint's answer was not JSON. `unreachable`: the endpoint did not answer. `throttled`: it answered 429.
   */
  readonly outcome: 'answered' | 'failed' | 'timed-out' | 'unreadable' | 'unreachable' | 'throttled';
  readonly answer?: Json;
  readonly error?: FunctionError;
  readonly log: readonly string[];
  /** Paths in `payload`, such as `request.password`, that the page masks until they are revealed. */
  readonly secrets: readonly string[];
}

export interface ResourceOverview {
  readonly userPools: readonly {
    readonly id: string;
    readonly name: string;
    readonly users: number;
    readonly createdAt: string;
    readonly clients: readonly { readonly id: string; readonly name: string; readonly hasSecret: boolean }[];
  }[];
  readonly identityPools: readonly {
    readonly id: string;
    readonly name: string;
    readonly allowsGuests: boolean;
    readonly providers: readonly string[];
    readonly createdAt: string;
  }[];
}

export interface NewDevice {
  readonly name: string;
  readonly kind: 'phone' | 'tablet';
  readonly app?: Partial<DeviceApp>;
}

/** How far a scenario has come; the page shows one card a step. */
export interface ScenarioProgress {
  readonly name: string;
  readonly status: 'running' | 'waiting' | 'done' | 'failed' | 'stopped';
  /** Index of the step being played, from 0. */
  readonly step: number;
  readonly steps: readonly { readonly title: string; readonly text: string }[];
  readonly error?: string;
}

export interface ScenarioSummary {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly steps: number;
}

/** How far the search for a story that a resolver cannot stand has come. */
export interface ExplorerProgress {
  readonly status: 'running' | 'passed' | 'failed' | 'stopped';
  readonly resolver: ConflictChoice | ScriptResolver;
  /** The same seed plays the same stories. */
  readonly seed: number;
  readonly devices: number;
  /** Stories asked for, and played so far; those played to shorten a failure count too. */
  readonly runs: number;
  readonly played: number;
  /** Conflicts that the resolver was asked to settle. */
  readonly conflicts: number;
  readonly failure?: ExplorerFailure;
}

export interface ExplorerFailure {
  readonly kind: ExplorerVerdict;
  /** What went wrong, in a sentence. */
  readonly text: string;
  /** The shortest failing story that was found, step by step. */
  readonly steps: readonly string[];
  /** The conflict at which it went wrong. */
  readonly conflict?: ResolverConflict;
  /** What the devices and the store held at the end, by name. */
  readonly end?: { readonly [holder: string]: { readonly [key: string]: string } };
}

/**
 * `fault`: it threw, ran too long or answered nonsense. `changes-its-mind`: another answer to the same conflict.
 * `depends-on-device`: another answer on another device. `discards-both`: neither side's value stays, and nothing
 * takes their place. `diverged`: the ends differ. `never-settles`: synchronising comes to no rest.
 * `lost-write`: a write is gone, and no conflict showed it.
 */
export type ExplorerVerdict =
  | 'fault'
  | 'changes-its-mind'
  | 'depends-on-device'
  | 'discards-both'
  | 'diverged'
  | 'never-settles'
  | 'lost-write';

/** What every policy of a principal says to one question. */
export interface AccessExplanation {
  /** ARN of who was asked about. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: 'allowed' | 'explicit-deny' | 'implicit-deny';
  /** The verdict in a sentence. */
  readonly decided: string;
  readonly sets: readonly PolicySetExplanation[];
  /** Condition keys that the question had, with their values. */
  readonly context: { readonly [key: string]: string | readonly string[] };
  /** Condition keys that the policies ask for and the question did not have. */
  readonly missingContext: readonly string[];
}

/** One kind of policy; where a kind is there at all, it must allow. */
export interface PolicySetExplanation {
  readonly type: 'identity-based policy' | 'permissions boundary' | 'session policy' | 'resource-based policy';
  readonly decision: 'allowed' | 'explicit-deny' | 'implicit-deny';
  readonly policies: readonly {
    readonly name: string;
    readonly statements: readonly {
      /** `Sid`, or `#` and the place in the document, from 0. */
      readonly statement: string;
      readonly effect: 'Allow' | 'Deny';
      readonly matches: boolean;
      /** The first part that did not match. */
      readonly missed?: 'principal' | 'action' | 'resource' | 'condition';
      /** The condition that did not hold, as `Operator key`. */
      readonly condition?: string;
    }[];
  }[];
}

/** A role as the access screen shows it. */
export interface AccessRole {
  readonly name: string;
  readonly arn: string;
  /** `bench`: made on first use, as the AWS console makes Cognito roles. */
  readonly madeBy: 'bench' | 'developer';
  readonly description?: string;
  readonly trustPolicy: string;
  readonly inlinePolicies: readonly { readonly name: string; readonly document: string }[];
  readonly attachedPolicies: readonly { readonly arn: string; readonly document: string }[];
  readonly permissionsBoundary?: string;
  readonly tags: { readonly [key: string]: string };
  readonly createdAt: string;
  readonly lastUsedAt?: string;
}

/** The first thing the bench sends on the event socket. */
export interface Hello {
  readonly type: 'hello';
  readonly data: { readonly version: string; readonly url: string; readonly account: string };
}

export type SocketMessage = Hello | BenchEvent;

export interface BenchErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}

/** `GET /_bench/import-jobs/{id}/log` */
export interface ImportLog {
  readonly group: string;
  readonly stream: string;
  readonly lines: readonly {
    /** Of the file; its header is line 1. */
    readonly line: number;
    readonly outcome: 'SUCCEEDED' | 'SKIPPED' | 'FAILED';
    readonly text: string;
  }[];
}
