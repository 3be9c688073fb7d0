import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { FunctionSummary } from '../../shared/bench-api.ts';
import { BenchError } from '../kernel/fault.ts';
import type { Services } from '../services/services.ts';
import { action, type Action } from './action.ts';

type Needs = Pick<Services, 'functions' | 'store' | 'clock' | 'config'>;

const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens or underscores');

const registration = z
  .strictObject({
    name,
    source: z.string().min(1).optional(),
    file: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
    url: z.url({ protocol: /^https?$/ }).optional(),
  })
  .refine(
    ({ source, file, url }) => [source, file, url].filter((member) => member !== undefined).length === 1,
    'give exactly one of source, file and url',
  );

/** Lambda functions, kept for the pools that name them. */
export function functionActions({ functions, store, clock, config }: Needs): Action[] {
  const summary = (record: ReturnType<typeof functions.list>[number]): FunctionSummary => ({
    name: record.name,
    arn: record.arn,
    kind: record.kind,
    ...(record.kind === 'source' ? {} : { target: record.target }),
    createdAt: record.createdAt.toISOString(),
  });

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
      run({ name: functionName, source, file, url }, { account }) {
        const [kind, target] =
          source !== undefined ? (['source', source] as const) : file !== undefined ? (['file', file] as const) : (['url', url!] as const);
        const arn = `arn:aws:lambda:${config.region}:${account}:function:${functionName}`;
        store.write(() => functions.put({ account, name: functionName, arn, kind, target, createdAt: clock.now() }));
        return { arn };
      },
    }),
    action({
      method: 'DELETE',
      path: '/functions/{name}',
      summary: 'Removes a function.',
      input: z.object({ name }),
      run({ name: functionName }, { account }) {
        const removed = store.write(() => functions.remove(account, functionName));
        if (!removed) throw new BenchError('NotFound', `There is no function named ${functionName}.`, 404);
        return {};
      },
    }),
  ];
}
