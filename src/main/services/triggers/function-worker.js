// Runs in a worker thread, one for each environment of a function; see environment.ts. Plain CommonJS, because it is
// started from its text.
const { parentPort, workerData } = require('node:worker_threads');
const { readFileSync } = require('node:fs');
const { createRequire, registerHooks } = require('node:module');
const { fileURLToPath, pathToFileURL } = require('node:url');
const vm = require('node:vm');

const { file, handlerPath, fallbacks, logLines, answerBytes } = workerData;

let current;
let linesLeft = 0;

// What a function prints belongs to its invocation; the bench's own stdout carries nothing but its ready line. Each
// line goes out at once, so that those of a function that never ends are seen, too.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, callback) => {
    if (linesLeft > 0) {
      linesLeft -= 1;
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      parentPort.postMessage({
        type: 'log',
        line: linesLeft === 0 ? '(further output is not kept)' : text.slice(0, 10_000).replace(/\n$/, ''),
      });
    }
    (typeof encoding === 'function' ? encoding : callback)?.();
    return true;
  };
}

// A thread shares its process with the bench.
const kill = process.kill;
process.kill = (pid, signal) => {
  if (signal !== 0 && [0, process.pid, -process.pid].includes(pid)) {
    throw new Error('A function must not end the process of the bench');
  }
  return kill.call(process, pid, signal);
};

registerHooks?.({
  resolve(specifier, context, next) {
    const found = resolveModule(specifier, context, next);
    if (found.url.startsWith('file:') && !found.url.includes('/node_modules/')) {
      parentPort.postMessage({ type: 'loaded', file: fileURLToPath(found.url) });
    }
    return found;
  },
});

let searching = false;

/** Packages that the function's own folder does not have come from where the bench was started. */
function resolveModule(specifier, context, next) {
  try {
    return next(specifier, context);
  } catch (error) {
    const isPackage = /^(@[\w.-]+\/)?[a-z0-9][\w.-]*(\/|$)/i.test(specifier);
    if (!isPackage || searching) throw error;
    searching = true;
    try {
      for (const parentURL of fallbacks) {
        try {
          // A script's require looks from the script alone, whatever parent is named.
          if (context.conditions?.includes('require')) {
            return { url: pathToFileURL(createRequire(parentURL).resolve(specifier)).href, shortCircuit: true };
          }
          return next(specifier, { ...context, parentURL });
        } catch {
          // the next one may have it; else the first error is told
        }
      }
    } finally {
      searching = false;
    }
    throw error;
  }
}

async function load() {
  let module;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    throw loadProblem(error);
  }
  const path = handlerPath.split('.');
  const at = (root) => path.reduce((value, name) => value?.[name], root);
  const candidates = [at(module), at(module.default), module.default, module.default?.default];
  const handler = candidates.find((candidate) => typeof candidate === 'function');
  if (handler) return handler;
  throw Object.assign(new Error(`${handlerPath} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

function loadProblem(error) {
  if (error?.name === 'SyntaxError') {
    const problem = new Error(`SyntaxError: ${error.message}${placeOfSyntaxError(error.message)}`);
    return Object.assign(problem, { name: 'Runtime.UserCodeSyntaxError' });
  }
  if (error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND') {
    const problem = new Error(`Error: ${error.message.split('\n')[0]}`);
    return Object.assign(problem, { name: 'Runtime.ImportModuleError' });
  }
  return error;
}

/**
 * An import's error does not say where. The same text without its imports and exports, read as a script, does; the place
 * counts where the error is the same.
 */
function placeOfSyntaxError(message) {
  try {
    const text = readFileSync(file, 'utf8')
      .replaceAll(/^\s*import\b[^;\n]*(;|$)/gm, '')
      .replaceAll(/^\s*export\s+default\b/gm, 'void ')
      .replaceAll(/^\s*export\b/gm, '');
    vm.compileFunction(`return async () => {${text}\n}`, [], { filename: 'function' });
  } catch (error) {
    const line = /^function:(\d+)\n(.*)\n/.exec(error?.stack ?? '');
    if (line && error.message === message) return ` (line ${line[1]}: ${line[2].trim()})`;
  }
  return '';
}

function describe(error) {
  try {
    if (error instanceof Error || (typeof error === 'object' && typeof error?.message === 'string')) {
      const trace = typeof error.stack === 'string' ? error.stack.split('\n') : [];
      return { errorType: String(error.name ?? 'Error'), errorMessage: String(error.message), trace };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return { errorType: 'Error', errorMessage: 'The error cannot be described', trace: [] };
  }
}

function invoke(handler, { payload, context: given, milliseconds }) {
  const started = performance.now();
  let settled = false;
  const settle = (message) => {
    if (settled) return;
    settled = true;
    current = undefined;
    parentPort.ref();
    parentPort.postMessage(message);
  };
  const fail = (error) => settle({ type: 'failed', error: describe(error) });
  const succeed = (value) => {
    let text;
    try {
      text = JSON.stringify(value === undefined ? null : value) ?? 'null';
    } catch (error) {
      const errorMessage = `Unable to stringify response body: ${error?.message}`;
      settle({ type: 'failed', error: { errorType: 'Runtime.MarshalError', errorMessage, trace: [] } });
      return;
    }
    if (text.length > answerBytes) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${answerBytes} bytes).`;
      settle({ type: 'failed', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage, trace: [] } });
      return;
    }
    settle({ type: 'answered', payload: text });
  };
  const done = (error, value) => (error === null || error === undefined ? succeed(value) : fail(error));
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    ...given,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(milliseconds - (performance.now() - started))),
    done,
    succeed: (value) => succeed(value),
    fail: (error) => fail(error ?? null),
  };
  current = { succeed, fail, settle };
  linesLeft = logLines;
  // So that the end of a handler that never answers is noticed: see beforeExit below.
  parentPort.unref();
  try {
    const result = handler(JSON.parse(payload), context, done);
    if (typeof result?.then === 'function') result.then(succeed, fail);
    else if (result !== undefined && handler.length < 3) succeed(result);
  } catch (error) {
    fail(error);
  }
}

// Nothing is left to wait for, and nobody answered: Lambda's answer is null then.
process.on('beforeExit', () => current?.succeed(null));

process.on('uncaughtException', (error, origin) => {
  const described = describe(error);
  const errorType = origin === 'unhandledRejection' ? 'Runtime.UnhandledPromiseRejection' : described.errorType;
  const problem = { ...described, errorType };
  // The bench ends the worker when it has read this; a worker that ends itself may take its last words along.
  if (current) current.settle({ type: 'crashed', error: problem });
  else parentPort.postMessage({ type: 'crashed', error: problem });
});

linesLeft = logLines;
load().then(
  (handler) => {
    parentPort.on('message', (message) => invoke(handler, message));
    parentPort.postMessage({ type: 'ready' });
  },
  (error) => parentPort.postMessage({ type: 'crashed', error: describe(error) }),
);
