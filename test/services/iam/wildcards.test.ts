import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern, patternOf } from '../../../src/main/services/iam/wildcards.ts';

const matchesWildcards = (pattern: string, text: string): boolean => matchesPattern(patternOf(pattern), text);

describe('wildcards', () => {
  it.each([
    ['*', '', true],
    ['*', 'anything/at:all', true],
    ['', '', true],
    ['', 'a', false],
    ['a', '', false],
    ['?', '', false],
    ['?', 'a', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbbcd', false],
    ['a*b*c', 'a-b-b-c', true],
    ['*ab', 'aab', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/deep/er', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['s3:Get?bject', 's3:GetObject', true],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
  ])('[AC-MATCH-1] %j against %j is %j', (pattern, text, expected) => {
    expect(matchesWildcards(pattern, text)).toBe(expected);
  });

  const symbols = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '/', '.'), maxLength: 12 });
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 });

  it('[AC-MATCH-1] agrees with a regular expression on small patterns', () => {
    fc.assert(
      fc.property(symbols, texts, (pattern, text) => {
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesWildcards(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
    );
  });

  it('[AC-MATCH-1] lets a text match itself, and itself with any piece replaced by *', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (text, from, length) => {
        const start = from % (text.length + 1);
        expect(matchesWildcards(text, text)).toBe(true);
        expect(matchesWildcards(`${text.slice(0, start)}*${text.slice(start + length)}`, text)).toBe(true);
      }),
    );
  });

  it('[AC-MATCH-1] stays quick on a pattern that would make a regular expression hang', () => {
    const text = 'a'.repeat(4000);
    expect(matchesWildcards(`${'a*'.repeat(40)}b`, text)).toBe(false);
  });
});
