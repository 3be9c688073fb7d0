import { z } from 'zod';
import { ACCOUNT_HEADER, BENCH_PATH } from '../../shared/bench-api.ts';
import type { Action } from '../control/action.ts';

interface ObjectSchema {
  readonly type?: string;
  readonly properties?: { readonly [name: string]: object };
  readonly required?: readonly string[];
}

/** OpenAPI 3.1 of the bench's own calls, from the schemas that check them. */
export function openApi(actions: readonly Action[], version: string): object {
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (const action of actions) {
    const path = BENCH_PATH + action.path;
    paths[path] = { ...paths[path], [action.method.toLowerCase()]: operation(action) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Poolbench',
      version,
      description: `The bench's own calls. The account is that of the signature or of the header ${ACCOUNT_HEADER}.`,
    },
    paths,
    components: {
      schemas: {
        Error: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: { code: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  };
}

function operation(action: Action): object {
  const schema = jsonSchema(action.input, 'input') as ObjectSchema;
  const inPath = [...action.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const required = new Set(schema.required);
  const rest = Object.entries(schema.properties ?? {}).filter(([name]) => !inPath.includes(name));
  const parameters: object[] = inPath.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: schema.properties?.[name] ?? { type: 'string' },
  }));
  const readsBody = action.method === 'POST';
  if (!readsBody) {
    for (const [name, inner] of rest) {
      parameters.push({ name, in: 'query', required: required.has(name), schema: inner });
    }
  }
  const body = schema.properties
    ? {
        ...schema,
        properties: Object.fromEntries(rest),
        required: [...required].filter((name) => !inPath.includes(name)),
      }
    : schema;
  return {
    summary: action.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(readsBody ? { requestBody: { content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: action.output ? jsonSchema(action.output, 'output') : {} } },
      },
      '4XX': {
        description: 'Refused.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
