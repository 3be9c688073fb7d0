import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DescribeUserPoolCommand,
  type LambdaConfigType,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionInvocation } from '../../../src/shared/bench-api.ts';
import type { TraceRecord } from '../../../src/shared/trace.ts';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { zip } from '../../harness/zip.ts';
import { type App, PASSWORD, refused } from '../user-pools/setup.ts';
import { addFunction, createTriggeredApp, KEY } from './setup.ts';

let bench: TestBench;
const servers: Server[] = [];

beforeAll(async () => {
  bench = await startBench({ functionLimits: { trigger: 700, load: 10_000 } });
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});
afterAll(() => bench.stop());

function signUp({ clientId }: Pick<App, 'clientId'>, username = 'ann'): SignUpCommand {
  return new SignUpCommand({ ClientId: clientId, Username: username, Password: PASSWORD });
}

/** A Lambda-compatible endpoint as a test wants it. */
async function endpoint(
  respond: (
    event: { response: object },
    request: IncomingMessage,
  ) => { status?: number; headers?: { [name: string]: string }; body?: string } | undefined,
): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(request);
      const answer = respond(JSON.parse(Buffer.concat(chunks).toString()) as { response: object }, request);
      // Nothing at all: it hangs.
      if (answer) response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function appWithEndpoint(name: string, url: string): Promise<App> {
  const { arn } = await bench.call<{ arn: string }>('POST', '/functions', { name, url });
  return createTriggeredApp(bench, { PreSignUp: arn });
}

const invocationsOf = (name: string): Promise<FunctionInvocation[]> =>
  bench.call('GET', `/functions/${name}/invocations`);

describe('a trigger', () => {
  it.each([
    ['nothing', 'return undefined;'],
    ['a text', 'return "yes";'],
    ['a list', 'return [event];'],
    ['a response that is none', 'return { response: 7 };'],
    ['a flag that is none', 'event.response.autoConfirmUser = { yes: true };'],
  ])('[FN-TRIGGER-5] whose function answers %s is unrecognisable', async (_what, body) => {
    const fn = await addFunction(bench, body === 'return undefined;' ? 'return;' : body);
    const app = await createTriggeredApp(bench, { PreSignUp: fn.arn });
    await expect(app.idp.send(signUp(app))).rejects.toMatchObject(
      refused('InvalidLambdaResponseException', 'Unrecognizable lambda output'),
    );
  });

  it('[FN-TRIGGER-2] is asked three times in all where it does not answer in time', async () => {
    const fn = await addFunction(bench, 'for (;;);');
    const app = await createTriggeredApp(bench, { PreSignUp: fn.arn });
    await expect(app.idp.send(signUp(app))).rejects.toMatchObject(
      refused(
        'UnexpectedLambdaException',
        'PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.',
      ),
    );
    expect((await fn.asked()).map(({ outcome }) => outcome)).toEqual(['timed-out', 'timed-out', 'timed-out']);
    await expect(
      app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username: 'ann' })),
    ).rejects.toMatchObject({ name: 'UserNotFoundException' });
  }, 20_000);

  it('[FN-TRIGGER-2] has its second try counted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'poolbench-test-'));
    const mark = join(folder, 'tried');
    const fn = await addFunction(
      bench,
      `const fs = await import('node:fs');
       if (!fs.existsSync(${JSON.stringify(mark)})) { fs.writeFileSync(${JSON.stringify(mark)}, ''); for (;;); }`,
    );
    const app = await createTriggeredApp(bench, { PreSignUp: fn.arn });
    await app.idp.send(signUp(app));
    expect((await fn.asked()).map(({ outcome }) => outcome)).toEqual(['timed-out', 'answered']);
    rmSync(folder, { recursive: true });
  }, 20_000);

  it('[FN-RUN-5] whose code never ends to load is refused at registration', async () => {
    await using hasty = await startBench({ functionLimits: { trigger: 700, load: 300 } });
    await expect(
      hasty.call('POST', '/functions', { name: 'never', source: 'for (;;); export default () => 1;' }),
    ).rejects.toThrow('never cannot be loaded: Loading timed out after 0.30 seconds');
    await expect(
      hasty.call('POST', '/functions', {
        name: 'never',
        source: 'await new Promise(() => {}); export default () => 1;',
      }),
    ).rejects.toThrow('never cannot be loaded');
  });

  it('[FN-TRIGGER-4] whose function is not there, or was removed, cannot be run', async () => {
    const gone = refused(
      'UnexpectedLambdaException',
      'PreSignUp invocation failed due to error ResourceNotFoundException.',
    );
    const nowhere = await createTriggeredApp(bench, {
      PreSignUp: 'arn:aws:lambda:us-east-1:000000000000:function:nowhere',
    });
    await expect(nowhere.idp.send(signUp(nowhere))).rejects.toMatchObject(gone);
    const fn = await addFunction(bench);
    const app = await createTriggeredApp(bench, { PreSignUp: fn.arn });
    await app.idp.send(signUp(app));
    await bench.call('DELETE', `/functions/${fn.name}`);
    await expect(app.idp.send(signUp(app, 'bob'))).rejects.toMatchObject(gone);
  });

  it('[FN-TRIGGER-3] whose worker dies fails its call alone', async () => {
    const fn = await addFunction(bench, 'if (event.userName === "dies") process.exit(9);');
    const app = await createTriggeredApp(bench, { PreSignUp: fn.arn });
    const [dead, alive] = await Promise.allSettled([
      app.idp.send(signUp(app, 'dies')),
      app.idp.send(signUp(app, 'lives')),
    ]);
    expect(dead).toMatchObject({
      reason: refused(
        'UserLambdaValidationException',
        'PreSignUp failed with error Runtime exited with error: exit status 9.',
      ),
    });
    expect(alive.status).toBe('fulfilled');
    await app.idp.send(signUp(app, 'later'));
  });

  it('[FN-TRIGGER-1] notes each run on its call, with the function, the outcome and the time', async () => {
    const fn = await addFunction(bench);
    const app = await createTriggeredApp(bench, { PreSignUp: fn.arn });
    await app.idp.send(signUp(app, 'noted'));
    const [invocation] = await fn.asked();
    const { records } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace?limit=1000');
    const { reasons } = records.find(({ requestId }) => requestId === invocation!.requestId)!;
    expect(reasons).toContainEqual({
      rule: 'FN-TRIGGER-1',
      outcome: 'note',
      decided: `PreSignUp ran ${fn.name}, which answered.`,
      inputs: {
        function: fn.name,
        trigger: 'PreSignUp_SignUp',
        invocation: invocation!.id,
        outcome: 'answered',
        milliseconds: invocation!.milliseconds,
      },
    });
  });
});

describe('a function that calls back', () => {
  it('[FN-RUN-8] finds the bench by its environment, and what is stored already', async () => {
    const source = `
      import { AdminDisableUserCommand, CognitoIdentityProviderClient, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
      const idp = new CognitoIdentityProviderClient();
      export const handler = async (event) => {
        const { Users } = await idp.send(new ListUsersCommand({ UserPoolId: event.userPoolId }));
        const found = Users.find(({ Username }) => Username === event.userName);
        if (found?.UserStatus !== 'CONFIRMED') throw new Error('not confirmed: ' + found?.UserStatus);
        await idp.send(new AdminDisableUserCommand({ UserPoolId: event.userPoolId, Username: event.userName }));
        return event;
      };`;
    const { arn } = await bench.call<{ arn: string }>('POST', '/functions', { name: 'calls-back', source });
    const confirm = await addFunction(bench, 'event.response.autoConfirmUser = true;');
    const app = await createTriggeredApp(bench, { PreSignUp: confirm.arn, PostConfirmation: arn });
    // Its first run loads the whole SDK: several at once, each in a worker of its own.
    const names = ['one', 'two', 'three'];
    await Promise.all(names.map((name) => app.idp.send(signUp(app, name))));
    for (const Username of names) {
      const user = await app.idp.send(new AdminGetUserCommand({ UserPoolId: app.userPoolId, Username }));
      expect(user).toMatchObject({ UserStatus: 'CONFIRMED', Enabled: false });
    }
    const { records } = await bench.call<{ records: TraceRecord[] }>('GET', '/trace?limit=1000');
    expect(records).toContainEqual(
      expect.objectContaining({
        operation: 'AdminDisableUser',
        lane: { kind: 'app', id: 'function-calls-back', name: 'function-calls-back' },
      }),
    );
  }, 30_000);
});

describe('an endpoint', () => {
  it('[FN-HTTP-1] is asked with the event at Lambda’s own path where it names nothing but a host', async () => {
    const { url, seen } = await endpoint((event) => ({
      body: JSON.stringify({ ...event, response: { autoConfirmUser: true } }),
    }));
    const app = await appWithEndpoint('bare', url);
    expect(await app.idp.send(signUp(app))).toMatchObject({ UserConfirmed: true });
    expect(seen.map(({ method, url: path, headers }) => [method, path, headers['x-amz-invocation-type']])).toEqual([
      ['POST', '/2015-03-31/functions/function/invocations', 'RequestResponse'],
    ]);
    const own = await appWithEndpoint('own-path', `${url}/my/function?x=1`);
    await own.idp.send(signUp(own));
    expect(seen[1]!.url).toBe('/my/function?x=1');
  });

  it.each([
    [
      '[FN-HTTP-2] fails by header',
      { headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorType":"Error","errorMessage":"no"}' },
      'UserLambdaValidationException',
      'PreSignUp failed with error no.',
    ],
    [
      '[FN-HTTP-2] fails by its body alone',
      { body: '{"errorType":"Error","errorMessage":"no","stackTrace":["a"]}' },
      'UserLambdaValidationException',
      'PreSignUp failed with error no.',
    ],
    [
      '[FN-HTTP-3] answers no JSON',
      { body: '<html>' },
      'InvalidLambdaResponseException',
      'Invalid lambda function output : Invalid JSON',
    ],
    ['[FN-HTTP-3] answers nothing', { body: '' }, 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
    [
      '[FN-HTTP-4] throttles',
      { status: 429, body: 'slow down' },
      'UnexpectedLambdaException',
      'PreSignUp invocation failed due to error TooManyRequestsException.',
    ],
    [
      '[FN-HTTP-4] is broken',
      { status: 500, body: 'oops' },
      'UnexpectedLambdaException',
      'PreSignUp invocation failed due to error ServiceException.',
    ],
  ])('%s', async (title, answer, name, message) => {
    const { url } = await endpoint(() => answer);
    const functionName = title.replaceAll(/\W+/g, '-').slice(0, 60);
    const app = await appWithEndpoint(functionName, url);
    await expect(app.idp.send(signUp(app))).rejects.toMatchObject(refused(name, message));
    expect(await invocationsOf(functionName)).toHaveLength(1);
  });

  it('[FN-HTTP-4] that cannot be reached, [FN-TRIGGER-2] or hangs, is told apart', async () => {
    const nobody = await appWithEndpoint('nobody-listens', 'http://127.0.0.1:9/');
    await expect(nobody.idp.send(signUp(nobody))).rejects.toMatchObject(
      refused('UnexpectedLambdaException', 'PreSignUp invocation failed due to error ServiceException.'),
    );
    expect((await invocationsOf('nobody-listens'))[0]).toMatchObject({
      outcome: 'unreachable',
      error: { errorType: expect.any(String) as string },
    });
    const { url, seen } = await endpoint(() => undefined);
    const hangs = await appWithEndpoint('hangs', url);
    await expect(hangs.idp.send(signUp(hangs))).rejects.toMatchObject({
      message: 'PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.',
    });
    expect(seen).toHaveLength(3);
  }, 20_000);
});

describe('a function of Lambda’s own API', () => {
  async function makeFunction(on: TestBench, FunctionName: string): Promise<{ arn: string; lambda: LambdaClient }> {
    const lambda = new LambdaClient(on.sdk);
    const { FunctionArn } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: 'arn:aws:iam::000000000000:role/lambda',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: zip({ 'index.mjs': 'export const handler = async (event) => event;' }) },
      }),
    );
    return { arn: FunctionArn!, lambda };
  }
  const permit = (FunctionName: string, StatementId: string, SourceArn?: string): AddPermissionCommand =>
    new AddPermissionCommand({
      FunctionName,
      StatementId,
      Action: 'lambda:InvokeFunction',
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn,
    });

  it('[FN-PERMIT-1] counts as permitted without a policy, and is refused where its policy names another pool', async () => {
    const { arn, lambda } = await makeFunction(bench, 'permits');
    const app = await createTriggeredApp(bench, { PreSignUp: arn });
    await app.idp.send(signUp(app, 'one'));
    await lambda.send(
      permit('permits', 'other', 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_other'),
    );
    await expect(app.idp.send(signUp(app, 'two'))).rejects.toMatchObject(
      refused('UnexpectedLambdaException', 'PreSignUp invocation failed due to error AccessDeniedException.'),
    );
    await lambda.send(permit('permits', 'any', 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/*'));
    await app.idp.send(signUp(app, 'two'));
  });

  it('[FN-PERMIT-2] needs a policy on a strict bench, and none on a soft one', async () => {
    await using strict = await startBench({ auth: 'strict' });
    const { arn, lambda } = await makeFunction(strict, 'strict');
    const app = await createTriggeredApp(strict, { PreSignUp: arn });
    await expect(app.idp.send(signUp(app))).rejects.toMatchObject(
      refused('UnexpectedLambdaException', 'PreSignUp invocation failed due to error AccessDeniedException.'),
    );
    await lambda.send(permit('strict', 'all'));
    await app.idp.send(signUp(app));
    await using soft = await startBench({ auth: 'soft' });
    const made = await makeFunction(soft, 'soft');
    await made.lambda.send(
      permit('soft', 'other', 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_other'),
    );
    const lenient = await createTriggeredApp(soft, { PreSignUp: made.arn });
    await lenient.idp.send(signUp(lenient));
  });
});

describe('the functions of a pool', () => {
  const arn = (name: string, region = 'us-east-1'): string => `arn:aws:lambda:${region}:000000000000:function:${name}`;

  it('[FN-CONFIG-2] are shown as they were given, with both names of the token function', async () => {
    const app = await createTriggeredApp(bench, { PreTokenGeneration: arn('a') });
    const shown = async (): Promise<LambdaConfigType | undefined> => {
      const { UserPool } = await app.idp.send(new DescribeUserPoolCommand({ UserPoolId: app.userPoolId }));
      return UserPool?.LambdaConfig;
    };
    expect(await shown()).toEqual({
      PreTokenGeneration: arn('a'),
      PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: arn('a') },
    });
    const PreTokenGenerationConfig = { LambdaVersion: 'V2_0' as const, LambdaArn: arn('b') };
    await app.idp.send(
      new UpdateUserPoolCommand({
        UserPoolId: app.userPoolId,
        LambdaConfig: { PreTokenGenerationConfig, PreSignUp: arn('c') },
      }),
    );
    expect(await shown()).toEqual({ PreSignUp: arn('c'), PreTokenGeneration: arn('b'), PreTokenGenerationConfig });
    await app.idp.send(new UpdateUserPoolCommand({ UserPoolId: app.userPoolId }));
    expect(await shown()).toEqual({});
  });

  it.each<[string, Partial<CreateUserPoolCommandInput>, string, string]>([
    [
      'another service’s ARN',
      { LambdaConfig: { PreSignUp: 'arn:aws:sns:us-east-1:000000000000:topic' } },
      'InvalidParameterException',
      'Invalid Lambda function ARN',
    ],
    [
      'another region',
      { LambdaConfig: { PreSignUp: arn('a', 'eu-west-1') } },
      'InvalidParameterException',
      'Cross-region lambda functions are not supported',
    ],
    [
      'two token functions',
      {
        LambdaConfig: {
          PreTokenGeneration: arn('a'),
          PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: arn('b') },
        },
      },
      'InvalidParameterException',
      "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
    ],
    [
      'V2 in the LITE tier',
      {
        UserPoolTier: 'LITE',
        LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: arn('a') } },
      },
      'FeatureUnavailableInTierException',
      'Token Customization with Pre-Token Generation Lambda V2_0',
    ],
    [
      'a sender without a key',
      { LambdaConfig: { CustomSMSSender: { LambdaVersion: 'V1_0', LambdaArn: arn('a') } } },
      'InvalidParameterException',
      'KMSKeyID',
    ],
  ])('[FN-CONFIG-1] refuse %s', async (_what, settings, name, message) => {
    const { idp } = await createTriggeredApp(bench, {});
    await expect(idp.send(new CreateUserPoolCommand({ PoolName: 'x', ...settings }))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message) as string,
    });
  });

  it('[FN-CONFIG-1] need not exist yet, and a key makes a sender complete', async () => {
    const { idp } = await createTriggeredApp(bench, {
      CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: arn('not-yet') },
      KMSKeyID: KEY,
      PreTokenGenerationConfig: { LambdaVersion: 'V3_0', LambdaArn: arn('not-yet') },
    });
    expect(idp).toBeDefined();
  });

  it('[FN-KEEP-2] are forgotten with their account', async () => {
    await using fresh = await startBench();
    const fn = await addFunction(fresh, 'event.response.autoConfirmUser = true;');
    const app = await createTriggeredApp(fresh, { PreSignUp: fn.arn });
    await app.idp.send(signUp(app));
    await fresh.call('POST', '/reset', {});
    expect(await fresh.call('GET', '/functions')).toEqual([]);
    await expect(fresh.call('GET', `/functions/${fn.name}/invocations`)).rejects.toThrow('404');
    await expect(
      app.idp.send(new AdminCreateUserCommand({ UserPoolId: app.userPoolId, Username: 'a' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('[FN-CODE-3] and their code outlive the bench', async () => {
    const data = mkdtempSync(join(tmpdir(), 'poolbench-test-'));
    const file = join(data, 'function.mjs');
    writeFileSync(file, 'export const handler = async (event) => ({ ...event, response: { autoConfirmUser: true } });');
    const first = await startBench({ data });
    const { arn: fileArn } = await first.call<{ arn: string }>('POST', '/functions', { name: 'from-file', file });
    const app = await createTriggeredApp(first, { PreSignUp: fileArn });
    await makeZip(first);
    await first.stop();
    const second = await startBench({ data });
    expect(await second.call<unknown[]>('GET', '/functions')).toHaveLength(2);
    const idp = new CognitoIdentityProviderClient(second.sdk);
    expect(await idp.send(signUp(app))).toMatchObject({ UserConfirmed: true });
    expect((await second.call<FunctionInvocation>('POST', '/functions/from-zip/invoke', {})).answer).toEqual({});
    expect((await second.call<FunctionInvocation>('POST', '/functions/from-file/invoke', {})).answer).toEqual({
      response: { autoConfirmUser: true },
    });
    await second.stop();
    rmSync(data, { recursive: true });
  });
});

async function makeZip(on: TestBench): Promise<void> {
  await new LambdaClient(on.sdk).send(
    new CreateFunctionCommand({
      FunctionName: 'from-zip',
      Role: 'arn:aws:iam::000000000000:role/lambda',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.js': 'exports.handler = async (event) => event;' }) },
    }),
  );
}
