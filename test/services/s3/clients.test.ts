import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { allow, createUser } from '../iam/setup.ts';

/** The AWS command line and boto3, where they are: other clients than the SDK, with their own ways to sign and to read. */
const hasCommandLine = spawnSync('aws', ['--version']).status === 0;
const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0;

let bench: TestBench;
let folder: string;
let keys: { accessKeyId: string; secretAccessKey: string };

beforeAll(async () => {
  bench = await startBench();
  folder = await mkdtemp(join(tmpdir(), 'poolbench-s3-'));
  ({ credentials: keys } = await createUser(
    bench,
    allow('s3:*', ['arn:aws:s3:::photos', 'arn:aws:s3:::photos/*']),
    allow('s3:ListAllMyBuckets'),
  ));
});
afterAll(async () => {
  await bench.stop();
  await rm(folder, { recursive: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  AWS_SESSION_TOKEN: '',
  AWS_DEFAULT_REGION: REGION,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_MAX_ATTEMPTS: '1',
  ENDPOINT: bench.url,
});

async function aws(...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('aws', [...words, '--endpoint-url', bench.url], { env: environment() });
  return stdout;
}

describe.skipIf(!hasCommandLine)('the AWS command line', () => {
  it('[S3-PUT-1] [S3-PART-1] [S3-LIST-2] keeps files in a bucket', { timeout: 120_000 }, async () => {
    const small = join(folder, 'small é.txt');
    const large = join(folder, 'large.bin');
    await writeFile(small, 'hello');
    await writeFile(large, Buffer.alloc(17 * 1024 * 1024, 'poolbench'));
    await aws('s3', 'mb', 's3://photos');
    await aws('s3', 'cp', small, 's3://photos/in/small é.txt');
    await aws('s3', 'cp', large, 's3://photos/in/large.bin');
    expect(await aws('s3', 'ls', 's3://photos')).toMatch(/PRE in\//);
    expect(await aws('s3', 'ls', 's3://photos/in/')).toMatch(/17825792 large\.bin\n.* 5 small é\.txt\n/);
    await aws('s3', 'cp', 's3://photos/in/large.bin', join(folder, 'back.bin'));
    expect((await readFile(join(folder, 'back.bin'))).equals(await readFile(large))).toBe(true);
    const head = ['s3api', 'head-object', '--bucket', 'photos', '--key', 'in/large.bin', '--output', 'json'];
    expect(JSON.parse(await aws(...head))).toMatchObject({ ContentLength: 17_825_792 });
    await aws('s3', 'rm', 's3://photos/in/', '--recursive');
    expect(await aws('s3', 'ls', 's3://photos')).toBe('');
    await expect(aws('s3', 'mb', 's3://elsewhere')).rejects.toThrow(/AccessDenied.*s3:CreateBucket/);
    await expect(aws('s3api', 'get-bucket-acl', '--bucket', 'photos')).rejects.toThrow(/NotImplemented.*acl/);
    await aws('s3', 'rb', 's3://photos');
  });
});

const SCRIPT = `
import boto3, os, io, urllib.request
from botocore.config import Config
def client(**style):
    return boto3.client('s3', endpoint_url=style.pop('endpoint', os.environ['ENDPOINT']), config=Config(**style))
s3 = client()
s3.create_bucket(Bucket='photos')
s3.put_object(Bucket='photos', Key='a b/é', Body=b'hello', Metadata={'k': 'v'}, ChecksumAlgorithm='SHA256')
got = s3.get_object(Bucket='photos', Key='a b/é', ChecksumMode='ENABLED')
assert got['Body'].read() == b'hello' and got['Metadata'] == {'k': 'v'}, got
assert [o['Key'] for o in s3.list_objects_v2(Bucket='photos')['Contents']] == ['a b/é']
assert [o['Key'] for o in s3.list_objects(Bucket='photos')['Contents']] == ['a b/é']
url = client(signature_version='s3v4').generate_presigned_url('get_object', Params={'Bucket': 'photos', 'Key': 'a b/é'}, ExpiresIn=60)
assert urllib.request.urlopen(url).read() == b'hello'
s3.upload_fileobj(io.BytesIO(b'x' * 9_000_000), 'photos', 'parts')
assert s3.head_object(Bucket='photos', Key='parts')['ContentLength'] == 9_000_000
s3.delete_objects(Bucket='photos', Delete={'Objects': [{'Key': 'a b/é'}, {'Key': 'parts'}]})
for code, call in [
    ('NoSuchKey', lambda: s3.get_object(Bucket='photos', Key='a b/é')),
    ('404', lambda: s3.head_object(Bucket='photos', Key='a b/é')),
    ('AccessDenied', lambda: s3.put_object(Bucket='other', Key='k', Body=b'')),
]:
    try:
        call()
        raise AssertionError(code)
    except s3.exceptions.ClientError as error:
        assert error.response['Error']['Code'] == code, error.response
print('done')
`;

describe.skipIf(!hasBoto3)('boto3', () => {
  it('[S3-PUT-1] [S3-LIST-4] [S3-SIGN-8] keeps objects in a bucket', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)('python3', ['-c', SCRIPT], { env: environment() });
    expect(stdout).toBe('done\n');
  });
});
