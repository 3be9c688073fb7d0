// What the last test run counted, from the runners' own reports.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './bootstrap.mjs';

export const REPORTS = join(ROOT, '.cache', 'reports');
export const VITEST_REPORT = join(REPORTS, 'vitest.json');
export const PLAYWRIGHT_REPORT = join(REPORTS, 'playwright.json');

/** A runner that left no report, or failed outside any test, counts as one failure. */
export function counts() {
  const parts = [vitestCounts(read(VITEST_REPORT)), playwrightCounts(read(PLAYWRIGHT_REPORT))];
  const sum = (name) => parts.reduce((total, part) => total + part[name], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

function vitestCounts(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function playwrightCounts(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped };
}

function read(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = counts();
  // Checks that are no tests, such as lint, are counted by whoever ran them.
  const failedChecks = Number(process.argv[2] ?? 0);
  console.log(`${passed} passed, ${failed + failedChecks} failed`);
}
