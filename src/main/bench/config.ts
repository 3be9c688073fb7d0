import type { ClockStart } from '../kernel/clock.ts';
import type { LogLevel } from '../kernel/log.ts';
import { DEFAULT_ACCOUNT, DEFAULT_PORT } from '../../shared/bench-api.ts';
import type { ForwardTarget } from '../server/forward/target.ts';

/** How a bench is started: flags and environment, already parsed. */
export interface BenchConfig {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** Folder for everything that is kept; `undefined` keeps nothing. */
  readonly data: string | undefined;
  readonly region: string;
  /** The account that the page shows first. */
  readonly account: string;
  readonly issuer: 'local' | 'aws';
  readonly auth: 'enforce' | 'strict' | 'soft' | 'off';
  readonly limits: 'seed' | 'current' | 'off';
  readonly clock: ClockStart;
  /** Makes ids and codes repeatable. */
  readonly seed: number | undefined;
  readonly publicUrl: string | undefined;
  /** Services whose calls are checked here and answered elsewhere. */
  readonly forward: readonly ForwardTarget[];
  readonly logLevel: LogLevel;
  readonly version: string;
  /** The built page; `undefined` serves none. */
  readonly pageFolder: string | undefined;
  /** Fails answers that do not fit the service model, rather than noting it on the trace; for tests. */
  readonly strictAnswers: boolean;
  /** Real milliseconds that a trigger may take, as AWS limits it, and that loading a function's module may take. */
  readonly functionLimits: { readonly trigger: number; readonly load: number };
  /** Real milliseconds that an endpoint to which calls are forwarded may be silent. */
  readonly forwardPatience: number;
}

export const defaultConfig: BenchConfig = {
  port: DEFAULT_PORT,
  host: '127.0.0.1',
  data: undefined,
  region: 'us-east-1',
  account: DEFAULT_ACCOUNT,
  issuer: 'local',
  auth: 'enforce',
  limits: 'seed',
  clock: 'real',
  seed: undefined,
  publicUrl: undefined,
  forward: [],
  logLevel: 'warn',
  version: '0.1.0',
  pageFolder: undefined,
  strictAnswers: false,
  functionLimits: { trigger: 5000, load: 10_000 },
  forwardPatience: 60_000,
};
