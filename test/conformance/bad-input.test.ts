import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceModel } from '../../src/main/model/load.ts';
import { families } from '../../src/main/bench/families.ts';
import { startBench, type TestBench } from '../harness/bench.ts';

interface Shape {
  readonly type: string;
  readonly document?: boolean;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly required?: readonly string[];
  readonly members?: { readonly [name: string]: { readonly shape: string } };
  readonly member?: { readonly shape: string };
}

interface Model {
  readonly metadata: { readonly targetPrefix: string };
  readonly operations: { readonly [name: string]: { readonly input?: { readonly shape: string } } };
  readonly shapes: { readonly [name: string]: Shape };
}

/** Answers that carry a code are AWS's refusals; a 500 or a success would be a defect here. */
const REFUSAL = /^[A-Za-z]+(Exception|Error)$/;

const read = (service: string): Model =>
  JSON.parse(readFileSync(new URL(`../../resources/models/${service}.json`, import.meta.url), 'utf8')) as Model;
const models: { readonly [service: string]: Model } = {
  'cognito-idp': read('cognito-idp'),
  'cognito-identity': read('cognito-identity'),
};

/** A value that fits a shape's own constraints and names nothing that exists. */
function plausible({ shapes }: Model, name: string, depth = 0): unknown {
  const shape = shapes[name]!;
  switch (shape.type) {
    case 'string': {
      if (shape.enum) return shape.enum[0];
      if (name === 'UserPoolIdType') return 'us-east-1_Nowhere00';
      if (name === 'ArnType' || /Arn/.test(name))
        return 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Nowhere00';
      if (/Identity(Pool)?Id$/.test(name)) return 'us-east-1:00000000-0000-4000-8000-000000000000';
      if (name === 'DeviceKeyType') return 'us-east-1_00000000-0000-4000-8000-000000000000';
      if (name === 'UserImportJobIdType') return 'import-Nowhere000';
      if (name === 'SoftwareTokenMFAUserCodeType') return '000000';
      if (name === 'DomainType') return 'nowhere';
      if (name === 'SessionType') return 'A'.repeat(40);
      return 'nowhere'.padEnd(shape.min ?? 7, 'x').slice(0, shape.max);
    }
    case 'boolean':
      return true;
    case 'timestamp':
      return 1_700_000_000;
    case 'list':
      return depth > 3 ? [] : [plausible({ shapes } as Model, shape.member!.shape, depth + 1)];
    case 'map':
      return {};
    case 'structure':
      return Object.fromEntries(
        (shape.required ?? []).map((member) => [
          member,
          plausible({ shapes } as Model, shape.members![member]!.shape, depth + 1),
        ]),
      );
    case 'document':
      return {};
    default:
      return shape.min ?? 1;
  }
}

describe.each(Object.keys(models))('every operation of %s refuses bad input and never breaks', (service) => {
  const model = models[service]!;
  const names = Object.keys(model.operations);
  let bench: TestBench;
  beforeAll(async () => {
    bench = await startBench({ strictAnswers: false, logLevel: 'silent' });
  });
  afterAll(() => bench.stop());

  const ask = async (operation: string, body: unknown, account = '000000000000') => {
    const response = await fetch(bench.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${model.metadata.targetPrefix}.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`,
        'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const answer = (text === '' ? {} : JSON.parse(text)) as { __type?: string };
    return { status: response.status, code: answer.__type ?? '' };
  };
  const inputOf = (operation: string): Shape | undefined => {
    const input = model.operations[operation]!.input;
    return input && model.shapes[input.shape];
  };
  const whole = (operation: string): { [member: string]: unknown } => {
    const input = model.operations[operation]!.input;
    return input ? (plausible(model, input.shape) as { [member: string]: unknown }) : {};
  };

  it('has every operation of the model in its families', () => {
    const rows = families.filter((family) => family.service === service).flatMap(({ rows: own }) => Object.keys(own));
    expect(rows.toSorted()).toEqual([...serviceModel(service as 'cognito-idp').operations.keys()].toSorted());
  });

  it.each(names)('%s', async (operation) => {
    const input = inputOf(operation);
    const values = whole(operation);

    // Not an object, and not even JSON.
    for (const body of ['[]', '"text"', '{"cut":']) {
      expect(await ask(operation, body), body).toMatchObject({ status: 400, code: 'SerializationException' });
    }
    for (const [member, { shape: name }] of Object.entries(input?.members ?? {})) {
      const shape = model.shapes[name]!;
      // A value of the wrong type.
      const wrong = shape.type === 'structure' || shape.type === 'map' || shape.type === 'list' ? 'text' : { a: [] };
      // A document takes any JSON.
      if (!shape.document) {
        const answer = await ask(operation, { ...values, [member]: wrong });
        expect(answer, `${member} of the wrong type`).toMatchObject({ status: 400, code: 'SerializationException' });
      }
      // A text that is too long.
      if (shape.type === 'string' && shape.max !== undefined && shape.max < 100_000) {
        const answer = await ask(operation, { ...values, [member]: 'x'.repeat(shape.max + 1) });
        expect(answer.status, `${member} too long: ${answer.code}`).toBe(400);
      }
    }
    // A required member that is missing.
    for (const member of input?.required ?? []) {
      const { [member]: _, ...rest } = values;
      const answer = await ask(operation, rest);
      expect(answer, `${member} missing`).toMatchObject({ status: 400 });
      expect(answer.code).toMatch(REFUSAL);
    }
    // Well formed, and about nothing that exists; also from another account.
    for (const account of ['000000000000', '111111111111']) {
      const answer = await ask(operation, values, account);
      expect(answer.status, answer.code).toBeLessThan(500);
      if (answer.status !== 200) expect(answer.code).toMatch(REFUSAL);
    }
  });
});
