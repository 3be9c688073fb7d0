'use strict';

/*
 * Runs a resolver of the user's own, away from the bench: in a thread of its own, in a context that has the
 * language and nothing else. Conflicts go in and answers come out as JSON text, so that no object of this thread
 * can be reached from inside.
 */
const { parentPort, workerData } = require('node:worker_threads');
const { createContext, Script } = require('node:vm');

const { timeoutMs } = workerData;
const contexts = new Map();
const KEPT = 20;

function contextOf(source) {
  const known = contexts.get(source);
  if (known) return known;
  // What a refused import is rejected with would be an object of this thread, the one way out of the context.
  if (/\bimport\b/.test(source)) throw new TypeError('there is no import here');
  const context = createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  });
  const define = new Script(`'use strict'; globalThis.resolve = (${source}\n);`, {
    filename: 'resolver.js',
    lineOffset: 0,
  });
  define.runInContext(context, { timeout: timeoutMs });
  if (new Script('typeof resolve').runInContext(context) !== 'function')
    throw new TypeError('the text is not a function');
  if (contexts.size >= KEPT) contexts.delete(contexts.keys().next().value);
  contexts.set(source, context);
  return context;
}

parentPort.on('message', ({ id, source, conflict }) => {
  try {
    const context = contextOf(source);
    const call = new Script(`(() => {
      const answer = resolve(JSON.parse(${JSON.stringify(conflict)}));
      if (answer && typeof answer.then === 'function') return JSON.stringify({ promise: true });
      return JSON.stringify({ answer });
    })()`);
    const text = call.runInContext(context, { timeout: timeoutMs });
    parentPort.postMessage({ id, text: typeof text === 'string' ? text : '{}' });
  } catch (error) {
    parentPort.postMessage({ id, error: describe(error) });
  }
});

/** What was thrown comes from inside: it may be anything, and looking at it may throw again. */
function describe(error) {
  try {
    if (error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return `it ran longer than ${timeoutMs} ms`;
    const { name, message } = error;
    return typeof message === 'string' ? `${String(name)}: ${message}`.slice(0, 300) : String(error).slice(0, 300);
  } catch {
    return 'it threw something that cannot be shown';
  }
}
