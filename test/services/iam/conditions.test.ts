import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../../../src/main/services/iam/conditions.ts';
import { contextOf } from '../../../src/main/services/iam/variables.ts';

type Given = string | readonly string[] | undefined;

function judge(
  operator: string,
  values: readonly string[],
  given: Given,
  more: { [key: string]: string } = {},
): boolean {
  return holds({ operator, key: 'k', values }, contextOf({ k: given, ...more }), true);
}

describe('condition operators', () => {
  it.each<[string, string[], string, boolean]>([
    ['StringEquals', ['a'], 'a', true],
    ['StringEquals', ['a'], 'A', false],
    ['StringEquals', ['a*'], 'ab', false],
    ['StringEquals', ['b', 'a'], 'a', true],
    ['StringNotEquals', ['a'], 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringEqualsIgnoreCase', ['A'], 'a', true],
    ['StringNotEqualsIgnoreCase', ['A'], 'a', false],
    ['StringLike', ['a*'], 'ab', true],
    ['StringLike', ['A*'], 'ab', false],
    ['StringNotLike', ['a*'], 'ab', false],
    ['NumericEquals', ['1.0'], '1', true],
    ['NumericNotEquals', ['1'], '1', false],
    ['NumericLessThan', ['5'], '4.9', true],
    ['NumericLessThan', ['5'], '5', false],
    ['NumericLessThanEquals', ['5'], '5', true],
    ['NumericGreaterThan', ['5'], '50', true],
    ['NumericGreaterThanEquals', ['5'], '4', false],
    ['NumericEquals', ['5'], 'five', false],
    ['NumericEquals', [''], '0', false],
    ['DateLessThan', ['2026-01-01T00:00:00Z'], '2025-12-31T23:59:59Z', true],
    ['DateGreaterThan', ['2026-01-01T00:00:00Z'], '2025-12-31T23:59:59Z', false],
    ['DateEquals', ['1767225600'], '2026-01-01T00:00:00Z', true],
    ['DateNotEquals', ['1767225600'], '2026-01-01T00:00:01Z', true],
    ['DateLessThanEquals', ['2026-01-01'], '2026-01-01T00:00:00Z', true],
    ['DateGreaterThanEquals', ['soon'], '2026-01-01T00:00:00Z', false],
    ['Bool', ['true'], 'True', true],
    ['Bool', ['false'], 'true', false],
    ['Bool', ['yes'], 'yes', false],
    ['BinaryEquals', ['QmFy'], 'QmFy', true],
    ['BinaryEquals', ['QmFy'], 'Rm9v', false],
    ['IpAddress', ['10.0.0.0/8'], '10.200.3.4', true],
    ['IpAddress', ['10.0.0.0/8'], '11.0.0.1', false],
    ['IpAddress', ['127.0.0.1'], '127.0.0.1', true],
    ['IpAddress', ['127.0.0.1'], '::ffff:127.0.0.1', true],
    ['IpAddress', ['2001:db8::/32'], '2001:db8:1::1', true],
    ['IpAddress', ['10.0.0.0/99'], '10.0.0.1', false],
    ['IpAddress', ['0.0.0.0/0'], 'nowhere', false],
    ['NotIpAddress', ['10.0.0.0/8'], '11.0.0.1', true],
    ['ArnEquals', ['arn:aws:s3:::b/*'], 'arn:aws:s3:::b/k', true],
    ['ArnLike', ['arn:aws:*:us-east-1:1:x'], 'arn:aws:s3:us-east-1:1:x', true],
    ['ArnLike', ['arn:*:x'], 'arn:aws:s3:us-east-1:1:x', false],
    ['ArnNotLike', ['arn:aws:s3:::b/*'], 'arn:aws:s3:::b/k', false],
    ['ArnNotEquals', ['arn:aws:s3:::b/*'], 'arn:aws:s3:::c/k', true],
    ['ArnEquals', ['not an arn'], 'not an arn', false],
  ])('[AC-COND-2] %s %j with %j is %j', (operator, values, given, expected) => {
    expect(judge(operator, values, given)).toBe(expected);
  });

  it.each<[string, boolean, boolean]>([
    ['StringEquals', false, true],
    ['StringNotEquals', true, true],
    ['NumericLessThan', false, true],
    ['NotIpAddress', true, true],
    ['ArnLike', false, true],
    ['Bool', false, true],
  ])('[AC-COND-3] %s is %j without its key, and %j with IfExists', (operator, plain, ifExists) => {
    expect(judge(operator, ['1'], undefined)).toBe(plain);
    expect(judge(`${operator}IfExists`, ['1'], undefined)).toBe(ifExists);
  });

  it('[AC-COND-3] Null asks whether a key is absent, and an empty text is there', () => {
    expect(judge('Null', ['true'], undefined)).toBe(true);
    expect(judge('Null', ['true'], 'x')).toBe(false);
    expect(judge('Null', ['false'], 'x')).toBe(true);
    expect(judge('Null', ['false'], '')).toBe(true);
    expect(judge('Null', ['true'], [])).toBe(true);
  });

  it.each<[string, Given, boolean]>([
    ['ForAnyValue:StringEquals', ['x', 'a'], true],
    ['ForAnyValue:StringEquals', ['x', 'y'], false],
    ['ForAnyValue:StringEquals', [], false],
    ['ForAnyValue:StringEquals', undefined, false],
    ['ForAnyValue:StringNotEquals', ['a', 'x'], true],
    ['ForAnyValue:StringNotEquals', ['a'], false],
    ['ForAllValues:StringEquals', ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'x'], false],
    ['ForAllValues:StringEquals', [], true],
    ['ForAllValues:StringEquals', undefined, true],
    ['ForAllValues:StringNotEquals', ['x', 'y'], true],
    ['ForAllValues:StringNotEquals', ['x', 'a'], false],
    ['ForAnyValue:StringEquals', 'a', true],
    ['ForAnyValue:StringEqualsIfExists', undefined, true],
  ])('[AC-COND-4] %s a or b with %j is %j', (operator, given, expected) => {
    expect(judge(operator, ['a', 'b'], given)).toBe(expected);
  });

  it('[AC-COND-5] a multi-valued key counts as absent for an operator without a set prefix', () => {
    expect(judge('StringEquals', ['a'], ['a'])).toBe(false);
    expect(judge('StringNotEquals', ['a'], ['b', 'a'])).toBe(true);
  });

  it('[AC-COND-6] keys ignore case but for the key of a tag', () => {
    const context = contextOf({ 'aws:PrincipalTag/Team': 'red', 'AWS:UserId': 'x' });
    const has = (key: string): boolean => holds({ operator: 'Null', key, values: ['false'] }, context, true);
    expect(has('aws:userid')).toBe(true);
    expect(has('AWS:principaltag/Team')).toBe(true);
    expect(has('aws:PrincipalTag/team')).toBe(false);
  });

  it('[AC-COND-1] a negated operator is the opposite of its positive twin on every single value', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 });
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), words, (values, given) => {
        for (const [positive, negated] of [
          ['StringEquals', 'StringNotEquals'],
          ['StringLike', 'StringNotLike'],
          ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
        ] as const) {
          expect(judge(positive, values, given)).toBe(!judge(negated, values, given));
        }
      }),
    );
  });

  it('[AC-VAR-1] fills variables in before it compares', () => {
    expect(judge('StringEquals', ['${me}'], 'x', { me: 'x' })).toBe(true);
    expect(judge('StringLike', ['${me}/*'], 'x/1', { me: 'x' })).toBe(true);
    expect(judge('ArnLike', ['arn:aws:s3:::${a:b}/*'], 'arn:aws:s3:::x/1', { 'a:b': 'x' })).toBe(true);
    expect(holds({ operator: 'StringEquals', key: 'k', values: ['${me}'] }, contextOf({ k: '${me}' }), false)).toBe(
      true,
    );
  });

  it('[AC-VAR-2] falls back to the default, and matches nothing without one', () => {
    expect(judge('StringEquals', [`\${me, 'nobody'}`], 'nobody')).toBe(true);
    expect(judge('StringEquals', ['${me}'], '${me}')).toBe(false);
    expect(judge('StringNotEquals', ['${me}'], 'x')).toBe(true);
  });

  it('[AC-VAR-3] keeps escapes and the wildcards of a value as they are', () => {
    expect(judge('StringLike', ['${*}'], '*')).toBe(true);
    expect(judge('StringLike', ['${*}'], 'x')).toBe(false);
    expect(judge('StringLike', ['a${?}${$}'], 'a?$')).toBe(true);
    expect(judge('StringLike', ['${me}'], 'anything', { me: '*' })).toBe(false);
    expect(judge('StringLike', ['${open'], '${open')).toBe(true);
  });
});
