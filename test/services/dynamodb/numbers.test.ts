import { assert, constantFrom, integer, property, stringMatching, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addNumbers,
  compareNumbers,
  decimal,
  numberBytes,
  numberText,
  readNumber,
} from '../../../src/main/services/dynamodb/numbers.ts';

/** `[-]digits` E exponent, within what DynamoDB takes. */
const numbers = tuple(constantFrom('', '-'), stringMatching(/^[0-9]{1,38}$/), integer({ min: -90, max: 87 })).map(
  ([sign, digits, exponent]) => `${sign}${digits}E${exponent}`,
);

/** The number as a whole of the smallest unit, by which any two can be compared. */
function scaled(text: string): bigint {
  const [, sign, digits, exponent] = /^(-?)(\d+)E(-?\d+)$/.exec(text)!;
  const whole = BigInt(digits!) * 10n ** BigInt(Number(exponent) + 130);
  return sign === '-' ? -whole : whole;
}

describe('numbers', () => {
  it('[DB-VALUE-2] are encoded so that their bytes sort as they do', () => {
    assert(
      property(numbers, numbers, (one, other) => {
        const [left, right] = [scaled(one), scaled(other)];
        const order = left < right ? -1 : left > right ? 1 : 0;
        expect(Buffer.compare(numberBytes(decimal(one)), numberBytes(decimal(other)))).toBe(order);
        expect(compareNumbers(decimal(one), decimal(other))).toBe(order);
        expect(numberText(decimal(one)) === numberText(decimal(other))).toBe(order === 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('[DB-VALUE-2] are added exactly', () => {
    assert(
      property(numbers, numbers, (one, other) => {
        const sum = addNumbers(decimal(one), decimal(other));
        const expected = scaled(one) + scaled(other);
        const significant = expected.toString().replace('-', '').replace(/0+$/, '').length;
        if (significant > 38) expect(sum).toBe('too-many-digits');
        else
          expect(scaled(`${numberText(sum as never).replace(/\..*/, '')}E0`) / 10n ** 130n).toBe(
            expected / 10n ** 130n,
          );
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['007', '7'],
    ['-0', '0'],
    ['0E999999999999', '0'],
    ['1.50', '1.5'],
    ['.5', '0.5'],
    ['-12E-3', '-0.012'],
    ['1E3', '1000'],
    ['+3', '3'],
  ])('[DB-VALUE-2] have one text: %s is %s', (given, shown) => {
    expect(numberText(decimal(given))).toBe(shown);
    expect(numberText(decimal(shown))).toBe(shown);
  });

  it.each([
    ['', 'not-a-number'],
    ['.', 'not-a-number'],
    ['1e', 'not-a-number'],
    ['NaN', 'not-a-number'],
    ['0x10', 'not-a-number'],
    [' 1', 'not-a-number'],
    ['1'.repeat(2000), 'not-a-number'],
    ['1E126', 'overflow'],
    ['-9.99E126', 'overflow'],
    ['1E-131', 'underflow'],
    ['1'.repeat(39), 'too-many-digits'],
  ])('[DB-VALUE-2] are refused where they are none or do not fit: %s', (given, problem) => {
    expect(readNumber(given)).toBe(problem);
  });
});
