import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { dynamo, makeTable } from './setup.ts';

let bench: TestBench;
let TableName: string;
beforeAll(async () => {
  bench = await startBench({ logLevel: 'silent' });
  TableName = await makeTable(dynamo(bench), 'N');
  for (let sk = 0; sk < 3; sk += 1)
    await ask('PutItem', { TableName, Item: { pk: { S: 'p' }, sk: { N: `${sk}` }, ...ITEM } });
});
afterAll(() => bench.stop());

const ITEM = {
  s: { S: 'text' },
  b: { B: 'AQI=' },
  ss: { SS: ['a', ''] },
  ns: { NS: ['1', '2'] },
  l: { L: [{ N: '1' }, { L: [] }] },
  m: { M: { s: { NULL: true }, m: { M: {} } } },
};

async function ask(operation: string, input: object): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(bench.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20260101T000000Z',
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, text: await response.text() };
}

const VALUES = {
  ':s': { S: 'text' },
  ':n': { N: '1' },
  ':b': { B: 'AQ==' },
  ':ss': { SS: ['a'] },
  ':l': { L: [] },
  ':m': { M: {} },
};
const NAMES = { '#m': 'm', '#0': 'l', '#k': 'pk', '#p': '__proto__', '#c': 'constructor' };
const PATHS = 's b ss ns l m n sk m.s m.m.x l[0] l[9] #m.#p #0[1] #c'.split(' ');
const SYMBOLS =
  '( ) , = <> < >= + - . [ ] [1] size( contains( begins_with( attribute_exists( if_not_exists( list_append(';
const KEYWORDS = 'AND OR NOT BETWEEN IN SET REMOVE ADD DELETE';
const STRANGE = ['\u{1f511}', '\\', '"', '\u0000'];
const WORDS = [...PATHS, ...Object.keys(VALUES), ...SYMBOLS.split(' '), ...KEYWORDS.split(' '), ...STRANGE];

/** Texts that are nearly expressions; now and then one is. */
const path = fc.constantFrom(...PATHS);
const operand = fc.oneof(
  path,
  fc.constantFrom(...Object.keys(VALUES)),
  path.map((text) => `size(${text})`),
);
const condition = fc.oneof(
  fc.tuple(operand, fc.constantFrom('=', '<>', '<', '<=', '>', '>='), operand).map((parts) => parts.join(' ')),
  fc
    .tuple(fc.constantFrom('contains', 'begins_with'), path, operand)
    .map(([name, one, other]) => `${name}(${one}, ${other})`),
  fc.tuple(operand, operand, operand).map(([one, low, high]) => `${one} BETWEEN ${low} AND ${high}`),
  fc.tuple(operand, operand).map(([one, other]) => `NOT (${one} IN (${other}, :n))`),
);
const update = fc.oneof(
  fc.tuple(path, operand, operand).map(([target, one, other]) => `SET ${target} = ${one} + ${other}`),
  fc.tuple(path, path, operand).map(([target, one, other]) => `SET ${target} = if_not_exists(${one}, ${other})`),
  fc
    .tuple(path, operand, operand)
    .map(([target, one, other]) => `SET ${target} = list_append(${one}, ${other}) REMOVE ns`),
  fc
    .tuple(fc.constantFrom('ADD', 'DELETE'), path, fc.constantFrom(...Object.keys(VALUES)))
    .map((parts) => parts.join(' ')),
  fc.array(path, { minLength: 1, maxLength: 3 }).map((paths) => `REMOVE ${paths.join(', ')}`),
);
const soup = fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((words) => words.join(' '));

/** Only what is used may be given. */
function withPlaceholders(text: string, more: string[] = []): object {
  const used = (map: object): [string, unknown][] =>
    Object.entries(map).filter(([name]) => new RegExp(`${name}(?!\\w)`).test([text, ...more].join(' ')));
  const [names, values] = [used(NAMES), used(VALUES)];
  return {
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
    ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
}

describe('whatever an expression is, it is read or refused', () => {
  const Key = { pk: { S: 'p' }, sk: { N: '1' } };
  it.each<[string, fc.Arbitrary<string>, (text: string) => [operation: string, input: object]]>([
    ['FilterExpression', fc.oneof(soup, condition), (FilterExpression) => ['Scan', { FilterExpression }]],
    [
      'KeyConditionExpression',
      fc.oneof(soup, condition, fc.constantFrom('sk = :n', ':n > sk', 'sk BETWEEN :n AND :n')),
      (text) => ['Query', { KeyConditionExpression: `#k = :s AND ${text}` }],
    ],
    [
      'ProjectionExpression',
      fc.oneof(soup, path),
      (ProjectionExpression) => ['GetItem', { Key, ProjectionExpression }],
    ],
    [
      'ConditionExpression',
      fc.oneof(soup, condition),
      (ConditionExpression) => ['DeleteItem', { Key: { ...Key, sk: { N: '9' } }, ConditionExpression }],
    ],
    [
      'UpdateExpression',
      fc.oneof(soup, update),
      (UpdateExpression) => ['UpdateItem', { Key, UpdateExpression, ReturnValues: 'UPDATED_NEW' }],
    ],
  ])('[DB-EXPR-1] [DB-EXPR-8] as %s', async (_name, texts, toCall) => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const [operation, input] = toCall(text);
        const expressions = Object.values(input).filter((value) => typeof value === 'string');
        const answer = await ask(operation, { TableName, ...input, ...withPlaceholders(text, expressions) });
        seen.add(answer.status);
        expect([200, 400], answer.text).toContain(answer.status);
        if (answer.status === 400) expect(answer.text).toMatch(/ValidationException|ConditionalCheckFailedException/);
      }),
      { numRuns: 300 },
    );
    expect(seen).toEqual(new Set([200, 400]));
  });
});
