import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionInvocation } from '../../src/shared/bench-api.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

let bench: TestBench;
const folder = mkdtempSync(join(tmpdir(), 'poolbench-test-'));

beforeAll(async () => {
  bench = await startBench();
});
afterAll(async () => {
  await bench.stop();
  rmSync(folder, { recursive: true });
});

const register = (name: string, code: object): Promise<{ arn: string }> =>
  bench.call('POST', '/functions', { name, ...code });
const run = (name: string, payload?: unknown): Promise<FunctionInvocation> =>
  bench.call('POST', `/functions/${name}/invoke`, payload === undefined ? {} : { payload });

describe('a function from text', () => {
  it('[FN-CODE-1] is a module or a script, with a named or a default export', async () => {
    const sources = {
      named: 'export const handler = async (event) => ({ said: event.say });',
      'by-default': 'export default (event) => ({ said: event.say });',
      script: 'exports.handler = async (event) => ({ said: event.say });',
      whole: 'module.exports = async (event) => ({ said: event.say });',
      callback: 'exports.handler = (event, context, callback) => { callback(null, { said: event.say }); };',
      done: 'exports.handler = (event, context) => { context.done(null, { said: event.say }); };',
    };
    for (const [name, source] of Object.entries(sources)) {
      expect(await register(name, { source })).toEqual({
        arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      });
      expect([name, await run(name, { say: 'hello' })]).toMatchObject([
        name,
        { name, purpose: 'by hand', outcome: 'answered', answer: { said: 'hello' }, payload: { say: 'hello' } },
      ]);
    }
  });

  it('[FN-CODE-2] that cannot be loaded is refused with what is wrong, and nothing is stored', async () => {
    await expect(
      register('broken', { source: 'export const handler = async (e) => {\n  return e +;\n};' }),
    ).rejects.toThrow(
      `422 ${JSON.stringify({
        error: {
          code: 'FunctionNotLoaded',
          message: "broken cannot be loaded: SyntaxError: Unexpected token ';' (line 2: return e +;)",
        },
      })}`,
    );
    await expect(register('broken', { source: 'export const other = 1;' })).rejects.toThrow(
      'handler is undefined or not exported',
    );
    await expect(register('broken', { source: 'import "no-such-package"; export default () => 1;' })).rejects.toThrow(
      "Cannot find package 'no-such-package'",
    );
    await expect(
      register('broken', { source: 'throw new Error("at the top"); export default () => 1;' }),
    ).rejects.toThrow('at the top');
    await expect(register('broken', { source: 'process.exit(3); export default () => 1;' })).rejects.toThrow(
      'Runtime exited with error: exit status 3',
    );
    await expect(register('broken', { file: join(folder, 'not-there.mjs') })).rejects.toThrow('Cannot find module');
    expect(await bench.call<{ name: string }[]>('GET', '/functions')).not.toContainEqual(
      expect.objectContaining({ name: 'broken' }),
    );
  });
});

describe('an invocation', () => {
  it('[FN-RUN-1] has Lambda’s context, and prints into the invocation', async () => {
    const source = `export const handler = async (event, context) => {
      console.log('it says', event);
      console.error('and warns');
      process.stdout.write('plainly\\n');
      const { getRemainingTimeInMillis, done, succeed, fail, ...rest } = context;
      return { ...rest, left: getRemainingTimeInMillis() > 0, region: process.env.AWS_REGION, key: process.env.AWS_ACCESS_KEY_ID,
        endpoint: process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, own: process.env.OWN };
    };`;
    await register('context', { source, environment: { OWN: 'yes' } });
    const done = await run('context', { a: 1 });
    expect(done).toMatchObject({
      outcome: 'answered',
      log: ['it says { a: 1 }', 'and warns', 'plainly'],
      requestId: null,
    });
    expect(done.answer).toMatchObject({
      functionName: 'context',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
      memoryLimitInMB: '128',
      awsRequestId: done.id,
      left: true,
      region: 'us-east-1',
      key: '000000000000',
      endpoint: bench.url,
      own: 'yes',
    });
  });

  it('[FN-RUN-2] that throws tells type, message and trace', async () => {
    await register('throws', { source: `export default async () => { throw new TypeError('no such thing'); }` });
    const { outcome, error } = await run('throws');
    expect(outcome).toBe('failed');
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such thing' });
    expect(error!.trace[1]).toContain('index.js:1');
    await register('texts', { source: `exports.handler = (event, context, callback) => callback('plain text');` });
    expect(await run('texts')).toMatchObject({ error: { errorType: 'string', errorMessage: 'plain text', trace: [] } });
  });

  it('[FN-RUN-3] that nobody answers is null once nothing is left to wait for', async () => {
    await register('silent', { source: 'exports.handler = (event, context, callback) => {};' });
    expect(await run('silent')).toMatchObject({ outcome: 'answered', answer: null });
    await register('pending', { source: 'export const handler = () => new Promise(() => {});' });
    expect(await run('pending')).toMatchObject({ outcome: 'answered', answer: null });
    expect(await run('pending')).toMatchObject({ outcome: 'answered', answer: null });
  });

  it('[FN-RUN-4] that crashes its worker fails alone; the next one gets a new worker', async () => {
    const source = `export const handler = async ({ how }) => {
      if (how === 'exit') process.exit(7);
      if (how === 'later') setTimeout(() => { throw new Error('later'); }, 1);
      if (how === 'rejection') Promise.reject(new Error('unheard'));
      if (how === 'kill') process.kill(process.pid);
      if (how === 'memory') { const all = []; for (;;) all.push(new Array(1e6).fill({})); }
      if (how === 'stack') { const f = () => f(); f(); }
      if (how === 'cycle') { const a = {}; a.a = a; return a; }
      if (how === 'large') return 'x'.repeat(7e6);
      if (how === 'later' || how === 'rejection') await new Promise((resolve) => setTimeout(resolve, 2000));
      return 'fine';
    };`;
    await register('crashes', { source });
    const errorOf = async (how: string): Promise<unknown> => {
      const { outcome, error } = await run('crashes', { how });
      return [how, outcome, error?.errorType];
    };
    expect(await errorOf('exit')).toEqual(['exit', 'failed', 'Runtime.ExitError']);
    expect(await errorOf('later')).toEqual(['later', 'failed', 'Error']);
    expect(await errorOf('rejection')).toEqual(['rejection', 'failed', 'Runtime.UnhandledPromiseRejection']);
    expect(await errorOf('kill')).toEqual(['kill', 'failed', 'Error']);
    expect(await errorOf('memory')).toEqual(['memory', 'failed', 'Runtime.OutOfMemory']);
    expect(await errorOf('stack')).toEqual(['stack', 'failed', 'RangeError']);
    expect(await errorOf('cycle')).toEqual(['cycle', 'failed', 'Runtime.MarshalError']);
    expect(await errorOf('large')).toEqual(['large', 'failed', 'Function.ResponseSizeTooLarge']);
    expect(await run('crashes', {})).toMatchObject({ outcome: 'answered', answer: 'fine' });
  }, 30_000);

  it('[FN-RUN-5] ends with the function’s own time limit, also in a loop that never ends, and keeps what it printed', async () => {
    await register('loops', { source: `export default () => { console.log('in'); for (;;); }`, timeoutSeconds: 1 });
    const ended = await run('loops');
    expect(ended).toMatchObject({ outcome: 'failed', log: ['in'], error: { errorType: 'Sandbox.Timedout' } });
    expect(ended.error!.errorMessage).toBe(`${ended.at} ${ended.id} Task timed out after 1.00 seconds`);
  });

  it('[FN-RUN-6] keeps at most a thousand lines of what a function prints', async () => {
    await register('chatters', {
      source: `export default () => { for (let i = 0; i < 5000; i += 1) console.log(i); return 1; }`,
    });
    const { log, answer } = await run('chatters');
    expect(answer).toBe(1);
    expect(log).toHaveLength(1000);
    expect(log.at(-1)).toBe('(further output is not kept)');
  });

  it('[FN-RUN-7] of one function side by side has workers of its own, and keeps them warm', async () => {
    const source = `import { threadId } from 'node:worker_threads';
      let runs = 0;
      export const handler = async ({ wait }) => { runs += 1; await new Promise((r) => setTimeout(r, wait)); return { threadId, runs }; };`;
    await register('parallel', { source });
    const all = await Promise.all(Array.from({ length: 14 }, () => run('parallel', { wait: 50 })));
    const threads = new Set(all.map(({ answer }) => (answer as { threadId: number }).threadId));
    expect(all.every(({ outcome }) => outcome === 'answered')).toBe(true);
    expect(threads.size).toBe(10);
    const { answer } = await run('parallel', { wait: 0 });
    expect((answer as { runs: number }).runs).toBeGreaterThan(1);
    expect(threads).toContain((answer as { threadId: number }).threadId);
  }, 30_000);

  it('[FN-KEEP-1] is kept, newest first, and goes with the function', async () => {
    await register('kept', { source: 'export default (event) => event;' });
    await run('kept', { number: 1 });
    await run('kept', { number: 2 });
    const list = await bench.call<FunctionInvocation[]>('GET', '/functions/kept/invocations');
    expect(list.map(({ payload }) => payload)).toEqual([{ number: 2 }, { number: 1 }]);
    expect(await bench.call('GET', '/functions/kept/invocations?limit=1')).toHaveLength(1);
    await bench.call('DELETE', '/functions/kept');
    await expect(bench.call('GET', '/functions/kept/invocations')).rejects.toThrow('There is no function named kept.');
    await expect(bench.call('DELETE', '/functions/kept')).rejects.toThrow('404');
    await expect(run('kept')).rejects.toThrow('404');
    await register('kept', { source: 'export default (event) => event;' });
    expect(await bench.call('GET', '/functions/kept/invocations')).toEqual([]);
  });
});

describe('changed code', () => {
  it('[FN-CODE-3] of a text runs from the next invocation on', async () => {
    await register('versions', { source: 'export default () => 1;' });
    expect((await run('versions')).answer).toBe(1);
    await register('versions', { source: 'export default () => 2;' });
    expect((await run('versions')).answer).toBe(2);
    expect(await bench.call('GET', '/functions/versions')).toMatchObject({
      kind: 'source',
      source: 'export default () => 2;',
      timeoutSeconds: 30,
      environment: {},
    });
    expect(await bench.call<unknown[]>('GET', '/functions/versions/invocations')).toHaveLength(2);
  });

  it('[FN-CODE-4] of a file, or of a file that it imports, runs once it is saved', async () => {
    const main = join(folder, 'main.mjs');
    const part = join(folder, 'part.mjs');
    const save = (path: string, text: string, age: number): void => {
      writeFileSync(path, text);
      utimesSync(path, age, age);
    };
    save(part, 'export const part = 1;', 1000);
    save(main, `import { part } from './part.mjs'; export const handler = () => ['old', part];`, 1000);
    await register('file', { file: main });
    expect((await run('file')).answer).toEqual(['old', 1]);
    save(main, `import { part } from './part.mjs'; export const handler = () => ['new', part];`, 2000);
    expect((await run('file')).answer).toEqual(['new', 1]);
    save(part, 'export const part = 2;', 2000);
    expect((await run('file')).answer).toEqual(['new', 2]);
    save(main, 'export const handler = (', 3000);
    expect(await run('file')).toMatchObject({ outcome: 'failed', error: { errorType: 'Runtime.UserCodeSyntaxError' } });
    save(main, 'export const handler = () => 3;', 4000);
    expect((await run('file')).answer).toBe(3);
    rmSync(main);
    expect(await run('file')).toMatchObject({ outcome: 'failed', error: { errorType: 'Runtime.ImportModuleError' } });
    expect(await bench.call('GET', '/functions')).toContainEqual(
      expect.objectContaining({ name: 'file', target: main }),
    );
  });

  it('[FN-CODE-5] may use packages of the folder in which the bench was started', async () => {
    await register('packages', { source: `import { z } from 'zod'; export default () => z.string().parse('text');` });
    expect((await run('packages')).answer).toBe('text');
    await register('packages', {
      source: `const { z } = require('zod'); exports.handler = async () => z.string().parse('text');`,
    });
    expect((await run('packages')).answer).toBe('text');
  });
});

it('[FN-KEEP-1] keeps few invocations where they are large', async () => {
  await register('large', { source: `export default () => 'x'.repeat(5_000_000);` });
  for (let count = 0; count < 5; count += 1) await run('large');
  expect(await bench.call('GET', '/functions/large/invocations')).toHaveLength(3);
});
