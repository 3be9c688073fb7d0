import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { FunctionError } from '../../../shared/bench-api.ts';
import { delay } from '../../kernel/scheduler.ts';
import type { FunctionRecord } from '../../store/repositories/functions.ts';
import { CodeFolders, fileStamp, type Module } from './code.ts';
import { Environment, type Work, type WorkResult } from './environment.ts';

interface RunnerParts {
  readonly archive: (record: FunctionRecord) => Uint8Array | undefined;
  readonly variables: (record: FunctionRecord) => { readonly [name: string]: string | undefined };
  /** Real milliseconds for loading a module. */
  readonly initMilliseconds: number;
}

/** Lambda's default, in megabytes. */
const MEMORY = 128;
/** Environments of one function at a time; more invocations wait for one of them. */
const MOST_ENVIRONMENTS = 10;
/** Real milliseconds after which a waiting environment is given up. */
const IDLE = 5 * 60_000;

const STOPPED: FunctionError = { errorType: 'Stopped', errorMessage: 'The bench is stopping', trace: [] };

/** The environments that run one state of a function's code. */
interface Pool {
  readonly record: FunctionRecord;
  readonly module: Module;
  readonly idle: { readonly environment: Environment; readonly gone: AbortController }[];
  readonly busy: Set<Environment>;
  readonly waiting: (() => void)[];
  /** The function's files as they were when they were loaded. */
  readonly files: Map<string, string>;
  retired: boolean;
}

/**
 * Runs functions in worker threads. A function has one environment for each invocation that runs at a time, kept
 * warm for the next; changed code gets new ones.
 */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #folders = new CodeFolders();
  readonly #pools = new Map<string, Pool>();
  readonly #ending = new Set<Promise<unknown>>();
  #stopped = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  async run(record: FunctionRecord, work: Work): Promise<WorkResult> {
    if (this.#stopped) return { outcome: 'failed', error: STOPPED };
    let pool;
    try {
      pool = this.#poolFor(record);
    } catch (error) {
      return { outcome: 'failed', error: notUnpacked(error) };
    }
    const environment = await this.#load(pool);
    const problem = await environment.loaded;
    if (problem) {
      this.#give(pool, environment);
      return { outcome: 'failed', error: problem };
    }
    const result = await environment.run(work);
    this.#give(pool, environment);
    return result;
  }

  /** Why the code cannot be loaded; `undefined` where it can, and then it is warm for its first invocation. */
  async check(record: FunctionRecord): Promise<FunctionError | undefined> {
    let pool;
    try {
      pool = this.#poolFor(record);
    } catch (error) {
      return notUnpacked(error);
    }
    const environment = await this.#load(pool);
    const problem = await environment.loaded;
    this.#give(pool, environment);
    if (problem) this.#retire(pool);
    return problem;
  }

  /** Lets go of what ran a function that was removed or replaced; what is under way ends first. */
  forget(arn: string): void {
    const pool = this.#pools.get(arn);
    if (pool) this.#retire(pool);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const pool of this.#pools.values()) {
      this.#retire(pool);
      for (const environment of pool.busy) this.#end(environment);
    }
    await Promise.all(this.#ending);
    this.#folders.stop();
  }

  #poolFor(record: FunctionRecord): Pool {
    const known = this.#pools.get(record.arn);
    if (known && known.record.revision === record.revision && !isStale(known)) return known;
    if (known) this.#retire(known);
    const module = this.#folders.unpack(record, () => this.#parts.archive(record));
    const pool: Pool = {
      record,
      module,
      idle: [],
      busy: new Set(),
      waiting: [],
      files: new Map([[module.file, fileStamp(module.file)]]),
      retired: false,
    };
    this.#pools.set(record.arn, pool);
    return pool;
  }

  /** An environment whose module is loaded, or could not be. */
  async #load(pool: Pool): Promise<Environment> {
    const environment = await this.#take(pool);
    await environment.loaded;
    // Seen as they were loaded: a file that is saved from now on makes the pool stale.
    for (const file of environment.files) if (!pool.files.has(file)) pool.files.set(file, fileStamp(file));
    return environment;
  }

  async #take(pool: Pool): Promise<Environment> {
    while (pool.busy.size >= MOST_ENVIRONMENTS) await new Promise<void>((resolve) => pool.waiting.push(resolve));
    const warm = pool.idle.pop();
    warm?.gone.abort();
    const environment = warm?.environment.alive ? warm.environment : this.#start(pool.record, pool.module);
    pool.busy.add(environment);
    return environment;
  }

  #give(pool: Pool, environment: Environment): void {
    pool.busy.delete(environment);
    if (pool.retired || !environment.alive) this.#end(environment);
    else {
      environment.rest();
      const gone = new AbortController();
      const entry = { environment, gone };
      pool.idle.push(entry);
      void delay(IDLE, gone.signal).then(
        () => {
          pool.idle.splice(pool.idle.indexOf(entry), 1);
          this.#end(environment);
        },
        () => {}, // taken again, or let go
      );
    }
    const next = pool.waiting.shift();
    if (next) next();
    else if (pool.retired && pool.busy.size === 0) this.#folders.drop(pool.module);
  }

  #retire(pool: Pool): void {
    pool.retired = true;
    if (this.#pools.get(pool.record.arn) === pool) this.#pools.delete(pool.record.arn);
    for (const { environment, gone } of pool.idle.splice(0)) {
      gone.abort();
      this.#end(environment);
    }
    if (pool.busy.size === 0 && pool.waiting.length === 0) this.#folders.drop(pool.module);
  }

  #start(record: FunctionRecord, { file, handlerPath }: Module): Environment {
    return new Environment({
      file,
      handlerPath,
      fallbacks: [pathToFileURL(join(process.cwd(), 'package.json')).href, import.meta.url],
      variables: this.#parts.variables(record),
      memoryMegabytes: record.settings.MemorySize ?? MEMORY,
      initMilliseconds: this.#parts.initMilliseconds,
    });
  }

  #end(environment: Environment): void {
    const ended = environment.stop().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}

function isStale({ record, files }: Pool): boolean {
  return record.kind === 'file' && [...files].some(([file, stamp]) => fileStamp(file) !== stamp);
}

function notUnpacked(error: unknown): FunctionError {
  return { errorType: 'InvalidZipFileException', errorMessage: (error as Error).message, trace: [] };
}
