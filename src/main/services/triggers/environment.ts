import { Worker } from 'node:worker_threads';
import type { FunctionError } from '../../../shared/bench-api.ts';
import { within } from '../../kernel/scheduler.ts';
import source from './function-worker.js?raw';

/** How a function's code is started. */
export interface Start {
  /** The module's file. */
  readonly file: string;
  /** What it exports as its handler, such as `handler`. */
  readonly handlerPath: string;
  /** Module addresses whose packages a function may use beside its own. */
  readonly fallbacks: readonly string[];
  readonly variables: { readonly [name: string]: string | undefined };
  readonly memoryMegabytes: number;
  /** Real milliseconds for loading the module. */
  readonly initMilliseconds: number;
}

export interface Work {
  /** JSON text. */
  readonly payload: string;
  /** What the handler sees as `context`, but for its functions. */
  readonly context: { readonly [name: string]: unknown };
  /** Real milliseconds. */
  readonly milliseconds: number;
  readonly onLine: (line: string) => void;
}

export type WorkResult =
  /** JSON text. */
  | { readonly outcome: 'answered'; readonly payload: string }
  | { readonly outcome: 'failed'; readonly error: FunctionError }
  | { readonly outcome: 'timed-out' };

type Message =
  | { readonly type: 'ready' }
  | { readonly type: 'loaded'; readonly file: string }
  | { readonly type: 'failed' | 'crashed'; readonly error: FunctionError }
  | { readonly type: 'answered'; readonly payload: string }
  | { readonly type: 'log'; readonly line: string };

/** Lambda's limit for an answer. */
const ANSWER_BYTES = 6 * 1024 * 1024;
/** Lines kept of one invocation: a function that prints in a loop must not fill the bench's memory. */
const LOG_LINES = 1000;

/**
 * One worker thread that runs one function, an invocation at a time. It dies with a time limit, a crash or an
 * uncaught error, and never takes the bench along.
 */
export class Environment {
  /** `undefined` once the module is loaded, else why it could not be. */
  readonly loaded: Promise<FunctionError | undefined>;
  /** The function's own modules, without its packages. */
  readonly files = new Set<string>();
  #alive = true;
  readonly #worker: Worker;
  #onLine: (line: string) => void = () => {};
  #onResult: ((result: WorkResult) => void) | undefined;

  constructor(start: Start) {
    this.#worker = new Worker(source, {
      eval: true,
      stdout: true,
      stderr: true,
      argv: [],
      // A text of its own says neither that it is a module nor that it is a script; Node finds out.
      execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
      env: { ...start.variables },
      workerData: {
        file: start.file,
        handlerPath: start.handlerPath,
        fallbacks: start.fallbacks,
        logLines: LOG_LINES,
        answerBytes: ANSWER_BYTES,
      },
      resourceLimits: { maxOldGenerationSizeMb: start.memoryMegabytes },
    });
    this.loaded = within(this.#load(), start.initMilliseconds, () => {
      void this.stop();
      const seconds = (start.initMilliseconds / 1000).toFixed(2);
      return { errorType: 'Sandbox.Timedout', errorMessage: `Loading timed out after ${seconds} seconds`, trace: [] };
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  #load(): Promise<FunctionError | undefined> {
    return new Promise((resolve) => {
      this.#worker.on('message', (message: Message) => {
        switch (message.type) {
          case 'ready':
            return resolve(undefined);
          case 'crashed':
            resolve(message.error);
            void this.stop();
            return this.#settle({ outcome: 'failed', error: message.error });
          case 'loaded':
            return void this.files.add(message.file);
          case 'log':
            return this.#onLine(message.line);
          case 'answered':
            return this.#settle({ outcome: 'answered', payload: message.payload });
          case 'failed':
            return this.#settle({ outcome: 'failed', error: message.error });
        }
      });
      this.#worker.on('error', (error: Error & { code?: string }) => {
        const problem = crash(error);
        resolve(problem);
        this.#end({ outcome: 'failed', error: problem });
      });
      this.#worker.on('exit', (status) => {
        const reason = status === 0 ? 'exited without providing a reason' : `exited with error: exit status ${status}`;
        const problem = { errorType: 'Runtime.ExitError', errorMessage: `Runtime ${reason}`, trace: [] };
        resolve(problem);
        this.#end({ outcome: 'failed', error: problem });
      });
    });
  }

  /** Only one at a time, and only once {@link loaded} says that there is something to run. */
  run({ payload, context, milliseconds, onLine }: Work): Promise<WorkResult> {
    this.#onLine = onLine;
    const done = new Promise<WorkResult>((resolve) => {
      this.#onResult = resolve;
    });
    this.#worker.ref();
    this.#worker.postMessage({ payload, context, milliseconds });
    return within(done, milliseconds, () => {
      this.#onResult = undefined;
      void this.stop();
      return { outcome: 'timed-out' };
    });
  }

  /** While it waits for work it keeps no process alive. */
  rest(): void {
    this.#worker.unref();
  }

  async stop(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
  }

  #settle(result: WorkResult): void {
    this.#onResult?.(result);
    this.#onResult = undefined;
    this.#onLine = () => {};
  }

  #end(result: WorkResult): void {
    this.#alive = false;
    this.#settle(result);
  }
}

function crash(error: Error & { code?: string }): FunctionError {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'The function ran out of memory', trace: [] };
  }
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
