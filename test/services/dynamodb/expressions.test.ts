import {
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { B, dynamo, makeTable, N, refusalOf, S, type Item } from './setup.ts';

let bench: TestBench;
let db: ReturnType<typeof dynamo>;
let TableName: string;
beforeAll(async () => {
  bench = await startBench();
  db = dynamo(bench);
  TableName = await makeTable(db, '');
  await db.send(new PutItemCommand({ TableName, Item: ITEM }));
});
afterAll(() => bench.stop());

const ITEM: Item = {
  pk: S('a'),
  text: S('hello'),
  n: N('10.50'),
  bytes: B(1, 2, 3),
  yes: { BOOL: true },
  none: { NULL: true },
  texts: { SS: ['x', 'y'] },
  numbers: { NS: ['1', '2'] },
  binaries: { BS: [new Uint8Array([9])] },
  list: { L: [N(1), S('two'), { M: { three: N(3) } }] },
  map: { M: { inside: { M: { deep: S('down') } }, 'with.dot': N(4) } },
};

interface Given {
  readonly names?: { readonly [name: string]: string };
  readonly values?: { readonly [name: string]: AttributeValue };
}

const placeholders = ({ names, values }: Given): object => ({
  ...(names && { ExpressionAttributeNames: names }),
  ...(values && { ExpressionAttributeValues: values }),
});

/** Whether the item is found by the filter. */
async function matches(FilterExpression: string, given: Given = {}): Promise<boolean> {
  const { Count } = await db.send(new ScanCommand({ TableName, FilterExpression, ...placeholders(given) }));
  return Count === 1;
}

describe('a condition', () => {
  const v = (value: AttributeValue) => ({ values: { ':v': value } });
  const two = (low: AttributeValue, high: AttributeValue) => ({ values: { ':a': low, ':b': high } });

  it.each<[string, Given, boolean]>([
    ['#t = :v', { names: { '#t': 'text' }, ...v(S('hello')) }, true],
    ['#t = :v', { names: { '#t': 'text' }, ...v(S('Hello')) }, false],
    ['n = :v', v(N('1.05E1')), true],
    ['n = :v', v(S('10.5')), false],
    ['n <> :v', v(S('10.5')), true],
    ['absent = :v', v(S('a')), false],
    ['absent <> :v', v(S('a')), true],
    ['absent < :v', v(S('a')), false],
    ['n < :v', v(N('10.51')), true],
    ['n <= :v', v(N('10.5')), true],
    ['n > :v', v(N('-11')), true],
    ['n >= :v', v(N('100')), false],
    ['bytes > :v', v(B(1, 2)), true],
    ['bytes < :v', v(B(1, 3)), true],
    ['texts = :v', v({ SS: ['y', 'x'] }), true],
    ['texts = :v', v({ SS: ['y'] }), false],
    ['binaries = :v', v({ BS: [new Uint8Array([9])] }), true],
    ['#l = :v', { names: { '#l': 'list' }, ...v(ITEM['list']!) }, true],
    ['#m = :v', { names: { '#m': 'map' }, ...v(ITEM['map']!) }, true],
    ['#m = :v', { names: { '#m': 'map' }, ...v({ M: {} }) }, false],
    ['yes = :v', v({ BOOL: true }), true],
    ['#n = :v', { names: { '#n': 'none' }, ...v({ NULL: true }) }, true],
    [':v = n', v(N('10.5')), true],
    ['n BETWEEN :a AND :b', two(N(10), N(11)), true],
    ['n between :a and :b', two(N(11), N(12)), false],
    ['n IN (:a, :b)', two(N(1), N('10.5')), true],
    ['n in (:a, :b)', two(N(1), S('10.5')), false],
    ['attribute_exists(#m.inside.deep)', { names: { '#m': 'map' } }, true],
    ['attribute_exists(#m.#d)', { names: { '#m': 'map', '#d': 'with.dot' } }, true],
    ['attribute_exists(#m.#d)', { names: { '#m': 'map', '#d': 'constructor' } }, false],
    ['attribute_exists(constructors)', {}, false],
    ['attribute_not_exists(#l[3])', { names: { '#l': 'list' } }, true],
    ['attribute_exists(#l[2].three)', { names: { '#l': 'list' } }, true],
    ['attribute_type(texts, :v)', v(S('SS')), true],
    ['attribute_type(absent, :v)', v(S('S')), false],
    ['begins_with(#t, :v)', { names: { '#t': 'text' }, ...v(S('hel')) }, true],
    ['begins_with(bytes, :v)', v(B(1, 2)), true],
    ['begins_with(n, :v)', v(S('1')), false],
    ['contains(#t, :v)', { names: { '#t': 'text' }, ...v(S('ell')) }, true],
    ['contains(texts, :v)', v(S('x')), true],
    ['contains(numbers, :v)', v(N('1.0')), true],
    ['contains(binaries, :v)', v(B(9)), true],
    ['contains(bytes, :v)', v(B(2, 3)), true],
    ['contains(#l, :v)', { names: { '#l': 'list' }, ...v(S('two')) }, true],
    ['contains(n, :v)', v(N(1)), false],
    ['size(#t) = :v', { names: { '#t': 'text' }, ...v(N(5)) }, true],
    ['size(#l) < :v', { names: { '#l': 'list' }, ...v(N(4)) }, true],
    ['size(n) > :v', v(N(0)), false],
    ['NOT n = :v', v(N(1)), true],
    ['n = :v OR absent = :v AND absent = :v', v(N('10.5')), true],
    ['(n = :v OR absent = :v) AND absent = :v', v(N('10.5')), false],
    ['NOT (n = :v AND NOT absent = :v)', v(N('10.5')), false],
    ['(n = :v) AND (pk <> :v)', v(N('10.5')), true],
  ])('[DB-EXPR-9] %s', async (text, given, isSo) => {
    expect(await matches(text, given)).toBe(isSo);
  });

  it('[DB-EXPR-9] compares strings by their UTF-8', async () => {
    const own = await makeTable(db, '');
    await db.send(new PutItemCommand({ TableName: own, Item: { pk: S('x'), v: S('\u{1F0A1}') } }));
    const { Count } = await db.send(
      new ScanCommand({
        TableName: own,
        FilterExpression: 'v > :v',
        ExpressionAttributeValues: { ':v': S('\uFF5E') },
      }),
    );
    expect(Count).toBe(1);
  });
});

describe('an expression', () => {
  const filter = (text: string, given: Given = {}): Promise<string> => refusalOf(matches(text, given));
  const change = (UpdateExpression: string, given: Given = {}): Promise<string> =>
    refusalOf(
      db.send(new UpdateItemCommand({ TableName, Key: { pk: S('a') }, UpdateExpression, ...placeholders(given) })),
    );
  const project = (ProjectionExpression: string, given: Given = {}): Promise<string> =>
    refusalOf(
      db.send(new GetItemCommand({ TableName, Key: { pk: S('a') }, ProjectionExpression, ...placeholders(given) })),
    );
  const V = { values: { ':v': N(1) } };

  it.each<[string, Given, string]>([
    ['', {}, 'The expression can not be empty;'],
    ['n == :v', V, 'Syntax error; token: "=", near: "== :v"'],
    ['n = ', V, 'Syntax error; token: "<EOF>"'],
    ['n = :v AND', V, 'Syntax error; token: "<EOF>"'],
    ['n ! :v', V, 'Syntax error; token: "!"'],
    ['(n = :v', V, 'Syntax error; token: "<EOF>"'],
    ['((n = :v))', V, 'The expression has redundant parentheses;'],
    ['n[a] = :v', V, 'Syntax error; token: "a"'],
    ['_n = :v', V, 'Syntax error; token: "_"'],
    ['n = :v n = :v', V, 'Syntax error; token: "n"'],
    ['n', V, 'Syntax error; token: "<EOF>"'],
    ['n = 5', {}, 'Syntax error; token: "5"'],
    ["n = 'text'", {}, 'Syntax error; token: "\'"'],
    ['('.repeat(4096), {}, 'The expression has redundant parentheses;'],
  ])('[DB-EXPR-1] that does not parse says where: %s', async (text, given, what) => {
    expect(await filter(text, given)).toContain(`ValidationException: Invalid FilterExpression: ${what}`);
  });

  it.each([
    ['SET a = :v SET b = :v', 'The "SET" section can only be used once in an update expression;'],
    ['a = :v', 'Syntax error; token: "a"'],
    ['SET a :v', 'Syntax error; token: ":v"'],
    ['REMOVE', 'Syntax error; token: "<EOF>"'],
    ['ADD a b', 'Syntax error; token: "b"'],
  ])('[DB-EXPR-1] that is no update says so: %s', async (text, what) => {
    expect(await change(text, V)).toContain(`Invalid UpdateExpression: ${what}`);
  });

  it('[DB-EXPR-2] has a greatest size', async () => {
    const many = (length: number) => Array.from({ length }, () => 'n = :v').join(' OR ');
    expect(await matches(many(150), { values: { ':v': N('10.5') } })).toBe(true);
    expect(await filter(many(151), V)).toContain('too many operators; operator count: 301');
    expect(await filter(`n = :v${' '.repeat(4096)}`, V)).toContain(
      'Expression size has exceeded the maximum allowed size; expression size: 4102',
    );
  });

  it.each(['name', 'Status', 'SIZE', 'map.inside', 'n.value'])(
    '[DB-EXPR-3] uses no reserved word: %s',
    async (word) => {
      expect(await filter(`${word} = :v`, V)).toContain(
        'Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: ',
      );
      expect(await project(word)).toContain('Invalid ProjectionExpression: Attribute name is a reserved keyword');
    },
  );

  it('[DB-EXPR-4] uses only names and values that are given', async () => {
    expect(await filter('#n = :v', { ...V, names: { '#m': 'n' } })).toContain(
      'An expression attribute name used in the document path is not defined; attribute name: #n',
    );
    expect(await filter('n = :w', V)).toContain(
      'An expression attribute value used in expression is not defined; attribute value: :w',
    );
    expect(await filter('n = :constructor')).toContain('attribute value: :constructor');
    expect(await change('SET a = :w', V)).toContain('Invalid UpdateExpression: An expression attribute value');
  });

  it('[DB-EXPR-5] uses all names and values that are given', async () => {
    expect(await filter('n = :v', { ...V, names: { '#n': 'n' } })).toBe(
      'ValidationException: Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}',
    );
    expect(await filter('n = :v', { values: { ':v': N(1), ':w': N(2), ':x': N(3) } })).toBe(
      'ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:w, :x}',
    );
  });

  it('[DB-EXPR-6] comes with names and values of the right form', async () => {
    const read = (more: object): Promise<string> => refusalOf(db.send(new ScanCommand({ TableName, ...more })));
    expect(await read({ ExpressionAttributeNames: { '#n': 'n' } })).toContain(
      'ExpressionAttributeNames can only be specified when using expressions',
    );
    expect(await read({ ExpressionAttributeValues: { ':v': N(1) } })).toContain(
      'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null',
    );
    expect(await filter('n = :v', { ...V, names: {} })).toContain('ExpressionAttributeNames must not be empty');
    expect(await filter('n = n2', { values: {} })).toContain('ExpressionAttributeValues must not be empty');
    expect(await filter('n = :v', { ...V, names: { n: 'n' } })).toContain('invalid key: Syntax error; key: "n"');
    expect(await filter('n = :v', { values: { v: N(1) } })).toContain('invalid key: Syntax error; key: "v"');
    expect(await filter('n = :v', { values: { ':v': N('one') } })).toContain(
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: one for key :v',
    );
  });

  it('[DB-EXPR-7] has paths that keep apart', async () => {
    expect(await change('SET a = :v, a.b = :v', V)).toContain(
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    );
    expect(await change('SET a.b = :v REMOVE a[0]', V)).toContain(
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [0]]',
    );
    expect(await project('n, n')).toContain('Invalid ProjectionExpression: Two document paths overlap');
    expect(await project('#l[0], #l', { names: { '#l': 'list' } })).toContain(
      'path one: [list, [0]], path two: [list]',
    );
  });

  it.each<[string, Given, string]>([
    [
      'n = n',
      {},
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]',
    ],
    ['n < :v', { values: { ':v': { BOOL: true } } }, 'operator or function: <, operand type: BOOL'],
    ['nothing(n)', {}, 'Invalid function name; function: nothing'],
    ['if_not_exists(n, :v)', V, 'The function is not allowed in a filter expression; function: if_not_exists'],
    [
      'n = attribute_exists(n)',
      {},
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    ['begins_with(n)', {}, 'operator or function: begins_with, number of operands: 1'],
    ['begins_with(n, :v)', V, 'operator or function: begins_with, operand type: N'],
    [
      'attribute_exists(:v)',
      V,
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'attribute_type(n, :v)',
      { values: { ':v': S('X') } },
      'Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
    ['attribute_type(n, :v)', V, 'operator or function: attribute_type, operand type: N'],
    [
      'n BETWEEN :v AND :w',
      { values: { ':v': N(2), ':w': N(1) } },
      'upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}',
    ],
    [
      'n BETWEEN :v AND :w',
      { values: { ':v': N(2), ':w': S('3') } },
      'requires same data type for lower and upper bounds',
    ],
    [
      `n IN (${Array.from({ length: 101 }, () => ':v').join(', ')})`,
      V,
      'operator or function: IN, number of operands: 101',
    ],
  ])('[DB-EXPR-8] gives operators what they take: %s', async (text, given, what) => {
    expect(await filter(text, given)).toContain(what);
  });

  it.each<[string, Given, string]>([
    ['ADD a :v', { values: { ':v': S('x') } }, 'operator: ADD, operand type: STRING'],
    ['DELETE a :v', V, 'operator: DELETE, operand type: NUMBER'],
    ['SET a = n + :v', { values: { ':v': S('x') } }, 'operator or function: +, operand type: S'],
    ['SET a = list_append(b, :v)', V, 'operator or function: list_append, operand type: N'],
    ['SET a = list_append(b)', {}, 'operator or function: list_append, number of operands: 1'],
    ['SET a = if_not_exists(:v, :v)', V, 'requires a document path; operator or function: if_not_exists'],
    ['SET a = size(b)', {}, 'The function is not allowed in an update expression; function: size'],
    ['SET a = nothing(b)', {}, 'Invalid function name; function: nothing'],
  ])('[DB-EXPR-8] gives updates what they take: %s', async (text, given, what) => {
    expect(await change(text, given)).toContain(`Invalid UpdateExpression: `);
    expect(await change(text, given)).toContain(what);
  });

  it('[DB-GET-1] picks parts of an item, in its own shape', async () => {
    const { Item } = await db.send(
      new GetItemCommand({
        TableName,
        Key: { pk: S('a') },
        ProjectionExpression: 'n, #l[2].three, #l[0], #m.inside, #m.absent, absent, #l[9]',
        ExpressionAttributeNames: { '#l': 'list', '#m': 'map' },
      }),
    );
    expect(Item).toEqual({
      n: N('10.5'),
      list: { L: [N(1), { M: { three: N(3) } }] },
      map: { M: { inside: { M: { deep: S('down') } } } },
    });
  });
});
