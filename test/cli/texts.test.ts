import { expect, it } from 'vitest';
import { accountOf, benchUrl } from '../../src/cli/attach.ts';
import { appName, awsEnvironment, withBench } from '../../src/cli/aws-environment.ts';
import { awsArguments } from '../../src/cli/commands/aws.ts';
import { seconds } from '../../src/cli/duration.ts';
import { hostWarning } from '../../src/cli/launch.ts';
import { isNewEnough, findNewerNode } from '../../src/cli/runtime.ts';
import { script, type Shell } from '../../src/cli/shells.ts';

it.each([
  ['90', 90],
  ['1.5', 1.5],
  ['30s', 30],
  ['1h30m', 5400],
  ['-2d', -172_800],
  ['250ms', 0.25],
])('reads the duration %s', (text, expected) => {
  expect(seconds(text)).toBe(expected);
});

it.each(['', 'soon', '5 m', '1x', 'h'])('refuses the duration "%s"', (text) => {
  expect(() => seconds(text)).toThrow(/A duration is written/);
});

it.each<[Shell, string]>([
  ['bash', `unset OLD\nexport NAME='it'\\''s $5'\n`],
  ['fish', `set -e OLD\nset -gx NAME 'it\\'s $5'\n`],
  ['powershell', `Remove-Item Env:OLD -ErrorAction SilentlyContinue\n$env:NAME = 'it''s $5'\n`],
  ['cmd', `set "OLD="\nset "NAME=it's $5"\n`],
  ['dotenv', `NAME="it's $5"\n`],
  ['json', `{\n  "NAME": "it's $5"\n}\n`],
])('writes variables for %s so that nothing in them is read as a command', (shell, text) => {
  expect(script(shell, { NAME: "it's $5" }, ['OLD'])).toBe(text);
});

const endpoint = { url: 'http://127.0.0.1:9330', region: 'eu-west-1', account: '111122223333', app: 'web' };

it('points only the services of the bench at it', () => {
  const env = awsEnvironment(endpoint);
  expect(Object.keys(env).filter((name) => name.startsWith('AWS_ENDPOINT_URL'))).toEqual([
    'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
    'AWS_ENDPOINT_URL_COGNITO_IDENTITY',
    'AWS_ENDPOINT_URL_COGNITO_SYNC',
    'AWS_ENDPOINT_URL_STS',
  ]);
  expect(Object.keys(awsEnvironment(endpoint, true))).toEqual(
    expect.arrayContaining([
      'AWS_ENDPOINT_URL_IAM',
      'AWS_ENDPOINT_URL_S3',
      'AWS_ENDPOINT_URL_DYNAMODB',
      'AWS_ENDPOINT_URL_CLOUDTRAIL',
      'AWS_ENDPOINT_URL_LAMBDA',
      'AWS_ENDPOINT_URL_SNS',
      'AWS_ENDPOINT_URL_KINESIS',
    ]),
  );
  expect(env).toMatchObject({ AWS_ACCESS_KEY_ID: '111122223333', AWS_REGION: 'eu-west-1', AWS_SDK_UA_APP_ID: 'web' });
});

it('takes the session and the profile of real AWS away', () => {
  const env = withBench({ PATH: '/bin', AWS_SESSION_TOKEN: 'real', AWS_PROFILE: 'work' }, endpoint);
  expect(env).toMatchObject({ PATH: '/bin' });
  expect(env).not.toHaveProperty('AWS_SESSION_TOKEN');
  expect(env).not.toHaveProperty('AWS_PROFILE');
});

it('names the lane of an app after its command, unless it has a name', () => {
  expect(appName('/usr/bin/my tests', {})).toBe('my-tests');
  expect(appName('npm', { AWS_SDK_UA_APP_ID: 'shop' })).toBe('shop');
  expect(appName(undefined, {})).toBe('my-app');
});

it('gives the AWS CLI the endpoint, unless the caller chose one', () => {
  expect(awsArguments(['sts', 'get-caller-identity'], endpoint.url).slice(0, 2)).toEqual([
    '--endpoint-url',
    endpoint.url,
  ]);
  expect(awsArguments(['--endpoint-url=http://x', 'sts'], endpoint.url)).toEqual(['--endpoint-url=http://x', 'sts']);
});

it('finds the bench by flag, then variable, then the usual port', () => {
  expect(benchUrl({}, {})).toBe('http://127.0.0.1:9330');
  expect(benchUrl({}, { POOLBENCH_PORT: '9000' })).toBe('http://127.0.0.1:9000');
  expect(benchUrl({}, { POOLBENCH_URL: 'http://ci:80/', POOLBENCH_PORT: '9000' })).toBe('http://ci:80');
  expect(benchUrl({ port: '9001' }, { POOLBENCH_URL: 'http://ci' })).toBe('http://127.0.0.1:9001');
  expect(() => benchUrl({ url: 'ci' }, {})).toThrow(/http or https/);
  expect(() => accountOf({ account: '12' }, {})).toThrow(/twelve digits/);
});

it.each([
  ['127.0.0.1', false],
  ['localhost', false],
  ['::1', false],
  ['0.0.0.0', true],
  ['192.168.1.7', true],
])('warns for %s: %s', (host, warns) => {
  expect(hostWarning(host) !== undefined).toBe(warns);
});

it('knows which Node can run it, and where a checkout has a newer one', () => {
  expect(['20.20.2', '22.11.0', '22.12.0', '24.0.0'].map(isNewEnough)).toEqual([false, false, true, true]);
  const node = '/app/node_modules/node/bin/node';
  expect(findNewerNode('/app/out/cli', (path) => path === node)).toBe(node);
  expect(findNewerNode('/app/out/cli', () => false)).toBeUndefined();
});
