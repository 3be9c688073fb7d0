import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../harness/bench.ts';
import { missing, runProgram } from '../harness/program.ts';

const SCRIPT = fileURLToPath(new URL('python/journey.py', import.meta.url));
const reason = await missing('boto3', 'python3', ['-c', 'import boto3']);

describe.skipIf(reason)(`an app with boto3${reason ? ` (${reason})` : ''}`, () => {
  let bench: TestBench;
  beforeAll(async () => {
    // The scripts' signatures, SRP and one-time codes go by the machine's clock.
    bench = await startBench({ clock: 'real' });
  });
  afterAll(() => bench.stop());

  it.each([
    ['signs up, signs in by password, refreshes, signs out and resets the password', 'sign_up'],
    ['administers users and groups, and searches them', 'administrators'],
    ['signs in by SRP', 'srp'],
    ['signs in with a one-time code', 'factors'],
    ['signs in with a remembered device', 'devices'],
    ['gets credentials and keeps records', 'sync'],
  ])('%s', { timeout: 60_000 }, async (_title, story) => {
    const { code, stdout, stderr } = await runProgram('python3', [SCRIPT, story], bench);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ story, done: true });
  });
});
