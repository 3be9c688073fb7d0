import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script in plain JavaScript, which has no types
import { generate } from '../../scripts/models.mjs';

const generated = (generate as () => { path: string; text: string }[])();

describe('the generated types', () => {
  it.each(generated.map(({ path, text }) => [path.split('/').at(-1)!, path, text] as const))(
    'of %s are those of the pinned model (npm run models writes them)',
    (_name, path, text) => {
      expect(readFileSync(path, 'utf8') === text).toBe(true);
    },
  );
});
