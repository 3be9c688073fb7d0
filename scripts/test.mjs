// `npm test`: builds what is stale, then runs every test: Vitest in Node and in a browser, then Playwright on the
// built page. With arguments it hands them to Vitest and runs nothing else: `npm test -- test/cli`.
import { mkdirSync, rmSync } from 'node:fs';
import { install } from './bootstrap.mjs';
import { build } from './build.mjs';
import { runNode } from './newer-node.mjs';
import { counts, PLAYWRIGHT_REPORT, REPORTS, VITEST_REPORT } from './report.mjs';

const filters = process.argv.slice(2);

install();
await build();

const VITEST = 'node_modules/vitest/vitest.mjs';
if (filters.length > 0) process.exit(await runNode([VITEST, 'run', ...filters]));

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
const codes = [
  await runNode([VITEST, 'run'], { env: { POOLBENCH_TEST_REPORT: VITEST_REPORT } }),
  await runNode(['node_modules/@playwright/test/cli.js', 'test'], { env: { POOLBENCH_E2E_REPORT: PLAYWRIGHT_REPORT } }),
];

const { passed, failed, skipped } = counts();
console.log(`\nAll tests together: ${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && codes.every((code) => code === 0) ? 0 : 1);
