import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceModel } from '../../src/main/model/load.ts';
import { families } from '../../src/main/bench/families.ts';
import { isBuilt, type AnyRow } from '../../src/main/services/family.ts';
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
  readonly metadata: { readonly targetPrefix: string; readonly jsonVersion: string };
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
  cloudtrail: read('cloudtrail'),
  dynamodb: read('dynamodb'),
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
        'content-type': `application/x-amz-json-${model.metadata.jsonVersion}`,
        'x-amz-target': `${model.metadata.targetPrefix}.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`,
        'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const answer = (text === '' ? {} : JSON.parse(text)) as { __type?: string };
    // DynamoDB's errors have a namespace.
    return { status: response.status, code: answer.__type?.split('#').at(-1) ?? '' };
  };
  /** What is not built says so before its input is read. */
  const unreadable = (operation: string): string =>
    isBuilt(rowOf(operation)) ? 'SerializationException' : 'NotBuiltException';
  const rowOf = (operation: string): AnyRow =>
    families.filter((family) => family.service === service).flatMap(({ rows }) => rows[operation] ?? [])[0]!;
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
      expect(await ask(operation, body), body).toMatchObject({ status: 400, code: unreadable(operation) });
    }
    for (const [member, { shape: name }] of Object.entries(input?.members ?? {})) {
      const shape = model.shapes[name]!;
      // A value of the wrong type.
      const wrong = shape.type === 'structure' || shape.type === 'map' || shape.type === 'list' ? 'text' : { a: [] };
      // A document takes any JSON.
      if (!shape.document) {
        const answer = await ask(operation, { ...values, [member]: wrong });
        expect(answer, `${member} of the wrong type`).toMatchObject({ status: 400, code: unreadable(operation) });
      }
      // Nothing in the place of something, within.
      if (shape.type === 'list' || shape.type === 'map') {
        const empty = shape.type === 'list' ? [null] : { a: null };
        const answer = await ask(operation, { ...values, [member]: empty });
        expect(answer.status, `${member} of nothing: ${answer.code}`).toBeLessThan(500);
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

describe('every operation of s3 refuses bad input and never breaks', () => {
  type Member = { readonly shape: string; readonly location?: string; readonly locationName?: string };
  const { operations, shapes } = JSON.parse(
    readFileSync(new URL('../../resources/models/s3.json', import.meta.url), 'utf8'),
  ) as {
    readonly operations: {
      readonly [name: string]: {
        readonly http: { readonly method: string; readonly requestUri: string };
        readonly input?: { readonly shape: string };
      };
    };
    readonly shapes: { readonly [name: string]: { readonly members?: { readonly [name: string]: Member } } };
  };
  const JUNK = ['', '%', '%zz', '-1', '99999999999999999999', 'a=b&c', '\u{1f511}', '<a>', '%00', '..', 'true'];
  const BODIES = ['', '<', '<a/>', '<a><b></a>', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '\0', '{}'];
  let bench: TestBench;
  beforeAll(async () => {
    bench = await startBench({ strictAnswers: false, logLevel: 'silent' });
    expect(await ask('PUT', '/there')).toBeLessThan(300);
    expect(await ask('PUT', '/there/key', {}, 'bytes')).toBeLessThan(300);
  });
  afterAll(() => bench.stop());

  const ask = async (method: string, path: string, headers: Record<string, string> = {}, body = '') => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00';
    const response = await fetch(`${bench.url}${path}`, {
      method,
      headers: {
        authorization,
        'x-amz-date': '20260101T000000Z',
        'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
        ...headers,
      },
      ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
    });
    await response.arrayBuffer();
    return response.status;
  };

  // What is not there says so with 501, which is S3's own word for it.
  const isRefusal = (status: number): boolean => status < 500 || status === 501;

  it.each(Object.entries(operations))('%s', async (_name, { http, input }) => {
    // Lengths are the client's own to say.
    const members = Object.values((input && shapes[input.shape]?.members) ?? {}).filter(
      ({ locationName }) => locationName !== 'Content-Length',
    );
    for (const [bucket, key] of [
      ['there', 'key'],
      ['there', 'nowhere'],
      ['nowhere', 'key'],
      ['UPPER..', '%00'],
    ] as const) {
      const path = http.requestUri.replace('{Bucket}', bucket).replace('{Key+}', key);
      for (const body of BODIES) {
        const status = await ask(http.method, path, {}, body);
        expect(isRefusal(status), `${http.method} ${path} with ${body}: ${status}`).toBe(true);
      }
      for (const { location, locationName = '' } of key === 'key' ? members : []) {
        for (const junk of JUNK) {
          const text = location === 'querystring' ? `${path.includes('?') ? '&' : '?'}${locationName}=${junk}` : '';
          const sayable = encodeURIComponent(junk);
          const headers = location === 'header' ? { [locationName]: sayable } : {};
          if (text === '' && location !== 'header') continue;
          const status = await ask(http.method, path + text, headers, '<a/>');
          expect(isRefusal(status), `${http.method} ${path}${text} ${locationName}: ${sayable}: ${status}`).toBe(true);
        }
      }
    }
  });
});
