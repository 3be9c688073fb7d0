import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionInvocation } from '../../../src/shared/bench-api.ts';
import { REGION, startBench, type TestBench } from '../../harness/bench.ts';
import { zip } from '../../harness/zip.ts';

let bench: TestBench;
let lambda: LambdaClient;

beforeAll(async () => {
  bench = await startBench();
  lambda = new LambdaClient(bench.sdk);
});
afterAll(() => bench.stop());

const ROLE = 'arn:aws:iam::000000000000:role/lambda';
const ECHO = 'exports.handler = async (event) => ({ got: event });';

function create(name: string, source = ECHO, more: Partial<CreateFunctionCommandInput> = {}): CreateFunctionCommand {
  return new CreateFunctionCommand({
    FunctionName: name,
    Role: ROLE,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Code: { ZipFile: zip({ 'index.js': source }) },
    ...more,
  });
}

async function invoke(
  name: string,
  payload: unknown = {},
  more: Partial<InvokeCommandInput> = {},
): Promise<{ status: number | undefined; error: string | undefined; answer: unknown; log: string }> {
  const { StatusCode, FunctionError, Payload, LogResult } = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload), ...more }),
  );
  const text = Payload?.transformToString() ?? '';
  return {
    status: StatusCode,
    error: FunctionError,
    answer: text === '' ? undefined : (JSON.parse(text) as unknown),
    log: Buffer.from(LogResult ?? '', 'base64').toString(),
  };
}

describe('CreateFunction', () => {
  it('[FN-LAMBDA-1] keeps an archive and answers Lambda’s configuration, active at once', async () => {
    const made = await lambda.send(
      create('plain', ECHO, {
        Description: 'says it',
        Timeout: 7,
        MemorySize: 256,
        Environment: { Variables: { WORD: '1' } },
      }),
    );
    expect(made).toMatchObject({
      FunctionName: 'plain',
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:plain',
      Runtime: 'nodejs22.x',
      Role: ROLE,
      Handler: 'index.handler',
      Description: 'says it',
      Timeout: 7,
      MemorySize: 256,
      State: 'Active',
      LastUpdateStatus: 'Successful',
      Version: '$LATEST',
      PackageType: 'Zip',
      Environment: { Variables: { WORD: '1' } },
    });
    expect(made.CodeSha256).toMatch(/^[\w+/]{43}=$/);
    expect(made.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(await bench.call('GET', '/functions')).toContainEqual(
      expect.objectContaining({ name: 'plain', kind: 'zip' }),
    );
  });

  it('[FN-LAMBDA-1] finds a handler in a folder, in a module, and with its parts and packages', async () => {
    const files = {
      'src/app.mjs': `import { word } from './word.mjs'; import dep from 'dep'; export const main = async () => word + dep;`,
      'src/word.mjs': `export const word = 'from a part, ';`,
      'node_modules/dep/index.js': `module.exports = 'from a package';`,
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0"}',
    };
    await lambda.send(create('parts', '', { Handler: 'src/app.main', Code: { ZipFile: zip(files) } }));
    expect(await invoke('parts')).toMatchObject({ status: 200, answer: 'from a part, from a package' });
  });

  it.each([
    ['another runtime', { Runtime: 'python3.13' as const }, 'of python3.13'],
    ['no runtime', { Runtime: undefined }, 'Runtime is mandatory'],
    ['no handler', { Handler: undefined }, 'Handler is mandatory'],
    ['an image', { PackageType: 'Image' as const, Code: { ImageUri: 'x.example/y:1' } }, 'container images'],
    ['layers', { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:a:1'] }, 'layers'],
  ])('[FN-LAMBDA-3] refuses %s by name', async (_what, more, message) => {
    await expect(lambda.send(create('refused', ECHO, more as never))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining(message) as string,
    });
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'refused' }))).rejects.toThrow('not found');
  });

  it.each([
    ['code in S3', { S3Bucket: 'bucket', S3Key: 'key' }, 'Poolbench has no S3'],
    ['no code', {}, 'Please provide a source for function code.'],
    ['bytes that are no archive', { ZipFile: Buffer.from('not a zip') }, 'Could not unzip uploaded file.'],
    ['an empty archive', { ZipFile: zip({}) }, 'Could not unzip uploaded file.'],
  ])('[FN-LAMBDA-2] refuses %s', async (_what, Code, message) => {
    await expect(lambda.send(create('refused', ECHO, { Code }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining(message) as string,
    });
  });

  it('[FN-LAMBDA-10] brings no code from a page of another site, which could sign as a developer', async () => {
    const day = '20260101';
    const parameters = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `guessed/${day}/${REGION}/lambda/aws4_request`,
      'X-Amz-Date': `${day}T000000Z`,
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': 'none',
    });
    const ZipFile = Buffer.from(zip({ 'index.js': ECHO })).toString('base64');
    const made = { FunctionName: 'drive-by', Role: ROLE, Runtime: 'nodejs22.x', Handler: 'index.handler' };
    await lambda.send(create('taken-over'));
    const calls = [
      ['POST', '/2015-03-31/functions', { ...made, Code: { ZipFile } }],
      ['PUT', '/2015-03-31/functions/taken-over/code', { ZipFile }],
    ] as const;
    // A page can send such a request without asking first, and need not read the answer.
    const ask = async (origin: string): Promise<number[]> => {
      const statuses: number[] = [];
      for (const [method, path, body] of calls) {
        const headers = { 'content-type': 'text/plain', origin };
        const init = { method, headers, body: JSON.stringify(body) };
        statuses.push((await fetch(`${bench.url}${path}?${parameters.toString()}`, init)).status);
      }
      return statuses;
    };
    expect(await ask('https://evil.example')).toEqual([403, 403]);
    // A document without an origin, such as an object of S3.
    expect(await ask('null')).toEqual([403, 403]);
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'drive-by' }))).rejects.toThrow('not found');
    expect(await ask(bench.url)).toEqual([201, 200]);
  });

  it('[FN-LAMBDA-5] refuses a name that is taken, and each account and region has names of its own', async () => {
    await lambda.send(create('once'));
    await expect(lambda.send(create('once'))).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: once',
      $metadata: { httpStatusCode: 409 },
    });
    const elsewhere = new LambdaClient({ ...bench.sdk, region: 'eu-west-1' });
    expect(await elsewhere.send(create('once'))).toMatchObject({
      FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:once',
    });
    const other = new LambdaClient(bench.sdkFor('111111111111'));
    await expect(other.send(new GetFunctionCommand({ FunctionName: 'once' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await other.send(create('once'));
  });
});

describe('a function', () => {
  it('[FN-LAMBDA-4] is named by name, by half an ARN, or by ARN; an unknown one is not found', async () => {
    await lambda.send(create('named', ECHO, { Tags: { a: 'b' } }));
    const names = [
      'named',
      '000000000000:function:named',
      'arn:aws:lambda:us-east-1:000000000000:function:named',
      'arn:aws:lambda:us-east-1:000000000000:function:named:$LATEST',
    ];
    for (const FunctionName of names) {
      const found = await lambda.send(new GetFunctionCommand({ FunctionName }));
      expect(found).toMatchObject({ Configuration: { FunctionName: 'named' }, Tags: { a: 'b' } });
    }
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('[FN-LAMBDA-6] is listed, a page at a time, whatever it was made from', async () => {
    const lister = new LambdaClient(bench.sdkFor('222222222222'));
    for (const name of ['a', 'b', 'c']) await lister.send(create(name));
    const first = await lister.send(new ListFunctionsCommand({ MaxItems: 2 }));
    expect(first.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['a', 'b']);
    const rest = await lister.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    expect(rest.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['c']);
    expect(rest.NextMarker).toBeUndefined();
    await expect(lister.send(new ListFunctionsCommand({ Marker: 'made up' }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  it('[FN-LAMBDA-7] gets new code, unless it changed since the revision that was named', async () => {
    const { RevisionId } = await lambda.send(create('changing', 'exports.handler = async () => 1;'));
    expect((await invoke('changing')).answer).toBe(1);
    const ZipFile = zip({ 'index.js': 'exports.handler = async () => 2;' });
    const dry = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile, DryRun: true }));
    expect(dry.RevisionId).toBe(RevisionId);
    expect((await invoke('changing')).answer).toBe(1);
    const updated = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile, RevisionId }));
    expect(updated.RevisionId).not.toBe(RevisionId);
    expect(updated.Timeout).toBe(3);
    expect((await invoke('changing')).answer).toBe(2);
    await expect(
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile, RevisionId })),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException', $metadata: { httpStatusCode: 412 } });
    await expect(
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'changing', S3Bucket: 'bucket', S3Key: 'k' })),
    ).rejects.toThrow('Poolbench has no S3');
  });

  it('[FN-LAMBDA-8] is gone once it is deleted', async () => {
    await lambda.send(create('leaving'));
    const { $metadata } = await lambda.send(new DeleteFunctionCommand({ FunctionName: 'leaving' }));
    expect($metadata.httpStatusCode).toBe(204);
    await expect(invoke('leaving')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(lambda.send(new DeleteFunctionCommand({ FunctionName: 'leaving' }))).rejects.toThrow('not found');
  });

  it('[FN-LAMBDA-9] may be run by whom AddPermission names, once for each statement id', async () => {
    await lambda.send(create('permitted'));
    const permission = new AddPermissionCommand({
      FunctionName: 'permitted',
      StatementId: 'pool',
      Action: 'lambda:InvokeFunction',
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn: 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc',
      SourceAccount: '000000000000',
    });
    const { Statement } = await lambda.send(permission);
    expect(JSON.parse(Statement!)).toEqual({
      Sid: 'pool',
      Effect: 'Allow',
      Principal: { Service: 'cognito-idp.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:permitted',
      Condition: {
        StringEquals: { 'AWS:SourceAccount': '000000000000' },
        ArnLike: { 'AWS:SourceArn': 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc' },
      },
    });
    await expect(lambda.send(permission)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });
});

describe('Invoke', () => {
  it('[FN-INVOKE-1] runs the function, hands back its answer and the end of its output', async () => {
    const source = `exports.handler = async (event, context) => {
      console.log('working');
      return { event, variable: process.env.WORD, client: context.clientContext, file: require('node:path').basename(__filename) };
    };`;
    await lambda.send(create('run', source, { Environment: { Variables: { WORD: '1' } } }));
    const clientContext = { custom: { key: 'value' } };
    const { status, error, answer, log } = await invoke(
      'run',
      { say: 'hi' },
      { LogType: 'Tail', ClientContext: Buffer.from(JSON.stringify(clientContext)).toString('base64') },
    );
    expect({ status, error, answer }).toEqual({
      status: 200,
      error: undefined,
      answer: { event: { say: 'hi' }, variable: '1', client: clientContext, file: 'index.js' },
    });
    expect(log).toMatch(/^START RequestId: .*\nworking\nEND RequestId: .*\nREPORT RequestId: .*Memory Size: 128 MB\n$/);
    const [kept] = await bench.call<FunctionInvocation[]>('GET', '/functions/run/invocations');
    expect(kept).toMatchObject({ purpose: 'Invoke', payload: { say: 'hi' }, log: ['working'] });
    const { records } = await bench.call<{ records: { requestId: string; operation?: string }[] }>(
      'GET',
      '/trace?limit=1000',
    );
    expect(records.find(({ requestId }) => requestId === kept!.requestId)).toMatchObject({ operation: 'Invoke' });
  });

  it('[FN-INVOKE-1] tells a failure by header and payload', async () => {
    await lambda.send(create('fails', `exports.handler = async () => { throw new RangeError('too much'); };`));
    expect(await invoke('fails')).toMatchObject({
      status: 200,
      error: 'Unhandled',
      answer: { errorType: 'RangeError', errorMessage: 'too much', trace: expect.any(Array) as string[] },
    });
    await lambda.send(create('unloadable', 'exports.handler = ('));
    expect(await invoke('unloadable')).toMatchObject({
      error: 'Unhandled',
      answer: { errorType: 'Runtime.UserCodeSyntaxError' },
    });
    await lambda.send(create('misnamed', ECHO, { Handler: 'other.handler' }));
    expect(await invoke('misnamed')).toMatchObject({ answer: { errorType: 'Runtime.ImportModuleError' } });
    await lambda.send(create('unnamed', ECHO, { Handler: 'index.other' }));
    expect(await invoke('unnamed')).toMatchObject({ answer: { errorType: 'Runtime.HandlerNotFound' } });
    await lambda.send(create('slow', 'exports.handler = () => { for (;;); };', { Timeout: 1 }));
    expect(await invoke('slow')).toMatchObject({
      error: 'Unhandled',
      answer: { errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) as string },
    });
  });

  it('[FN-INVOKE-2] does not wait for an event, and runs nothing for a trial', async () => {
    await lambda.send(create('later'));
    expect(await invoke('later', {}, { InvocationType: 'DryRun' })).toMatchObject({ status: 204 });
    const heard = new Promise<FunctionInvocation>((resolve) => {
      bench.follow(({ type, data }) => {
        if (type === 'function.invoked' && data.invocation.name === 'later') resolve(data.invocation);
      });
    });
    expect(await invoke('later', { n: 1 }, { InvocationType: 'Event' })).toMatchObject({
      status: 202,
      answer: undefined,
    });
    expect(await heard).toMatchObject({ payload: { n: 1 }, outcome: 'answered' });
    expect(await bench.call('GET', '/functions/later/invocations')).toHaveLength(1);
  });

  it('[FN-INVOKE-3] wants JSON', async () => {
    await lambda.send(create('strict'));
    await expect(invoke('strict', {}, { Payload: 'no json' })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      message: expect.stringContaining('Could not parse request body into json') as string,
    });
    await expect(invoke('strict', {}, { ClientContext: 'no json' })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
    expect(await invoke('strict', {}, { Payload: undefined })).toMatchObject({ answer: { got: {} } });
  });

  it('[FN-INVOKE-4] has nothing to pass on from an endpoint that cannot be reached', async () => {
    await bench.call('POST', '/functions', { name: 'nowhere', url: 'http://127.0.0.1:9/' });
    await expect(invoke('nowhere')).rejects.toMatchObject({
      name: 'ServiceException',
      $metadata: { httpStatusCode: 500 },
    });
  });

  it('needs a signature, like every operation of Lambda', async () => {
    const answer = await fetch(`${bench.url}/2015-03-31/functions/plain/invocations`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(403);
    expect(REGION).toBe('us-east-1');
  });
});
