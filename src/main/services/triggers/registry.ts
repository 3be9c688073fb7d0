import type { FunctionError, FunctionInvocation } from '../../../shared/bench-api.ts';
import type { Json } from '../../../shared/json.ts';
import { BenchError } from '../../kernel/fault.ts';
import { startStopwatch } from '../../kernel/stopwatch.ts';
import type { FunctionRecord } from '../../store/repositories/functions.ts';
import type { FunctionRun, LambdaFunctions, Services } from '../services.ts';
import { readAddress } from './address.ts';
import { askEndpoint, type EndpointResult } from './endpoint.ts';
import type { WorkResult } from './environment.ts';
import { Runner } from './runner.ts';
import { functionVariables } from './variables.ts';

type Needs = Pick<Services, 'bus' | 'clock' | 'config' | 'functions' | 'ids' | 'store'>;

/** Invocations kept of one function, and their size: large ones push old ones out before their number does. */
const MOST_INVOCATIONS = 200;
const MOST_BYTES = 16 * 1024 * 1024;
/** Seconds that a function may take where nobody set a limit. */
export const DEFAULT_TIMEOUT = 30;
/** Lambda's longest, in milliseconds. */
const LONGEST = 900_000;

interface Kept {
  readonly invocation: FunctionInvocation;
  readonly bytes: number;
}

/** Keeps functions and their invocations, and runs them: in workers, or over HTTP. */
export function createFunctions(services: Needs): LambdaFunctions {
  const { bus, clock, config, functions, ids, store } = services;
  const invocations = new Map<string, Kept[]>();
  const runner = new Runner({
    archive: (record) => functions.archive(record),
    variables: (record) => functionVariables(record, config.url(), process.env),
    initMilliseconds: config.functionLimits.load,
  });

  const forget = (arn: string): void => {
    invocations.delete(arn);
    runner.forget(arn);
  };
  const forgetAll = (account?: string): void => {
    for (const arn of invocations.keys()) if (account === undefined || arn.split(':')[4] === account) forget(arn);
  };
  bus.on('account.reset', ({ account }) => forgetAll(account));
  bus.on('bench.reset', () => forgetAll());

  const keep = (account: string, invocation: FunctionInvocation): FunctionInvocation => {
    const kept = invocations.get(invocation.arn) ?? [];
    kept.unshift({ invocation, bytes: JSON.stringify(invocation).length });
    let bytes = 0;
    const fitting = kept.filter((entry, index) => (bytes += entry.bytes) <= MOST_BYTES || index === 0);
    invocations.set(invocation.arn, fitting.slice(0, MOST_INVOCATIONS));
    bus.publish('function.invoked', { account, invocation });
    return invocation;
  };

  return {
    async register({ account, region, name, code, settings = {} }, check) {
      const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
      const now = clock.now();
      const record: FunctionRecord = {
        account,
        region,
        name,
        arn,
        kind: code.kind,
        target: code.kind === 'zip' ? '' : code.target,
        settings,
        policy: [],
        revision: ids.uuid(),
        createdAt: now,
        modifiedAt: now,
      };
      const problem = check && code.kind !== 'url' ? await runner.check(record) : undefined;
      if (problem) throw new BenchError('FunctionNotLoaded', `${name} cannot be loaded: ${problem.errorMessage}`, 422);
      store.write((tx) => {
        functions.put(record, code.kind === 'zip' ? code.archive : undefined);
        tx.announce('function.changed', { account, name });
      });
      // Checked code is warm already.
      if (!check || code.kind === 'url') runner.forget(arn);
      return functions.find(account, region, name) ?? record;
    },

    remove(record) {
      const found = functions.find(record.account, record.region, record.name);
      if (!found) return false;
      store.write((tx) => {
        functions.remove(found);
        tx.announce('function.changed', { account: found.account, name: found.name });
      });
      forget(found.arn);
      return true;
    },

    address: readAddress,
    find: ({ account, region, name }) => functions.find(account, region, name),
    invocations: ({ account, region, name }) =>
      (invocations.get(`arn:aws:lambda:${region}:${account}:function:${name}`) ?? []).map(
        ({ invocation }) => invocation,
      ),

    async invoke(record, run) {
      const id = ids.uuid();
      const at = clock.now().toISOString();
      const elapsed = startStopwatch();
      const log: string[] = [];
      const result = await carryOut(record, run, id, at, log);
      return keep(record.account, {
        id,
        name: record.name,
        arn: record.arn,
        purpose: run.purpose,
        at,
        milliseconds: elapsed(),
        requestId: run.requestId ?? null,
        payload: run.payload,
        log,
        secrets: run.secrets ?? [],
        ...shown(result),
      });
    },

    stop: () => runner.stop(),
  };

  async function carryOut(
    record: FunctionRecord,
    run: FunctionRun,
    id: string,
    at: string,
    log: string[],
  ): Promise<WorkResult | EndpointResult> {
    const payload = JSON.stringify(run.payload);
    const patience = run.patience ?? LONGEST;
    const own = (record.settings.Timeout ?? DEFAULT_TIMEOUT) * 1000;
    const milliseconds = Math.min(patience, own);
    const result =
      record.kind === 'url'
        ? await askEndpoint(record.target, payload, run.clientContext, milliseconds)
        : await runner.run(record, {
            payload,
            context: contextOf(record, id, run.clientContext),
            milliseconds,
            onLine: (line) => log.push(line),
          });
    // The caller still waits: it is the function's own limit that ended it, which Lambda tells as the function's error.
    if (result.outcome === 'timed-out' && own <= patience) {
      return { outcome: 'failed', error: ownTimeout(at, id, own / 1000) };
    }
    return result;
  }
}

function shown(result: WorkResult | EndpointResult): Pick<FunctionInvocation, 'outcome' | 'answer' | 'error'> {
  if (result.outcome === 'answered') return { outcome: 'answered', answer: JSON.parse(result.payload) as Json };
  if (result.outcome === 'timed-out') return { outcome: 'timed-out' };
  return { outcome: result.outcome, error: result.error };
}

function ownTimeout(at: string, id: string, seconds: number): FunctionError {
  const errorMessage = `${at} ${id} Task timed out after ${seconds.toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage, trace: [] };
}

function contextOf(record: FunctionRecord, id: string, clientContext: Json | undefined): Record<string, unknown> {
  return {
    functionName: record.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: record.arn,
    memoryLimitInMB: String(record.settings.MemorySize ?? 128),
    awsRequestId: id,
    logGroupName: `/aws/lambda/${record.name}`,
    logStreamName: `[$LATEST]${record.revision}`,
    ...(clientContext === undefined ? {} : { clientContext }),
  };
}
