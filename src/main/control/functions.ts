import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { FunctionDescription, FunctionSummary } from '../../shared/bench-api.ts';
import { BenchError } from '../kernel/fault.ts';
import type { FunctionRecord, Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'functions' | 'lambda' | 'config'>;

const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens or underscores');

const registration = z
  .strictObject({
    name,
    source: z.string().min(1).optional(),
    file: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
    url: z.url({ protocol: /^https?$/ }).optional(),
    timeoutSeconds: z.number().int().min(1).max(900).optional(),
    environment: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string()).optional(),
  })
  .refine(
    ({ source, file, url }) => [source, file, url].filter((member) => member !== undefined).length === 1,
    'give exactly one of source, file and url',
  );

/** Seconds that a function may take where nobody set a limit. */
const DEFAULT_TIMEOUT = 30;

/** Lambda functions, for the pools that name them: registered, listed, tried by hand, and what they were asked. */
export function functionActions({ functions, lambda, config }: Needs): Action[] {
  const require = (account: string, functionName: string): FunctionRecord => {
    const found = lambda.find({ account, region: config.region, name: functionName });
    if (found) return found;
    throw new BenchError('NotFound', `There is no function named ${functionName}.`, 404);
  };

  return [
    action({
      method: 'GET',
      path: '/functions',
      summary: 'The registered functions.',
      input: z.object({}),
      run: (_input, { account }) => functions.list(account).map(summary),
    }),
    action({
      method: 'POST',
      path: '/functions',
      summary: 'Registers a function from JavaScript text, a file or a Lambda-compatible endpoint; gives its ARN.',
      input: registration,
      async run({ name: functionName, source, file, url, timeoutSeconds, environment }, { account }) {
        const code =
          source !== undefined
            ? { kind: 'source' as const, target: source }
            : file !== undefined
              ? { kind: 'file' as const, target: file }
              : { kind: 'url' as const, target: url! };
        const settings = {
          ...(timeoutSeconds === undefined ? {} : { Timeout: timeoutSeconds }),
          ...(environment === undefined ? {} : { Variables: environment }),
        };
        const registered = { account, region: config.region, name: functionName, code, settings };
        const { arn } = await lambda.register(registered, true);
        return { arn };
      },
    }),
    action({
      method: 'GET',
      path: '/functions/{name}',
      summary: 'One function with its text.',
      input: z.object({ name }),
      run: (input, { account }) => description(require(account, input.name)),
    }),
    action({
      method: 'DELETE',
      path: '/functions/{name}',
      summary: 'Removes a function.',
      input: z.object({ name }),
      run(input, { account }) {
        lambda.remove(require(account, input.name));
        return {};
      },
    }),
    action({
      method: 'GET',
      path: '/functions/{name}/invocations',
      summary: 'What the function was asked and what it answered, newest first; the last 200.',
      input: z.object({ name, limit: z.coerce.number().int().min(1).max(200).default(200) }),
      run: (input, { account }) => lambda.invocations(require(account, input.name)).slice(0, input.limit),
    }),
    action({
      method: 'POST',
      path: '/functions/{name}/invoke',
      summary: 'Tries a function by hand.',
      input: z.object({ name, payload: z.json().default({}) }),
      run: (input, { account }) =>
        lambda.invoke(require(account, input.name), { payload: input.payload, purpose: 'by hand' }),
    }),
  ];
}

function summary(record: FunctionRecord): FunctionSummary {
  return {
    name: record.name,
    arn: record.arn,
    kind: record.kind,
    ...(record.kind === 'file' || record.kind === 'url' ? { target: record.target } : {}),
    createdAt: record.createdAt.toISOString(),
    modifiedAt: record.modifiedAt.toISOString(),
  };
}

function description(record: FunctionRecord): FunctionDescription {
  return {
    ...summary(record),
    ...(record.kind === 'source' ? { source: record.target } : {}),
    timeoutSeconds: record.settings.Timeout ?? DEFAULT_TIMEOUT,
    environment: record.settings.Variables ?? {},
  };
}
