import { describe, expect, it } from 'vitest';
import { operationsPage } from '../../scripts/operations-page.mjs';
import { families } from '../../src/main/bench/families.ts';
import { filesBelow, text } from '../harness/source.ts';

const RULE = /^- \*\*([A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+)\*\* /;
const pages = filesBelow('docs/rules', /\.md$/);
const lines = pages.flatMap((page) =>
  text(page)
    .split('\n')
    .filter((line) => line.startsWith('- **'))
    .map((line) => ({ page, line, id: RULE.exec(line)?.[1] })),
);
const ids = lines.flatMap(({ id }) => id ?? []);
const areas = new Set(ids.map((id) => id.split('-')[0]));

/** Where each rule is cited, among the given files. Only prefixes of ours count: `SHA-256` is no rule. */
function citations(files: readonly string[]): Map<string, string> {
  const cited = new Map<string, string>();
  for (const file of files) {
    for (const [id] of text(file).matchAll(/\b[A-Z][A-Z0-9]+-[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+\b/g)) {
      if (areas.has(id.split('-')[0] ?? '')) cited.set(id, file);
    }
  }
  return cited;
}

const inTests = citations(filesBelow('test', /\.tsx?$/));
const inSource = citations(filesBelow('src', /\.(tsx?|sql)$/));

describe('the numbered rules', () => {
  it('are there', () => {
    expect(ids.length).toBeGreaterThan(50);
  });

  it('have one form: a number, a sentence, where it was learned', () => {
    const wrong = lines.filter(
      ({ id, line }) => !id || !/\[evidence: (recorded|docs|memory|assumed|client|own)\b.*\]$/.test(line),
    );
    expect(wrong.map(({ page, line }) => `${page}: ${line}`)).toEqual([]);
  });

  it('are each given once', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('are each cited by a test', () => {
    expect(ids.filter((id) => !inTests.has(id))).toEqual([]);
  });

  it('exist where they are cited', () => {
    const known = new Set(ids);
    const unknown = [...inSource, ...inTests].filter(([id]) => !known.has(id));
    expect(unknown.map(([id, file]) => `${file} cites ${id}`)).toEqual([]);
  });
});

it('docs/operations.md is current (npm run operations writes it)', () => {
  expect(text('docs/operations.md')).toBe(operationsPage(families, text, pages));
});
