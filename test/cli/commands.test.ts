import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { poolbench, startPoolbench, type Running } from '../harness/command-line.ts';

const ONE_SENTENCE = /^[^\n]+\n$/;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'poolbench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function userPools({ url }: Running): CognitoIdentityProvider {
  return new CognitoIdentityProvider({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
  });
}

describe('start', () => {
  it('prints one line of JSON when it listens, and ends with 0 on SIGTERM and on SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const bench = await startPoolbench(['--memory', '--port', '0']);
      expect(bench).toMatchObject({ ready: true, ui: `${bench.url}/_bench/ui/`, pid: bench.child.pid });
      expect(await (await fetch(`${bench.url}/_bench/health`)).json()).toMatchObject({ status: 'ok', memory: true });
      expect(await bench.stop(signal)).toBe(0);
    }
  });

  it('takes two signals at once for one, as npm sends them', async () => {
    const bench = await startPoolbench(['--memory', '--port', '0']);
    bench.child.kill('SIGINT');
    expect(await bench.stop('SIGINT')).toBe(0);
  });

  it('keeps in its data folder what it answered', async () => {
    const data = join(temporaryFolder(), 'data');
    const first = await startPoolbench(['--data', data, '--port', '0']);
    const { UserPool } = await userPools(first).createUserPool({ PoolName: 'kept' });
    await first.stop();
    const second = await startPoolbench(['--data', data, '--port', '0']);
    const { UserPools } = await userPools(second).listUserPools({ MaxResults: 10 });
    expect(UserPools?.map(({ Id }) => Id)).toEqual([UserPool?.Id]);
    expect(await second.stop()).toBe(0);
  });

  it('refuses a port in use, and makes no data folder', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void blocker.close());
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as AddressInfo;
    const data = join(temporaryFolder(), 'data');
    const { code, stdout, stderr } = await poolbench(['start', '--ui', 'none', '--data', data, '--port', String(port)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(existsSync(data)).toBe(false);
  });

  it('refuses a second bench on the same data folder, and leaves the first at work', async () => {
    const data = join(temporaryFolder(), 'data');
    const first = await startPoolbench(['--data', data, '--port', '0']);
    const { code, stderr } = await poolbench(['start', '--ui', 'none', '--data', data, '--port', '0']);
    expect(code).toBe(2);
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr).toMatch(/[Aa]nother bench is running on/);
    expect((await userPools(first).createUserPool({ PoolName: 'still here' })).UserPool?.Id).toBeDefined();
    await first.stop();
  });

  it('refuses a data folder that cannot be written', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { code, stderr } = await poolbench(['start', '--ui', 'none', '--data', join(file, 'data'), '--port', '0']);
    expect(code).toBe(2);
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr).toContain(join(file, 'data'));
  });

  it('refuses a data folder that a newer version wrote, and leaves it as it was', async () => {
    const data = join(temporaryFolder(), 'data');
    await (await startPoolbench(['--data', data, '--port', '0'])).stop();
    const database = join(data, readdirSync(data).find((name) => name.endsWith('.sqlite')) ?? '');
    const newer = new Sqlite(database);
    newer
      .prepare(`INSERT INTO migrations (number, name, applied_at) VALUES (9999, 'from-tomorrow', '2030-01-01')`)
      .run();
    newer.close();
    const { code, stderr } = await poolbench(['start', '--ui', 'none', '--data', data, '--port', '0']);
    expect(code).toBe(2);
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr).toContain('newer version');
    const after = new Sqlite(database, { readonly: true });
    expect(after.prepare('SELECT max(number) AS number FROM migrations').get()).toEqual({ number: 9999 });
    after.close();
  });

  it.each([
    [['start', '--detach'], "'--detach'"],
    [['start', '--config', 'x.json'], "'--config'"],
    [['start', '--prot', '1'], '--port'],
    [['start', 'now'], 'too many arguments'],
    [['stop'], "'stop'"],
    [['start', '--port', 'http'], '--port'],
    [['start', '--ui', 'tab'], '--ui'],
    [['inbox', 'wait', '--kind', 'fax'], 'fax'],
    [['clock', 'advance', 'soon'], 'soon'],
  ])('refuses %o in one sentence', async (args, named) => {
    const { code, stdout, stderr } = await poolbench(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr.toLowerCase()).toContain(named);
  });

  it('warns when others can reach it', async () => {
    const bench = await startPoolbench(['--memory', '--port', '0', '--host', '0.0.0.0', '--quiet']);
    expect(bench.stderr()).toMatch(/^Warning: listening on 0\.0\.0\.0/);
    await bench.stop();
  });
});

describe('exec', () => {
  const print = (name: string): string[] => [process.execPath, '-p', `process.env.${name}`];

  it('runs a command with the variables of a bench of its own, and returns its exit code', async () => {
    const script = `fetch(process.env.AWS_ENDPOINT_URL_STS + '/_bench/health').then((r) => process.exit(r.ok ? 7 : 1))`;
    expect((await poolbench(['exec', '--', process.execPath, '-e', script])).code).toBe(7);
  });

  it('hands no session of real AWS on', async () => {
    const { stdout } = await poolbench(['exec', '--', ...print('AWS_SESSION_TOKEN')], { AWS_SESSION_TOKEN: 'real' });
    expect(stdout).toBe('undefined\n');
  });

  it('leaves flags after -- to the command', async () => {
    const script = 'console.log(process.env.AWS_REGION, process.argv.at(-1))';
    const command = [process.execPath, '-e', script, 'x', '--region'];
    const { code, stdout } = await poolbench(['exec', '--region', 'eu-west-1', '--', ...command]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'eu-west-1 --region\n' });
  });

  it('says when there is no such command', async () => {
    const { code, stderr } = await poolbench(['exec', '--quiet', '--', 'no-such-command-here']);
    expect(code).toBe(2);
    expect(stderr).toBe('There is no program "no-such-command-here".\n');
  });
});

describe('against a running bench', () => {
  let bench: Running;
  let env: { POOLBENCH_URL: string };

  beforeAll(async () => {
    bench = await startPoolbench(['--memory', '--port', '0', '--region', 'eu-west-1']);
    env = { POOLBENCH_URL: bench.url };
  });
  afterAll(() => bench.stop());

  it('status tells how it was started', async () => {
    const { code, stdout } = await poolbench(['status', '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok', region: 'eu-west-1', clock: { mode: 'real' } });
  });

  it('env prints its region and address', async () => {
    const { stdout } = await poolbench(['env', '--shell', 'json'], env);
    expect(JSON.parse(stdout)).toMatchObject({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_COGNITO_SYNC: bench.url });
  });

  it('clock moves the time of the bench', async () => {
    expect((await poolbench(['clock', 'freeze'], env)).code).toBe(0);
    expect((await poolbench(['clock', 'set', '2026-01-01T00:00:00Z'], env)).code).toBe(0);
    const { stdout } = await poolbench(['clock', 'advance', '1h30m', '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject({ now: '2026-01-01T01:30:00.000Z', mode: 'frozen' });
    const back = await poolbench(['clock', 'advance', '-30m', '--json'], env);
    expect(JSON.parse(back.stdout)).toMatchObject({ now: '2026-01-01T01:00:00.000Z', mode: 'frozen' });
    await poolbench(['clock', 'reset'], env);
    expect((await poolbench(['clock'], env)).stdout).toMatch(/\(running\)\n$/);
  });

  it('inbox prints the code that a sign-up sent', async () => {
    const client = userPools(bench);
    const { UserPool } = await client.createUserPool({ PoolName: 'inbox', AutoVerifiedAttributes: ['email'] });
    const { UserPoolClient } = await client.createUserPoolClient({ UserPoolId: UserPool?.Id, ClientName: 'app' });
    await client.signUp({
      ClientId: UserPoolClient?.ClientId,
      Username: 'alice',
      Password: 'Passw0rd!',
      UserAttributes: [{ Name: 'email', Value: 'alice@example.test' }],
    });
    const { code, stdout } = await poolbench(['inbox', 'code', '--to', 'alice@example.test'], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d{6}\n$/);
    await client.confirmSignUp({
      ClientId: UserPoolClient?.ClientId,
      Username: 'alice',
      ConfirmationCode: stdout.trim(),
    });
    await poolbench(['inbox', 'clear'], env);
    expect((await poolbench(['inbox'], env)).stdout).toBe('No messages.\n');
  });

  it('inbox wait ends with 4 when nothing comes', async () => {
    const { code, stderr } = await poolbench(
      ['inbox', 'wait', '--to', 'nobody@example.test', '--timeout', '200ms'],
      env,
    );
    expect(code).toBe(4);
    expect(stderr).toMatch(ONE_SENTENCE);
  });

  it('reset empties one account and leaves the others', async () => {
    await userPools(bench).createUserPool({ PoolName: 'stays' });
    expect((await poolbench(['reset', '--account', '111122223333'], env)).code).toBe(0);
    expect((await userPools(bench).listUserPools({ MaxResults: 10 })).UserPools).not.toEqual([]);
    expect((await poolbench(['reset'], env)).code).toBe(0);
    expect((await userPools(bench).listUserPools({ MaxResults: 10 })).UserPools).toEqual([]);
  });

  it('aws runs the AWS CLI, whatever it is, with the address and dummy keys', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'bin'));
    const script = `#!/bin/sh\necho "$AWS_ACCESS_KEY_ID $AWS_REGION $AWS_ENDPOINT_URL $*"\nexit 9\n`;
    writeFileSync(join(folder, 'bin', 'aws'), script, { mode: 0o755 });
    const { code, stdout } = await poolbench(['aws', 'sts', 'get-caller-identity', '--output', 'text'], {
      ...env,
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    });
    expect(code).toBe(9);
    expect(stdout).toBe(
      `000000000000 eu-west-1 ${bench.url} --endpoint-url ${bench.url} sts get-caller-identity --output text\n`,
    );
  });
});

it.each([
  [['status']],
  [['reset']],
  [['inbox', 'list']],
  [['clock', 'freeze']],
  [['aws', 'sts', 'get-caller-identity']],
])('%o ends with 3 where no bench is running', async (args) => {
  const { code, stderr } = await poolbench(args, { POOLBENCH_URL: 'http://127.0.0.1:1' });
  expect(code).toBe(3);
  expect(stderr).toMatch(/^No bench is running at http:\/\/127\.0\.0\.1:1;[^\n]*\n$/);
});
