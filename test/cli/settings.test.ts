import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../../src/main/bench/data-folder.ts';
import { readSettings, settingsAsEnvironment, type Flags } from '../../src/main/bench/settings.ts';

describe('settings', () => {
  it('come from flags before the environment before the defaults', () => {
    const env = { POOLBENCH_PORT: '9000', POOLBENCH_REGION: 'eu-west-1', POOLBENCH_AUTH: '' };
    expect(readSettings({ port: '9001' }, env)).toMatchObject({ port: 9001, region: 'eu-west-1', auth: 'enforce' });
  });

  it('keep nothing with --memory, whatever the environment says', () => {
    expect(readSettings({ memory: true }, { POOLBENCH_DATA_DIR: '/data' }).data).toBeUndefined();
    expect(readSettings({}, { POOLBENCH_MEMORY: '1' }).data).toBeUndefined();
  });

  it('let --data win over POOLBENCH_MEMORY', () => {
    expect(readSettings({ data: '/data' }, { POOLBENCH_MEMORY: '1' }).data).toBe('/data');
  });

  it('keep everything in the data folder of the user by default', () => {
    expect(readSettings({}, {}).data).toBe(defaultDataFolder());
  });

  it('take a time to stand still at', () => {
    expect(readSettings({ clock: '2026-01-01T00:00:00Z' }, {}).clock).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(readSettings({ clock: 'frozen' }, {}).clock).toBe('frozen');
  });

  it.each<[string, Flags, RegExp]>([
    ['a port beyond the last', { port: '65536' }, /^--port .* not "65536"\.$/],
    ['a port that is no number', { port: '-1' }, /^--port/],
    ['an account of eleven digits', { account: '12345678901' }, /exactly twelve digits/],
    ['an unknown issuer', { issuer: 'remote' }, /one of local, aws/],
    ['an unknown authorisation mode', { auth: 'on' }, /one of enforce, strict, soft, off/],
    ['a clock that is no time', { clock: 'tomorrow' }, /real, frozen, or a time/],
    ['a seed that is no number', { seed: '1.5' }, /whole number/],
    ['a public address of another scheme', { publicUrl: 'ftp://x' }, /^--public-url .* http or https/],
    ['a region that is none', { region: 'mars' }, /AWS region/],
    ['both ways to keep data', { memory: true, data: '/data' }, /give one of them/],
    ['an empty folder name', { data: '' }, /must name a folder/],
  ])('refuse %s in one sentence', (_title, flags, sentence) => {
    expect(() => readSettings(flags, {})).toThrow(sentence);
  });

  it('[GA-START-1] name the endpoints that calls are forwarded to, with their own credentials or without', () => {
    const forward = ['s3=http://key:a%2Fb@127.0.0.1:9000/', 'dynamodb=http://localhost:8000/base'];
    const targets = [
      { service: 's3', url: 'http://127.0.0.1:9000', credentials: { accessKeyId: 'key', secretKey: 'a/b' } },
      { service: 'dynamodb', url: 'http://localhost:8000/base', credentials: undefined },
    ];
    expect(readSettings({ forward }, { POOLBENCH_FORWARD: 'sqs=http://127.0.0.1:1' }).forward).toEqual(targets);
    expect(readSettings({}, { POOLBENCH_FORWARD: forward.join(',') }).forward).toEqual(targets);
    expect(readSettings({}, settingsAsEnvironment({ forward })).forward).toEqual(targets);
    expect(readSettings({}, { POOLBENCH_FORWARD: '' }).forward).toEqual([]);
  });

  it.each<[string, string[], RegExp]>([
    ['an endpoint without a service', ['http://127.0.0.1:1'], /^--forward .*must be SERVICE=URL/],
    ['an address of another scheme', ['s3=ftp://127.0.0.1'], /http or https address/],
    ['an address with a query', ['s3=http://127.0.0.1/?a=b'], /without a query/],
    ['half of the credentials', ['s3=http://key@127.0.0.1'], /both parts of KEY:SECRET or none/],
    ['broken credentials', ['s3=http://key:%ff@127.0.0.1'], /percent-encoded/],
    ['a service of the bench itself', ['sts=http://127.0.0.1'], /cannot name sts/],
    ['one service twice', ['s3=http://127.0.0.1', 's3=http://127.0.0.2'], /each service once/],
  ])('[GA-START-1] refuse %s, and never show a secret', (_title, forward, sentence) => {
    expect(() => readSettings({ forward }, {})).toThrow(sentence);
    expect(() => readSettings({ forward: ['s3=ftp://key:hush@127.0.0.1'] }, {})).not.toThrow(/hush/);
  });

  it('mean the same when they are handed on as an environment', () => {
    const flags: Flags = { port: '0', data: '/data', issuer: 'aws', seed: '7', publicUrl: 'https://bench.test/' };
    expect(readSettings({}, { POOLBENCH_MEMORY: '1', ...settingsAsEnvironment(flags) })).toEqual(
      readSettings(flags, {}),
    );
  });
});

it.each([
  ['linux', {}, '/home/alice/.local/share/poolbench'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/poolbench'],
  ['darwin', {}, '/home/alice/Library/Application Support/Poolbench'],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\alice\\AppData\\Local' }, 'C:\\Users\\alice\\AppData\\Local\\Poolbench'],
] as const)('data on %s with %o goes to %s', (platform, env, folder) => {
  expect(defaultDataFolder({ platform, env, home: '/home/alice' })).toBe(folder);
});
