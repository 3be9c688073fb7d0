import { expect, it } from 'vitest';
import { code, filesBelow } from '../harness/source.ts';

const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ['Date.now', /\bDate\.now\b/],
  ['new Date() without an argument', /\bnew Date\(\s*\)/],
  ['Date() as a function', /(?<!new |\.)\bDate\(\s*\)/],
  ['Math.random', /\bMath\.random\b/],
  ['random sources', /\b(randomUUID|randomBytes|randomInt|getRandomValues)\b/],
  ['setTimeout', /\bsetTimeout\b/],
  ['setInterval', /\bsetInterval\b/],
  ['the timers module', /['"]node:timers/],
];

const sources = filesBelow('src', /\.(tsx?|js)$/).filter((path) => !/^src\/(main\/kernel|renderer)\//.test(path));

it.each(FORBIDDEN)('only the kernel knows time and chance: nothing else uses %s', (_name, pattern) => {
  expect(sources.filter((path) => pattern.test(code(path)))).toEqual([]);
});
