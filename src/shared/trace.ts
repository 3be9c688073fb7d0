import type { Json } from './json.ts';

/** Who made a call: a simulated device, an outside app, or the bench itself (demo, page). */
export interface Lane {
  readonly kind: 'device' | 'app' | 'bench';
  /** Stable: the device's id, the app's `AWS_SDK_UA_APP_ID`, or `bench`. */
  readonly id: string;
  readonly name: string;
}

/** What one note on a call says happened. */
export type Outcome = 'pass' | 'refuse' | 'choose' | 'note';

/**
 * One check, choice or refusal on the way to an answer.
 * `rule` is a numbered behaviour of docs/rules, for example `UP-AUTH-7`.
 */
export interface Reason {
  readonly rule: string;
  readonly outcome: Outcome;
  /** One sentence in plain words. */
  readonly decided: string;
  /** What the decision was made from; never a secret. */
  readonly inputs?: { readonly [name: string]: Json };
}

export interface TraceStep {
  readonly name: string;
  readonly milliseconds: number;
}

export type TraceCaller =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'developer' | 'iam-user'; readonly accessKeyId: string; readonly arn: string }
  | {
      readonly kind: 'session';
      readonly accessKeyId: string;
      readonly arn: string;
      readonly identityId?: string;
    }
  | {
      readonly kind: 'user';
      readonly username: string;
      readonly userPoolId: string;
      readonly clientId: string;
    }
  | { readonly kind: 'app-client'; readonly clientId: string; readonly userPoolId: string };

/** The record of one request, from the first byte to the answer. */
export interface TraceRecord {
  /** Counts up from 1 within one run of the bench; the address of the event on the page. */
  readonly id: number;
  readonly requestId: string;
  readonly account: string;
  readonly region: string;
  /** Bench time, ISO 8601. */
  readonly at: string;
  readonly milliseconds: number;
  readonly lane: Lane;
  /** `cognito-idp`, `cognito-identity`, `cognito-sync`, `sts`, …; absent when no service was recognised. */
  readonly service?: string;
  readonly operation?: string;
  readonly caller: TraceCaller;
  readonly request: TraceMessage & { readonly method: string; readonly path: string };
  readonly response: TraceMessage & { readonly status: number };
  readonly fault?: { readonly code: string; readonly message: string };
  readonly reasons: readonly Reason[];
  readonly steps: readonly TraceStep[];
  /** One sentence in words, for the summary and the list. */
  readonly summary: string;
}

export interface TraceMessage {
  readonly headers: { readonly [name: string]: string };
  /** The decoded body, or its text when it could not be decoded. */
  readonly body: Json;
  /** Paths in `body`, such as `AuthParameters.PASSWORD`, that the page masks until they are revealed. */
  readonly secrets: readonly string[];
}
