import { resolve } from 'node:path';
import { BenchError } from '../kernel/fault.ts';
import { defaultConfig, type BenchConfig } from './config.ts';
import { defaultDataFolder } from './data-folder.ts';
import { readForward, splitForwards, withoutSecret } from './forward-targets.ts';

/** Settings as they arrive from flags, mostly one text each; `undefined` where a flag was not given. */
export interface Flags {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly data?: string | undefined;
  readonly memory?: boolean | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  readonly issuer?: string | undefined;
  readonly auth?: string | undefined;
  readonly clock?: string | undefined;
  readonly seed?: string | undefined;
  readonly limits?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly forward?: readonly string[] | undefined;
  readonly logLevel?: string | undefined;
}

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** Each flag has a twin in the environment. */
export const VARIABLES: { readonly [Flag in keyof Flags]-?: string } = {
  port: 'POOLBENCH_PORT',
  host: 'POOLBENCH_HOST',
  data: 'POOLBENCH_DATA_DIR',
  memory: 'POOLBENCH_MEMORY',
  region: 'POOLBENCH_REGION',
  account: 'POOLBENCH_ACCOUNT',
  issuer: 'POOLBENCH_ISSUER',
  auth: 'POOLBENCH_AUTH',
  clock: 'POOLBENCH_CLOCK',
  seed: 'POOLBENCH_SEED',
  limits: 'POOLBENCH_LIMITS',
  publicUrl: 'POOLBENCH_PUBLIC_URL',
  forward: 'POOLBENCH_FORWARD',
  logLevel: 'POOLBENCH_LOG_LEVEL',
};

export type BenchSettings = Omit<
  BenchConfig,
  'version' | 'pageFolder' | 'strictAnswers' | 'functionLimits' | 'forwardPatience'
>;

/** Flags that take one text. */
type TextFlag = keyof Omit<Flags, 'memory' | 'forward'>;

/**
 * One typed configuration from flags, environment and defaults, in this order of precedence.
 *
 * @throws BenchError with a sentence that names the setting
 */
export function readSettings(flags: Flags, env: Environment): BenchSettings {
  const text = (name: TextFlag): string | undefined => {
    const flag = flags[name];
    if (flag !== undefined) return flag;
    const value = env[VARIABLES[name]];
    return value === '' ? undefined : value;
  };
  const choice = <Value extends string>(name: TextFlag, values: readonly Value[]): Value | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const found = values.find((candidate) => candidate === value);
    return found ?? refuse(name, value, `must be one of ${values.join(', ')}`);
  };
  const matching = (name: TextFlag, pattern: RegExp, rule: string): string | undefined => {
    const value = text(name);
    return value === undefined || pattern.test(value) ? value : refuse(name, value, rule);
  };

  const port = matching('port', /^\d{1,5}$/, 'must be a number from 0 to 65535');
  if (port !== undefined && Number(port) > 65_535) refuse('port', port, 'must be a number from 0 to 65535');
  const seed = matching('seed', /^\d{1,15}$/, 'must be a whole number');
  return {
    port: port === undefined ? defaultConfig.port : Number(port),
    host: matching('host', /^[\w.:%-]+$/, 'must be an address or a host name') ?? defaultConfig.host,
    data: dataFolder(flags, env),
    region: matching('region', /^[a-z]{2}(-[a-z]+)+-\d$/, 'must be the name of an AWS region') ?? defaultConfig.region,
    account: matching('account', /^\d{12}$/, 'must have exactly twelve digits') ?? defaultConfig.account,
    issuer: choice('issuer', ['local', 'aws']) ?? defaultConfig.issuer,
    auth: choice('auth', ['enforce', 'strict', 'soft', 'off']) ?? defaultConfig.auth,
    limits: choice('limits', ['seed', 'current', 'off']) ?? defaultConfig.limits,
    clock: clockStart(text('clock')),
    seed: seed === undefined ? undefined : Number(seed),
    publicUrl: publicUrl(text('publicUrl')),
    forward: forwards(flags.forward ?? splitForwards(env[VARIABLES.forward] ?? '')),
    logLevel: choice('logLevel', ['silent', 'error', 'warn', 'info', 'debug']) ?? defaultConfig.logLevel,
  };
}

/** The same settings for a process that is started with an environment only. */
export function settingsAsEnvironment(flags: Flags): { [name: string]: string } {
  const env: { [name: string]: string } = {};
  for (const [flag, variable] of Object.entries(VARIABLES)) {
    const value = flags[flag as keyof Flags];
    if (value === undefined) continue;
    env[variable] = value === true ? '1' : String(value);
  }
  if (flags.data !== undefined) {
    env[VARIABLES.data] = resolve(flags.data);
    env[VARIABLES.memory] = '';
  }
  return env;
}

function dataFolder(flags: Flags, env: Environment): string | undefined {
  if (flags.memory && flags.data !== undefined) {
    throw new BenchError(
      'Usage',
      '--memory keeps nothing and --data names a folder to keep things in; give one of them.',
    );
  }
  if (flags.memory) return undefined;
  if (flags.data !== undefined) {
    return flags.data === '' ? refuse('data', flags.data, 'must name a folder') : resolve(flags.data);
  }
  if (env[VARIABLES.memory] && env[VARIABLES.memory] !== '0') return undefined;
  const folder = env[VARIABLES.data];
  return folder ? resolve(folder) : defaultDataFolder();
}

function clockStart(value: string | undefined): BenchConfig['clock'] {
  if (value === undefined) return defaultConfig.clock;
  if (value === 'real' || value === 'frozen') return value;
  const at = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) refuse('clock', value, 'must be real, frozen, or a time such as 2026-01-01T00:00:00Z');
  return new Date(at);
}

function forwards(values: readonly string[]): BenchConfig['forward'] {
  const targets = values.map((value) => {
    const target = readForward(value);
    return typeof target === 'string' ? refuse('forward', withoutSecret(value), target) : target;
  });
  const services = targets.map(({ service }) => service);
  const twice = services.find((service, index) => services.indexOf(service) < index);
  return twice === undefined ? targets : refuse('forward', twice, 'must name each service once');
}

function publicUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    refuse('publicUrl', value, 'must be an http or https address without a query');
  }
  return value.replace(/\/+$/, '');
}

function refuse(name: keyof Flags, value: string, rule: string): never {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new BenchError('Usage', `${flag} (or ${VARIABLES[name]}) ${rule}, not "${value}".`);
}
